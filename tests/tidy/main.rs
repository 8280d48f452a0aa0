//! House rules that the compiler and clippy do not see.
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod circles;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use annostore::diagnostic::rules::RULES;

/// The stages in the order in which data meets them; each imports only from those before it.
const STAGES: [&str; 21] = [
    "model",
    "diagnostic",
    "read",
    "normalize",
    "check",
    "infer",
    "objects",
    "write",
    "emit",
    "fix",
    "catalog",
    "iceberg",
    "import",
    "service",
    "query",
    "merge",
    "annotate",
    "export",
    "diff",
    "api",
    "cli",
];

/// Lines that a file of `src` has at most.
const MAX_LINES: usize = 500;
/// Lines that a file of `tests` has at most.
const MAX_TEST_LINES: usize = 600;

/// Columns that a line of Rust has at most. rustfmt sees to that in code, not in comments and
/// texts.
const MAX_COLUMNS: usize = 100;
/// Types that may have one name: a reader should not have to ask which one is meant.
const MAX_NAMESAKES: usize = 3;
/// Names that mean the same wherever they stand.
const SHARED_NAMES: [&str; 2] = ["ListArgs", "Reader"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder of the repository, as paths relative to it, with their text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push((relative(&path), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned()
}

/// The code of a file without its comments and without the tests at its end.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|it| !it.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The stage that a path below `src` belongs to.
fn stage(path: &str) -> Option<usize> {
    let name = path.strip_prefix("src/")?.split('/').next()?;
    STAGES.iter().position(|it| *it == name.trim_end_matches(".rs"))
}

/// The stages that some code names after `crate::`, also within braces.
fn named_stages(code: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (_, after) in code.match_indices("crate::").map(|(at, it)| (at, &code[at + it.len()..])) {
        let list = match after.strip_prefix('{') {
            Some(inside) => inside.split('}').next().unwrap_or_default(),
            None => after.split([';', ' ', '\n', '(']).next().unwrap_or_default(),
        };
        let inside = after.starts_with('{');
        let paths = if inside { list.split(',').collect() } else { vec![list] };
        names.extend(paths.iter().map(|it| it.trim().split(':').next().unwrap_or_default()));
    }
    names
}

#[test]
fn stages_import_only_from_those_before_them() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let Some(own) = stage(&path) else { continue };
        for name in named_stages(&code(&text)) {
            if STAGES.iter().position(|it| *it == name).is_some_and(|it| it > own) {
                wrong.push(format!("{path} uses crate::{name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_module_of_the_library_is_a_stage() {
    let library = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let modules: Vec<&str> =
        library.lines().filter_map(|it| it.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let order: Vec<_> =
        modules.iter().map(|it| STAGES.iter().position(|stage| stage == it)).collect();
    assert!(order.iter().all(Option::is_some), "{modules:?}");
    assert!(order.is_sorted(), "{modules:?}");
}

#[test]
fn only_the_terminal_prints() {
    let macros = ["print!(", "println!(", "eprint!(", "eprintln!(", "dbg!("];
    for (path, text) in sources("src") {
        let code = code(&text);
        let prints = macros.iter().any(|it| {
            code.match_indices(it).any(|(at, _)| {
                !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
            })
        });
        assert!(!prints || path == "src/cli/output.rs", "{path} prints");
    }
}

#[test]
fn no_source_file_is_long() {
    let long: Vec<String> = sources("src")
        .iter()
        .chain(&sources("tests"))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(path, lines)| {
            *lines > if path.starts_with("src") { MAX_LINES } else { MAX_TEST_LINES }
        })
        .map(|(path, lines)| format!("{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_line_is_wide() {
    let mut wide = Vec::new();
    let folders = ["src", "tests", "benches", "examples", "fuzz"].into_iter().flat_map(sources);
    let build = fs::read_to_string(root().join("build.rs")).unwrap();
    for (path, text) in folders.chain([("build.rs".to_owned(), build)]) {
        let lines = text.lines().enumerate();
        let long = lines.filter(|(_, line)| line.chars().count() > MAX_COLUMNS);
        wide.extend(long.map(|(number, _)| format!("{path}:{}", number + 1)));
    }
    assert!(wide.is_empty(), "{} lines: {wide:#?}", wide.len());
}

/// The types that some code defines at its top level.
fn types(code: &str) -> impl Iterator<Item = &str> {
    code.lines().filter(|it| !it.starts_with(' ')).filter_map(|line| {
        let mut words = line.split_whitespace().skip_while(|it| it.starts_with("pub"));
        let is_type = ["struct", "enum", "trait", "type"].contains(&words.next()?);
        let name = words.next()?.split(|it: char| !it.is_alphanumeric()).next();
        name.filter(|_| is_type)
    })
}

#[test]
fn no_name_stands_for_many_types() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources("src") {
        for name in types(&code(&text)) {
            places.entry(name.to_owned()).or_default().push(path.clone());
        }
    }
    assert!(places.len() > 300, "{}", places.len());
    let shared = |name: &String| SHARED_NAMES.contains(&name.as_str());
    places.retain(|name, places| places.len() > MAX_NAMESAKES && !shared(name));
    assert!(places.is_empty(), "{places:#?}");
}

#[test]
fn every_source_file_says_what_it_is() {
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        assert!(text.starts_with("//! "), "{path} does not begin with `//! `");
    }
}

#[test]
fn every_rule_has_its_examples() {
    for rule in RULES {
        let folder = root().join("src/diagnostic/rules").join(rule.code);
        let entries =
            fs::read_dir(&folder).unwrap_or_else(|_| panic!("{} has no folder", rule.code));
        let names: Vec<String> =
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        for stem in ["fail.", "pass.", "expected.txt"] {
            assert!(names.iter().any(|it| it.starts_with(stem)), "{}: no {stem}", rule.code);
        }
    }
}

#[test]
fn judges_import_no_reader() {
    let readers =
        ["sink", "gate", "header", "record", "info", "genotype", "opening", "row", "attributes"];
    let mut judges = sources("src/read");
    judges.retain(|(path, _)| path.contains("/judge/"));
    assert!(judges.len() > 10, "{judges:?}");
    for (path, text) in judges {
        let code = code(&text);
        let format = path.split('/').nth(2).unwrap();
        for named in code.split(&format!("crate::read::{format}::")).skip(1) {
            let module = named.split([':', ';', ' ']).next().unwrap();
            assert!(!readers.contains(&module), "{path} imports {format}::{module}");
        }
    }
}

#[test]
fn pages_and_sources_name_no_place_of_one_machine() {
    let mut pages: Vec<(String, String)> = sources("src");
    for folder in ["", "docs", "docs/recipes", "docs/rules"] {
        let Ok(entries) = fs::read_dir(root().join(folder)) else { continue };
        let paths = entries.map(|it| it.unwrap().path());
        for path in paths.filter(|it| it.extension().is_some_and(|it| it == "md" || it == "toml")) {
            pages.push((relative(&path), fs::read_to_string(&path).unwrap()));
        }
    }
    for (path, text) in pages {
        for place in ["/work/", "/root/", "/home/"] {
            assert!(!text.contains(place), "{path} names {place}");
        }
    }
}

#[test]
fn named_stages_are_seen_in_every_form_of_import() {
    let code =
        "use crate::model::Name;\nuse crate::{read, write::{Row}};\nlet it = crate::cli::run();";
    assert_eq!(named_stages(code), ["model", "read", "write", "cli"]);
}

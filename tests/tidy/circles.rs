//! No two members of a folder import each other in a circle: each folder can be read from its
//! lowest file up.

use std::collections::{BTreeMap, BTreeSet};

use crate::{code, sources};

/// A module, or what is in one: the words of its path.
type Path = Vec<String>;

/// Which member of a folder imports which others, with an example of each.
type Imports = BTreeMap<String, BTreeMap<String, String>>;

/// The module that a file of `src` is, below the crate.
fn module(file: &str) -> Path {
    let file = file.trim_start_matches("src/").trim_end_matches(".rs");
    let words = file.split('/').filter(|it| !matches!(*it, "mod" | "lib"));
    words.map(str::to_owned).collect()
}

/// The paths of a tree such as `super::{one::A, two}`, and how much text it takes.
fn paths(text: &str) -> (Vec<Path>, usize) {
    let word = text.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(text.len());
    let first = text[..word].to_owned();
    let Some(rest) = text[word..].strip_prefix("::") else { return (vec![vec![first]], word) };
    let (below, length) = match rest.strip_prefix('{') {
        Some(list) => paths_of_list(list),
        None => paths(rest),
    };
    let whole = |it: Path| std::iter::once(first.clone()).chain(it).collect();
    (below.into_iter().map(whole).collect(), word + 2 + length)
}

/// The paths of a list behind its brace, and how much text it takes with both braces.
fn paths_of_list(list: &str) -> (Vec<Path>, usize) {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(skipped) = list[at..].find(|it: char| it.is_alphanumeric() || it == '}') {
        at += skipped;
        if list[at..].starts_with('}') {
            break;
        }
        let (more, length) = paths(&list[at..]);
        found.extend(more);
        at += length;
    }
    (found, at + 2)
}

/// The paths in some code that begin at the crate, above or here.
fn anchored_paths(code: &str) -> Vec<Path> {
    let mut found = Vec::new();
    for anchor in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(anchor) {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            if !before.is_alphanumeric() && !matches!(before, '_' | ':') {
                found.extend(paths(&code[at..]).0);
            }
        }
    }
    found
}

/// The modules of the library.
struct Library {
    code: BTreeMap<Path, String>,
    /// What a module gives on that is in another one, by module and name.
    given_on: BTreeMap<(Path, String), Path>,
}

impl Library {
    fn read() -> Self {
        let sources = sources("src").into_iter().filter(|it| it.0 != "src/main.rs");
        let sources = sources.map(|(file, text)| (module(&file), code(&text)));
        let mut library = Self { code: sources.collect(), given_on: BTreeMap::new() };
        for (module, code) in &library.code {
            let lines = code.match_indices("use ").filter(|(at, _)| {
                let line = code[..*at].rsplit('\n').next().unwrap_or_default();
                line.trim_start().starts_with("pub")
            });
            for path in lines.flat_map(|(at, it)| paths(&code[at + it.len()..]).0) {
                let name = path.last().cloned().unwrap_or_default();
                library.given_on.insert((module.clone(), name), path);
            }
        }
        library
    }

    /// The module that has what a path means in a module.
    fn resolve(&self, module: &Path, path: &[String]) -> Option<Path> {
        let mut here = module.clone();
        for word in path {
            match word.as_str() {
                "crate" => here.clear(),
                "self" => {}
                "super" => drop(here.pop()?),
                word => {
                    let below: Path = here.iter().cloned().chain([word.to_owned()]).collect();
                    if self.code.contains_key(&below) {
                        here = below;
                        continue;
                    }
                    let elsewhere = self.given_on.get(&(here.clone(), word.to_owned()));
                    // A path that gives on what it is itself would be followed for ever.
                    return match elsewhere.filter(|it| it.as_slice() != path) {
                        Some(path) => self.resolve(&here, path),
                        None => Some(here),
                    };
                }
            }
        }
        Some(here)
    }

    /// The imports between members of each folder. What a folder imports is what the files below it
    /// do; its `mod.rs` is no member of it.
    fn imports(&self) -> BTreeMap<Path, Imports> {
        let mut folders: BTreeMap<Path, Imports> = BTreeMap::new();
        for (module, code) in &self.code {
            for path in anchored_paths(code) {
                let Some(target) = self.resolve(module, &path) else { continue };
                let shared = module.iter().zip(&target).take_while(|(own, it)| own == it).count();
                if let (Some(own), Some(other)) = (module.get(shared), target.get(shared)) {
                    let example = format!("{} uses {}", module.join("/"), path.join("::"));
                    let folder = folders.entry(module[..shared].to_vec()).or_default();
                    folder.entry(own.clone()).or_default().insert(other.clone(), example);
                }
            }
        }
        folders
    }
}

/// All that a member imports, and what that imports.
fn reached<'a>(imports: &'a Imports, from: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(it) = next.pop() {
        let imported = imports.get(it).into_iter().flat_map(BTreeMap::keys);
        next.extend(imported.map(String::as_str).filter(|it| reached.insert(*it)));
    }
    reached
}

#[test]
fn no_members_of_a_folder_import_each_other_in_a_circle() {
    let mut circles = Vec::new();
    for (folder, imports) in Library::read().imports() {
        for (own, imported) in &imports {
            let back = |it: &&String| reached(&imports, it).contains(own.as_str());
            for other in imported.keys().filter(back) {
                circles.push(format!("src/{}: {}", folder.join("/"), imported[other]));
            }
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn paths_are_seen_in_every_form() {
    let found = |code| anchored_paths(code).iter().map(|it| it.join(" ")).collect::<Vec<_>>();
    assert_eq!(found("use super::{a::B, c::{D, e}};"), ["super a B", "super c D", "super c e"]);
    assert_eq!(found("crate::a::make::<T>(super::b::C)"), ["crate a make ", "super b C"]);
    assert!(found("use not_super::a; a::super::b").is_empty());
}

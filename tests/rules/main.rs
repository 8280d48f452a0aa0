//! Every rule has a failing and a passing example beside its page, and finds what `expected.txt`
//! there says. A page that is not whole is refused.

#![allow(clippy::unwrap_used)]

// The build step makes the rules. Its `main` is not called here.
#[allow(dead_code)]
#[path = "../../build.rs"]
mod build;
mod pages;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use annostore::check::request::{self, Destination, Purpose, Request};
use annostore::check::{self, CheckOptions, Variants};
use annostore::diagnostic::Findings;
use annostore::diagnostic::report::Report;
use annostore::diagnostic::rules::RULES;
use annostore::model::{
    AnnotationFields, AnnotationType, ColumnType, HeaderKey, NullMarks, ReadOptions, Reference,
    SchemaColumn, TsvStoreOptions,
};
use annostore::read::fasta::{self, Digests, Fasta};
use annostore::read::gff::GffReading;
use annostore::read::tsv::TsvReading;
use annostore::read::vcf::VcfReading;
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use serde_json::Value;

fn check(path: &Path) -> Report {
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let name = path.to_str().unwrap();
    if path.extension().is_some_and(|it| it == "gff3") {
        return check::check(name, &pipe, &GffReading, &CheckOptions::default()).unwrap();
    }
    let fasta = path.with_file_name("reference.fa");
    let reference = fasta.exists().then(|| reference(&fasta, &pipe));
    let variants = reference.map_or(Variants::AsTheyAre, Variants::Against);
    let options = CheckOptions { variants, ..CheckOptions::default() };
    if let Some(reading) = reading(path) {
        return check::check(name, &pipe, &reading, &options).unwrap();
    }
    let reading = VcfReading { annotations: annotations(path), ..VcfReading::default() };
    check::check(name, &pipe, &reading, &options).unwrap()
}

/// The FASTA file beside an example that is about a reference.
fn reference(path: &Path, pipe: &Pipe) -> Arc<dyn Reference> {
    let index = fasta::index(path.to_str().unwrap(), pipe, Digests::None).unwrap();
    Arc::new(Fasta::open(path, index).unwrap())
}

/// How to read a TSV example: as the `options.json` beside it says under the example's name
/// (`fail`, `pass`), or at all. It has the API's `storeOptions` and, unless they are left out,
/// `readOptions`, and the store's own `nullMarks`.
fn reading(path: &Path) -> Option<TsvReading> {
    let text = fs::read(path.with_file_name("options.json")).ok()?;
    let all: Value = serde_json::from_slice(&text).unwrap();
    let stem = path.file_name().unwrap().to_str().unwrap().split('.').next().unwrap();
    let options = all.get(stem).unwrap_or(&all);
    let read = options.get("readOptions").map(read_options);
    let reading = TsvReading::new(store_options(&options["storeOptions"]), read.as_ref()).unwrap();
    let marks = options["nullMarks"].as_str().map(|it| NullMarks::parse(it).unwrap());
    Some(reading.with_null_marks(marks.unwrap_or_default()).telling_nulls())
}

/// The API's `annotationFields` of a VCF example, by its name (`fail`, `pass`) or of both, where
/// there is an `annotation.json`.
fn annotations(path: &Path) -> AnnotationFields {
    let Ok(text) = fs::read(path.with_file_name("annotation.json")) else {
        return AnnotationFields::default();
    };
    let all: Value = serde_json::from_slice(&text).unwrap();
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let fields = all.get(stem).unwrap_or(&all).as_object().unwrap();
    let fields = fields.iter().map(|(key, id)| (key.clone(), id.as_str().unwrap().to_owned()));
    AnnotationFields::of_request(&fields.collect())
}

fn store_options(given: &Value) -> TsvStoreOptions {
    let given = &given["tsvStoreOptions"];
    let roles = given["formatToHeader"].as_object().into_iter().flatten();
    TsvStoreOptions {
        annotation_type: AnnotationType::parse(given["annotationType"].as_str().unwrap()).unwrap(),
        format_to_header: roles
            .map(|(key, name)| (HeaderKey::parse(key).unwrap(), name.as_str().unwrap().to_owned()))
            .collect(),
        schema: given["schema"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|it| it.as_object().unwrap())
            .map(|(name, data_type)| SchemaColumn {
                name: name.clone(),
                data_type: ColumnType::parse(data_type.as_str().unwrap()).unwrap(),
            })
            .collect(),
    }
}

fn read_options(given: &Value) -> ReadOptions {
    let text = |key: &str| given[key].as_str().map(str::to_owned);
    ReadOptions {
        sep: text("sep"),
        encoding: text("encoding"),
        quote: text("quote"),
        quote_all: given["quoteAll"].as_bool(),
        escape: text("escape"),
        escape_quotes: given["escapeQuotes"].as_bool(),
        comment: text("comment"),
        header: given["header"].as_bool(),
        line_sep: text("lineSep"),
    }
}

fn folder(code: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostic/rules").join(code)
}

fn example(code: &str, stem: &str) -> PathBuf {
    let files = fs::read_dir(folder(code)).unwrap_or_else(|_| panic!("{code} has no examples"));
    let mut found = files
        .map(|it| it.unwrap().path())
        .filter(|it| it.file_name().unwrap().to_str().unwrap().starts_with(stem));
    found.next().unwrap_or_else(|| panic!("{code} has no {stem} example"))
}

/// The findings of an example: of a file, or of the JSON of a request.
fn findings(path: &Path) -> Findings {
    if path.extension().is_some_and(|it| it == "json") {
        return request(path).report.findings;
    }
    check(path).findings
}

/// A request that makes a store where it has `storeFormat`, else one that starts an import, to
/// where `destination.json` says.
fn request(path: &Path) -> Request {
    let text = fs::read_to_string(path).unwrap();
    let part = if text.contains("storeFormat") { Purpose::Store } else { Purpose::Import };
    let named = fs::read(path.with_file_name("destination.json")).unwrap_or(b"{}".to_vec());
    let named: Value = serde_json::from_slice(&named).unwrap();
    let destination =
        Destination { store: named["store"].as_str(), version: named["version"].as_str() };
    request::check(path.to_str().unwrap(), &text, part, destination)
}

/// `line:column CODE value: message`, a line for each finding.
fn concise(findings: &Findings) -> String {
    findings.kept().iter().fold(String::new(), |mut text, it| {
        let value = it.value.rsplit("src/diagnostic/").next().unwrap_or_default();
        writeln!(text, "{} {} `{value}`: {}", it.at, it.rule.code, it.message).unwrap();
        text
    })
}

/// Writes what was found, unless it stands there: a file that changes lets the rules be built
/// again.
fn bless(expected: &Path, found: &str) {
    if fs::read_to_string(expected).ok().as_deref() != Some(found) {
        fs::write(expected, found).unwrap();
    }
}

#[test]
fn every_failing_example_is_found_at_its_place() {
    for rule in RULES {
        let found = concise(&findings(&example(rule.code, "fail")));
        let expected = folder(rule.code).join("expected.txt");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            bless(&expected, &found);
        }
        assert!(
            found.contains(rule.code),
            "{} finds nothing in its failing example:\n{found}",
            rule.code
        );
        assert_eq!(found, fs::read_to_string(&expected).unwrap_or_default(), "{}", rule.code);
    }
}

#[test]
fn every_passing_example_is_clean_of_its_rule() {
    for rule in RULES {
        let findings = findings(&example(rule.code, "pass"));
        let found = findings.kept().iter().filter(|it| it.rule == *rule).count();
        assert_eq!(found, 0, "{}:\n{}", rule.code, concise(&findings));
    }
}

/// What the service does with VCF was read in its own libraries: each rule says where.
#[test]
fn every_rule_of_vcf_says_where_its_effect_was_read() {
    for rule in RULES.iter().filter(|it| it.code.starts_with("VCF")) {
        for place in rule.service.split("; ").take(1) {
            let (library, rest) = place.split_once(' ').unwrap_or_default();
            let known = matches!(library, "htsjdk" | "Glow" | "importer");
            assert!(
                known && rest.contains(": "),
                "{}: `service: {place}` has to be `htsjdk CLASS.FUNCTION: WHAT IT SAYS` \
                 (or Glow, or importer)",
                rule.code
            );
        }
    }
}

/// A page with every field, whose lines a test then replaces.
const PAGE: &str = "\
---
name: some-fault
subject: vcf-record
effect: fails-job
outcome: stored-changed
specification: forbids
severity: warning
help: \"correct it: now\"
source: VCF 4.2, section 3
---

It finds
a fault.

Some reason.

Another
reason.
";

#[test]
fn a_whole_page_becomes_a_rule() {
    let page = build::Page::parse("VCF999", PAGE).unwrap();
    let source = build::source(&[page]);
    for part in [
        "pub mod vcf_record {",
        "pub static SOME_FAULT: Rule = Rule { code: \"VCF999\", name: \"some-fault\",",
        "outcome: Outcome::StoredChanged",
        "summary: \"It finds a fault.\", explanation: \"Some reason.\\n\\nAnother reason.\"",
        "help: \"correct it: now\"",
        "&[&vcf_record::SOME_FAULT,]",
    ] {
        assert!(source.contains(part), "{part}\n{source}");
    }
    let page = PAGE.replacen("section 3\n", "section 3\nservice: \"htsjdk A.b: no\"\n", 1);
    let source = build::source(&[build::Page::parse("VCF999", &page).unwrap()]);
    assert!(source.contains("service: \"htsjdk A.b: no\""), "{source}");
}

#[test]
fn a_page_that_is_not_whole_is_refused_at_its_line() {
    for (line, part, other, message) in [
        (1, "---\nname", "name", "begins with `---`"),
        (2, "name: some-fault\n", "", "`name: ...`"),
        (2, "some-fault", "SomeFault", "kebab case"),
        (3, "subject: vcf-record", "subject: bcf-record", "no subject `bcf-record`"),
        (4, "effect: ", "affect: ", "`effect: ...`"),
        (5, "outcome: stored-changed", "outcome: ", "outcome is empty"),
        (6, "forbids", "forbids it", "no specification `forbids it`"),
        (7, "warning", "error", "no severity `error`"),
        (8, "\"correct it: now\"", "correct it: now", "double quotes"),
        (8, "now\"", "now", "closing quote"),
        (10, "section 3\n", "section 3\ncolour: red\n", "line of `---`"),
        (13, "a fault.", "- a fault.", "paragraphs only"),
        (11, "\nIt finds\na fault.\n\nSome reason.\n\nAnother\nreason.\n", "\n", "no summary"),
        (13, "\nSome reason.\n\nAnother\nreason.\n", "", "no explanation"),
    ] {
        assert!(PAGE.contains(part), "{part}");
        let fault = build::Page::parse("VCF999", &PAGE.replacen(part, other, 1)).unwrap_err();
        assert!(fault.line == line && fault.message.contains(message), "{part}: {fault:?}");
    }
    assert!(build::Page::parse("vcf999", PAGE).unwrap_err().message.contains("its code"));
}

#[test]
fn names_are_given_once() {
    let pages = ["VCF997", "VCF998"].map(|code| build::Page::parse(code, PAGE).unwrap());
    assert_eq!(build::doubles(&pages), [("VCF998", "VCF997")]);
}

//! The failing example of every rule that says that it can be mended.

use std::fs;
use std::path::{Path, PathBuf};

use annostore::diagnostic::rules::RULES;
use annostore::diagnostic::{Rule, Subject};
use annostore::fix::{FixReading, Mend, MendedFile};
use annostore::model::{
    AnnotationType, ColumnType, ReadOptions, SchemaColumn, StoreFormat, TsvStoreOptions,
};
use annostore::read::tsv::{Dialect, TsvReading};
use annostore::read::vcf::VcfReading;
use serde_json::Value;

use crate::mend;

fn examples() -> impl Iterator<Item = (&'static Rule, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostic/rules");
    RULES.iter().filter(|it| !it.fix.is_empty()).map(move |rule| {
        let mut files = fs::read_dir(folder.join(rule.code)).unwrap().map(|it| it.unwrap().path());
        (*rule, files.find(|it| it.file_stem().is_some_and(|it| it == "fail")).unwrap())
    })
}

/// How a TSV example is read: as the `options.json` beside it says.
fn tsv(path: &Path) -> FixReading {
    let text = fs::read(path.with_file_name("options.json")).unwrap();
    let all: Value = serde_json::from_slice(&text).unwrap();
    let options = all.get("fail").unwrap_or(&all);
    let table = &options["storeOptions"]["tsvStoreOptions"];
    let columns = table["schema"].as_array().unwrap().iter();
    let schema = columns.flat_map(|it| it.as_object().unwrap()).map(|(name, kind)| SchemaColumn {
        name: name.clone(),
        data_type: ColumnType::parse(kind.as_str().unwrap()).unwrap(),
    });
    let store = TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: std::collections::BTreeMap::new(),
        schema: schema.collect(),
    };
    let read = options.get("readOptions").map(|it| ReadOptions {
        sep: it["sep"].as_str().map(str::to_owned),
        header: it["header"].as_bool(),
        line_sep: it["lineSep"].as_str().map(str::to_owned),
        ..ReadOptions::default()
    });
    let dialect = Dialect::new(read.as_ref()).unwrap();
    let reading = TsvReading::new(store, read.as_ref()).unwrap();
    FixReading::Tsv(Box::new(dialect), Some(Box::new(reading)))
}

fn reading(path: &Path) -> FixReading {
    match path.extension().unwrap().to_str().unwrap() {
        "vcf" => FixReading::Vcf(VcfReading::default()),
        "gff3" => FixReading::Gff,
        _ => tsv(path),
    }
}

/// A file without anything that may be mended: what has to be the same before and after.
fn bare(file: &[u8]) -> Vec<String> {
    let text = String::from_utf8(file.to_vec()).unwrap().replace('\r', "\n");
    let lines = text.trim_start_matches('\u{feff}').lines().map(|it| it.trim_end_matches('\t'));
    let is_kept = |it: &&str| !it.is_empty() && !it.contains("(added by annostore fix)");
    lines.filter(is_kept).map(str::to_owned).collect()
}

#[test]
fn a_mended_example_has_no_such_finding_and_is_else_the_same() {
    let mut count = 0;
    for (rule, path) in examples() {
        let file = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let mended = mend(&file, name, &reading(&path)).unwrap();
        assert_ne!(mended.bytes, file, "{}", rule.code);
        assert_eq!(bare(&mended.bytes), bare(&file), "{}", rule.code);
        let report = mended.fixed.report.unwrap();
        let left = report.findings.tallies().iter().any(|it| it.rule == rule);
        assert!(!left, "{} is still found", rule.code);
        let mut made = mended.fixed.mends.made();
        assert!(made.any(|it| it.0.rule(mended.fixed.file) == Some(rule)), "{}", rule.code);
        let again = mend(&mended.bytes, name, &reading(&path)).unwrap();
        assert!(again.fixed.mends.is_empty(), "{}: {:?}", rule.code, again.fixed.mends);
        count += 1;
    }
    assert_eq!(count, 15);
}

/// The rules that mends name and those that say that they can be mended are the same.
#[test]
fn every_mend_of_a_rule_is_on_its_page() {
    let mut named = Vec::new();
    for format in [StoreFormat::Vcf, StoreFormat::Gff, StoreFormat::Tsv] {
        for (minor, has_samples, has_line_sep) in [(2, false, true), (3, true, false)] {
            let file = MendedFile { format, minor, has_samples, has_line_sep };
            named.extend(Mend::ALL.into_iter().filter_map(|it| it.rule(file)));
        }
    }
    for rule in RULES {
        assert_eq!(named.contains(rule), !rule.fix.is_empty(), "{}", rule.code);
    }
}

/// Nothing is mended of which only a person can say what is right: where annostore cannot store a
/// line, or the service refuses a request.
#[test]
fn no_rule_that_rejects_can_be_mended() {
    for rule in RULES.iter().filter(|it| !it.fix.is_empty()) {
        assert_ne!(rule.outcome, annostore::diagnostic::Outcome::Rejected, "{}", rule.code);
        assert_ne!(rule.subject, Subject::Request, "{}", rule.code);
    }
}

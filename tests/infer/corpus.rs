//! The tables of public suites.

use std::path::{Path, PathBuf};

use annostore::infer::{Inferred, infer};
use annostore::read::Format;
use annostore::read::tsv::{Nothing, Reader, TsvReading};

use crate::common::corpus::{corpus, files};
use crate::{kind, pipe};

/// Files of the corpus whose rows no options can read, with the reason.
const MISSES: [(&str, &str); 7] = [
    ("cellbase/variant_summary.txt.gz", "rows have 30 or 31 fields"),
    ("cellbase/xrefs.txt", "a row lacks its last field"),
    (
        "clinvar-macarthur/clinvar_alleles_with_gnomad_exomes_example_750_rows.single.b37.tsv",
        "rows have 96 or 97 fields",
    ),
    ("csv-spectrum/csvs/quotes_and_newlines.csv", "a quoted value goes on over line ends"),
    ("hail/tsv_errors.tsv", "a row lacks a field, on purpose"),
    ("vcfanno/dbNSFP_ex.txt.gz", "rows have 181 to 183 fields"),
    ("vcfanno/dbNSFP_example.txt.gz", "rows have 181 to 183 fields"),
];

/// The tables of the corpus, by their paths within it.
fn tables(root: &Path) -> Vec<String> {
    let within = |path: PathBuf| path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    let is_table = |name: &String| {
        !["MANIFEST.tsv", "hail/empty.tsv"].contains(&name.as_str())
            && ![".json", ".tbi", ".zip"].iter().any(|it| name.ends_with(it))
    };
    let mut tables: Vec<String> = files(root).into_iter().map(within).filter(is_table).collect();
    tables.sort();
    tables
}

/// Rows that an import with the inferred options stores and rejects.
fn read_with(path: &str, found: &Inferred) -> (u64, u64) {
    let pipe = pipe();
    let reading = TsvReading::new(found.store.clone(), Some(&found.read)).unwrap();
    let source = reading.source(path, &pipe.meter).unwrap();
    let reader = Reader::open(source, &pipe, &reading, 10).unwrap();
    let totals = &reader.totals;
    assert!(totals.is_readable(), "{path}: {:?}", totals.findings());
    reader.records(|| Nothing).fold((0, 0), |sum, it| {
        let it = it.unwrap();
        (sum.0 + it.records, sum.1 + it.rejected_lines)
    })
}

/// A line of `testdata/infer/corpus.tsv`, which people have compared with the files.
fn shape(name: &str, found: &Inferred) -> String {
    let read = &found.read;
    let roles: Vec<_> = found.store.format_to_header.values().map(String::as_str).collect();
    format!(
        "{name}\t{:?}\t{}\t{}\t{}\t{}\t{}\n",
        read.sep.as_deref().unwrap_or_default(),
        if read.header == Some(true) { "header" } else { "none" },
        read.comment.as_deref().unwrap_or("none"),
        found.store.schema.len(),
        kind(found),
        roles.join(" "),
    )
}

#[test]
fn inferred_options_read_the_whole_corpus() {
    let Some(root) = corpus().map(|it| it.join("tsv")) else { return };
    let tables = tables(&root);
    let mut missed = Vec::new();
    let mut shapes = String::new();
    for name in &tables {
        let path = root.join(name);
        let path = path.to_str().unwrap();
        let sampled = infer(path, &pipe(), false).unwrap();
        let proven = infer(path, &pipe(), true).unwrap();
        assert_eq!((&sampled.store, sampled.rows), (&proven.store, proven.rows), "{name}");
        shapes.push_str(&shape(name, &proven));
        let (stored, rejected) = read_with(path, &proven);
        assert_eq!(rejected, proven.misfits, "{name}");
        if rejected > 0 || stored == 0 {
            missed.push(name.as_str());
        }
    }
    let expected = include_str!("../../testdata/infer/corpus.tsv");
    assert!(shapes == expected, "{shapes}");
    let known: Vec<&str> = MISSES.iter().map(|it| it.0).collect();
    assert_eq!(missed, known);
    eprintln!("{} of {} tables", tables.len() - missed.len(), tables.len());
}

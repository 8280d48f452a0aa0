//! Files of public suites and slices of real data are read without a panic, and stored whole unless
//! the specification is against it.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod common;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use annostore::catalog::{Catalog, NewJob, NewStore, OwnerKind};
use annostore::check::{CheckOptions, check};
use annostore::diagnostic::report::Report;
use annostore::diagnostic::rules::file::NO_RECORDS;
use annostore::diagnostic::{Outcome, Rule};
use annostore::import::{ImportOptions, import};
use annostore::model::{Account, ErrorKind, Name, Result, StoreFormat, TsvSettings};
use annostore::read::vcf::VcfReading;
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use common::corpus::{corpus, files};
use flate2::read::MultiGzDecoder;

/// Files that are real, or that their suite takes, and that an import refuses all the same. The
/// specification is on our side, or they are of another format.
const REFUSED: &[(&str, &str)] = &[
    ("vcf-conformance/bcftools/setGT.4.vcf", "a record has more samples than the header"),
    (
        "vcf-conformance/bcftools/view64bit.3.vcf",
        "POS has more than the 32 bits of an Integer (VCF 4.3, section 1.3)",
    ),
    (
        "vcf-conformance/ensembl-vep/examples/arabidopsis_thaliana.TAIR10.vcf",
        "the line of column names begins with ## and so is none",
    ),
    (
        "vcf-conformance/htsjdk/variant/Homo_sapiens_assembly38.tile_db_header.vcf",
        "a header without the line of column names, and no records",
    ),
    ("vcf-conformance/pyvcf/example-4.1-bnd.vcf", "columns are separated by blanks, not by tabs"),
    (
        "vcf-conformance/pyvcf/issue-16.vcf",
        "a record has blanks for some of its tabs, and so too few fields",
    ),
    ("vcf-conformance/pyvcf/issue_49.vcf", "columns are separated by blanks, not by tabs"),
    (
        "vcf-conformance/snpeff/tests/integration/hgvsUpDownStream/\
         hgvs_downstream_negative_strand_07.vcf",
        "a record that was commented out stands before the line of column names",
    ),
    (
        "vcf-conformance/snpeff/tests/integration/noChange/test.no_change_02.vcf",
        "no line of column names",
    ),
    (
        "vcf-conformance/snpeff/tests/integration/transcriptError/incorrect_ref.vcf",
        "the header has FORMAT and a sample, the record has neither",
    ),
    (
        "vcf-conformance/vcfanno/tests/data/number.vcf.gz",
        "column names are separated by blanks, not by tabs",
    ),
    ("vcf-real/snpeff/test_clinvar.vcf.gz", "no header at all; the suite itself calls it invalid"),
];

/// A home with a store for each file that is imported.
struct Stores {
    _folder: tempfile::TempDir,
    catalog: Catalog,
    pipe: Pipe,
    made: usize,
}

/// What became of a file.
struct Outcomes {
    checked: Result<Report>,
    /// The rows that were stored, or the report that says why none were.
    imported: Result<std::result::Result<u64, Box<Report>>>,
}

impl Stores {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            catalog: Catalog::open(&folder.path().join("home")).unwrap(),
            _folder: folder,
            pipe: Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap(),
            made: 0,
        }
    }

    /// Checks a file, and imports it into a store of its own.
    fn read(&mut self, path: &Path) -> Outcomes {
        let path = path.to_str().unwrap();
        let options = CheckOptions { max_findings: 10, ..CheckOptions::default() };
        let checked = check(path, &self.pipe, &VcfReading::default(), &options);
        let store = self.store();
        let run = self.catalog.begin_import(&job(store, path)).unwrap();
        let options = ImportOptions { allow_empty: true, ..ImportOptions::default() };
        let imported = import(run, path, &self.pipe, &options)
            .map(|it| it.job.map(|job| job.rows_stored).ok_or(Box::new(it.report)));
        for error in [checked.as_ref().err(), imported.as_ref().err()].into_iter().flatten() {
            assert_ne!(error.kind(), ErrorKind::Internal, "{path}: {error}");
        }
        Outcomes { checked, imported }
    }

    fn store(&mut self) -> Name {
        self.made += 1;
        let name = Name::new("name", &format!("store{}", self.made)).unwrap();
        let store = NewStore {
            account: account(),
            name: name.clone(),
            format: StoreFormat::Vcf,
            reference_arn: None,
            description: String::new(),
            sse_key_arn: None,
            options: None,
            settings: TsvSettings::default(),
            tags: BTreeMap::new(),
            version: name.clone(),
        };
        self.catalog.create_store(&store).unwrap();
        name
    }
}

fn account() -> Account {
    Account::new(Account::DEFAULT).unwrap()
}

fn job(store: Name, path: &str) -> NewJob {
    NewJob {
        account: account(),
        store,
        version: None,
        role_arn: String::new(),
        source: path.to_owned(),
        left_normalize: false,
        format_options: None,
        annotation_fields: BTreeMap::new(),
        owner: OwnerKind::Terminal,
    }
}

impl Outcomes {
    /// Why the file was not stored; none where it was.
    fn refusal(&self) -> Option<String> {
        match &self.imported {
            Ok(Ok(_)) => None,
            Err(error) => Some(error.to_string()),
            Ok(Err(report)) => {
                let mut findings = report.findings.kept().iter();
                let first = findings.find(|it| it.rule.outcome == Outcome::Rejected);
                Some(first.map_or_else(String::new, |it| {
                    format!("{} {} `{}`: {}", it.at, it.rule.code, it.value, it.message)
                }))
            }
        }
    }
}

/// What check and import say about the same file agrees.
fn check_agreement(path: &Path, outcomes: &Outcomes, samples: u64) {
    let path = path.display();
    match (&outcomes.checked, &outcomes.imported) {
        (Ok(checked), Ok(Ok(rows))) => {
            // Only for their suites' sake: a file without rows is rejected, unless it may be empty.
            let rules = checked.findings.tallies().iter().map(|it| it.rule);
            let rejects =
                |it: &&'static Rule| it.outcome == Outcome::Rejected && **it != NO_RECORDS;
            assert_eq!(rules.filter(rejects).count(), 0, "{path}");
            assert_eq!(checked.records * samples, *rows, "{path}");
        }
        (Ok(checked), Ok(Err(report))) => {
            assert!(checked.rejections() > 0, "{path}");
            assert_eq!(
                checked.findings.kept(),
                &report.findings.kept()[..checked.findings.kept().len()],
                "{path}"
            );
        }
        (Err(checked), Err(imported)) => assert_eq!(checked.kind(), imported.kind(), "{path}"),
        (checked, imported) => panic!("{path}: {checked:?} and {imported:?}"),
    }
}

/// The lines of records and the samples of a file, counted without the reader under test.
fn counted(path: &Path) -> (u64, u64) {
    let mut bytes = Vec::new();
    File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut text = Vec::new();
        // As far as it can be read: the count of what is left is compared only where it all was.
        let _ = MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut text);
        bytes = text;
    }
    let (mut records, mut samples) = (0, 1);
    for line in bytes.split(|it| *it == b'\n').filter(|it| !it.is_empty() && *it != b"\r") {
        if line.starts_with(b"#CHROM\t") {
            let columns = line.trim_ascii_end().split(|it| *it == b'\t').count();
            samples = columns.saturating_sub(9).max(1) as u64;
        } else if line[0] != b'#' {
            records += 1;
        }
    }
    (records, samples)
}

/// The files that a suite calls `valid` or `accepts`.
fn taken_by_their_suite(folder: &Path) -> Vec<String> {
    let manifest = fs::read_to_string(folder.join("MANIFEST.tsv")).unwrap();
    let rows = manifest.lines().map(|it| it.split('\t').collect::<Vec<_>>());
    rows.filter(|it| matches!(it[8], "valid" | "accepts")).map(|it| it[0].to_owned()).collect()
}

fn is_vcf(name: &str) -> bool {
    name.contains(".vcf") && ![".tbi", ".csi"].iter().any(|it| name.ends_with(it))
}

#[test]
fn real_files_are_stored_line_by_line() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("vcf-real");
    let mut stores = Stores::new();
    let mut refused = Vec::new();
    // Lines are counted; `tests/bcf` has what has none.
    let is_text = |it: &PathBuf| it.extension().is_none_or(|it| it != "bcf");
    for path in files(&folder).into_iter().filter(is_text) {
        let outcomes = stores.read(&path);
        let (records, samples) = counted(&path);
        check_agreement(&path, &outcomes, samples);
        if let Ok(Ok(rows)) = outcomes.imported {
            assert_eq!(rows, records * samples, "{}", path.display());
        } else if is_vcf(path.to_str().unwrap()) {
            refused.push(described(&corpus, &path, &outcomes));
        }
    }
    check_refusals(&refused, "vcf-real/");
}

#[test]
fn files_that_their_suite_takes_are_stored() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("vcf-conformance");
    let taken = taken_by_their_suite(&folder);
    let mut stores = Stores::new();
    let mut refused = Vec::new();
    for path in files(&folder) {
        let outcomes = stores.read(&path);
        check_agreement(&path, &outcomes, counted(&path).1);
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        if taken.contains(&name) && outcomes.refusal().is_some() {
            refused.push(described(&corpus, &path, &outcomes));
        }
    }
    check_refusals(&refused, "vcf-conformance/");
}

#[test]
fn files_about_normalization_are_read() {
    let Some(corpus) = corpus() else { return };
    let mut stores = Stores::new();
    for path in files(&corpus.join("norm")).iter().filter(|it| is_vcf(it.to_str().unwrap())) {
        let outcomes = stores.read(path);
        check_agreement(path, &outcomes, counted(path).1);
    }
}

/// Path within the corpus, and why it was refused.
fn described(corpus: &Path, path: &Path, outcomes: &Outcomes) -> (String, String) {
    let name = path.strip_prefix(corpus).unwrap().to_str().unwrap();
    (name.to_owned(), outcomes.refusal().unwrap_or_default())
}

/// The files that were refused are those of the list.
fn check_refusals(found: &[(String, String)], below: &str) {
    let listed: Vec<&str> =
        REFUSED.iter().map(|it| it.0).filter(|it| it.starts_with(below)).collect();
    let more: Vec<_> = found.iter().filter(|it| !listed.contains(&it.0.as_str())).collect();
    let fewer: Vec<_> =
        listed.iter().filter(|it| !found.iter().any(|(name, _)| name == *it)).collect();
    assert!(more.is_empty(), "refused, but not in the list: {more:#?}");
    assert!(fewer.is_empty(), "in the list, but not refused: {fewer:#?}");
}

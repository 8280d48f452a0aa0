//! The catalog as several processes meet it: commits, crashes, deletes and readers on one home.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod commits;
#[path = "../common/mod.rs"]
mod common;
mod headers;
mod homes;
mod opening;
mod processes;
mod workers;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use annostore::catalog::{
    Catalog, ContigBounds, DataFile, ImportResult, ImportRun, JobFilter, JobStatus, MERGED_FROM,
    Merge, NewFile, NewJob, NewStore, NewVersion, OwnerKind, StoreFilter, VersionFilter,
};
use annostore::model::{Account, ErrorKind, InfoColumn, Name, StoreFormat, TsvSettings, ValueType};
use annostore::read::HeaderText;

/// The reference of every store.
const REFERENCE: &str = "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1";

fn account() -> Account {
    Account::new(Account::DEFAULT).unwrap()
}

fn name(text: &str) -> Name {
    Name::new("name", text).unwrap()
}

/// A home with a VCF store `clinvar`.
fn home() -> (tempfile::TempDir, Catalog) {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(folder.path()).unwrap();
    make_store(&catalog, "clinvar");
    (folder, catalog)
}

fn make_store(catalog: &Catalog, store: &str) {
    let new = NewStore {
        account: account(),
        name: name(store),
        format: StoreFormat::Vcf,
        reference_arn: Some(REFERENCE.to_owned()),
        description: String::new(),
        sse_key_arn: None,
        options: None,
        settings: TsvSettings::default(),
        tags: BTreeMap::new(),
        version: name(store),
    };
    catalog.create_store(&new).unwrap();
}

fn make_version(catalog: &Catalog, version: &str) {
    let new = NewVersion {
        name: name(version),
        description: String::new(),
        options: None,
        tags: BTreeMap::new(),
    };
    catalog.create_version(&account(), "clinvar", &new).unwrap();
}

fn begin(catalog: &Catalog, version: Option<&str>) -> ImportRun {
    catalog.begin_import(&job_from(version)).unwrap()
}

fn job_from(version: Option<&str>) -> NewJob {
    NewJob {
        account: account(),
        store: name("clinvar"),
        version: version.map(name),
        role_arn: String::new(),
        source: "/data/a.vcf".to_owned(),
        left_normalize: false,
        format_options: None,
        annotation_fields: BTreeMap::new(),
        owner: OwnerKind::Terminal,
    }
}

/// Writes two files of two rows each, as a writer would.
fn write(run: &ImportRun) -> ImportResult {
    let file = |index: usize| {
        let path = run.staging_dir().join(format!("{index}.parquet"));
        let mut file = fs::File::create(&path).unwrap();
        file.write_all(b"rows").unwrap();
        file.sync_all().unwrap();
        let bounds = ContigBounds { contig: "chr1".into(), min_start: 1, max_end: 9, rows: 2 };
        NewFile {
            path,
            rows: 2,
            bytes: 4,
            sha256: "ab".to_owned(),
            checksums: None,
            bounds: vec![bounds],
            other_keys: Some(vec!["KEY".to_owned()]),
        }
    };
    ImportResult {
        files: vec![file(0), file(1)],
        info_columns: vec![column("AF", ValueType::Float)],
        header: Some(HeaderText::of(b"##fileformat=VCFv4.3\n")),
        source_bytes: 9,
        source_sha256: "cd".to_owned(),
        rows_stored: 4,
        lines_rejected: 0,
        status: JobStatus::Completed,
        status_message: String::new(),
        normalization: None,
        merge: None,
    }
}

/// Where a data file of a home lies.
fn on_disk(file: &DataFile) -> PathBuf {
    file.place.path().unwrap()
}

fn column(key: &str, value: ValueType) -> InfoColumn {
    InfoColumn { key: key.into(), name: key.to_lowercase(), value, list: true, field_id: 10_002 }
}

/// All files below a folder of the home, without those that always lie there.
fn files(home: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![home.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                found.insert(entry.path());
            }
        }
    }
    found.retain(|it| {
        let name = it.file_name().unwrap().to_str().unwrap();
        !name.starts_with("catalog.db") && name != "setup.lock" && name != "readers.lock"
    });
    found
}

/// The home holds the committed files and nothing else.
fn assert_tidy(catalog: &Catalog, home: &Path) {
    let mut named = BTreeSet::new();
    for store in catalog.read_all(&account()).unwrap() {
        for version in &store.versions {
            let version = Some(version.as_str());
            let snapshot = catalog.read_version(&account(), store.name.as_str(), version).unwrap();
            named.extend(snapshot.files.iter().map(on_disk));
        }
    }
    assert_eq!(files(home), named);
    assert_eq!(fs::read_dir(home.join("staging")).unwrap().count(), 0);
}

fn rows(catalog: &Catalog) -> u64 {
    catalog.version(&account(), "clinvar", "clinvar").unwrap().row_count
}

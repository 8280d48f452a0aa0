//! The catalog as several processes meet it: commits, crashes, deletes and readers on one home.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use annostore::catalog::{
    Catalog, ContigBounds, ImportResult, ImportRun, JobFilter, JobStatus, NewFile, NewJob,
    NewStore, NewVersion, OwnerKind, StoreFilter, VersionFilter,
};
use annostore::model::{Account, ErrorKind, InfoColumn, Name, StoreFormat, ValueType};

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
        reference_arn: Some("arn:x".to_owned()),
        description: String::new(),
        sse_key_arn: None,
        options: None,
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
    let new = NewJob {
        account: account(),
        store: name("clinvar"),
        version: version.map(name),
        role_arn: String::new(),
        source: "/data/a.vcf".to_owned(),
        left_normalize: false,
        format_options: None,
        annotation_fields: BTreeMap::new(),
        owner: OwnerKind::Terminal,
    };
    catalog.begin_import(&new).unwrap()
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
            bounds: vec![bounds],
            other_keys: Some(vec!["KEY".to_owned()]),
        }
    };
    ImportResult {
        files: vec![file(0), file(1)],
        info_columns: vec![column("AF", ValueType::Float)],
        source_sha256: "cd".to_owned(),
        rows_stored: 4,
        lines_rejected: 0,
        status: JobStatus::Completed,
        status_message: String::new(),
        normalization: None,
    }
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
            named.extend(snapshot.files.into_iter().map(|it| it.path));
        }
    }
    assert_eq!(files(home), named);
    assert_eq!(fs::read_dir(home.join("staging")).unwrap().count(), 0);
}

fn rows(catalog: &Catalog) -> u64 {
    catalog.version(&account(), "clinvar", "clinvar").unwrap().row_count
}

#[test]
fn a_commit_shows_rows_files_and_columns_at_once() {
    let (home, catalog) = home();
    let run = begin(&catalog, None);
    let result = write(&run);
    assert_eq!(rows(&catalog), 0);
    let job = run.commit(&result).unwrap();
    assert_eq!(job.status, JobStatus::Completed);
    assert_eq!((job.rows_stored, job.source_sha256.as_str()), (4, "cd"));
    assert!(job.completed.unwrap() >= job.created);
    let snapshot = catalog.read_version(&account(), "clinvar", None).unwrap();
    assert_eq!(snapshot.files.len(), 2);
    assert_eq!(snapshot.files[0].bounds, result.files[0].bounds);
    assert_eq!(snapshot.files[0].other_keys, result.files[0].other_keys);
    assert_eq!(snapshot.version.info_columns, result.info_columns);
    assert_eq!((snapshot.version.row_count, snapshot.version.size_bytes), (4, 8));
    assert_eq!(snapshot.store.size_bytes, 8);
    assert_tidy(&catalog, home.path());
}

type End = fn(ImportRun);

#[test]
fn an_import_that_does_not_commit_leaves_nothing() {
    let (home, catalog) = home();
    let ends: [(End, JobStatus, &str); 3] = [
        (|run| run.fail("row 3 is bad").unwrap(), JobStatus::Failed, "row 3 is bad"),
        (|run| run.interrupt("interrupted").unwrap(), JobStatus::Cancelled, "interrupted"),
        (drop, JobStatus::Failed, "nothing was stored"),
    ];
    for (end, status, message) in ends {
        let run = begin(&catalog, None);
        let id = run.job_id().to_owned();
        write(&run);
        end(run);
        let job = catalog.job(&account(), &id).unwrap();
        assert_eq!(job.status, status);
        assert!(job.status_message.contains(message), "{}", job.status_message);
        assert!(job.completed.is_some());
        assert_eq!(rows(&catalog), 0);
        assert_tidy(&catalog, home.path());
    }
}

#[test]
fn a_cancelled_job_cannot_be_committed() {
    let (home, catalog) = home();
    let other = Catalog::open(home.path()).unwrap();
    let run = begin(&catalog, None);
    let id = run.job_id().to_owned();
    let result = write(&run);
    assert!(!run.is_cancelled());
    assert_eq!(other.cancel_job(&account(), &id).unwrap().status, JobStatus::Cancelled);
    assert!(run.is_cancelled());
    // The process that runs it still writes: another one does not pull the folder from under it.
    drop(Catalog::open(home.path()).unwrap());
    assert!(run.staging_dir().exists());
    assert_eq!(run.commit(&result).unwrap_err().kind(), ErrorKind::Interrupted);
    assert_eq!(catalog.job(&account(), &id).unwrap().status, JobStatus::Cancelled);
    let again = other.cancel_job(&account(), &id).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::InvalidInput);
    assert_tidy(&catalog, home.path());
}

#[test]
fn info_columns_that_do_not_fit_are_refused_at_the_commit() {
    let (home, catalog) = home();
    let first = begin(&catalog, None);
    let second = begin(&catalog, None);
    let result = write(&first);
    first.commit(&result).unwrap();
    let id = second.job_id().to_owned();
    let mut result = write(&second);
    result.info_columns = vec![column("AF", ValueType::String)];
    assert_eq!(second.commit(&result).unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(catalog.job(&account(), &id).unwrap().status, JobStatus::Failed);
    assert_eq!(rows(&catalog), 4);
    assert_tidy(&catalog, home.path());
}

#[test]
fn a_missing_staged_file_undoes_the_whole_commit() {
    let (home, catalog) = home();
    let run = begin(&catalog, None);
    let result = write(&run);
    fs::remove_file(&result.files[1].path).unwrap();
    assert_eq!(run.commit(&result).unwrap_err().kind(), ErrorKind::Storage);
    assert_eq!(rows(&catalog), 0);
    assert_tidy(&catalog, home.path());
}

#[test]
fn a_version_is_not_deleted_under_an_import_unless_forced() {
    let (home, catalog) = home();
    make_version(&catalog, "second");
    let run = begin(&catalog, Some("second"));
    let id = run.job_id().to_owned();
    let result = write(&run);
    let refused = catalog.delete_version(&account(), "clinvar", "second", false).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    catalog.delete_version(&account(), "clinvar", "second", true).unwrap();
    assert!(run.is_cancelled());
    let error = run.commit(&result).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.message().contains("deleted"), "{error}");
    let job = catalog.job(&account(), &id).unwrap();
    assert_eq!(job.status, JobStatus::Failed);
    assert!(job.status_message.contains("deleted"), "{}", job.status_message);
    assert_tidy(&catalog, home.path());
}

#[test]
fn a_store_is_deleted_with_all_its_versions_only_by_force() {
    let (home, catalog) = home();
    make_version(&catalog, "second");
    let run = begin(&catalog, None);
    let result = write(&run);
    run.commit(&result).unwrap();
    let refused = catalog.delete_store(&account(), "clinvar", false).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    catalog.delete_store(&account(), "clinvar", true).unwrap();
    let gone = catalog.store(&account(), "clinvar").unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    assert!(files(home.path()).is_empty());
    assert_eq!(fs::read_dir(home.path().join("data")).unwrap().count(), 0);
    // Its jobs are history, and its name is free.
    let jobs = JobFilter { store: Some("clinvar".into()), limit: 9, ..JobFilter::default() };
    assert_eq!(catalog.jobs(&account(), &jobs).unwrap().items.len(), 1);
    make_store(&catalog, "clinvar");
    assert_eq!(rows(&catalog), 0);
}

#[test]
fn the_only_version_stays() {
    let (_home, catalog) = home();
    let error = catalog.delete_version(&account(), "clinvar", "clinvar", true).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}

#[test]
fn a_deleted_default_version_is_not_replaced_in_silence() {
    let (_home, catalog) = home();
    make_version(&catalog, "second");
    make_version(&catalog, "third");
    catalog.delete_version(&account(), "clinvar", "clinvar", false).unwrap();
    let error = catalog.read_version(&account(), "clinvar", None).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.help().unwrap().contains("second, third"), "{:?}", error.help());
    assert!(catalog.read_version(&account(), "clinvar", Some("third")).is_ok());
}

#[test]
fn files_stay_until_the_last_reader_is_done() {
    let (home, catalog) = home();
    let run = begin(&catalog, None);
    let result = write(&run);
    run.commit(&result).unwrap();
    let other = Catalog::open(home.path()).unwrap();
    let first = catalog.read_version(&account(), "clinvar", None).unwrap();
    let second = other.read_version(&account(), "clinvar", None).unwrap();
    catalog.delete_store(&account(), "clinvar", false).unwrap();
    assert!(first.files.iter().all(|it| it.path.exists()));
    // The view is that of the moment when it was taken.
    assert_eq!(second.guard.stores(&account()).unwrap().len(), 1);
    assert!(other.read_all(&account()).unwrap().is_empty());
    drop(first);
    assert!(second.files.iter().all(|it| it.path.exists()));
    let paths: Vec<_> = second.files.iter().map(|it| it.path.clone()).collect();
    drop(second);
    assert!(paths.iter().all(|it| !it.exists()));
    assert!(files(home.path()).is_empty());
}

#[test]
fn a_query_sees_one_state() {
    let (_home, catalog) = home();
    let lock = catalog.read_lock().unwrap();
    let run = begin(&catalog, None);
    let result = write(&run);
    run.commit(&result).unwrap();
    assert_eq!(lock.snapshot(&account(), "clinvar", None).unwrap().version.row_count, 0);
    let now = catalog.read_version(&account(), "clinvar", None).unwrap();
    assert_eq!(now.version.row_count, 4);
}

#[test]
fn a_home_of_a_newer_program_is_refused_and_left_alone() {
    let (home, catalog) = home();
    drop(catalog);
    let path = home.path().join("catalog.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 1000).unwrap();
    drop(connection);
    let before = (fs::read(&path).unwrap(), names(home.path()));
    let error = Catalog::open(home.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.message().contains("newer"), "{error}");
    assert_eq!((fs::read(&path).unwrap(), names(home.path())), before);
}

fn names(folder: &Path) -> BTreeSet<PathBuf> {
    fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect()
}

#[test]
fn a_file_that_is_no_catalog_is_refused_and_left_alone() {
    for content in [&b"hello, this is no database"[..], b"SQLite format 3\0 but cut"] {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("catalog.db");
        fs::write(&path, content).unwrap();
        let error = Catalog::open(home.path()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage);
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    let home = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(home.path().join("catalog.db")).unwrap();
    connection.execute_batch("CREATE TABLE theirs (a); PRAGMA user_version = 1").unwrap();
    drop(connection);
    assert_eq!(Catalog::open(home.path()).unwrap_err().kind(), ErrorKind::Storage);
}

#[test]
fn a_damaged_catalog_is_an_error_of_storage() {
    let (home, catalog) = home();
    drop(catalog);
    let path = home.path().join("catalog.db");
    let mut bytes = fs::read(&path).unwrap();
    for byte in &mut bytes[100..] {
        *byte ^= 0x5a;
    }
    fs::write(&path, bytes).unwrap();
    let outcome = Catalog::open(home.path()).and_then(|it| it.read_all(&account()));
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Storage);
}

#[test]
fn a_home_that_is_a_file_is_an_error_of_storage() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = Catalog::open(file.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.to_string().contains(file.path().to_str().unwrap()), "{error}");
}

#[test]
fn lists_are_newest_first_whatever_the_clock_says() {
    let (_home, catalog) = home();
    for index in 0..5 {
        make_version(&catalog, &format!("version_{index}"));
    }
    let mut filter = VersionFilter { limit: 4, ..VersionFilter::default() };
    let first = catalog.versions(&account(), "clinvar", &filter).unwrap();
    filter.after = first.next;
    let second = catalog.versions(&account(), "clinvar", &filter).unwrap();
    let listed: Vec<_> =
        first.items.iter().chain(&second.items).map(|it| it.name.as_str()).collect();
    assert_eq!(
        listed,
        ["version_4", "version_3", "version_2", "version_1", "version_0", "clinvar"]
    );
    assert_eq!(second.next, None);
    let none = StoreFilter { ids: Some(vec!["absent".into()]), limit: 9, ..StoreFilter::default() };
    assert!(catalog.stores(&account(), &none).unwrap().items.is_empty());
}

#[test]
fn many_threads_make_one_home() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("a/b");
    std::thread::scope(|scope| {
        for index in 0..8 {
            let home = &home;
            scope.spawn(move || {
                let catalog = Catalog::open(home).unwrap();
                make_store(&catalog, &format!("store_{index}"));
            });
        }
    });
    let catalog = Catalog::open(&home).unwrap();
    assert_eq!(catalog.read_all(&account()).unwrap().len(), 8);
}

#[test]
fn many_processes_and_threads_import_into_one_version() {
    let (home, catalog) = home();
    let children: Vec<_> = (0..3).map(|_| child(home.path(), "import 5")).collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let home = home.path();
            scope.spawn(move || {
                let catalog = Catalog::open(home).unwrap();
                for _ in 0..5 {
                    let run = begin(&catalog, None);
                    let result = write(&run);
                    run.commit(&result).unwrap();
                }
            });
        }
    });
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(rows(&catalog), (3 + 4) * 5 * 4);
    assert_tidy(&catalog, home.path());
}

#[test]
fn what_a_killed_process_left_is_cleaned_up_once_it_is_dead() {
    let (home, catalog) = home();
    let run = begin(&catalog, None);
    let result = write(&run);
    run.commit(&result).unwrap();
    let committed = files(home.path());
    let mut child = child(home.path(), "hang");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let job = lines.find_map(|it| it.split("job ").nth(1).map(str::to_owned)).unwrap();
    drop(Catalog::open(home.path()).unwrap());
    assert_eq!(catalog.job(&account(), &job).unwrap().status, JobStatus::InProgress);
    child.kill().unwrap();
    child.wait().unwrap();
    // As if it had died within its commit, after the rename.
    let orphan = committed.first().unwrap().with_file_name("orphan.parquet");
    fs::write(&orphan, "half").unwrap();
    // And somebody before it, with a folder whose job was never written.
    fs::create_dir(home.path().join("staging/00000000-0000-4000-8000-000000000000")).unwrap();
    fs::write(home.path().join("locks/00000000-0000-4000-8000-000000000000.lock"), "").unwrap();
    let catalog = Catalog::open(home.path()).unwrap();
    assert!(catalog.recovery_failure().is_none());
    let job = catalog.job(&account(), &job).unwrap();
    assert_eq!(job.status, JobStatus::Failed);
    assert!(job.status_message.contains("nothing was stored"), "{}", job.status_message);
    assert_eq!(files(home.path()), committed);
    assert_tidy(&catalog, home.path());
    catalog.delete_store(&account(), "clinvar", false).unwrap();
}

/// Kills a process that imports, again and again: what it was told is committed stays, and nothing else is there.
#[test]
fn killing_imports_loses_nothing_and_leaves_nothing() {
    let (home, catalog) = home();
    // Spread over the time that a run takes, without a random generator.
    for round in 0..200_u64 {
        let mut child = child(home.path(), "import 1000");
        let told = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let lines = BufReader::new(told).lines().map_while(Result::ok);
            lines.filter_map(|it| it.split("done ").nth(1).map(str::to_owned)).collect::<Vec<_>>()
        });
        std::thread::sleep(Duration::from_micros(8_000 + (round * 7_919) % 40_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let told = reader.join().unwrap();
        let catalog = Catalog::open(home.path()).unwrap();
        assert!(catalog.recovery_failure().is_none(), "{:?}", catalog.recovery_failure());
        for job in &told {
            let job = catalog.job(&account(), job).unwrap();
            assert_eq!(job.status, JobStatus::Completed, "{}", job.status_message);
        }
        assert_tidy(&catalog, home.path());
    }
    let all = JobFilter { limit: u32::MAX, ..JobFilter::default() };
    let jobs = catalog.jobs(&account(), &all).unwrap().items;
    let ended = |status| jobs.iter().filter(|it| it.status == status).count() as u64;
    assert_eq!(ended(JobStatus::Completed) + ended(JobStatus::Failed), jobs.len() as u64);
    assert_eq!(rows(&catalog), ended(JobStatus::Completed) * 4);
    // Else the kills came too early or too late to test anything.
    assert!(ended(JobStatus::Completed) > 20 && ended(JobStatus::Failed) > 20);
}

const CHILD: &str = "ANNOSTORE_TEST_CHILD";

/// This program again, as a process that does something to a home.
fn child(home: &Path, what: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "in_a_child", "--ignored", "--nocapture", "--test-threads=1"])
        .env(CHILD, format!("{what}\n{}", home.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn in_a_child() {
    let Ok(task) = std::env::var(CHILD) else { return };
    let (what, home) = task.split_once('\n').unwrap();
    let catalog = Catalog::open(Path::new(home)).unwrap();
    if what == "hang" {
        let run = begin(&catalog, None);
        write(&run);
        println!("job {}", run.job_id());
        std::thread::sleep(Duration::from_mins(10));
    }
    let rounds = what.strip_prefix("import ").map_or(0, |it| it.parse().unwrap());
    for _ in 0..rounds {
        let run = begin(&catalog, None);
        let result = write(&run);
        println!("done {}", run.commit(&result).unwrap().id);
    }
}

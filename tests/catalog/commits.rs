//! Commits, deletes, readers and lists within one process.

use std::fs;

use super::*;

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

#[test]
fn files_are_replaced_once_whoever_put_them_together() {
    let (home, catalog) = home();
    let run = begin(&catalog, None);
    let small = write(&run);
    run.commit(&small).unwrap();
    let replaced = catalog.read_version(&account(), "clinvar", None).unwrap().files;
    let runs = [begin(&catalog, None), begin(&catalog, None)];
    let results = runs.each_ref().map(|run| {
        let mut result = write(run);
        let path = run.staging_dir().join("merged.parquet");
        fs::write(&path, b"rows").unwrap();
        let merged = NewFile { path, rows: 4, ..result.files[0].clone() };
        result.merge = Some(Merge { replaced: replaced.clone(), files: vec![merged] });
        result
    });
    let reader = catalog.read_lock().unwrap();
    for (run, result) in runs.into_iter().zip(&results) {
        run.commit(result).unwrap();
    }
    let snapshot = catalog.read_version(&account(), "clinvar", None).unwrap();
    let rows: Vec<u64> = snapshot.files.iter().map(|it| it.rows).collect();
    assert_eq!(rows, [2, 2, 4, 2, 2]);
    assert!(replaced.iter().all(|it| on_disk(it).exists() && !snapshot.files.contains(it)));
    drop((reader, snapshot));
    assert!(replaced.iter().all(|it| !on_disk(it).exists()));
    assert_tidy(&catalog, home.path());
}

#[test]
fn one_import_at_a_time_puts_files_together() {
    let (_home, catalog) = home();
    for _ in 0..MERGED_FROM.div_ceil(2) {
        let run = begin(&catalog, None);
        let result = write(&run);
        run.commit(&result).unwrap();
    }
    let other_process = Catalog::open(catalog.home()).unwrap();
    let [first, second] = [begin(&catalog, None), begin(&other_process, None)];
    assert_eq!(first.small_files().unwrap().len(), MERGED_FROM);
    assert_eq!(second.small_files().unwrap(), []);
    first.fail("nothing was put together").unwrap();
    assert_eq!(second.small_files().unwrap().len(), MERGED_FROM);
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
fn a_report_is_whole_and_as_readable_as_other_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let (home, catalog) = home();
    let run = begin(&catalog, None);
    run.keep_report("report.txt", "half").unwrap();
    run.keep_report("report.txt", "the whole report").unwrap();
    let report = run.report_dir().unwrap().join("report.txt");
    assert_eq!(fs::read_to_string(&report).unwrap(), "the whole report");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    fs::write(home.path().join("other"), "").unwrap();
    assert_eq!(mode(&report), mode(&home.path().join("other")));
    // What a process left that died before its report was whole.
    fs::write(run.report_dir().unwrap().join(".tmpabc"), "hal").unwrap();
    let job = catalog.job(&account(), run.job_id()).unwrap();
    assert_eq!(catalog.job_files(&job).unwrap(), [report]);
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
    assert!(first.files.iter().all(|it| on_disk(it).exists()));
    // The view is that of the moment when it was taken.
    assert_eq!(second.guard.stores(&account()).unwrap().len(), 1);
    assert!(other.read_all(&account()).unwrap().is_empty());
    drop(first);
    assert!(second.files.iter().all(|it| on_disk(it).exists()));
    let paths: Vec<_> = second.files.iter().map(on_disk).collect();
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

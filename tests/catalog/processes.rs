//! Several processes on one home, some of which die.

use std::path::Path;

use super::*;

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
    // Or while it wrote its report.
    let report = home.path().join("reports").join(&job);
    fs::create_dir_all(&report).unwrap();
    fs::write(report.join(".tmpAbCdEf"), "half").unwrap();
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

/// A job of a process that is alive until it is killed, which `hang` makes, and its process.
fn job_of_another(home: &Path) -> (Child, String) {
    let mut child = child(home, "hang");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let job = lines.find_map(|it| it.split("job ").nth(1).map(str::to_owned)).unwrap();
    (child, job)
}

/// The owners in the catalog.
fn owners(home: &Path) -> u32 {
    let catalog = rusqlite::Connection::open(home.join("catalog.db")).unwrap();
    catalog.query_row("SELECT count(*) FROM owners", [], |row| row.get(0)).unwrap()
}

/// A process that dies within its commit leaves files that no row names. Who ends its job before
/// anybody finds it dead is the last who looks for them.
#[test]
fn who_ends_the_job_of_a_dead_process_removes_its_files() {
    type Ending = fn(&Catalog, &str);
    let endings: [Ending; 3] = [
        |catalog, job| drop(catalog.cancel_job(&account(), job).unwrap()),
        |catalog, _| catalog.delete_version(&account(), "clinvar", "clinvar", true).unwrap(),
        |catalog, _| catalog.delete_store(&account(), "clinvar", true).unwrap(),
    ];
    for end in endings {
        let (home, catalog) = home();
        make_version(&catalog, "second");
        let run = begin(&catalog, None);
        let result = write(&run);
        run.commit(&result).unwrap();
        let (mut child, job) = job_of_another(home.path());
        let named = files(&home.path().join("data"));
        let stray = named.first().unwrap().with_file_name("stray.parquet");
        fs::write(&stray, "half").unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        end(&catalog, &job);
        assert!(!stray.exists());
        let catalog = Catalog::open(home.path()).unwrap();
        assert!(catalog.recovery_failure().is_none());
        assert_tidy(&catalog, home.path());
        assert_eq!(owners(home.path()), 0);
    }
}

#[test]
fn reports_go_with_their_version() {
    for whole_store in [true, false] {
        let (home, catalog) = home();
        make_version(&catalog, "second");
        let report = |version| {
            let run = begin(&catalog, version);
            run.keep_report("report.txt", "x").unwrap();
            run.fail("not today").unwrap();
        };
        report(None);
        report(Some("second"));
        // One that is still to come: its job runs while the version goes.
        let late = begin(&catalog, Some("second"));
        if whole_store {
            catalog.delete_store(&account(), "clinvar", true).unwrap();
        } else {
            catalog.delete_version(&account(), "clinvar", "second", true).unwrap();
        }
        late.keep_report("report.txt", "x").unwrap();
        drop(late);
        let (kept, open) = (files(&home.path().join("reports")), || Catalog::open(home.path()));
        assert_eq!(kept.len(), usize::from(!whole_store), "{kept:?}");
        assert!(open().unwrap().purge().unwrap());
    }
}

/// Kills a process that imports, again and again: what it was told is committed stays, and nothing
/// else is there.
#[test]
fn killing_imports_loses_nothing_and_leaves_nothing() {
    let (home, catalog) = home();
    // Spread over the time that a run takes, without a random generator: within its beginning, or
    // once it has said that some imports are done, which on a busy machine may take long.
    for round in 0..200_u64 {
        let mut child = child(home.path(), "import 1000");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut done = lines.filter_map(|it| it.split("done ").nth(1).map(str::to_owned));
        let mut told: Vec<_> = done.by_ref().take((round % 4) as usize).collect();
        std::thread::sleep(Duration::from_micros((round * 7_919) % 40_000));
        child.kill().unwrap();
        child.wait().unwrap();
        told.extend(done);
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
    let (completed, failed) = (ended(JobStatus::Completed), ended(JobStatus::Failed));
    assert!(completed > 20 && failed > 20, "{completed} completed, {failed} failed");
}

const CHILD: &str = "ANNOSTORE_TEST_CHILD";

/// This program again, as a process that does something to a home.
pub fn child(home: &Path, what: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "processes::in_a_child", "--ignored", "--nocapture", "--test-threads=1"])
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
    let hanging = match what {
        "claim" => Some(super::workers::claim(&catalog)),
        "hang" => Some(begin(&catalog, None)).inspect(|run| drop(write(run))),
        _ => None,
    };
    if let Some(run) = hanging {
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

//! Homes that are opened, or refused and left as they are.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

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
}

/// All that is in a folder, byte for byte.
fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    names(folder).into_iter().map(|it| (it.clone(), fs::read(it).unwrap())).collect()
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    for sql in [
        "CREATE TABLE theirs (a); PRAGMA user_version = 1",
        "CREATE TABLE theirs (a)",
        "CREATE TABLE stores (a)",
        "PRAGMA application_id = 7",
        // All that it has stands in its log.
        "PRAGMA journal_mode = WAL; CREATE TABLE theirs (a)",
    ] {
        let home = tempfile::tempdir().unwrap();
        let theirs = rusqlite::Connection::open(home.path().join("catalog.db")).unwrap();
        theirs.execute_batch(sql).unwrap();
        let before = content(home.path());
        for open in [Catalog::open, Catalog::open_to_read] {
            let error = open(home.path()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Storage, "{sql}");
            assert!(error.message().contains("not a catalog"), "{sql}: {error}");
        }
        assert_eq!(content(home.path()), before, "{sql}");
        drop(theirs);
    }
}

#[test]
fn a_pipe_in_the_place_of_a_file_does_not_hang() {
    let pipe_at = |path: &Path| {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    };
    let home = tempfile::tempdir().unwrap();
    pipe_at(&home.path().join("catalog.db"));
    assert_eq!(Catalog::open(home.path()).unwrap_err().kind(), ErrorKind::Storage);
    let (home, catalog) = super::home();
    drop(catalog);
    fs::remove_file(home.path().join("locks/readers.lock")).unwrap();
    pipe_at(&home.path().join("locks/readers.lock"));
    pipe_at(&home.path().join("locks/00000000-0000-4000-8000-000000000000.lock"));
    let catalog = Catalog::open(home.path()).unwrap();
    drop(catalog.read_version(&account(), "clinvar", None));
}

/// The mode of a catalog's journal.
fn mode_of(home: &Path) -> String {
    let catalog = rusqlite::Connection::open(home.join("catalog.db")).unwrap();
    catalog.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_home_has_a_write_ahead_log_or_an_error_says_so() {
    let (home, catalog) = home();
    drop(catalog);
    let catalog = rusqlite::Connection::open(home.path().join("catalog.db")).unwrap();
    catalog.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
    drop(catalog);
    assert_eq!(mode_of(home.path()), "delete");
    drop(Catalog::open(home.path()).unwrap());
    assert_eq!(mode_of(home.path()), "wal");
    // Something is in the way of the log.
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("catalog.db-wal")).unwrap();
    let error = Catalog::open(home.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage, "{error}");
    fs::remove_dir(home.path().join("catalog.db-wal")).unwrap();
    make_store(&Catalog::open(home.path()).unwrap(), "clinvar");
    assert_eq!(mode_of(home.path()), "wal");
}

#[test]
fn reading_makes_no_home() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none");
    let catalog = Catalog::open_to_read(&path).unwrap();
    assert!(catalog.is_absent());
    assert!(catalog.read_all(&account()).unwrap().is_empty());
    let missing = catalog.read_version(&account(), "clinvar", None).unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    assert_eq!(catalog.check_writable().unwrap_err().kind(), ErrorKind::NotFound);
    assert!(!path.exists());
    // One that somebody began to make is made.
    fs::create_dir_all(path.join("locks")).unwrap();
    assert!(!Catalog::open_to_read(&path).unwrap().is_absent());
    make_store(&Catalog::open(&path).unwrap(), "clinvar");
    let catalog = Catalog::open_to_read(&path).unwrap();
    assert!(!catalog.is_absent());
    assert_eq!(catalog.read_all(&account()).unwrap().len(), 1);
}

/// What lies in a home, with the rights of each.
fn rights(home: &Path) -> BTreeMap<PathBuf, u32> {
    use std::os::unix::fs::MetadataExt as _;

    let mut found = BTreeMap::new();
    let mut paths = vec![home.to_owned()];
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(names(&path));
        }
        found.insert(path.clone(), fs::metadata(&path).unwrap().mode() & 0o777);
    }
    found
}

#[track_caller]
fn assert_rights(home: &Path, of_folders: u32, of_files: u32) {
    for (path, found) in rights(home) {
        let wanted = if path.is_dir() { of_folders } else { of_files };
        assert_eq!(found, wanted, "{}: {found:o}", path.display());
    }
}

#[test]
fn a_home_is_its_owners_alone_or_its_group_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let catalog = Catalog::open(&home).unwrap();
    make_store(&catalog, "clinvar");
    let import = |catalog: &Catalog| {
        let run = begin(catalog, None);
        run.keep_report("report.txt", "x").unwrap();
        let result = write(&run);
        run.commit(&result).unwrap();
    };
    import(&catalog);
    assert_rights(&home, 0o700, 0o600);
    catalog.let_group_read().unwrap();
    assert_rights(&home, 0o750, 0o640);
    import(&catalog);
    make_version(&catalog, "second");
    let run = begin(&catalog, Some("second"));
    run.keep_report("report.txt", "x").unwrap();
    assert_rights(&home, 0o750, 0o640);
    let result = write(&run);
    run.commit(&result).unwrap();
    drop(catalog);
    import(&Catalog::open(&home).unwrap());
    assert_rights(&home, 0o750, 0o640);
}

/// Those whom SQLite lets wait may find others before them for ever.
#[test]
fn writers_wait_in_line() {
    let (home, catalog) = home();
    let line = fs::File::open(home.path().join("locks")).unwrap();
    line.lock().unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| make_store(&catalog, "second"));
        std::thread::sleep(Duration::from_millis(300));
        assert!(!writer.is_finished());
        // Who only reads does not wait.
        assert_eq!(Catalog::open(home.path()).unwrap().read_all(&account()).unwrap().len(), 1);
        line.unlock().unwrap();
    });
    assert_eq!(catalog.read_all(&account()).unwrap().len(), 2);
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

/// Whoever closes the catalog's file behind SQLite's back takes its locks from the whole process.
/// Another one, whose SQLite does not notice (before 3.51), then removes the log that is written
/// to.
#[cfg(target_os = "linux")]
#[test]
fn a_home_that_a_process_opens_twice_keeps_its_locks() {
    use std::os::unix::fs::MetadataExt as _;

    let (home, first) = home();
    let inode = fs::metadata(home.path().join("catalog.db")).unwrap().ino();
    let locks = || -> Vec<String> {
        let all = fs::read_to_string("/proc/locks").unwrap();
        let ours = all.lines().filter(|it| it.contains(&format!(":{inode} ")));
        ours.map(str::to_owned).collect()
    };
    // The list may miss a line while others lock and unlock; a lock that is gone stays gone.
    let settle_to = |count: usize| {
        for _ in 0..500 {
            if locks().len() == count {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("not {count} shared locks: {:?}", locks());
    };
    settle_to(1);
    let second = Catalog::open(home.path()).unwrap();
    settle_to(1);
    drop(second);
    settle_to(1);
    drop(first);
    settle_to(0);
}

#[test]
fn a_home_may_have_any_name() {
    use std::os::unix::ffi::OsStrExt as _;

    let folder = tempfile::tempdir().unwrap();
    for name in ["a?mode=rwc", "b#c", "100%25", "ü ö", "file:d&e=f", "'g\"h"].map(str::as_bytes) {
        let home = folder.path().join(std::ffi::OsStr::from_bytes(name));
        make_store(&Catalog::open(&home).unwrap(), "clinvar");
        let again = Catalog::open(&home).unwrap();
        assert_eq!(again.read_all(&account()).unwrap().len(), 1, "{}", home.display());
    }
    assert_eq!(names(folder.path()).len(), 6, "nothing was made beside them");
}

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

//! `annostore verify`, and the way back from a damaged catalog.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::common::program::Home;
use crate::{SOUND, STORE};

const OTHER: &str = "other";

/// Two stores, the first with two data files, and where those are.
fn home() -> (Home, Vec<PathBuf>) {
    let home = Home::with_store(STORE);
    home.file("sound.vcf", SOUND);
    home.done(["import", "-q", "sound.vcf", "--store", STORE]);
    home.done(["import", "-q", "sound.vcf", "--store", STORE]);
    let files = home.files("data").iter().map(|it| home.path().join(it)).collect();
    home.done([
        "store",
        "create",
        "--name",
        OTHER,
        "--store-format",
        "VCF",
        "--reference-arn",
        "arn:x",
    ]);
    home.done(["import", "-q", "sound.vcf", "--store", OTHER]);
    (home, files)
}

fn flip(file: &PathBuf, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[at] ^= 1;
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_sound_home_is_said_to_be_sound() {
    let (home, _) = home();
    let said = home.run(["verify"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.starts_with("3 data files of 2 versions, "), "{}", said.out);
    assert!(said.out.contains("the catalog is sound, its backup is of 20"), "{}", said.out);
    let one = home.done(["verify", OTHER]);
    assert!(one.starts_with("1 data file of 1 version, "), "{one}");
    let json = home.json(&["verify", "--json"]);
    assert_eq!(json["files"], 3);
    assert_eq!(json["damaged"].as_array().unwrap().len(), 0);
    let absent = home.run(["verify", "absent"]);
    assert_eq!(absent.code, 4, "{}", absent.err);
    assert!(absent.err.contains("there is no such store"), "{}", absent.err);
}

#[test]
fn every_damaged_file_is_told_with_its_version() {
    let (home, files) = home();
    flip(&files[0], 100);
    fs::remove_file(&files[1]).unwrap();
    let said = home.run(["verify", STORE]);
    assert_eq!(said.code, 5, "{}", said.out);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", said.out);
    assert!(lines.iter().all(|it| it.starts_with("variants.variants: data file data/")));
    assert!(lines.iter().any(|it| it.contains(" is damaged: its bytes 0 to ")), "{}", said.out);
    assert!(lines.iter().any(|it| it.ends_with(" is missing")), "{}", said.out);
    assert!(said.err.contains("2 of 2 data files not as they were written"), "{}", said.err);
    assert_eq!(home.run(["verify", OTHER]).code, 0);
    let json: serde_json::Value =
        serde_json::from_str(&home.run(["verify", "--json"]).out).unwrap();
    assert_eq!(json["damaged"].as_array().unwrap().len(), 2);
}

/// A folder of data files that was moved away.
#[test]
fn a_data_file_is_named_whose_folder_is_gone() {
    let (home, files) = home();
    let (there, aside) = (home.path().join("data"), home.path().join("aside"));
    fs::rename(&there, aside).unwrap();
    let said = home.run(["query", &format!("SELECT max(start) FROM {STORE}")]);
    assert!(
        said.code == 5 && said.err.starts_with("error: a data file is missing"),
        "{}",
        said.err
    );
    assert!(files.iter().any(|it| said.err.contains(it.to_str().unwrap())), "{}", said.err);
}

/// Files of before have their SHA-256 alone, which also tells what is wrong with checksums.
#[test]
fn files_and_checksums_are_both_looked_at() {
    let (home, files) = home();
    let catalog = rusqlite::Connection::open(home.path().join("catalog.db")).unwrap();
    let first = format!("%{}", files[0].file_name().unwrap().to_str().unwrap());
    catalog.execute("UPDATE data_files SET crc32c = NULL WHERE path LIKE ?1", [&first]).unwrap();
    flip(&files[0], 100);
    let spoil = "UPDATE data_files SET crc32c = X'00000000' WHERE path NOT LIKE ?1";
    catalog.execute(spoil, [&first]).unwrap();
    let said = home.run(["verify", STORE]);
    assert_eq!(said.code, 5);
    assert!(said.out.contains("its SHA-256 is not that of the import"), "{}", said.out);
    assert!(said.out.contains("the catalog is damaged"), "{}", said.out);
}

#[test]
fn rows_that_the_catalog_lost_are_told() {
    let (home, _) = home();
    let catalog = rusqlite::Connection::open(home.path().join("catalog.db")).unwrap();
    catalog.execute("DELETE FROM data_files WHERE seq = 1", []).unwrap();
    let said = home.run(["verify", "--json"]);
    assert_eq!(said.code, 5);
    assert!(said.out.contains("stored 4 rows, but its data files have 2"), "{}", said.out);
    assert!(said.err.contains("the catalog is damaged"), "{}", said.err);
}

/// Makes the backup one of another day.
fn age(home: &Home) {
    let backup = File::options().write(true).open(home.path().join("catalog.backup.db")).unwrap();
    backup.set_modified(SystemTime::now() - Duration::from_hours(24)).unwrap();
}

/// The rows of the store in the backup.
fn rows_in_backup(home: &Home) -> i64 {
    // Leaves nothing beside the file.
    let path = home.path().join("catalog.backup.db");
    let uri = format!("file:{}?mode=ro&immutable=1", path.display());
    let catalog = rusqlite::Connection::open(uri);
    catalog.unwrap().query_row("SELECT sum(rows) FROM data_files", [], |row| row.get(0)).unwrap()
}

#[test]
fn the_first_import_of_a_day_leaves_a_copy_of_the_catalog() {
    let (home, _) = home();
    assert_eq!(rows_in_backup(&home), 2);
    age(&home);
    home.done(["store", "list"]);
    assert_eq!(rows_in_backup(&home), 2);
    home.done(["import", "-q", "sound.vcf", "--store", OTHER]);
    assert_eq!(rows_in_backup(&home), 8);
    home.done(["import", "-q", "sound.vcf", "--store", OTHER]);
    assert_eq!(rows_in_backup(&home), 8);
    let left = fs::read_dir(home.path()).unwrap().map(|it| it.unwrap().file_name());
    let left: Vec<_> = left.filter(|it| it.to_str().unwrap().contains("backup")).collect();
    assert_eq!(left, ["catalog.backup.db"]);
}

#[test]
fn half_a_copy_is_removed() {
    let (home, _) = home();
    let half = home.path().join("catalog.backup.db.new");
    fs::write(&half, "half").unwrap();
    home.done(["store", "list"]);
    assert!(!half.exists());
}

#[test]
fn a_damaged_catalog_takes_no_place_of_its_backup_and_can_be_gone_back_from() {
    let (home, _) = home();
    age(&home);
    home.done(["import", "-q", "sound.vcf", "--store", OTHER]);
    let catalog = home.path().join("catalog.db");
    age(&home);
    let connection = rusqlite::Connection::open(&catalog).unwrap();
    // An index that lacks what its table has.
    connection.pragma_update(None, "writable_schema", true).unwrap();
    let hide = "UPDATE sqlite_schema SET sql = replace(sql, 'account, seq', 'seq, account')
        WHERE name = 'jobs_of_account'";
    assert_eq!(connection.execute(hide, []).unwrap(), 1);
    drop(connection);
    let said = home.run(["import", "sound.vcf", "--store", OTHER]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("its backup stays as it was"), "{}", said.err);
    assert_eq!(rows_in_backup(&home), 8);
    let said = home.run(["verify"]);
    assert_eq!(said.code, 5, "{}", said.out);
    assert!(said.out.contains("the catalog: "), "{}", said.out);
    assert!(said.err.contains("catalog.backup.db"), "{}", said.err);
    // As docs/durability.md says.
    for name in ["catalog.db", "catalog.db-wal", "catalog.db-shm"] {
        let _ = fs::rename(home.path().join(name), home.beside(name));
    }
    fs::copy(home.path().join("catalog.backup.db"), &catalog).unwrap();
    assert_eq!(home.run(["verify"]).code, 0);
    let count = home.done(["query", "SELECT count(*) FROM other", "--format", "csv"]);
    assert_eq!(count.lines().last(), Some("4"));
}

//! The catalog's form: made, brought up to date, or refused where a newer annostore made it.

use std::fs::File;
use std::io::{self, Read};

use rusqlite::{Connection, TransactionBehavior};

use super::failure::io_error;
use super::home::{Home, make_folder, open_lock, sync_folder};
use super::{connect, new_id};
use crate::model::{Error, ErrorKind, Result};

/// What leads from each form to the next. The number of those applied is the catalog's `user_version`. Never change one that was
/// released: add another.
const STEPS: &[&str] =
    &[include_str!("schema.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];

/// `anno`: tells our file from any other database.
const APPLICATION_ID: u32 = 0x616e_6e6f;

const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Makes the home's folders and brings its catalog to the form of this program.
pub(super) fn prepare(home: &Home) -> Result<()> {
    // Before anything is written: a home of a newer annostore stays as it is.
    if check_file(home)? == current() {
        // The number in the file may lag behind the write-ahead log, never lead it.
        return check_form(home, form(&connect(home)?)?);
    }
    make_folder(&home.locks())?;
    make_folder(&home.staging())?;
    let lock_path = home.locks().join("setup.lock");
    let lock = open_lock(&lock_path)?;
    lock.lock().map_err(|error| io_error(error, "lock the home", &lock_path))?;
    let mut connection = connect(home)?;
    migrate(home, &mut connection)?;
    sync_folder(home.path())
}

fn migrate(home: &Home, connection: &mut Connection) -> Result<()> {
    let found = form(connection)?;
    check_form(home, found)?;
    if found == 0 {
        // Persists in the file. Alone under the setup lock, since SQLite does not wait for others here.
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in STEPS.iter().skip(found as usize) {
        transaction.execute_batch(step)?;
    }
    if found == 0 {
        let secret = format!("{}{}", new_id(), new_id()).into_bytes();
        transaction.execute("INSERT INTO meta (key, value) VALUES ('secret', ?1)", [secret])?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", current())?;
    transaction.commit()?;
    Ok(())
}

fn current() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

fn form(connection: &Connection) -> Result<u32> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn check_form(home: &Home, found: u32) -> Result<()> {
    if found <= current() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Storage,
        format!(
            "the home was written by a newer annostore (its catalog has form {found}, this program knows forms up to {})",
            current()
        ),
    )
    .with("home", home.path().display())
    .with_help("use that annostore or a later one, or choose another home with --home"))
}

/// The form that the file's first page tells, without opening it as a database, which could write. 0 where there is no catalog yet.
fn check_file(home: &Home) -> Result<u32> {
    let path = home.catalog();
    let mut head = Vec::new();
    match File::open(&path).and_then(|file| file.take(100).read_to_end(&mut head)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        outcome => outcome.map_err(|error| io_error(error, "read the catalog", &path))?,
    };
    let number = |at: usize| head.get(at..at + 4).map(|it| [it[0], it[1], it[2], it[3]]);
    let (form, application) = match (head.starts_with(MAGIC), number(60), number(68)) {
        _ if head.is_empty() => return Ok(0),
        (true, Some(form), Some(id)) => (u32::from_be_bytes(form), u32::from_be_bytes(id)),
        _ => return Err(foreign(home)),
    };
    if application != APPLICATION_ID && (form, application) != (0, 0) {
        return Err(foreign(home));
    }
    check_form(home, form)?;
    Ok(form)
}

fn foreign(home: &Home) -> Error {
    Error::new(ErrorKind::Storage, "the file is not a catalog of annostore")
        .with("path", home.catalog().display())
        .with_help("choose another home with --home, or restore the file from a backup")
}

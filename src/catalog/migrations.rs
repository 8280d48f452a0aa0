//! The catalog's form: made, brought up to date, or refused where a newer annostore made it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::failure::io_error;
use super::home::{Home, make_folder, open_lock, sync_folder};
use super::{connect, new_id};
use crate::model::{Error, ErrorKind, Result};

/// What leads from each form to the next. The number of those applied is the catalog's
/// `user_version`. Never change one that was released: add another.
const STEPS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
];

/// `anno`: tells our file from any other database.
const APPLICATION_ID: i64 = 0x616e_6e6f;

/// What a path keeps of itself in a URI.
const IN_PATH: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// Makes the home's folders and brings its catalog to the form of this program.
pub(super) fn prepare(home: &Home) -> Result<()> {
    // Before anything is written: a home of a newer annostore stays as it is.
    if peek(home)? == current() {
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
        // Persists in the file. Alone under the setup lock, since SQLite does not wait for others
        // here.
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
            "the home was written by a newer annostore (its catalog has form {found}, \
             this program knows forms up to {})",
            current()
        ),
    )
    .with("home", home.path().display())
    .with_help("use that annostore or a later one, or choose another home with --home"))
}

/// The form that the file's first page tells, which nothing is written for. 0 where there is no
/// catalog yet.
fn peek(home: &Home) -> Result<u32> {
    let path = home.catalog();
    if !path.try_exists().map_err(|error| io_error(error, "read the catalog", &path))? {
        return Ok(0);
    }
    let (form, application) = match head(home) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            return Err(foreign(home));
        }
        outcome => outcome.map_err(|error| Error::from(error).with("path", path.display()))?,
    };
    let form = u32::try_from(form).map_err(|_| foreign(home))?;
    if application != APPLICATION_ID && (form, application) != (0, 0) {
        return Err(foreign(home));
    }
    check_form(home, form)?;
    Ok(form)
}

/// `user_version` and `application_id` of the file's first page, without the write-ahead log.
///
/// SQLite has to be the one that opens and closes the file: its locks are those of the process, and
/// whoever closes the file behind its back takes them from every connection of the process.
fn head(home: &Home) -> rusqlite::Result<(i64, i64)> {
    let path = home.catalog();
    let path = percent_encode(path.as_os_str().as_encoded_bytes(), &IN_PATH);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let uri = format!("file:{path}?mode=ro&immutable=1");
    let connection = Connection::open_with_flags(uri, flags)?;
    // Another process may be bringing its log to the file: the first page then counts pages that
    // are not there yet, which this keeps from being taken for damage.
    connection.pragma_update(None, "writable_schema", true)?;
    let number = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((number("user_version")?, number("application_id")?))
}

fn foreign(home: &Home) -> Error {
    Error::new(ErrorKind::Storage, "the file is not a catalog of annostore")
        .with("path", home.catalog().display())
        .with_help("choose another home with --home, or restore the file from a backup")
}

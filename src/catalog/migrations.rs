//! The catalog's form: made, brought up to date, or refused where a newer annostore made it, or
//! another program.

use std::fs;
use std::io;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::failure::io_error;
use super::home::{Home, sync_folder};
use super::lock::{lock_patiently, open_readers_lock};
use super::{BUSY_TIMEOUT, configure, connect, new_id, snapshot};
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
    include_str!("schema_8.sql"),
    include_str!("schema_9.sql"),
    include_str!("schema_10.sql"),
    include_str!("schema_11.sql"),
];

/// Between two tries to turn the log on.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// `anno`: tells our file from any other database.
const APPLICATION_ID: i64 = 0x616e_6e6f;

/// A catalog that was opened.
pub(super) enum Opened {
    /// It can be read and written.
    Ready(Connection),
    /// It can only be read.
    ReadOnly,
    /// There is none.
    Absent,
}

/// Opens the catalog of a home, in the form of this program; where there is none and `make` says
/// so, makes home and catalog.
pub(super) fn open(home: &Home, make: bool) -> Result<Opened> {
    // Before anything is written: a home of a newer annostore or another program stays as it is.
    let found = peek(home)?;
    match found {
        // One that somebody began to make, and could not end, is made.
        None if !make && !home.locks().is_dir() => return Ok(Opened::Absent),
        Some(_) if !home.can_be_written()? => return Ok(Opened::ReadOnly),
        Some(form) if form == current() => {
            let connection = connect(home)?;
            // The number in the file may lag behind the write-ahead log, never lead it.
            check_form(home, form_of(&connection)?)?;
            if has_log(&connection)? {
                return Ok(Opened::Ready(connection));
            }
        }
        _ => {}
    }
    home.make_folder(&home.locks())?;
    home.make_folder(&home.staging())?;
    // A reader without the right to make it looks for it.
    open_readers_lock(home)?;
    let setup = home.setup_lock();
    let _setup = lock_patiently(home.open_lock(&setup)?, &setup)?;
    home.make_catalog()?;
    let mut connection = connect(home)?;
    check_ours(home, &connection)?;
    use_log(home, &connection)?;
    migrate(home, &mut connection)?;
    sync_folder(home.path())?;
    Ok(Opened::Ready(connection))
}

/// A copy in memory of a catalog that can only be read, in the form of this program.
pub(super) fn open_copy(home: &Home) -> Result<Connection> {
    let mut connection = snapshot::load(home)?;
    configure(&connection)?;
    migrate(home, &mut connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// What a home holds that does not exist: nothing.
pub(super) fn open_empty(home: &Home) -> Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    configure(&connection)?;
    migrate(home, &mut connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Whether a catalog is one of annostore, and of a form that this program knows.
pub(super) fn check(home: &Home, connection: &Connection) -> Result<()> {
    check_ours(home, connection)?;
    check_form(home, form_of(connection)?)
}

fn migrate(home: &Home, connection: &mut Connection) -> Result<()> {
    let found = form_of(connection)?;
    check_form(home, found)?;
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

fn has_log(connection: &Connection) -> Result<bool> {
    let sql = "PRAGMA journal_mode";
    Ok(connection.query_row(sql, [], |row| row.get::<_, String>(0))? == "wal")
}

/// Turns the write-ahead log on, which then stays so: without it, a reader stops all writers.
fn use_log(home: &Home, connection: &Connection) -> Result<()> {
    let end = Instant::now() + BUSY_TIMEOUT;
    let refused = || {
        Error::new(ErrorKind::Storage, "the catalog's write-ahead log cannot be turned on")
            .with("catalog", home.catalog().display())
            .with_help("keep the home on a local disk that works: check its health and its space")
    };
    loop {
        let sql = "PRAGMA journal_mode = WAL";
        match connection.query_row(sql, [], |row| row.get::<_, String>(0)) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(refused()),
            // SQLite does not wait for others here.
            Err(error) if is_busy(&error) && Instant::now() < end => sleep(BETWEEN_TRIES),
            Err(error) if is_busy(&error) => return Err(error.into()),
            Err(error) => return Err(refused().with_source(error)),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn current() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

fn form_of(connection: &Connection) -> Result<u32> {
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

/// The form that the catalog's file tells, which nothing is written for. None where there is no
/// catalog yet, 0 where one was begun.
fn peek(home: &Home) -> Result<Option<u32>> {
    let path = home.catalog();
    let found = match fs::metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        outcome => outcome.map_err(|error| io_error(error, "read the catalog", &path))?,
    };
    // To open a pipe would wait for whoever writes to it.
    if !found.is_file() {
        return Err(foreign(home));
    }
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => foreign(home),
        _ => Error::from(error).with("path", path.display()),
    };
    let file = snapshot::open_file(home).map_err(failed)?;
    let number = |name| file.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let form = number("user_version").map_err(failed)?;
    if (form, number("application_id").map_err(failed)?) == (0, 0) {
        check_ours(home, &file)?;
        if snapshot::has_log(home)? {
            check_ours(home, &snapshot::load(home)?)?;
        }
        return Ok(Some(0));
    }
    check_ours(home, &file)?;
    let form = u32::try_from(form).map_err(|_| foreign(home))?;
    check_form(home, form)?;
    Ok(Some(form))
}

/// Refuses the database of another program: it bears another mark than ours, or tables without
/// one.
fn check_ours(home: &Home, connection: &Connection) -> Result<()> {
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let is_ours = match number("PRAGMA application_id")? {
        APPLICATION_ID => true,
        0 => {
            number("PRAGMA user_version")? == 0
                && number("SELECT count(*) FROM sqlite_schema")? == 0
        }
        _ => false,
    };
    if is_ours { Ok(()) } else { Err(foreign(home)) }
}

fn foreign(home: &Home) -> Error {
    Error::new(ErrorKind::Storage, "the file is not a catalog of annostore")
        .with("path", home.catalog().display())
        .with_help("choose another home with --home, or restore the file from a backup")
}

//! What went wrong below the catalog, told as something a person can act on.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::model::{Error, ErrorKind};

/// An input or output error on a file of the home.
pub(super) fn io_error(error: io::Error, doing: &str, path: &Path) -> Error {
    let help = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full: free some space, then try again"
        }
        io::ErrorKind::PermissionDenied => {
            "get the right to it from its owner (`annostore init --group-readable` lets a group \
             read), or choose another home with --home"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "make the disk one that can be written, or choose another home with --home"
        }
        _ => "check the disk that holds the home, or choose another home with --home",
    };
    Error::new(ErrorKind::Storage, format!("cannot {doing}"))
        .with("path", path.display())
        .with_help(help)
        .with_source(error)
}

/// What to do about a catalog that is damaged. `docs/durability.md` shows it.
pub const WAY_BACK: &str = "`annostore verify` tells what it can; to go back, move catalog.db, \
    catalog.db-wal and catalog.db-shm away while no annostore uses the home, and copy \
    catalog.backup.db to catalog.db. Where the data files lie in a bucket, make the home anew with \
    `annostore recover`: the copy there is newer";

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let (message, help) = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => ("the disk is full", "free some space, then try again"),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
                "other processes have kept the catalog busy for too long",
                "let them end, or try again later",
            ),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                ("the catalog is damaged", WAY_BACK)
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (
                "the catalog cannot be written",
                "give yourself the right to write to the home, or choose another with --home",
            ),
            Some(ErrorCode::CannotOpen | ErrorCode::SystemIoFailure) => (
                "the catalog cannot be read or written",
                "check the disk that holds the home: its space, its rights, its health",
            ),
            _ => {
                return Self::internal("the catalog refused a statement").with_source(cause(error));
            }
        };
        Self::new(ErrorKind::Storage, message).with_help(help).with_source(cause(error))
    }
}

/// SQLite's error without the one below it, which is its code with the same words again.
fn cause(error: rusqlite::Error) -> Box<dyn std::error::Error + Send + Sync> {
    match error {
        rusqlite::Error::SqliteFailure(failure, Some(message)) => {
            format!("{message} (SQLite code {})", failure.extended_code).into()
        }
        other => other.into(),
    }
}

/// A value in the catalog that this program would not have written.
pub(super) fn damaged(what: &str, value: &str) -> Error {
    Error::new(ErrorKind::Storage, format!("the catalog holds an unknown {what}"))
        .with("value", value.escape_debug())
        .with_help(WAY_BACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_once() {
        let full = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
        let words = "database or disk is full".to_owned();
        let error = Error::from(rusqlite::Error::SqliteFailure(full, Some(words)));
        let expected = "the disk is full: database or disk is full (SQLite code 13)";
        assert_eq!(error.to_string(), expected);
    }
}

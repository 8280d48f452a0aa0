//! The user's own views in the catalog: queries with a name.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{self, collect};
use super::{Catalog, ReadLock, now};
use crate::model::{Account, Error, ErrorKind, Name, Result};

/// How many views an account may have.
pub const MAX_VIEWS: usize = 1000;

/// A query with a name, which SQL takes for a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlView {
    /// Its name.
    pub name: Name,
    /// Its query, as it was written.
    pub sql: String,
    /// When it was made, or last made anew.
    pub created: Timestamp,
}

impl Catalog {
    /// The views of an account, in order of names.
    pub fn views(&self, account: &Account) -> Result<Vec<SqlView>> {
        self.read(|connection| all(connection, account))
    }

    /// A view by its name. [`ErrorKind::NotFound`] where there is none.
    pub fn view(&self, account: &Account, name: &str) -> Result<SqlView> {
        let views = self.views(account)?;
        views.into_iter().find(|it| it.name.as_str() == name).ok_or_else(|| unknown(name))
    }

    /// Keeps a view. [`ErrorKind::Conflict`] where a store has its name, or a view that is not to
    /// be replaced; [`ErrorKind::QuotaExceeded`] where the account has [`MAX_VIEWS`].
    pub fn create_view(
        &self,
        account: &Account,
        name: &Name,
        sql: &str,
        replaces: bool,
    ) -> Result<()> {
        self.write(|connection| {
            let store = "SELECT 1 FROM stores WHERE account = ?1 AND name = ?2";
            if exists(connection, store, account, name.as_str())? {
                let message = format!("there is a store `{name}`");
                return Err(Error::new(ErrorKind::Conflict, message)
                    .with_help("give the view another name"));
            }
            let view = "SELECT 1 FROM views WHERE account = ?1 AND name = ?2";
            if !replaces && exists(connection, view, account, name.as_str())? {
                let message = format!("there is a view `{name}`");
                return Err(Error::new(ErrorKind::Conflict, message)
                    .with_help("give --replace to put this one in its place"));
            }
            let made = now().as_microsecond();
            connection.execute(
                "INSERT OR REPLACE INTO views (account, name, sql, created)
                 VALUES (?1, ?2, ?3, ?4)",
                params![account.as_str(), name.as_str(), sql, made],
            )?;
            if all(connection, account)?.len() > MAX_VIEWS {
                let message = format!("an account may have at most {MAX_VIEWS} views");
                return Err(Error::new(ErrorKind::QuotaExceeded, message)
                    .with_help("drop some with `annostore view drop`"));
            }
            Ok(())
        })
    }

    /// Drops a view. [`ErrorKind::NotFound`] where there is none.
    pub fn drop_view(&self, account: &Account, name: &str) -> Result<()> {
        self.write(|connection| {
            let sql = "DELETE FROM views WHERE account = ?1 AND name = ?2";
            match connection.execute(sql, params![account.as_str(), name])? {
                0 => Err(unknown(name)),
                _ => Ok(()),
            }
        })
    }
}

impl ReadLock {
    /// The views of an account, in order of names.
    pub fn views(&self, account: &Account) -> Result<Vec<SqlView>> {
        self.view(|connection| all(connection, account))
    }
}

fn exists(connection: &Connection, sql: &str, account: &Account, name: &str) -> Result<bool> {
    let found =
        connection.query_row(sql, params![account.as_str(), name], |_| Ok(())).optional()?;
    Ok(found.is_some())
}

fn all(connection: &Connection, account: &Account) -> Result<Vec<SqlView>> {
    let sql = "SELECT name, sql, created FROM views WHERE account = ?1 ORDER BY name";
    collect(connection, sql, params![account.as_str()], view)
}

fn unknown(name: &str) -> Error {
    let message = format!("there is no view `{}`", name.escape_debug());
    Error::new(ErrorKind::NotFound, message).with_help("`annostore view list` lists them")
}

fn view(row: &Row<'_>) -> Result<SqlView> {
    Ok(SqlView {
        name: rows::name(row, "name")?,
        sql: row.get("sql")?,
        created: rows::time(row, "created")?,
    })
}

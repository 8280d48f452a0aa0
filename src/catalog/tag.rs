//! Tags of stores and versions in the catalog.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::store::load_own;
use super::{Catalog, rows, version};
pub use crate::model::api::MAX_TAGS;
use crate::model::{Account, Error, ErrorKind, Result};

/// A resource that has tags: a store, or a version of one.
#[derive(Clone, Debug)]
pub struct Tagged<'a> {
    /// Its owner.
    pub account: &'a Account,
    /// The store.
    pub store: &'a str,
    /// The version, if it is one.
    pub version: Option<&'a str>,
}

impl Catalog {
    /// The tags of a resource.
    pub fn tags(&self, of: &Tagged<'_>) -> Result<BTreeMap<String, String>> {
        self.read(|connection| {
            let (table, id) = place(connection, of)?;
            rows::tags(connection, table, &id)
        })
    }

    /// Puts tags on a resource; a tag of the same key is replaced.
    /// [`ErrorKind::QuotaExceeded`] where it would have more than [`MAX_TAGS`].
    pub fn tag(&self, of: &Tagged<'_>, tags: &BTreeMap<String, String>) -> Result<()> {
        self.write(|connection| {
            let (table, id) = place(connection, of)?;
            delete(connection, table, &id, tags.keys())?;
            rows::insert_tags(connection, table, &id, tags)?;
            let found = rows::tags(connection, table, &id)?.len();
            if found > MAX_TAGS {
                return Err(Error::new(
                    ErrorKind::QuotaExceeded,
                    format!(
                        "the resource would have {found} tags, but may have at most {MAX_TAGS}"
                    ),
                )
                .with_help("remove tags that are not needed any more"));
            }
            Ok(())
        })
    }

    /// Takes tags off a resource. It need not have them.
    pub fn untag(&self, of: &Tagged<'_>, keys: &[String]) -> Result<()> {
        self.write(|connection| {
            let (table, id) = place(connection, of)?;
            delete(connection, table, &id, keys)
        })
    }
}

/// The table and the id under which the tags of a resource lie.
fn place(connection: &Connection, of: &Tagged<'_>) -> Result<(&'static str, String)> {
    let found = || {
        let store = load_own(connection, of.account, of.store)?;
        Ok(match of.version {
            None => ("store_tags", store.id),
            Some(name) => ("version_tags", version::load(connection, &store, name)?.id),
        })
    };
    found().map_err(|error: Error| match error.kind() {
        ErrorKind::NotFound => not_found(),
        _ => error,
    })
}

/// What a resource that does not exist is answered with, and one that is not the caller's.
pub(crate) fn not_found() -> Error {
    Error::new(ErrorKind::NotFound, "there is no such resource").with_help(
        "give the ARN of a store or a version of this account; `annostore store get` shows it",
    )
}

fn delete<'a>(
    connection: &Connection,
    table: &str,
    id: &str,
    keys: impl IntoIterator<Item = &'a String>,
) -> Result<()> {
    let of = table.trim_end_matches("_tags");
    let sql = format!("DELETE FROM {table} WHERE {of}_id = ?1 AND key = ?2");
    for key in keys {
        connection.execute(&sql, params![id, key])?;
    }
    Ok(())
}

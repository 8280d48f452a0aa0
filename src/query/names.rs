//! Names in SQL: a store is a table (its default version) and a schema (one table per version).
//!
//! | SQL | means |
//! | --- | --- |
//! | `clinvar`, `annostore.clinvar` | the default version of store `clinvar` |
//! | `clinvar.v2`, `annostore.clinvar.v2` | version `v2` of it |
//!
//! Names are resolved once, when the statement is planned; the statement then sees those versions as they were.

use std::any::Any;
use std::path::PathBuf;

use datafusion::common::TableReference;

use crate::catalog::{DataFile, Version};
use crate::model::{Error, ErrorKind, Name, Result, StoreFormat};

/// The name of the catalog in SQL.
pub const CATALOG: &str = "annostore";

/// What stands behind the names: the catalog, or a fixed set in tests.
pub trait Tables: Send + Sync {
    /// Keeps data files from being removed for as long as the value lives.
    fn read_lock(&self) -> Result<Box<dyn Any + Send>>;

    /// A store with the versions that can be read, if the account has it.
    fn store(&self, name: &str) -> Result<Option<StoreTables>>;

    /// The names of all stores that the account can read.
    fn store_names(&self) -> Result<Vec<Name>>;

    /// A version as it is now, with its data files.
    fn open(&self, store: &Name, version: &Name) -> Result<(Version, Vec<DataFile>)>;

    /// The folder that all data files lie in.
    fn data_folder(&self) -> PathBuf;
}

/// A store, as far as names go.
#[derive(Clone, Debug)]
pub struct StoreTables {
    /// Its name.
    pub name: Name,
    /// The format of its versions.
    pub format: StoreFormat,
    /// The version that the bare store name means, which may have been deleted.
    pub default_version: Name,
    /// The versions that can be read.
    pub versions: Vec<VersionTables>,
}

/// A version, as far as names go.
#[derive(Clone, Debug)]
pub struct VersionTables {
    /// Its name.
    pub name: Name,
    /// Its rows.
    pub rows: u64,
}

/// The store and version that a table name means, or why there is none.
pub fn resolve(tables: &dyn Tables, name: &TableReference) -> Result<(StoreTables, Name)> {
    let (store, version) = match (name.catalog(), name.schema(), name.table()) {
        (None, None, store) => (store, None),
        (None, Some(CATALOG), table) if tables.store(CATALOG)?.is_none() => (table, None),
        (None | Some(CATALOG), Some(store), version) => (store, Some(version)),
        (Some(_), _, _) | (None, None, _) => return Err(unknown_store(tables, &name.to_string())),
    };
    let Some(found) = tables.store(store)? else { return Err(unknown_store(tables, store)) };
    let wanted = version.unwrap_or(found.default_version.as_str());
    let known = found.versions.iter().find(|it| it.name.as_str() == wanted);
    match known.map(|it| it.name.clone()) {
        Some(version) => Ok((found, version)),
        None => Err(unknown_version(&found, version)),
    }
}

fn unknown_store(tables: &dyn Tables, name: &str) -> Error {
    let error =
        Error::new(ErrorKind::NotFound, format!("there is no store `{}`", name.escape_debug()));
    match tables.store_names() {
        Ok(names) if names.is_empty() => error.with_help(
            "make one with `annostore store create` and fill it with `annostore import`",
        ),
        Ok(names) => {
            let known = nearest(name, names.iter().map(Name::as_str));
            error.with_help(format!("the stores are {known}"))
        }
        Err(_) => error,
    }
}

fn unknown_version(store: &StoreTables, asked: Option<&str>) -> Error {
    let message = match asked {
        Some(version) => {
            format!("store {} has no version `{}`", store.name, version.escape_debug())
        }
        None => format!(
            "the default version of store {}, {}, was deleted",
            store.name, store.default_version
        ),
    };
    let error = Error::new(ErrorKind::NotFound, message);
    if store.versions.is_empty() {
        return error
            .with_help("the store has no versions: make one with `annostore version create`");
    }
    let names = store.versions.iter().map(|it| it.name.as_str());
    let known = nearest(asked.unwrap_or_default(), names);
    let first = &store.versions[0].name;
    error.with_help(format!("it has {known}: query for example {}.{first}", store.name))
}

/// How many names a message lists.
const LISTED: usize = 12;

/// The names, the nearest to a wrong one first, cut after a dozen.
pub fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    let total = names.len();
    if total > LISTED {
        names.sort_by_cached_key(|it| distance(&wrong.to_lowercase(), &it.to_lowercase()));
        names.truncate(LISTED);
    }
    let more = total - names.len();
    let list = names.join(", ");
    if more == 0 { list } else { format!("{list} and {more} more") }
}

/// Levenshtein's distance; names beyond 64 characters are all equally far.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().max(right.len()) > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_come_first_where_there_are_many() {
        let names: Vec<String> = (0..40).map(|it| format!("KEY_{it}")).collect();
        let known = nearest("key_7", names.iter().map(String::as_str));
        assert!(known.starts_with("KEY_7, "), "{known}");
        assert!(known.ends_with(" and 28 more"), "{known}");
        assert_eq!(nearest("x", ["b", "a"].into_iter()), "b, a");
    }
}

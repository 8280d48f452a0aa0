//! Names in SQL: a store is a table (its default version) and a schema (one table per version).
//!
//! | SQL | means |
//! | --- | --- |
//! | `clinvar`, `annostore.clinvar` | the default version of store `clinvar` |
//! | `clinvar.v2`, `annostore.clinvar.v2` | version `v2` of it |
//! | `"111122223333_clinvar"`, `"111122223333_clinvar".v2` | those of account 111122223333 |
//! | `omicsdb.clinvar`, `AwsDataCatalog.omicsdb.clinvar` | as `clinvar`, in a database of Athena |
//!
//! The third is for a store that another account shares with the reader. A database may have any
//! name that no store has, unless the reader names the only one.
//!
//! Names are resolved once, when the statement is planned; the statement then sees those versions
//! as they were.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use datafusion::common::TableReference;

use crate::catalog::{Catalog, DataFile, ReadLock, SqlView, Storage, StoreEntry, Version};
use crate::model::{Account, Error, ErrorKind, Name, Result};
use crate::read::recognize::FileKind;
use crate::read::vcf::declared_in;
use crate::service::Service;

/// The name of the catalog in SQL.
pub const CATALOG: &str = "annostore";

/// Where the tables come from: the catalog, or a fixed set in tests.
pub trait Tables: Send + Sync {
    /// The tables as they are now, for one statement or one session.
    fn view(&self) -> Result<Arc<dyn View>>;
}

/// Tables as they were at one moment. While it lives, no data file is removed.
pub trait View: fmt::Debug + Send + Sync {
    /// Where all data files lie.
    fn storage(&self) -> Storage;

    /// Who reads.
    fn user(&self) -> String {
        CATALOG.to_owned()
    }

    /// The reader's own views.
    fn views(&self) -> Result<Vec<SqlView>> {
        Ok(Vec::new())
    }

    /// All stores that can be read.
    fn stores(&self) -> Result<Vec<StoreEntry>>;

    /// The rows of each version of a store, in the order of its versions.
    fn row_counts(&self, store: &StoreEntry) -> Result<Vec<u64>> {
        store.versions.iter().map(|it| Ok(self.open(store, it)?.0.row_count)).collect()
    }

    /// What the keys of INFO in a version mean, as the headers of its files describe them.
    fn descriptions(&self, _version: &str) -> Result<BTreeMap<String, String>> {
        Ok(BTreeMap::new())
    }

    /// A version with its data files.
    fn open(&self, store: &StoreEntry, version: &Name) -> Result<(Version, Vec<DataFile>)>;
}

/// The stores in the catalog that one account may read.
#[derive(Clone, Debug)]
pub struct CatalogTables {
    /// The catalog.
    pub catalog: Catalog,
    /// The account that reads.
    pub account: Account,
}

impl CatalogTables {
    /// What the account of a service may read.
    pub fn of(service: &Service) -> Self {
        Self { catalog: service.catalog().clone(), account: service.account().clone() }
    }
}

impl Tables for CatalogTables {
    fn view(&self) -> Result<Arc<dyn View>> {
        let lock = self.catalog.read_lock()?;
        let storage = lock.storage()?;
        Ok(Arc::new(CatalogView { storage, lock, account: self.account.clone() }))
    }
}

#[derive(Debug)]
struct CatalogView {
    storage: Storage,
    lock: Arc<ReadLock>,
    account: Account,
}

impl View for CatalogView {
    fn storage(&self) -> Storage {
        self.storage.clone()
    }

    fn user(&self) -> String {
        self.account.to_string()
    }

    fn views(&self) -> Result<Vec<SqlView>> {
        self.lock.views(&self.account)
    }

    fn stores(&self) -> Result<Vec<StoreEntry>> {
        self.lock.stores(&self.account)
    }

    fn row_counts(&self, store: &StoreEntry) -> Result<Vec<u64>> {
        self.lock.row_counts(store)
    }

    fn descriptions(&self, version: &str) -> Result<BTreeMap<String, String>> {
        let mut all = BTreeMap::new();
        for text in self.lock.recent_headers(version)? {
            for definition in declared_in(&text).info {
                all.entry(definition.key).or_insert(definition.description);
            }
        }
        Ok(all)
    }

    fn open(&self, store: &StoreEntry, version: &Name) -> Result<(Version, Vec<DataFile>)> {
        let (owner, name) = (&store.account, store.name.as_str());
        let snapshot = self.lock.snapshot(owner, name, Some(version.as_str()))?;
        Ok((snapshot.version, snapshot.files))
    }
}

/// Tables with one more view, as it is before it is kept.
pub struct WithView {
    tables: CatalogTables,
    name: Name,
    sql: String,
}

impl WithView {
    /// The view's name and query, beside the views that there are; in the place of one of its name.
    pub fn new(tables: CatalogTables, name: Name, sql: String) -> Self {
        Self { tables, name, sql }
    }
}

impl Tables for WithView {
    fn view(&self) -> Result<Arc<dyn View>> {
        let own = SqlView {
            name: self.name.clone(),
            sql: self.sql.clone(),
            created: jiff::Timestamp::UNIX_EPOCH,
        };
        Ok(Arc::new(OneMore { inner: self.tables.view()?, own }))
    }
}

#[derive(Debug)]
struct OneMore {
    inner: Arc<dyn View>,
    own: SqlView,
}

impl View for OneMore {
    fn storage(&self) -> Storage {
        self.inner.storage()
    }

    fn user(&self) -> String {
        self.inner.user()
    }

    fn views(&self) -> Result<Vec<SqlView>> {
        let mut views = self.inner.views()?;
        views.retain(|it| it.name != self.own.name);
        views.push(self.own.clone());
        Ok(views)
    }

    fn stores(&self) -> Result<Vec<StoreEntry>> {
        self.inner.stores()
    }

    fn row_counts(&self, store: &StoreEntry) -> Result<Vec<u64>> {
        self.inner.row_counts(store)
    }

    fn descriptions(&self, version: &str) -> Result<BTreeMap<String, String>> {
        self.inner.descriptions(version)
    }

    fn open(&self, store: &StoreEntry, version: &Name) -> Result<(Version, Vec<DataFile>)> {
        self.inner.open(store, version)
    }
}

/// The name of the database that Athena has in every catalog.
pub const DEFAULT: &str = "default";

/// The store and version that a table name means, or why there is none. Where `database` is given,
/// it is the only name of a database, beside `default` and `annostore`.
pub fn resolve<'a>(
    stores: &'a [StoreEntry],
    name: &TableReference,
    database: Option<&str>,
) -> Result<(&'a StoreEntry, &'a Name)> {
    let find = |store: &str| stores.iter().find(|it| it.sql_name == store);
    let is_database = |name: &str| is_database(name, database);
    let table = name.table();
    let (store, version) = match name.schema() {
        None => (table, None),
        Some(schema) => match find(schema) {
            Some(store) if store.versions.iter().any(|it| it.as_str() == table) => {
                (schema, Some(table))
            }
            // A database may be called like a store in it.
            Some(_) if find(table).is_none() || !is_database(schema) => (schema, Some(table)),
            None if !is_database(schema) => return Err(unknown_database(schema, database)),
            _ => (table, None),
        },
    };
    let Some(found) = find(store) else { return Err(unknown_store(stores, store)) };
    let wanted = version.unwrap_or(found.default_version.as_str());
    let known = found.versions.iter().find(|it| it.as_str() == wanted);
    known.map(|it| (found, it)).ok_or_else(|| unknown_version(found, version))
}

/// Whether a name that no store has may be that of the database.
fn is_database(name: &str, database: Option<&str>) -> bool {
    match database {
        Some(database) => [CATALOG, DEFAULT].contains(&name) || database.to_lowercase() == name,
        None => true,
    }
}

/// Refuses a name that is neither that of a store nor that of the database.
pub fn check_database(stores: &[StoreEntry], name: &str, database: Option<&str>) -> Result<()> {
    if is_database(name, database) || stores.iter().any(|it| it.sql_name == name) {
        return Ok(());
    }
    Err(unknown_database(name, database))
}

fn unknown_database(name: &str, database: Option<&str>) -> Error {
    let message = format!("there is no store and no database `{}`", name.escape_debug());
    let database = database.unwrap_or(CATALOG);
    Error::new(ErrorKind::NotFound, message).with_help(format!(
        "the database is {database}: --database or ANNOSTORE_DATABASE names another"
    ))
}

fn unknown_store(stores: &[StoreEntry], name: &str) -> Error {
    let message = format!("there is no store `{}`", name.escape_debug());
    let error = Error::new(ErrorKind::NotFound, message);
    // `FROM calls.vcf` is a version of a store, as SQL reads it.
    let ending = format!(".{name}");
    if [name, ending.as_str()].iter().any(|it| is_file_name(it)) {
        return error.with_help("a file stands in single quotes, as in FROM 'calls.vcf'");
    }
    if stores.is_empty() {
        let help = "make one with `annostore store create` and fill it with `annostore import`";
        return error.with_help(help);
    }
    let known = nearest(name, stores.iter().map(|it| it.sql_name.as_str()));
    error.with_help(format!("the stores are {known}"))
}

fn is_file_name(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|it| it.1);
    FileKind::by_name(name).is_some() || matches!(ending, Some("gz" | "bgz" | "parquet"))
}

fn unknown_version(store: &StoreEntry, asked: Option<&str>) -> Error {
    let message = match asked {
        Some(version) => {
            format!("store {} has no version `{}`", store.sql_name, version.escape_debug())
        }
        None => format!(
            "the default version of store {}, {}, was deleted",
            store.sql_name, store.default_version
        ),
    };
    let error = Error::new(ErrorKind::NotFound, message);
    let Some(first) = store.versions.first() else {
        return error
            .with_help("the store has no version: make one with `annostore version create`");
    };
    let known = nearest(asked.unwrap_or_default(), store.versions.iter().map(Name::as_str));
    let choose = match asked {
        Some(_) => String::new(),
        None => format!(
            ", or choose another with `annostore store update {} --default-version NAME`",
            store.name
        ),
    };
    let example = table_name(store, first);
    error.with_help(format!("it has {known}: query for example {example}{choose}"))
}

/// How SQL spells a version. The name of a shared store begins with a digit, and so goes in quotes.
pub fn table_name(store: &StoreEntry, version: &Name) -> String {
    let name = &store.sql_name;
    let quotes = if name.starts_with(|it: char| it.is_ascii_digit()) { "\"" } else { "" };
    format!("{quotes}{name}{quotes}.{version}")
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
        let wrong = wrong.to_lowercase();
        names.sort_by_cached_key(|it| {
            let name = it.to_lowercase();
            (!name.contains(&wrong), distance(&wrong, &name))
        });
        names.truncate(LISTED);
    }
    let more = total - names.len();
    let list = names.join(", ");
    if more == 0 { list } else { format!("{list} and {more} more") }
}

/// Whether a name is like a wrong one, which may be a part of it.
pub fn has_near<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> bool {
    let wrong = wrong.to_lowercase();
    let most = wrong.len().min(64) / 3 + 1;
    let is_near = |it: String| it.contains(&wrong) || distance(&wrong, &it) <= most;
    names.into_iter().any(|it| is_near(it.to_lowercase()))
}

/// Levenshtein's distance; names beyond 64 bytes are all equally far, as it costs their product.
fn distance(left: &str, right: &str) -> usize {
    match left.len().max(right.len()) {
        0..=64 => strsim::levenshtein(left, right),
        _ => usize::MAX,
    }
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

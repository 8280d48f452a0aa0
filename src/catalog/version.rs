//! Versions in the catalog.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::json::{Json, StoreOptionsText};
use super::resource::{ResourceStatus, Store, Version};
use super::rows::{self, collect, first, page};
use super::store::{find_id, load as load_store, load_own};
use super::{Catalog, Page, new_id, now};
use crate::model::{Account, Error, ErrorKind, Name, Result, TsvStoreOptions};

/// A version to be made.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// Its name.
    pub name: Name,
    /// Free text.
    pub description: String,
    /// Its TSV options; those of the store where none are given.
    pub options: Option<TsvStoreOptions>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

/// Which versions to list.
#[derive(Clone, Debug, Default)]
pub struct VersionFilter {
    /// Only those in this state.
    pub status: Option<ResourceStatus>,
    /// Only those after this place: [`Page::next`] of the page before.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

const SELECT: &str = "SELECT v.*, s.name AS store_name, s.account AS account,
    (SELECT coalesce(sum(d.bytes), 0) FROM data_files d WHERE d.version_id = v.id) AS size_bytes,
    (SELECT coalesce(sum(d.rows), 0) FROM data_files d WHERE d.version_id = v.id) AS row_count
    FROM versions v JOIN stores s ON s.id = v.store_id";

impl Catalog {
    /// Makes a version, ACTIVE at once. [`ErrorKind::Conflict`] where the store has one of that
    /// name.
    pub fn create_version(
        &self,
        account: &Account,
        store: &str,
        new: &NewVersion,
    ) -> Result<Version> {
        self.write(|connection| {
            let store = load_own(connection, account, store)?;
            if find(connection, &store, new.name.as_str())?.is_some() {
                return Err(name_is_taken(&store, &new.name));
            }
            let options = new.options.clone().or_else(|| store.options.clone());
            insert(connection, &store.id, &new_id(), &NewVersion { options, ..new.clone() })?;
            load(connection, &store, new.name.as_str())
        })
    }

    /// A version of a store. [`ErrorKind::NotFound`] where there is none of that name.
    pub fn version(&self, account: &Account, store: &str, name: &str) -> Result<Version> {
        self.read(|connection| load(connection, &load_store(connection, account, store)?, name))
    }

    /// The versions of a store, newest first.
    pub fn versions(
        &self,
        account: &Account,
        store: &str,
        filter: &VersionFilter,
    ) -> Result<Page<Version>> {
        self.read(|connection| {
            let store = find_id(connection, account, store)?;
            let after = filter.after.unwrap_or(i64::MAX);
            let status = filter.status.map(ResourceStatus::as_str);
            let values = params![store, after, status, i64::from(filter.limit) + 1];
            page(connection, &page_sql(), values, filter.limit, |row| from_row(connection, row))
        })
    }

    /// Makes a version the default one of its store: the one that the bare name of the store means.
    pub fn set_default_version(&self, account: &Account, store: &str, name: &str) -> Result<Store> {
        self.write(|connection| {
            let of = load_own(connection, account, store)?;
            let version = load(connection, &of, name)?;
            connection.execute(
                "UPDATE stores SET default_version = ?2, updated = max(updated, ?3) WHERE id = ?1",
                params![of.id, version.name.as_str(), now().as_microsecond()],
            )?;
            load_own(connection, account, store)
        })
    }

    /// Replaces the description of a version.
    pub fn describe_version(
        &self,
        account: &Account,
        store: &str,
        name: &str,
        description: Option<&str>,
    ) -> Result<Version> {
        self.write(|connection| {
            let store = load_own(connection, account, store)?;
            let version = load(connection, &store, name)?;
            connection.execute(
                "UPDATE versions
                 SET description = coalesce(?2, description), updated = max(updated, ?3)
                 WHERE id = ?1",
                params![version.id, description, now().as_microsecond()],
            )?;
            load(connection, &store, name)
        })
    }
}

/// A page of the versions of a store.
fn page_sql() -> String {
    format!(
        "{SELECT} WHERE v.store_id = ?1 AND v.seq < ?2 AND (?3 IS NULL OR v.status = ?3)
         ORDER BY v.seq DESC LIMIT ?4"
    )
}

/// The version that is meant where none may be named: the default one, which is the store's first
/// one until another is chosen. Where it was deleted, an error that lists those there are.
pub(super) fn resolve(
    connection: &Connection,
    store: &Store,
    name: Option<&str>,
) -> Result<Version> {
    if let Some(name) = name {
        return load(connection, store, name);
    }
    if let Some(version) = find(connection, store, store.default_version.as_str())? {
        return Ok(version);
    }
    let names = names(connection, &store.id)?;
    let names: Vec<_> = names.iter().map(Name::as_str).collect();
    Err(Error::new(
        ErrorKind::NotFound,
        format!("the default version of the store, {}, was deleted", store.default_version),
    )
    .with("store", &store.name)
    .with_help(format!(
        "name one of the versions there are: {}; `annostore store update {} --default-version` \
         makes one of them the default",
        names.join(", "),
        store.name
    )))
}

/// A version of a store, or [`ErrorKind::NotFound`].
pub(super) fn load(connection: &Connection, store: &Store, name: &str) -> Result<Version> {
    find(connection, store, name)?.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "the store has no such version")
            .with("store", &store.name)
            .with("version", name.escape_debug())
            .with_help(format!("`annostore version list {}` shows those there are", store.name))
    })
}

fn find(connection: &Connection, store: &Store, name: &str) -> Result<Option<Version>> {
    let sql = format!("{SELECT} WHERE v.store_id = ?1 AND v.name = ?2");
    first(connection, &sql, params![store.id, name], |row| from_row(connection, row))
}

/// The names of a store's versions, oldest first.
pub(super) fn names(connection: &Connection, store: &str) -> Result<Vec<Name>> {
    let sql = "SELECT name FROM versions WHERE store_id = ?1 ORDER BY seq";
    collect(connection, sql, &[&store], |row| rows::name(row, "name"))
}

/// The rows of each version of a store, oldest first.
pub(super) fn row_counts(connection: &Connection, store: &str) -> Result<Vec<u64>> {
    let sql = "SELECT (SELECT coalesce(sum(d.rows), 0) FROM data_files d WHERE d.version_id = v.id)
            AS row_count
        FROM versions v WHERE v.store_id = ?1 ORDER BY v.seq";
    collect(connection, sql, &[&store], |row| rows::count(row, "row_count"))
}

fn name_is_taken(store: &Store, name: &Name) -> Error {
    Error::new(ErrorKind::Conflict, "a version of this name exists already")
        .with("store", &store.name)
        .with("version", name)
        .with_help("choose another name, or delete that version first")
}

/// Adds a version to a store.
pub(super) fn insert(
    connection: &Connection,
    store: &str,
    id: &str,
    new: &NewVersion,
) -> Result<()> {
    connection.execute(
        "INSERT INTO versions (id, store_id, name, description, options, status, created, updated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        params![
            id,
            store,
            new.name.as_str(),
            new.description,
            new.options.as_ref().map(|it| Json(StoreOptionsText::from(it))),
            ResourceStatus::Active.as_str(),
            now().as_microsecond()
        ],
    )?;
    rows::insert_tags(connection, "version_tags", id, &new.tags)
}

fn from_row(connection: &Connection, row: &Row<'_>) -> Result<Version> {
    let id: String = row.get("id")?;
    Ok(Version {
        account: Account::new(&row.get::<_, String>("account")?)?,
        store_id: row.get("store_id")?,
        store_name: rows::name(row, "store_name")?,
        name: rows::name(row, "name")?,
        description: row.get("description")?,
        options: rows::store_options(row)?,
        status: rows::word(row, "status", ResourceStatus::parse)?,
        status_message: row.get("status_message")?,
        created: rows::time(row, "created")?,
        updated: rows::time(row, "updated")?,
        tags: rows::tags(connection, "version_tags", &id)?,
        size_bytes: rows::count(row, "size_bytes")?,
        row_count: rows::count(row, "row_count")?,
        info_columns: rows::info_columns(connection, &id)?,
        id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::rows::plan;

    #[test]
    fn a_page_is_found_without_a_sort_of_all_versions() {
        let plan = plan(&page_sql());
        assert!(plan.contains("versions_of_store") && !plan.contains("ORDER BY"), "{plan}");
    }
}

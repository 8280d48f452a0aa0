//! Versions in the catalog.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::job::end_jobs_of;
use super::removal::remove_files_of;
use super::resource::{ResourceStatus, Store, Version};
use super::rows::{self, collect, first};
use super::store::{load as load_store, load_own};
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
    /// Makes a version, ACTIVE at once. [`ErrorKind::Conflict`] where the store has one of that name.
    pub fn create_version(
        &self,
        account: &Account,
        store: &str,
        new: &NewVersion,
    ) -> Result<Version> {
        self.write(|it| {
            let store = load_own(it, account, store)?;
            if find(it, &store, new.name.as_str())?.is_some() {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    "a version of this name exists already",
                )
                .with("store", &store.name)
                .with("version", &new.name)
                .with_help("choose another name, or delete that version first"));
            }
            let options = new.options.clone().or_else(|| store.options.clone());
            insert_version(it, &store.id, &new_id(), &NewVersion { options, ..new.clone() })?;
            load(it, &store, new.name.as_str())
        })
    }

    /// A version of a store. [`ErrorKind::NotFound`] where there is none of that name.
    pub fn version(&self, account: &Account, store: &str, name: &str) -> Result<Version> {
        self.read(|it| load(it, &load_store(it, account, store)?, name))
    }

    /// The versions of a store, newest first.
    pub fn versions(
        &self,
        account: &Account,
        store: &str,
        filter: &VersionFilter,
    ) -> Result<Page<Version>> {
        self.read(|it| {
            let store = load_store(it, account, store)?;
            let sql = format!(
                "{SELECT} WHERE v.store_id = ?1 AND v.seq < ?2 AND (?3 IS NULL OR v.status = ?3)
                 ORDER BY v.seq DESC LIMIT ?4"
            );
            let after = filter.after.unwrap_or(i64::MAX);
            let status = filter.status.map(ResourceStatus::as_str);
            let values = params![store.id, after, status, i64::from(filter.limit) + 1];
            let found = collect(it, &sql, values, |row| Ok((row.get("seq")?, from_row(it, row)?)))?;
            Ok(Page::of(found, filter.limit))
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
        self.write(|it| {
            let store = load_own(it, account, store)?;
            let version = load(it, &store, name)?;
            it.execute(
                "UPDATE versions SET description = coalesce(?2, description), updated = max(updated, ?3)
                 WHERE id = ?1",
                params![version.id, description, now().as_microsecond()],
            )?;
            load(it, &store, name)
        })
    }

    /// Deletes a version with its tags and data.
    ///
    /// Refused ([`ErrorKind::Conflict`]) for the only version of a store, and without `force` while an import runs into it; with `force` that
    /// import fails.
    pub fn delete_version(
        &self,
        account: &Account,
        store: &str,
        name: &str,
        force: bool,
    ) -> Result<()> {
        self.write(|it| {
            let store = load_own(it, account, store)?;
            let version = load(it, &store, name)?;
            if store.version_count == 1 {
                return Err(Error::new(ErrorKind::Conflict, "it is the only version of the store")
                    .with("store", &store.name)
                    .with("version", name)
                    .with_help("delete the store instead, or make another version first"));
            }
            end_jobs_of(it, &version.id, force, "the version was deleted")?;
            remove_files_of(it, &version.id)?;
            it.execute("DELETE FROM versions WHERE id = ?1", [&version.id])?;
            it.execute(
                "UPDATE stores SET updated = max(updated, ?2) WHERE id = ?1",
                params![store.id, now().as_microsecond()],
            )?;
            Ok(())
        })?;
        self.purge_quietly();
        Ok(())
    }
}

/// The version that is meant where none may be named: the store's first one. Where that was deleted, an error that lists those there are.
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
    .with_help(format!("name one of the versions there are: {}", names.join(", "))))
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

/// Adds a version to a store.
pub(super) fn insert_version(
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
            new.options.as_ref().map(rows::store_options_to_json),
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

//! Stores in the catalog.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};

use super::json::{Json, SettingsText, StoreOptionsText};
use super::resource::{ResourceStatus, Store};
use super::rows::{self, first, page};
use super::{Catalog, Page, new_id, now};
use crate::model::{
    Account, Error, ErrorKind, Name, Result, StoreFormat, TsvSettings, TsvStoreOptions,
};

/// A store to be made, with its first version.
#[derive(Clone, Debug)]
pub struct NewStore {
    /// Who will own it.
    pub account: Account,
    /// Its name.
    pub name: Name,
    /// What its files are.
    pub format: StoreFormat,
    /// Its reference.
    pub reference_arn: Option<String>,
    /// Free text.
    pub description: String,
    /// The key of its encryption.
    pub sse_key_arn: Option<String>,
    /// Its TSV options; also those of its first version.
    pub options: Option<TsvStoreOptions>,
    /// What it has beside the options of the API.
    pub settings: TsvSettings,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The name of its first version.
    pub version: Name,
}

/// Which stores to list.
#[derive(Clone, Debug, Default)]
pub struct StoreFilter {
    /// Only those with one of these ids.
    pub ids: Option<Vec<String>>,
    /// Only those in this state.
    pub status: Option<ResourceStatus>,
    /// Only those after this place: [`Page::next`] of the page before.
    pub after: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

const SELECT: &str = "SELECT s.*,
    (SELECT count(*) FROM versions v WHERE v.store_id = s.id) AS version_count,
    (SELECT coalesce(sum(d.bytes), 0) FROM versions v JOIN data_files d ON d.version_id = v.id
        WHERE v.store_id = s.id) AS size_bytes
    FROM stores s";

impl Catalog {
    /// A store that an account may read: its own of that name, else the one that is shared with it
    /// under `<owner>_<name>` or, the longest shared first, under its name.
    /// [`ErrorKind::NotFound`] where there is none.
    pub fn store(&self, account: &Account, name: &str) -> Result<Store> {
        self.read(|connection| load(connection, account, name))
    }

    /// A store that an account owns. [`ErrorKind::NotFound`] where there is none of that name.
    pub fn own_store(&self, account: &Account, name: &str) -> Result<Store> {
        self.read(|connection| load_own(connection, account, name))
    }

    /// The stores that an account owns or that are shared with it, newest first.
    pub fn stores(&self, account: &Account, filter: &StoreFilter) -> Result<Page<Store>> {
        self.read(|connection| {
            let after = filter.after.unwrap_or(i64::MAX);
            let status = filter.status.map(ResourceStatus::as_str);
            let ids = filter.ids.as_ref().map(Json);
            let values = params![account.as_str(), after, status, ids, i64::from(filter.limit) + 1];
            page(connection, &page_sql(), values, filter.limit, |row| from_row(connection, row))
        })
    }

    /// Replaces the description of a store.
    pub fn describe_store(
        &self,
        account: &Account,
        name: &str,
        description: Option<&str>,
    ) -> Result<Store> {
        self.write(|connection| {
            let store = load_own(connection, account, name)?;
            connection.execute(
                "UPDATE stores
                 SET description = coalesce(?2, description), updated = max(updated, ?3)
                 WHERE id = ?1",
                params![store.id, description, now().as_microsecond()],
            )?;
            load_own(connection, account, name)
        })
    }
}

/// A page of the stores that an account may read.
fn page_sql() -> String {
    // The sign keeps SQLite from finding them by account, and sorting all of them for each page.
    format!(
        "{SELECT} WHERE (+s.account = ?1 OR s.id IN ({SHARED})) AND s.seq < ?2
         AND (?3 IS NULL OR s.status = ?3)
         AND (?4 IS NULL OR s.id IN (SELECT value FROM json_each(?4)))
         ORDER BY s.seq DESC LIMIT ?5"
    )
}

/// The stores that are shared with account `?1`.
const SHARED: &str = "SELECT store_id FROM shares WHERE subscriber = ?1 AND status = 'ACTIVE'";

/// A store that an account may read, or [`ErrorKind::NotFound`]: its own of that name, else the one
/// that is shared with it under `<owner>_<name>` or, the longest shared first, under its name.
pub(super) fn load(connection: &Connection, account: &Account, name: &str) -> Result<Store> {
    let id = find_id(connection, account, name)?;
    let sql = format!("{SELECT} WHERE s.id = ?1");
    first(connection, &sql, &[&id], |row| from_row(connection, row))?.ok_or_else(|| not_found(name))
}

/// The id of a store that an account may read, or [`ErrorKind::NotFound`]: unlike the store, it is
/// found without a look at all versions.
pub(super) fn find_id(connection: &Connection, account: &Account, name: &str) -> Result<String> {
    let own = "SELECT id FROM stores WHERE account = ?1 AND name = ?2";
    let shared = "SELECT s.id FROM stores s
        JOIN shares h ON h.store_id = s.id AND h.subscriber = ?1 AND h.status = 'ACTIVE'
        WHERE ?2 IN (s.name, s.account || '_' || s.name) ORDER BY h.seq LIMIT 1";
    for sql in [own, shared] {
        let found = first(connection, sql, params![account.as_str(), name], |row| Ok(row.get(0)?))?;
        if let Some(id) = found {
            return Ok(id);
        }
    }
    Err(not_found(name))
}

/// A store that an account owns, or [`ErrorKind::NotFound`].
pub(super) fn load_own(connection: &Connection, account: &Account, name: &str) -> Result<Store> {
    find_own(connection, account, name)?.ok_or_else(|| not_found(name))
}

fn find_own(connection: &Connection, account: &Account, name: &str) -> Result<Option<Store>> {
    let sql = format!("{SELECT} WHERE s.account = ?1 AND s.name = ?2");
    first(connection, &sql, params![account.as_str(), name], |row| from_row(connection, row))
}

fn not_found(name: &str) -> Error {
    Error::new(ErrorKind::NotFound, "there is no such store")
        .with("store", name.escape_debug())
        .with_help(
            "`annostore store list` shows the stores of the account, `store create` makes one",
        )
}

/// Refuses one more store to an account that has as many as it may.
pub(super) fn check_quota(
    connection: &Connection,
    account: &Account,
    quota: Option<u32>,
) -> Result<()> {
    let sql = "SELECT count(*) FROM stores WHERE account = ?1";
    let found: u32 = connection.query_row(sql, [account.as_str()], |row| row.get(0))?;
    if quota.is_none_or(|it| found < it) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::QuotaExceeded,
        format!("the account has {found} stores, which is all it may have"),
    )
    .with_help("delete a store that is not needed any more"))
}

/// Adds a store, without a version. [`ErrorKind::Conflict`] where the account has one of that name.
pub(super) fn insert(connection: &Connection, new: &NewStore) -> Result<String> {
    if find_own(connection, &new.account, new.name.as_str())?.is_some() {
        return Err(Error::new(ErrorKind::Conflict, "a store of this name exists already")
            .with("store", &new.name)
            .with_help("choose another name, or delete that store first"));
    }
    let view = "SELECT 1 FROM views WHERE account = ?1 AND name = ?2";
    let found =
        first(connection, view, params![new.account.as_str(), new.name.as_str()], |_| Ok(()));
    if found?.is_some() {
        return Err(Error::new(ErrorKind::Conflict, "a view of this name exists already")
            .with("view", &new.name)
            .with_help(
                "choose another name, or drop the view with `annostore view drop`: in SQL the \
                 store would hide it",
            ));
    }
    let id = new_id();
    connection.execute(
        "INSERT INTO stores (id, account, name, format, reference_arn, description, sse_key_arn,
            options, status, created, updated, default_version, settings)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12)",
        params![
            id,
            new.account.as_str(),
            new.name.as_str(),
            new.format.as_str(),
            new.reference_arn,
            new.description,
            new.sse_key_arn,
            new.options.as_ref().map(|it| Json(StoreOptionsText::from(it))),
            ResourceStatus::Active.as_str(),
            now().as_microsecond(),
            new.version.as_str(),
            Some(&new.settings).filter(|it| !it.is_empty()).map(|it| Json(SettingsText::from(it)))
        ],
    )?;
    rows::insert_tags(connection, "store_tags", &id, &new.tags)?;
    Ok(id)
}

fn from_row(connection: &Connection, row: &Row<'_>) -> Result<Store> {
    let id: String = row.get("id")?;
    Ok(Store {
        account: Account::new(&row.get::<_, String>("account")?)?,
        name: rows::name(row, "name")?,
        format: rows::word(row, "format", StoreFormat::parse)?,
        reference_arn: row.get("reference_arn")?,
        description: row.get("description")?,
        sse_key_arn: row.get("sse_key_arn")?,
        options: rows::store_options(row)?,
        settings: rows::settings(row)?,
        status: rows::word(row, "status", ResourceStatus::parse)?,
        status_message: row.get("status_message")?,
        created: rows::time(row, "created")?,
        updated: rows::time(row, "updated")?,
        tags: rows::tags(connection, "store_tags", &id)?,
        size_bytes: rows::count(row, "size_bytes")?,
        version_count: row.get("version_count")?,
        default_version: rows::name(row, "default_version")?,
        id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::rows::plan;

    #[test]
    fn a_page_is_found_without_a_sort_of_all_stores() {
        let plan = plan(&page_sql());
        assert!(
            plan.contains("s USING INTEGER PRIMARY KEY") && !plan.contains("ORDER BY"),
            "{plan}"
        );
    }
}

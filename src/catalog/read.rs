//! What a query reads: one state of the catalog from start to end, and files that stay while it
//! runs.

use std::fs::File;
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, Row, params};

use super::failure::damaged;
use super::json::{BoundsText, json, optional_json};
use super::lock::{find_readers_lock, lock_shared, open_readers_lock};
use super::resource::{ContigBounds, DataFile, Store, Version};
use super::rows::{self, collect};
use super::storage::Storage;
use super::store::load as load_store;
use super::version::{names, resolve, row_counts};
use super::{Access, Catalog, locked, placed};
use crate::model::{Account, Error, Name, Result, StoreFormat};
use crate::write::BlockChecksums;

/// A view of the catalog as it was when the lock was taken. While it lives, no data file is
/// unlinked.
///
/// Take one per query, and every table of the query from it.
#[derive(Debug)]
pub struct ReadLock {
    catalog: Catalog,
    /// A connection within a read transaction. None only while it is dropped.
    view: Mutex<Option<Connection>>,
    lock: Option<File>,
}

/// The names under which a store and its versions can be queried.
#[derive(Clone, Debug, PartialEq)]
pub struct StoreEntry {
    /// UUID of the store.
    pub id: String,
    /// Who owns it.
    pub account: Account,
    /// Its name.
    pub name: Name,
    /// What SQL calls it: its name, and `<owner>_<name>` for the reader whom it is shared with.
    pub sql_name: String,
    /// What its files are.
    pub format: StoreFormat,
    /// The version that the store's bare name means. It may have been deleted: then it is not among
    /// `versions`.
    pub default_version: Name,
    /// Its versions, oldest first.
    pub versions: Vec<Name>,
}

/// A version with its data files, which stay where they are while this lives.
#[derive(Clone, Debug)]
pub struct VersionSnapshot {
    /// The store.
    pub store: Store,
    /// The version.
    pub version: Version,
    /// Its files in the order in which they were committed.
    pub files: Vec<DataFile>,
    /// Keeps the files.
    pub guard: Arc<ReadLock>,
}

impl Catalog {
    /// A view of the catalog as it is now, that also keeps the data files it names.
    pub fn read_lock(&self) -> Result<Arc<ReadLock>> {
        let home = &self.inner.home;
        let lock = match self.inner.access {
            Access::Full => Some(open_readers_lock(home)?),
            Access::ReadOnly => find_readers_lock(home)?,
            Access::Absent => None,
        };
        if let Some((file, path)) = &lock {
            lock_shared(file, path)?;
        }
        let view = self.connect().map_err(|error| placed(home, error))?;
        let begin = || -> Result<()> {
            view.execute_batch("BEGIN")?;
            // The transaction's state is that of its first read.
            Ok(view.query_row("SELECT count(*) FROM meta", [], |_| Ok(()))?)
        };
        begin().map_err(|error| placed(home, error))?;
        let view = Mutex::new(Some(view));
        Ok(Arc::new(ReadLock { catalog: self.clone(), view, lock: lock.map(|it| it.0) }))
    }

    /// A version with its files; the store's first version where none is named.
    pub fn read_version(
        &self,
        account: &Account,
        store: &str,
        version: Option<&str>,
    ) -> Result<VersionSnapshot> {
        self.read_lock()?.snapshot(account, store, version)
    }

    /// The names of the stores of an account and of their versions, in order of names.
    pub fn read_all(&self, account: &Account) -> Result<Vec<StoreEntry>> {
        self.read(|connection| entries(connection, account))
    }
}

impl ReadLock {
    /// The names of the stores of an account and of their versions, in order of names; then those
    /// of the stores shared with it.
    pub fn stores(&self, account: &Account) -> Result<Vec<StoreEntry>> {
        self.view(|connection| entries(connection, account))
    }

    /// The rows of each version of a store, in the order of [`StoreEntry::versions`].
    pub fn row_counts(&self, store: &StoreEntry) -> Result<Vec<u64>> {
        self.view(|connection| row_counts(connection, &store.id))
    }

    /// A version with its files; the store's first version where none is named. `NotFound` where
    /// store or version do not exist.
    pub fn snapshot(
        self: &Arc<Self>,
        account: &Account,
        store: &str,
        version: Option<&str>,
    ) -> Result<VersionSnapshot> {
        self.view(|connection| {
            let store = load_store(connection, account, store)?;
            let version = resolve(connection, &store, version)?;
            let files = files(connection, &self.catalog.inner.storage(connection)?, &version.id)?;
            Ok(VersionSnapshot { store, version, files, guard: Arc::clone(self) })
        })
    }

    /// Where the data files lie.
    pub fn storage(&self) -> Result<Storage> {
        self.view(|connection| self.catalog.inner.storage(connection))
    }

    pub(super) fn view<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        match locked(&self.view).as_ref() {
            Some(connection) => {
                work(connection).map_err(|error| placed(&self.catalog.inner.home, error))
            }
            None => Err(Error::internal("the view of the catalog is closed")),
        }
    }
}

impl Drop for ReadLock {
    fn drop(&mut self) {
        drop(locked(&self.view).take());
        drop(self.lock.take());
        // Perhaps the last reader, and something waits to be unlinked.
        let _ = self.catalog.purge_home();
    }
}

fn entries(connection: &Connection, account: &Account) -> Result<Vec<StoreEntry>> {
    let sql = "SELECT id, account, name, format, default_version FROM stores
        WHERE account = ?1 OR id IN
            (SELECT store_id FROM shares WHERE subscriber = ?1 AND status = 'ACTIVE')
        ORDER BY account <> ?1, name, account";
    collect(connection, sql, params![account.as_str()], |row| {
        let id: String = row.get("id")?;
        let owner = Account::new(&row.get::<_, String>("account")?)?;
        let name = rows::name(row, "name")?;
        let shared = owner != *account;
        Ok(StoreEntry {
            sql_name: if shared { format!("{owner}_{name}") } else { name.to_string() },
            account: owner,
            name,
            format: rows::word(row, "format", StoreFormat::parse)?,
            default_version: rows::name(row, "default_version")?,
            versions: names(connection, &id)?,
            id,
        })
    })
}

fn files(connection: &Connection, storage: &Storage, version: &str) -> Result<Vec<DataFile>> {
    let sql = "SELECT * FROM data_files WHERE version_id = ?1 ORDER BY seq";
    collect(connection, sql, &[&version], |row| file_of(row, storage))
}

/// The data file of a row of the catalog.
pub(super) fn file_of(row: &Row<'_>, storage: &Storage) -> Result<DataFile> {
    let bounds: Vec<BoundsText> = json(row, "bounds", "list of bounds")?;
    let bytes = rows::count(row, "bytes")?;
    Ok(DataFile {
        place: storage.place(row.get::<_, String>("path")?),
        rows: rows::count(row, "rows")?,
        bytes,
        sha256: row.get("sha256")?,
        checksums: checksums(row, bytes)?,
        bounds: bounds.into_iter().map(ContigBounds::from).collect(),
        other_keys: optional_json(row, "other_keys", "list of words")?,
    })
}

/// The checksums of a file of so many bytes.
fn checksums(row: &Row<'_>, bytes: u64) -> Result<Option<BlockChecksums>> {
    let Some(kept) = row.get_ref("crc32c")?.as_blob_or_null().map_err(|_| unfit(bytes))? else {
        return Ok(None);
    };
    BlockChecksums::from_bytes(kept, bytes).map(Some).ok_or_else(|| unfit(bytes))
}

fn unfit(bytes: u64) -> Error {
    damaged("list of checksums", &format!("of a file of {bytes} bytes"))
}

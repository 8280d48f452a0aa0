//! The folder of a version's metadata for other engines. What is in it is made from the catalog and
//! can be made anew at any time, so no row names it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Catalog;
use super::home::{Home, TABLES, names_in, remove_tree, remove_unfinished};
use super::lock::{lock_patiently, open_folder, try_lock};
use super::storage::{FilePlace, ListedFile, Storage};
use crate::model::{Error, Result};

/// The file that names the latest metadata by its number, as engines expect it that are given the
/// folder of a table.
const HINT: &str = "version-hint.text";

/// The folder, while nobody else writes there.
#[derive(Debug)]
pub struct MetadataFolder {
    catalog: Catalog,
    storage: Storage,
    /// The key of the table's folder.
    table: String,
    /// The lock on the folder in the home, in which nothing lies where it lies in a bucket.
    _lock: File,
}

impl Catalog {
    /// The folder of the table that other engines see in a version. It need not exist.
    pub fn table_folder(&self, store: &str, version: &str) -> Result<FilePlace> {
        Ok(self.storage()?.place(Home::table_folder(store, version)))
    }

    /// The number of the latest metadata of that table; none where there are none.
    pub fn latest_metadata(&self, store: &str, version: &str) -> Result<Option<u64>> {
        latest(&self.storage()?, &Home::table_folder(store, version))
    }

    /// The folder of that table's metadata, which is made where there is none, for this process
    /// alone. Waits for others.
    pub fn metadata_folder(&self, store: &str, version: &str) -> Result<MetadataFolder> {
        let (path, lock) = self.open_metadata_folder(store, version)?;
        let lock = lock_patiently(lock, &path)?;
        self.lock_held(Home::table_folder(store, version), lock)
    }

    /// The same; none where another writes there just now.
    pub fn free_metadata_folder(
        &self,
        store: &str,
        version: &str,
    ) -> Result<Option<MetadataFolder>> {
        let (path, lock) = self.open_metadata_folder(store, version)?;
        let is_free = try_lock(&lock, &path)?;
        is_free.then(|| self.lock_held(Home::table_folder(store, version), lock)).transpose()
    }

    fn open_metadata_folder(&self, store: &str, version: &str) -> Result<(PathBuf, File)> {
        self.check_writable()?;
        self.check_bucket_is_ours()?;
        let home = &self.inner.home;
        let path = home.resolve(&metadata_of(&Home::table_folder(store, version)));
        home.make_folder(&path)?;
        let lock = open_folder(&path)?.ok_or_else(|| gone(&path))?;
        Ok((path, lock))
    }

    fn lock_held(&self, table: String, lock: File) -> Result<MetadataFolder> {
        remove_unfinished(&self.inner.home.resolve(&metadata_of(&table)))?;
        let storage = self.storage()?;
        Ok(MetadataFolder { catalog: self.clone(), storage, table, _lock: lock })
    }
}

impl Catalog {
    /// Removes the tables of versions that are gone. Deletion does so; a process that died may have
    /// left one.
    pub fn remove_tables_of_gone_versions(&self) -> Result<()> {
        self.check_bucket_is_ours()?;
        let tables = self.inner.home.tables();
        for store in names_in(&tables)? {
            for version in names_in(&tables.join(&store))? {
                if !self.has_version(&version)? {
                    self.remove_table(&format!("{TABLES}/{store}/{version}"))?;
                }
            }
            // Fails where something is left in it.
            let _ = fs::remove_dir(tables.join(store));
        }
        Ok(())
    }

    fn remove_table(&self, table: &str) -> Result<()> {
        self.storage()?.remove_folder(table)?;
        remove_tree(&self.inner.home.resolve(table))
    }
}

impl MetadataFolder {
    /// The folder of the table.
    pub fn table(&self) -> FilePlace {
        self.storage.place(&self.table)
    }

    /// A file of it, by its name.
    pub fn file(&self, name: &str) -> FilePlace {
        self.storage.place(self.key(name))
    }

    fn key(&self, name: &str) -> String {
        format!("{}/{name}", metadata_of(&self.table))
    }

    /// Its files, by their names.
    pub fn files(&self) -> Result<Vec<(String, ListedFile)>> {
        self.storage.list(&metadata_of(&self.table))
    }

    /// For how long files stay that are not needed any more.
    pub fn kept(&self) -> Result<Duration> {
        self.catalog.keep_removed()
    }

    /// Writes a file whole, in the place of the one of this name.
    pub fn write(&self, name: &str, content: Vec<u8>) -> Result<()> {
        self.storage.write(&self.key(name), content)
    }

    /// Makes these metadata the latest.
    pub fn point_to(&self, number: u64) -> Result<()> {
        self.write(HINT, number.to_string().into_bytes())
    }

    /// The number of the latest metadata; none where there are none.
    pub fn latest(&self) -> Result<Option<u64>> {
        latest(&self.storage, &self.table)
    }

    /// Removes a file, which may be gone already.
    pub fn remove(&self, name: &str) -> Result<()> {
        self.storage.remove(&self.key(name))
    }

    /// Removes the whole table: its version is gone.
    pub fn remove_table(self) -> Result<()> {
        self.catalog.remove_table(&self.table)
    }
}

/// The key of the folder of a table's metadata.
fn metadata_of(table: &str) -> String {
    format!("{table}/metadata")
}

/// The number of the latest metadata of a table.
fn latest(storage: &Storage, table: &str) -> Result<Option<u64>> {
    let hint = storage.place(format!("{}/{HINT}", metadata_of(table))).read()?;
    Ok(hint.and_then(|it| std::str::from_utf8(&it).ok()?.trim().parse().ok()))
}

/// Whether the metadata of a table name no file any more that this commit took out. Metadata that
/// do are withdrawn, unless somebody is just writing others.
pub(super) fn has_let_go(
    (home, storage): (&Home, &Storage),
    table: &str,
    commit: u64,
) -> Result<bool> {
    if latest(storage, table)?.is_none_or(|it| it >= commit) {
        return Ok(true);
    }
    let path = home.resolve(&metadata_of(table));
    if storage.bucket().is_some() {
        home.make_folder(&path)?;
    }
    let Some(lock) = open_folder(&path)? else { return Ok(true) };
    if !try_lock(&lock, &path)? {
        return Ok(false);
    }
    let files = storage.list(&metadata_of(table))?;
    let names = files.iter().map(|it| &it.0);
    let mut latest = names.filter(|it| *it == HINT || it.ends_with(".metadata.json"));
    latest.try_for_each(|it| storage.remove(&format!("{}/{it}", metadata_of(table))))?;
    Ok(true)
}

fn gone(path: &Path) -> Error {
    Error::internal("a folder of metadata went while it was opened").with("path", path.display())
}

//! The folder of a version's metadata for other engines. What is in it is made from the catalog and
//! can be made anew at any time, so no row names it.

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Catalog;
use super::failure::io_error;
use super::home::{Home, names_in, remove_file, remove_tree, remove_unfinished};
use super::lock::{lock_patiently, open_folder, try_lock};
use crate::model::{Error, Result};

/// The file that names the latest metadata by its number, as engines expect it that are given the
/// folder of a table.
const HINT: &str = "version-hint.text";

/// The folder, while nobody else writes there.
#[derive(Debug)]
pub struct MetadataFolder {
    catalog: Catalog,
    path: PathBuf,
    _lock: File,
}

impl Catalog {
    /// The folder of the table that other engines see in a version, absolute. It need not exist.
    pub fn table_folder(&self, store: &str, version: &str) -> PathBuf {
        self.inner.home.resolve(&Home::table_folder(store, version))
    }

    /// The number of the latest metadata of that table; none where there are none.
    pub fn latest_metadata(&self, store: &str, version: &str) -> Option<u64> {
        latest(&metadata_of(&self.table_folder(store, version)))
    }

    /// The folder of that table's metadata, which is made where there is none, for this process
    /// alone. Waits for others.
    pub fn metadata_folder(&self, store: &str, version: &str) -> Result<MetadataFolder> {
        let (path, lock) = self.open_metadata_folder(store, version)?;
        let lock = lock_patiently(lock, &path)?;
        self.lock_held(path, lock)
    }

    /// The same; none where another writes there just now.
    pub fn free_metadata_folder(
        &self,
        store: &str,
        version: &str,
    ) -> Result<Option<MetadataFolder>> {
        let (path, lock) = self.open_metadata_folder(store, version)?;
        let is_free = try_lock(&lock, &path)?;
        is_free.then(|| self.lock_held(path, lock)).transpose()
    }

    fn open_metadata_folder(&self, store: &str, version: &str) -> Result<(PathBuf, File)> {
        self.check_writable()?;
        let home = &self.inner.home;
        let path = metadata_of(&self.table_folder(store, version));
        home.make_folder(&path)?;
        let lock = open_folder(&path)?.ok_or_else(|| gone(&path))?;
        Ok((path, lock))
    }

    fn lock_held(&self, path: PathBuf, lock: File) -> Result<MetadataFolder> {
        remove_unfinished(&path)?;
        Ok(MetadataFolder { catalog: self.clone(), path, _lock: lock })
    }
}

impl Catalog {
    /// Removes the tables of versions that are gone. Deletion does so; a process that died may have
    /// left one.
    pub fn remove_tables_of_gone_versions(&self) -> Result<()> {
        let tables = self.inner.home.tables();
        for store in names_in(&tables)? {
            let store = tables.join(store);
            for version in names_in(&store)? {
                if !self.has_version(&version)? {
                    remove_tree(&store.join(version))?;
                }
            }
            // Fails where something is left in it.
            let _ = fs::remove_dir(store);
        }
        Ok(())
    }
}

impl MetadataFolder {
    /// Where it is, absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of its files.
    pub fn names(&self) -> Result<Vec<String>> {
        names_in(&self.path)
    }

    /// A file's content; none where there is no such file.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let path = self.path.join(name);
        match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            outcome => outcome.map(Some).map_err(|error| io_error(error, "read a file", &path)),
        }
    }

    /// A file's size.
    pub fn size(&self, name: &str) -> Result<u64> {
        Ok(self.look_at(name)?.len())
    }

    /// How long ago a file was written.
    pub fn age(&self, name: &str) -> Result<Duration> {
        let written = self.look_at(name)?.modified().ok();
        // A clock that went back makes a file new.
        Ok(written.and_then(|it| it.elapsed().ok()).unwrap_or_default())
    }

    fn look_at(&self, name: &str) -> Result<Metadata> {
        let path = self.path.join(name);
        fs::metadata(&path).map_err(|error| io_error(error, "look at a file", &path))
    }

    /// For how long files stay that are not needed any more.
    pub fn kept(&self) -> Result<Duration> {
        self.catalog.keep_removed()
    }

    /// Writes a file whole, in the place of the one of this name.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<()> {
        self.catalog.inner.home.write_whole(&self.path.join(name), content)
    }

    /// Makes these metadata the latest.
    pub fn point_to(&self, number: u64) -> Result<()> {
        self.write(HINT, number.to_string().as_bytes())
    }

    /// The number of the latest metadata; none where there are none.
    pub fn latest(&self) -> Option<u64> {
        latest(&self.path)
    }

    /// Removes a file, which may be gone already.
    pub fn remove(&self, name: &str) -> Result<()> {
        remove_file(&self.path.join(name))
    }

    /// Removes the whole table: its version is gone.
    pub fn remove_table(self) -> Result<()> {
        remove_tree(self.path.parent().unwrap_or(&self.path))
    }
}

fn metadata_of(table: &Path) -> PathBuf {
    table.join("metadata")
}

/// The number of the latest metadata in a folder.
fn latest(metadata: &Path) -> Option<u64> {
    fs::read_to_string(metadata.join(HINT)).ok()?.trim().parse().ok()
}

/// Whether the metadata of a table name no file any more that this commit took out. Metadata that
/// do are withdrawn, unless somebody is just writing others.
pub(super) fn has_let_go(table: &Path, commit: u64) -> Result<bool> {
    let path = metadata_of(table);
    if latest(&path).is_none_or(|it| it >= commit) {
        return Ok(true);
    }
    let Some(lock) = open_folder(&path)? else { return Ok(true) };
    if !try_lock(&lock, &path)? {
        return Ok(false);
    }
    let names = names_in(&path)?;
    let mut latest = names.iter().filter(|it| *it == HINT || it.ends_with(".metadata.json"));
    latest.try_for_each(|it| remove_file(&path.join(it)))?;
    Ok(true)
}

fn gone(path: &Path) -> Error {
    Error::internal("a folder of metadata went while it was opened").with("path", path.display())
}

//! Deferred removal: what a delete took out of the catalog is unlinked once no reader is left.
//!
//! A reader takes the readers' lock, shared, before it looks at the list of files. So whoever gets
//! that lock alone knows that nobody reads a file of a removal, and that nobody will: no list names
//! it any more.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::Catalog;
use super::home::{remove_file, sync_folder};
use super::lock::{open_readers_lock, try_lock};
use super::rows::collect;
use crate::model::Result;

/// Puts the data files of a version on the list of removals.
pub(super) fn remove_files_of(connection: &Connection, version: &str) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO removals (path) SELECT path FROM data_files WHERE version_id = ?1",
        [version],
    )?;
    Ok(())
}

impl Catalog {
    /// Unlinks what is on the list of removals, if no reader is left. Returns whether the list is
    /// empty now.
    pub fn purge(&self) -> Result<bool> {
        let waiting = "SELECT EXISTS (SELECT 1 FROM removals)";
        if !self.read(|connection| {
            Ok(connection.query_row(waiting, [], |row| row.get::<_, bool>(0))?)
        })? {
            return Ok(true);
        }
        let (lock, path) = open_readers_lock(&self.inner.home)?;
        if !try_lock(&lock, &path)? {
            return Ok(false);
        }
        self.write(|connection| {
            let paths = collect(connection, "SELECT path FROM removals", &[], |row| {
                Ok(self.inner.home.resolve(&row.get::<_, String>(0)?))
            })?;
            unlink(&paths)?;
            connection.execute("DELETE FROM removals", [])?;
            Ok(true)
        })
    }

    /// Unlinks what can be unlinked now. Where that fails, the list stays for whoever comes next.
    pub(super) fn purge_quietly(&self) {
        let _ = self.purge();
    }
}

/// Unlinks files, then the folders of versions and stores that became empty.
fn unlink(paths: &[PathBuf]) -> Result<()> {
    let mut folders: Vec<&Path> = Vec::new();
    for path in paths {
        remove_file(path)?;
        if let Some(folder) = path.parent().filter(|it| !folders.contains(it)) {
            folders.push(folder);
        }
    }
    for folder in folders {
        remove_if_empty(folder)?;
    }
    Ok(())
}

/// Removes a version's folder, and its store's, where they are empty. What stays is on the disk as
/// it is.
pub(super) fn remove_if_empty(version: &Path) -> Result<()> {
    let store = version.parent();
    let data = store.and_then(Path::parent);
    for folder in [Some(version), store].into_iter().flatten() {
        // Fails where something is left in it, which is the usual case for a store's.
        if fs::remove_dir(folder).is_err() && folder.exists() {
            return sync_folder(folder);
        }
    }
    data.filter(|it| it.exists()).map_or(Ok(()), sync_folder)
}

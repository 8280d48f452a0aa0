//! Deferred removal: what a delete took out of the catalog is unlinked once no reader is left.
//!
//! A reader takes the readers' lock, shared, before it looks at the list of files. So whoever gets
//! that lock alone knows that nobody reads a file of a removal, and that nobody will: no list names
//! it any more.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, params};

use super::home::{Home, TABLES, names_in, remove_file, remove_tree, sync_folder};
use super::lock::{open_readers_lock, try_lock};
use super::metadata_folder::has_let_go;
use super::rows::{self, collect, first};
use super::storage::{Storage, is_in_bucket};
use super::{Access, Catalog, Patience, now};
use crate::model::Result;

/// Seconds for which the files of what was deleted stay in a bucket, unless somebody says
/// otherwise: readers on other machines hold no lock here.
const KEPT_IN_BUCKET: u64 = 86_400;

/// Puts a path, relative to the home, on the list of removals. Where a commit of a version took the
/// file out, its number: what other engines were told before it still names the file.
pub(super) fn put_on_list(
    connection: &Connection,
    path: &str,
    replaced_by: Option<u64>,
) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO removals (path, removed, replaced_by) VALUES (?1, ?2, ?3)";
    let removed = now().as_microsecond();
    connection.execute(sql, params![path, removed, replaced_by.map(rows::signed)])?;
    Ok(())
}

/// Puts the data files of a version on the list of removals, and what other engines are told of
/// them.
pub(super) fn remove_files_of(
    connection: &Connection,
    home: &Home,
    store: &str,
    version: &str,
) -> Result<()> {
    let table = Home::table_folder(store, version);
    if home.resolve(&table).exists() || is_in_bucket(connection)? {
        put_on_list(connection, &table, None)?;
    }
    connection.execute(
        "INSERT OR IGNORE INTO removals (path, removed)
         SELECT path, ?2 FROM data_files WHERE version_id = ?1",
        params![version, now().as_microsecond()],
    )?;
    Ok(())
}

/// Puts what jobs reported on the list of removals: those of a store (`store_id`) or of a version
/// (`version_id`).
pub(super) fn remove_reports_of(
    connection: &Connection,
    home: &Home,
    column: &str,
    id: &str,
) -> Result<()> {
    let sql = format!("SELECT id FROM jobs WHERE {column} = ?1");
    for job in collect(connection, &sql, &[&id], |row| Ok(row.get::<_, String>(0)?))? {
        if home.report_of(&job).exists() {
            put_on_list(connection, &format!("reports/{job}"), None)?;
        }
    }
    Ok(())
}

/// Removes the files in the folder of a version that no row names: a process moved them there and
/// died. For a holder of the write lock, who knows that none is about to name them.
pub(super) fn remove_strays(
    connection: &Connection,
    home: &Home,
    store: &str,
    version: &str,
) -> Result<()> {
    let relative = Home::data_folder(store, version);
    let folder = home.resolve(&relative);
    let names = names_in(&folder)?;
    let sql = "SELECT path FROM data_files WHERE version_id = ?1 UNION SELECT path FROM removals";
    let known = collect(connection, sql, &[&version], |row| Ok(row.get::<_, String>(0)?))?;
    let known: HashSet<_> = known.into_iter().collect();
    for name in names.iter().filter(|it| !known.contains(&format!("{relative}/{it}"))) {
        remove_file(&folder.join(name))?;
    }
    remove_if_empty(&folder)
}

impl Catalog {
    /// Unlinks what is on the list of removals, if no reader is left and nobody writes. Returns
    /// whether the list is empty now.
    pub fn purge(&self) -> Result<bool> {
        if self.inner.access != Access::Full {
            return Ok(false);
        }
        if self.read(|connection| Ok(due(connection)?.is_empty()))? {
            return Ok(true);
        }
        let is_done = self.purge_home()?;
        match self.storage()?.bucket() {
            None => Ok(is_done),
            Some(bucket) => self.purge_bucket(bucket),
        }
    }

    /// Unlinks what is on the list of removals and lies in the home; asks no server.
    pub(super) fn purge_home(&self) -> Result<bool> {
        if self.inner.access != Access::Full || self.read(|it| Ok(due(it)?.is_empty()))? {
            return Ok(true);
        }
        let home = &self.inner.home;
        let done =
            self.write_if(Patience::LeaveIt, |connection| purge_in_turn(connection, home))?;
        Ok(done == Some(true))
    }

    /// For how long the files of what was deleted stay, for readers that hold no lock here.
    pub fn keep_removed(&self) -> Result<Duration> {
        self.read(keep_removed)
    }

    /// Changes for how long the files of what is deleted stay, in whole seconds.
    pub fn set_keep_removed(&self, kept: Duration) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('keep_removed', ?1)";
        self.write(|it| Ok(it.execute(sql, [kept.as_secs().to_le_bytes()]).map(|_| ())?))
    }

    /// Unlinks what can be unlinked now. Where that fails, the list stays for whoever comes next.
    pub(super) fn purge_quietly(&self) {
        let _ = self.purge();
    }
}

/// What is to be unlinked.
pub(super) struct Removal {
    /// Relative to the home.
    pub(super) path: String,
    /// The commit of its version that took it out, if one did.
    pub(super) replaced_by: Option<u64>,
}

impl Removal {
    /// Whether it lies in the home wherever the data files do.
    pub(super) fn is_report(&self) -> bool {
        self.path.starts_with("reports/")
    }
}

/// What has been on the list for long enough; folders before the files that they tell of.
pub(super) fn due(connection: &Connection) -> Result<Vec<Removal>> {
    let kept = keep_removed(connection)?.as_micros();
    let until = now().as_microsecond().saturating_sub(i64::try_from(kept).unwrap_or(i64::MAX));
    let sql = "SELECT path, replaced_by FROM removals WHERE removed <= ?1 ORDER BY path DESC";
    collect(connection, sql, &[&until], |row| {
        let replaced_by: Option<i64> = row.get("replaced_by")?;
        Ok(Removal { path: row.get("path")?, replaced_by: replaced_by.map(i64::cast_unsigned) })
    })
}

/// For how long the files of what was deleted stay, for readers that hold no lock here.
fn keep_removed(connection: &Connection) -> Result<Duration> {
    let sql = "SELECT value FROM meta WHERE key = 'keep_removed'";
    let kept = first(connection, sql, &[], |row| Ok(row.get::<_, [u8; 8]>(0)?))?;
    let usual = if is_in_bucket(connection)? { KEPT_IN_BUCKET } else { 0 };
    Ok(Duration::from_secs(kept.map_or(usual, u64::from_le_bytes)))
}

/// Unlinks what is due on the list of removals, if no reader is left, and takes it off; whether all
/// of it could be. For a holder of the write lock: one process does so for all. Where processes
/// always wait for that lock, those that put more on the list see to what was there.
pub(super) fn purge_in_turn(connection: &Connection, home: &Home) -> Result<bool> {
    let mut waiting = due(connection)?;
    if is_in_bucket(connection)? {
        waiting.retain(Removal::is_report);
    }
    if waiting.is_empty() {
        return Ok(true);
    }
    let (lock, path) = open_readers_lock(home)?;
    if !try_lock(&lock, &path)? {
        return Ok(false);
    }
    // Nobody is left who knows of them, and nobody can come to: the lock has told enough.
    drop(lock);
    let mut let_go = LetGo::of(home, Storage::in_home(home.clone()));
    let mut paths = Vec::with_capacity(waiting.len());
    let mut all = true;
    for Removal { path, replaced_by } in &waiting {
        if !let_go.of_file(path, *replaced_by)? {
            all = false;
            continue;
        }
        paths.extend(home.resolve_removal(path));
        connection.execute("DELETE FROM removals WHERE path = ?1", [path])?;
    }
    unlink(&paths)?;
    remove_folders_of(&paths)?;
    Ok(all)
}

/// Whether other engines are no longer told of files. Asks once for each commit.
pub(super) struct LetGo {
    home: Home,
    storage: Storage,
    known: HashMap<(String, u64), bool>,
}

impl LetGo {
    pub(super) fn of(home: &Home, storage: Storage) -> Self {
        Self { home: home.clone(), storage, known: HashMap::new() }
    }

    /// Whether they are no longer told of a file, which a commit of its version took out.
    pub(super) fn of_file(&mut self, path: &str, replaced_by: Option<u64>) -> Result<bool> {
        let folder = path.rsplit_once('/').and_then(|(folder, _)| folder.strip_prefix("data/"));
        let (Some(commit), Some(folder)) = (replaced_by, folder) else { return Ok(true) };
        let key = (folder.to_owned(), commit);
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let answer =
            has_let_go((&self.home, &self.storage), &format!("{TABLES}/{folder}"), commit)?;
        self.known.insert(key, answer);
        Ok(answer)
    }
}

/// Removes files, and folders of reports and of metadata.
fn unlink(paths: &[PathBuf]) -> Result<()> {
    paths.iter().try_for_each(|it| if it.is_dir() { remove_tree(it) } else { remove_file(it) })
}

/// Removes the folders of versions and stores that have no files any more.
fn remove_folders_of(paths: &[PathBuf]) -> Result<()> {
    let of_data = paths.iter().filter(|it| it.extension().is_some_and(|it| it == "parquet"));
    let mut folders: Vec<_> = of_data.filter_map(|it| it.parent()).collect();
    folders.sort_unstable();
    folders.dedup();
    folders.into_iter().try_for_each(remove_if_empty)
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

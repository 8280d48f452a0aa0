//! A copy of the catalog beside it, made after imports, at most once a day: the way back from a
//! catalog that the disk has damaged.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use jiff::Timestamp;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::failure::{WAY_BACK, io_error};
use super::home::{Home, remove_file, sync_folder};
use super::integrity::faults_of;
use super::lock::try_lock;
use super::snapshot::open_unlocked;
use super::{Catalog, connect, now, placed};
use crate::model::{Error, ErrorKind, Result};

const SECONDS_OF_A_DAY: i64 = 86_400;

impl Catalog {
    /// Copies the catalog to `catalog.backup.db` of the home, unless that is of today (in UTC), or
    /// somebody copies it just now. A copy takes the place of the last one once it is whole, sound
    /// and on the disk.
    pub fn back_up(&self) -> Result<()> {
        let home = &self.inner.home;
        if is_of_today(home)? {
            return Ok(());
        }
        let path = home.setup_lock();
        let lock = home.open_lock(&path)?;
        if !try_lock(&lock, &path)? || is_of_today(home)? {
            return Ok(());
        }
        let made = make(home).map_err(|error| placed(home, error));
        if made.is_err() {
            // The error to tell is the first one; whoever opens the home tries again.
            let _ = remove_file(&home.new_backup());
        }
        made
    }

    /// When the copy of the catalog was made; none where there is no copy.
    pub fn backup_time(&self) -> Result<Option<Timestamp>> {
        time_of(&self.inner.home)
    }

    /// What is wrong with the copy of the catalog, in words; nothing where it is sound, or not
    /// there.
    pub fn backup_faults(&self) -> Result<Vec<String>> {
        let path = self.inner.home.backup();
        if !path.exists() {
            return Ok(Vec::new());
        }
        let opened = open_unlocked(&path).map_err(Error::from);
        Ok(opened.map_or_else(|error| vec![error.to_string()], |it| faults_of(&it)))
    }

    /// Removes the half of a copy that a process left when it died.
    pub(super) fn forget_half_backup(&self) -> Result<()> {
        let home = &self.inner.home;
        let (new, path) = (home.new_backup(), home.setup_lock());
        if new.exists() && try_lock(&home.open_lock(&path)?, &path)? {
            remove_file(&new)
        } else {
            Ok(())
        }
    }
}

fn make(home: &Home) -> Result<()> {
    let (new, kept) = (home.new_backup(), home.backup());
    remove_file(&new)?;
    copy(home, &new)?;
    let faults = faults_of(&open_unlocked(&new)?);
    if let Some(first) = faults.into_iter().next() {
        return Err(Error::new(
            ErrorKind::Storage,
            "the catalog is damaged, so that its backup stays as it was",
        )
        .with("catalog", home.catalog().display())
        .with_help(WAY_BACK)
        .with_source(first));
    }
    let publish = || -> io::Result<()> {
        // Whoever may read the catalog may read its copy.
        fs::set_permissions(&new, fs::metadata(home.catalog())?.permissions())?;
        File::open(&new)?.sync_all()?;
        fs::rename(&new, &kept)
    };
    publish().map_err(|error| io_error(error, "keep a copy of the catalog", &kept))?;
    sync_folder(home.path())
}

/// Copies the catalog as it is now, while others may write to it.
pub(super) fn copy(home: &Home, to: &Path) -> Result<()> {
    let source = connect(home)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut target = Connection::open_with_flags(to, flags)?;
    // Nobody needs half of it.
    target.query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))?;
    target.pragma_update(None, "synchronous", false)?;
    let all_pages = -1;
    let copied = Backup::new(&source, &mut target)?.step(all_pages)?;
    if copied != StepResult::Done {
        return Err(Error::new(
            ErrorKind::Storage,
            "the catalog is too busy to be copied; the next import tries again",
        ));
    }
    Ok(())
}

fn is_of_today(home: &Home) -> Result<bool> {
    let day = |it: Timestamp| it.as_second().div_euclid(SECONDS_OF_A_DAY);
    Ok(time_of(home)?.is_some_and(|it| day(it) == day(now())))
}

fn time_of(home: &Home) -> Result<Option<Timestamp>> {
    let path = home.backup();
    let modified = match fs::metadata(&path).and_then(|it| it.modified()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        outcome => outcome.map_err(|error| io_error(error, "look at a file", &path))?,
    };
    // A time before 1970 is of another day than today, which is all that it has to tell.
    let age = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
    Ok(Some(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)))
}

//! Advisory locks: who runs imports, and whether anybody reads.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::io_error;
use super::home::{Home, make_folder, open_lock, remove_file};
use super::{Catalog, locked, new_id};
use crate::model::{Error, Result};

/// The sign that a process lives: a lock file that it holds. Goes away with the last import of the
/// process.
#[derive(Debug)]
pub(super) struct OwnerLock {
    id: String,
    path: PathBuf,
    /// Held, never read.
    _file: File,
}

impl OwnerLock {
    fn take(home: &Home) -> Result<Self> {
        make_folder(&home.locks())?;
        loop {
            let id = new_id();
            let path = home.owner_lock(&id);
            let file = open_lock(&path)?;
            // Between the two lines above and the lock, another process may have taken the file for
            // that of a dead one and removed it. Once locked and still there, it stays: only the
            // holder of the lock removes it.
            if try_lock(&file, &path)? && path.exists() {
                return Ok(Self { id, path, _file: file });
            }
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

impl Drop for OwnerLock {
    fn drop(&mut self) {
        // Removed before it is released. Where that fails, the next process finds it free and
        // removes it.
        let _ = remove_file(&self.path);
    }
}

impl Catalog {
    /// The lock of this process, taken where none of its imports runs yet.
    pub(super) fn owner_lock(&self) -> Result<Arc<OwnerLock>> {
        let mut slot = locked(&self.inner.owner);
        if let Some(lock) = slot.upgrade() {
            return Ok(lock);
        }
        let lock = Arc::new(OwnerLock::take(&self.inner.home)?);
        *slot = Arc::downgrade(&lock);
        Ok(lock)
    }
}

/// What is known about the process behind a lock file.
pub(super) enum Owner {
    /// It lives.
    Alive,
    /// It is gone, and so is its lock file.
    Gone,
    /// It is gone. Its lock file is held by us now, so that nobody else cleans up at the same time.
    Dead(File),
}

/// Looks whether the owner of a lock lives.
pub(super) fn inspect_owner(home: &Home, id: &str) -> Result<Owner> {
    let path = home.owner_lock(id);
    let file = match File::open(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Owner::Gone),
        outcome => outcome.map_err(|error| io_error(error, "open a lock file", &path))?,
    };
    Ok(if try_lock(&file, &path)? { Owner::Dead(file) } else { Owner::Alive })
}

/// The file that readers lock.
pub(super) fn open_readers_lock(home: &Home) -> Result<(File, PathBuf)> {
    make_folder(&home.locks())?;
    let path = home.locks().join("readers.lock");
    Ok((open_lock(&path)?, path))
}

/// Takes an exclusive lock unless another holds one.
pub(super) fn try_lock(file: &File, path: &Path) -> Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(no_locks(error, path)),
    }
}

/// The file system has no locks, or refuses one.
pub(super) fn no_locks(error: std::io::Error, path: &Path) -> Error {
    io_error(error, "lock a file of the home", path).with_help(
        "keep the home on a local disk: several network file systems have no working locks",
    )
}

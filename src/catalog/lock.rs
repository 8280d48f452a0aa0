//! Advisory locks: who runs imports, and whether anybody reads.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use super::failure::io_error;
use super::home::{Home, find_lock, remove_file};
use super::{BUSY_TIMEOUT, Catalog, locked, new_id};
use crate::model::{Error, ErrorKind, Result};

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
        home.make_folder(&home.locks())?;
        loop {
            let id = new_id();
            let path = home.owner_lock(&id);
            let file = home.open_lock(&path)?;
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
        self.check_writable()?;
        let mut slot = locked(&self.inner.owner);
        if let Some(lock) = slot.upgrade() {
            return Ok(lock);
        }
        let lock = Arc::new(OwnerLock::take(&self.inner.home)?);
        *slot = Arc::downgrade(&lock);
        Ok(lock)
    }
}

/// The sign within a process that one of its threads runs a job. It is given within the transaction
/// that begins the job, so that whoever may write sees either both or none.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) catalog: Catalog,
    pub(super) job: String,
}

impl Running {
    pub(super) fn of(catalog: &Catalog, job: &str) -> Self {
        locked(&catalog.inner.running).insert(job.to_owned());
        Self { catalog: catalog.clone(), job: job.to_owned() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        locked(&self.catalog.inner.running).remove(&self.job);
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
    let Some(file) = find_lock(&path)? else { return Ok(Owner::Gone) };
    Ok(if try_lock(&file, &path)? { Owner::Dead(file) } else { Owner::Alive })
}

/// The file that readers lock.
pub(super) fn open_readers_lock(home: &Home) -> Result<(File, PathBuf)> {
    home.make_folder(&home.locks())?;
    let path = home.locks().join("readers.lock");
    Ok((home.open_lock(&path)?, path))
}

/// The file that readers lock, of a home that can only be read; none where it has none.
pub(super) fn find_readers_lock(home: &Home) -> Result<Option<(File, PathBuf)>> {
    let path = home.locks().join("readers.lock");
    Ok(find_lock(&path)?.map(|file| (file, path)))
}

/// What writers lock, one after the other.
pub(super) fn open_line(home: &Home) -> Result<(File, PathBuf)> {
    let path = home.locks();
    home.make_folder(&path)?;
    let folder = File::open(&path).map_err(|error| io_error(error, "open a folder", &path))?;
    Ok((folder, path))
}

/// Opens a folder, which can be locked as a file can; none where there is none.
pub(super) fn open_folder(path: &Path) -> Result<Option<File>> {
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        outcome => outcome.map(Some).map_err(|error| io_error(error, "open a folder", path)),
    }
}

/// Takes an exclusive lock, waiting for it, but not for ever: a process that was stopped may hold
/// it.
pub(super) fn lock_patiently(file: File, path: &Path) -> Result<File> {
    if try_lock(&file, path)? {
        return Ok(file);
    }
    patiently(path, move || retried(|| file.lock()).map(|()| file))
}

/// Waits for a lock on a thread of its own. Where that takes too long, what was waited for is let
/// go as soon as it comes.
pub(super) fn patiently<T: Send + 'static>(
    path: &Path,
    wait: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    let (send, receive) = mpsc::channel();
    thread::Builder::new()
        .name("turn".to_owned())
        .spawn(move || _ = send.send(wait()))
        .map_err(|error| Error::internal("cannot start a thread").with_source(error))?;
    match receive.recv_timeout(BUSY_TIMEOUT) {
        Ok(outcome) => outcome.map_err(|error| no_locks(error, path)),
        Err(_) => Err(Error::new(
            ErrorKind::Storage,
            "other processes have kept the catalog busy for too long",
        )
        .with_help("let them end, or try again later")),
    }
}

/// What whoever takes a place in the line locks for a moment.
pub(super) fn open_waiters(home: &Home) -> Result<(File, PathBuf)> {
    let path = home.staging();
    home.make_folder(&path)?;
    let folder = File::open(&path).map_err(|error| io_error(error, "open a folder", &path))?;
    Ok((folder, path))
}

/// Waits for a lock anew where a signal ended the wait.
pub(super) fn retried(lock: impl Fn() -> io::Result<()>) -> io::Result<()> {
    loop {
        match lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

/// Takes a shared lock. Waits only while another process holds it alone, which none does for long.
pub(super) fn lock_shared(file: &File, path: &Path) -> Result<()> {
    retried(|| file.lock_shared()).map_err(|error| no_locks(error, path))
}

/// Takes an exclusive lock unless another holds one.
pub(super) fn try_lock(file: &File, path: &Path) -> Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {
            try_lock(file, path)
        }
        Err(TryLockError::Error(error)) => Err(no_locks(error, path)),
    }
}

/// The file system has no locks, or refuses one.
fn no_locks(error: io::Error, path: &Path) -> Error {
    io_error(error, "lock a file of the home", path).with_help(
        "keep the home on a local disk: several network file systems have no working locks",
    )
}

//! What exists, in which state, and since when. SQLite in the home; see `ARCHITECTURE.md` for the
//! commit protocol.
//!
//! Any number of processes may share a home. What holds:
//!
//! - Every change is one immediate transaction. A rename into `data/` happens only within one, so
//!   whoever holds the write lock may take a file there that no row names for the remains of a dead
//!   import.
//! - A file of `data/` never changes. What a delete took out of the catalog is unlinked when no
//!   reader is left.
//! - A process that runs imports holds a lock while it lives. Its jobs name the lock.

mod backup;
mod begin;
mod commit;
mod commits;
mod damage;
mod ending;
mod failure;
mod from_bucket;
mod header;
mod home;
mod in_bucket;
mod integrity;
mod job;
mod json;
mod lifecycle;
mod line;
mod lock;
mod merge;
mod metadata_folder;
mod migrations;
mod read;
mod recovery;
mod reference;
mod removal;
pub mod resource;
mod result;
mod rows;
mod share;
mod snapshot;
mod storage;
mod store;
mod tag;
mod to_bucket;
mod version;
mod view;

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::model::{Error, ErrorKind, Result};
use crate::objects::Stop;

pub use commit::ImportRun;
pub use commits::{Commit, Commits};
pub use failure::WAY_BACK;
pub use from_bucket::Recovered;
pub use header::JobsHeader;
pub use integrity::FileOfVersion;
pub use job::{JobFilter, NewJob};
pub use merge::MERGED_FROM;
pub use metadata_folder::MetadataFolder;
pub use read::{ReadLock, StoreEntry, VersionSnapshot};
pub use reference::{Normalization, StoredReference};
pub use resource::{
    ContigBounds, DataFile, Job, JobStatus, OwnerKind, ResourceStatus, Share, ShareStatus, Store,
    Version,
};
pub use result::{ImportResult, Merge, NewFile};
pub use share::{NewShare, ShareFilter, ShareSide};
pub use storage::{DataAddress, FilePlace, ListedFile, OpenedFile, Storage};
pub use store::{NewStore, StoreFilter};
pub(crate) use tag::not_found as no_such_resource;
pub use tag::{MAX_TAGS, Tagged};
pub use version::{NewVersion, VersionFilter};
pub use view::{MAX_VIEWS, SqlView};

use home::Home;
use line::lock_in_turn;
use lock::{OwnerLock, open_line, try_lock};
use migrations::Opened;

/// How long a transaction waits for those of other processes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// How long SQLite waits for a lock that another process holds against its turn. Both together are
/// what an import waits that ends its job behind a commit that had to be given up.
const LOCKED_TIMEOUT: Duration = Duration::from_secs(12);

/// What can be done with a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Access {
    /// All.
    Full,
    /// It can be read: this process has no right to change it, or its disk takes no change.
    ReadOnly,
    /// It does not exist, and reads as an empty one.
    Absent,
}

/// What a writer does where others write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Patience {
    /// Waits for its turn.
    Wait,
    /// Leaves it be: somebody else will do it.
    LeaveIt,
}

/// The catalog of a home. Cheap to clone; all clones share their connections.
#[derive(Clone, Debug)]
pub struct Catalog {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    home: Home,
    access: Access,
    /// For reading. A connection of its own, so that a reader never waits for a writer of this
    /// process.
    reads: Mutex<Connection>,
    /// For writing; opened by the first write, since most runs only read.
    writes: Mutex<Option<Connection>>,
    /// The lock of this process, while one of its imports runs.
    owner: Mutex<Weak<OwnerLock>>,
    /// The jobs that this process runs.
    running: Mutex<HashSet<String>>,
    /// Where data files were found to lie, by what the catalog said of it.
    storage: Mutex<Option<storage::Known>>,
    /// Ends the waiting for the server of a bucket.
    stop: Stop,
    /// Why the copy of the catalog in a bucket is behind.
    behind: Mutex<Option<Error>>,
    recovery: OnceLock<Error>,
}

/// One page of a list, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page begins, if there is one: goes into the filter's `after`.
    pub next: Option<i64>,
}

impl Catalog {
    /// Opens the catalog of a home, making both where there are none, and cleans up after processes
    /// that died.
    ///
    /// A home that this process may not change opens as well, for reading: see
    /// [`Catalog::check_writable`]. Fails with [`ErrorKind::Storage`] where the home cannot be read
    /// or made, was written by a newer annostore, or holds the database of another program; such a
    /// home is left as it is. A failure to clean up is no reason to refuse a home: see
    /// [`Catalog::recovery_failure`].
    pub fn open(home: &Path) -> Result<Self> {
        Self::open_home(Home::new(home)?, true)
    }

    /// Opens the catalog of a home as [`Catalog::open`] does, but makes none: a home that does not
    /// exist reads as an empty one, see [`Catalog::is_absent`].
    pub fn open_to_read(home: &Path) -> Result<Self> {
        Self::open_home(Home::new(home)?, false)
    }

    fn open_home(home: Home, make: bool) -> Result<Self> {
        let open = || {
            Ok(match migrations::open(&home, make)? {
                Opened::Ready(connection) => (Access::Full, connection),
                Opened::ReadOnly => (Access::ReadOnly, migrations::open_copy(&home)?),
                Opened::Absent => (Access::Absent, migrations::open_empty(&home)?),
            })
        };
        let (access, reads) = open().map_err(|error| placed(&home, error))?;
        let inner = Inner {
            access,
            reads: Mutex::new(reads),
            writes: Mutex::new(None),
            owner: Mutex::new(Weak::new()),
            running: Mutex::default(),
            storage: Mutex::default(),
            stop: Stop::default(),
            behind: Mutex::default(),
            recovery: OnceLock::new(),
            home,
        };
        let catalog = Self { inner: Arc::new(inner) };
        if access == Access::Full
            && let Err(error) = catalog.recover()
        {
            // The cell was made above, so it is empty.
            let _ = catalog.inner.recovery.set(error);
        }
        Ok(catalog)
    }

    /// Whether there is no such home, so that nothing is in it.
    pub fn is_absent(&self) -> bool {
        self.inner.access == Access::Absent
    }

    /// Whether the home can be changed. [`ErrorKind::Storage`] where this process has no right to,
    /// or the disk takes no change; [`ErrorKind::NotFound`] where there is no home.
    ///
    /// Lists of a home that cannot be changed are those of when it was opened; a query reads it
    /// anew.
    pub fn check_writable(&self) -> Result<()> {
        let home = &self.inner.home;
        match self.inner.access {
            Access::Full => Ok(()),
            Access::ReadOnly => Err(Error::new(ErrorKind::Storage, "the home can only be read")
                .with("home", home.path().display())
                .with_help(
                    "give yourself the right to write to the folder and its catalog.db, or choose \
                     another home with --home",
                )),
            Access::Absent => Err(Error::new(ErrorKind::NotFound, "there is no such home")
                .with("home", home.path().display())
                .with_help("make it with `annostore init`")),
        }
    }

    /// Lets the group of the home's folder read all that is in the home, and all that will be.
    pub fn let_group_read(&self) -> Result<()> {
        self.check_writable()?;
        self.inner.home.let_group_read()
    }

    /// Has a flag end the waiting for the server of the home's bucket, where it has one. The first
    /// flag counts.
    pub fn stopped_by(&self, stop: &Arc<AtomicBool>) {
        let _ = self.inner.stop.set(Arc::clone(stop));
    }

    /// The home's folder, absolute.
    pub fn home(&self) -> &Path {
        self.inner.home.path()
    }

    /// Why what dead processes left could not be cleaned up, if so. Nothing is wrong or visible
    /// because of it.
    pub fn recovery_failure(&self) -> Option<&Error> {
        self.inner.recovery.get()
    }

    /// A secret of this home, to sign the tokens of lists with.
    pub fn secret(&self) -> Result<Vec<u8>> {
        self.read(|connection| {
            Ok(connection
                .query_row("SELECT value FROM meta WHERE key = 'secret'", [], |row| row.get(0))?)
        })
    }

    /// Runs statements that only read.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        work(&locked(&self.inner.reads)).map_err(|error| placed(&self.inner.home, error))
    }

    /// Runs statements as one immediate transaction, which is rolled back where one fails.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let written = self.write_if(Patience::Wait, work)?;
        written.ok_or_else(no_turn)
    }

    /// The same; none, and nothing done, where it has no patience and others write.
    fn write_if<T>(
        &self,
        patience: Patience,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.with_writer(patience, |connection| in_transaction(connection, work))
    }

    /// Like [`Catalog::write`], for what nobody is told of yet: other processes see it at once, but
    /// where the power fails it may be gone. Whoever comes next need not wait for the disk.
    fn write_unsynced<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let written = self.with_writer(Patience::Wait, |connection| {
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            let written = in_transaction(connection, work);
            connection.pragma_update(None, "synchronous", "FULL")?;
            written
        })?;
        written.ok_or_else(no_turn)
    }

    /// Lends the connection for writing, for transactions that need more than [`Catalog::write`].
    ///
    /// Writers of all processes take turns (`line`). Those that SQLite lets wait try again now and
    /// then, and may find others before them for ever.
    fn with_writer<T>(
        &self,
        patience: Patience,
        work: impl FnOnce(&mut Connection) -> Result<T>,
    ) -> Result<Option<T>> {
        self.check_writable()?;
        let home = &self.inner.home;
        let mut slot = locked(&self.inner.writes);
        // Before its turn, in which others wait.
        let connection = match &mut *slot {
            Some(connection) => connection,
            none => none.insert(connect(home)?),
        };
        let _turn = match patience {
            Patience::Wait => lock_in_turn(home)?,
            Patience::LeaveIt => {
                let (line, path) = open_line(home)?;
                if !try_lock(&line, &path)? {
                    return Ok(None);
                }
                line
            }
        };
        work(connection).map(Some).map_err(|error| placed(home, error))
    }

    /// A further connection that reads.
    fn connect(&self) -> Result<Connection> {
        let home = &self.inner.home;
        match self.inner.access {
            Access::Full => connect(home),
            Access::ReadOnly => migrations::open_copy(home),
            Access::Absent => migrations::open_empty(home),
        }
    }
}

/// Says which catalog an error of storage is about, unless it names a path already.
fn placed(home: &Home, error: Error) -> Error {
    let named = error.context().iter().any(|(key, _)| matches!(*key, "path" | "catalog" | "home"));
    if named || !matches!(error.kind(), ErrorKind::Storage | ErrorKind::Internal) {
        return error;
    }
    error.with("catalog", home.catalog().display())
}

fn in_transaction<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T>,
) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

fn no_turn() -> Error {
    Error::internal("a writer did not get its turn")
}

/// The time, in the catalog's precision. The only clock of this module.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// A new id: a UUID in lower case.
fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Locks a mutex. A thread that panicked while it held it left no half-done work: its transaction
/// was rolled back.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(home: &Home) -> Result<Connection> {
    let path = home.catalog();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> Result<Connection> {
        let connection = Connection::open_with_flags(&path, flags)?;
        configure(&connection)?;
        Ok(connection)
    };
    open().map_err(|error| error.with("catalog", path.display()))
}

fn configure(connection: &Connection) -> Result<()> {
    connection.busy_timeout(LOCKED_TIMEOUT)?;
    connection.execute_batch(
        "PRAGMA foreign_keys = ON;
         PRAGMA synchronous = FULL;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )?;
    Ok(())
}

//! What a home does in the bucket that its data files lie in, beside reading and writing them:
//!
//! ```text
//! catalog/home.json     which home writes there
//! catalog/catalog.db    a copy of its catalog
//! data/…, iceberg/…     as in a home
//! ```

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::backup::copy;
use super::failure::io_error;
use super::home::{remove_file, remove_tree};
use super::lock::{lock_patiently, open_readers_lock, try_lock};
use super::removal::{LetGo, Removal, due, put_on_list, remove_if_empty};
use super::rows::first;
use super::storage::{Noted, Storage, remove_objects, uploads_in};
use super::{Access, Catalog, DataAddress, Patience};
use crate::model::{Error, ErrorKind, Result};
use crate::objects::{Bucket, BucketAddress, Upload};

/// The key of what tells which home writes to a bucket.
const MARK: &str = "catalog/home.json";
/// The key of the copy of the catalog.
pub(super) const COPY: &str = "catalog/catalog.db";
/// How often a process copies the catalog for others that change it meanwhile.
const ROUNDS: usize = 8;

/// What tells which home writes to a bucket.
#[derive(Serialize, Deserialize)]
struct Mark {
    home: String,
}

impl Catalog {
    /// Whether this home is the one that writes to its bucket. [`ErrorKind::Conflict`] where
    /// another was recovered from it meanwhile: both would remove each other's files.
    pub fn check_bucket_is_ours(&self) -> Result<()> {
        let Some(address) = self.data_address()? else { return Ok(()) };
        let storage = self.storage()?;
        let Some(bucket) = storage.bucket() else { return Ok(()) };
        match home_of(bucket)? {
            Some(home) if home == address.home => Ok(()),
            Some(_) => Err(Error::new(
                ErrorKind::Conflict,
                "another home writes to this bucket by now: it was recovered from it",
            )
            .with("data", bucket.address().url())
            .with_help("use that home; to have this one take over, recover it again")),
            None => Err(Error::new(ErrorKind::Storage, "the bucket says nothing of its home")
                .with("object", bucket.uri(MARK))
                .with_help("somebody removed it: `annostore init --data-url` writes it again")),
        }
    }

    /// Copies the catalog to the bucket, where the data files lie in one. Where another process
    /// does so just now it is left to that one, which looks for changes once it has let go.
    pub fn copy_to_bucket(&self) -> Result<()> {
        if self.storage()?.bucket().is_none() {
            return Ok(());
        }
        for _ in 0..ROUNDS {
            match self.copied(Patience::LeaveIt)? {
                Some(version) if version != self.data_version()? => {}
                _ => break,
            }
        }
        Ok(())
    }

    /// Copies the catalog, and gives which state of it; none where somebody else does so.
    fn copied(&self, patience: Patience) -> Result<Option<i64>> {
        let (home, storage) = (&self.inner.home, self.storage()?);
        let Some(bucket) = storage.bucket() else { return Ok(None) };
        let path = home.locks().join("copy.lock");
        let lock = home.open_lock(&path)?;
        let _lock = match patience {
            Patience::Wait => lock_patiently(lock, &path)?,
            Patience::LeaveIt if try_lock(&lock, &path)? => lock,
            Patience::LeaveIt => return Ok(None),
        };
        self.check_bucket_is_ours()?;
        let version = self.data_version()?;
        let made = home.staging().join("catalog.copy");
        remove_file(&made)?;
        copy(home, &made)?;
        let sent = send(bucket, COPY, &made);
        remove_file(&made)?;
        sent?;
        Ok(Some(version))
    }

    /// A number that changes whenever somebody else changes the catalog.
    fn data_version(&self) -> Result<i64> {
        self.read(|it| Ok(it.query_row("PRAGMA data_version", [], |row| row.get(0))?))
    }

    /// Removes what a job left in its staging folder, and from the bucket what it had sent and no
    /// version names.
    pub(super) fn clear_staging(&self, staging: &Path) -> Result<()> {
        let noted = uploads_in(staging)?;
        if !noted.is_empty() {
            let strays = self.read(|connection| unnamed(connection, noted))?;
            if !strays.is_empty() {
                self.write(|connection| put_strays_on_list(connection, &strays))?;
                self.give_up(strays)?;
            }
        }
        remove_tree(staging)
    }

    /// Gives up the uploads that a process left.
    pub(super) fn give_up(&self, strays: Vec<Noted>) -> Result<()> {
        let storage = self.storage()?;
        let Some(bucket) = storage.bucket() else { return Ok(()) };
        for Noted { key, upload } in strays {
            let Some(upload) = upload else { continue };
            let given_up = bucket.give_up(&key, upload);
            given_up.map_err(|error| bucket.failure(&error, "end an upload", &key))?;
        }
        Ok(())
    }

    /// Removes what has been on the list of removals for long enough from the bucket, while nobody
    /// else waits for it. Whether all of it could be.
    pub(super) fn purge_bucket(&self, bucket: &Arc<Bucket>) -> Result<bool> {
        let home = &self.inner.home;
        let path = home.locks().join("removal.lock");
        let lock = home.open_lock(&path)?;
        if self.inner.access != Access::Full || !try_lock(&lock, &path)? {
            return Ok(false);
        }
        let mut waiting = self.read(due)?;
        waiting.retain(|it| !it.is_report());
        if waiting.is_empty() {
            return Ok(true);
        }
        let (readers, readers_path) = open_readers_lock(home)?;
        if !try_lock(&readers, &readers_path)? {
            return Ok(false);
        }
        drop(readers);
        // A copy of the catalog that names a file which is gone would be no way back.
        self.copied(Patience::Wait)?;
        self.remove_from_bucket(bucket, &waiting)
    }

    fn remove_from_bucket(&self, bucket: &Arc<Bucket>, waiting: &[Removal]) -> Result<bool> {
        let home = &self.inner.home;
        let storage = Storage::in_bucket(Arc::clone(bucket));
        let mut let_go = LetGo::of(home, storage.clone());
        let (mut files, mut done) = (Vec::new(), Vec::new());
        for Removal { path, replaced_by } in waiting {
            if !let_go.of_file(path, *replaced_by)? {
                continue;
            }
            if let Some(local) = home.resolve_removal(path) {
                if path.starts_with("data/") {
                    files.push(path.clone());
                } else {
                    storage.remove_folder(path)?;
                    remove_tree(&local)?;
                }
            }
            done.push(path);
        }
        remove_objects(bucket, &files)?;
        for folder in files.iter().filter_map(|it| home.resolve(it).parent().map(Path::to_owned)) {
            remove_if_empty(&folder)?;
        }
        self.write(|connection| {
            for path in &done {
                connection.execute("DELETE FROM removals WHERE path = ?1", [path])?;
            }
            Ok(())
        })?;
        Ok(done.len() == waiting.len())
    }
}

/// Of what a process sent, what no version names.
pub(super) fn unnamed(connection: &Connection, noted: Vec<Noted>) -> Result<Vec<Noted>> {
    let sql = "SELECT 1 FROM data_files WHERE path = ?1";
    let mut strays = Vec::new();
    for one in noted {
        if first(connection, sql, &[&one.key], |_| Ok(()))?.is_none() {
            strays.push(one);
        }
    }
    Ok(strays)
}

/// Has the files be removed that a process sent and no version names. Later, as that of a process
/// that died may still be on its way to the server.
pub(super) fn put_strays_on_list(connection: &Connection, strays: &[Noted]) -> Result<()> {
    strays.iter().try_for_each(|it| put_on_list(connection, &it.key, None))
}

/// The id of the home that writes to a bucket; none where there is none.
pub(super) fn home_of(bucket: &Bucket) -> Result<Option<String>> {
    let told = |error: &io::Error| bucket.failure(error, "read from the bucket", MARK);
    let Some(text) = bucket.read(MARK).map_err(|error| told(&error))? else { return Ok(None) };
    let mark: Mark = serde_json::from_slice(&text).map_err(|error| {
        Error::new(ErrorKind::Storage, "what a bucket says of its home cannot be read")
            .with("object", bucket.uri(MARK))
            .with_source(error)
    })?;
    Ok(Some(mark.home))
}

/// Has a bucket that belongs to no other home say that a home writes to it.
/// [`ErrorKind::Conflict`] where it belongs to another one.
pub(super) fn take_bucket(bucket: &Bucket, address: &DataAddress) -> Result<()> {
    let written = bucket.create(MARK, mark_of(&address.home)?.into());
    written.map_err(|error| bucket.failure(&error, "write to the bucket", MARK))?;
    // Of two homes that took it at once, one was first; or the answer was lost, and it is this one.
    match home_of(bucket)? {
        Some(home) if home == address.home => Ok(()),
        _ => Err(taken(&address.bucket)),
    }
}

/// Has a bucket say that a home writes to it, whichever did before.
pub(super) fn take_over_bucket(bucket: &Bucket, home: &str) -> Result<()> {
    bucket
        .put(MARK, mark_of(home)?.into())
        .map_err(|error| bucket.failure(&error, "write to the bucket", MARK))
}

fn mark_of(home: &str) -> Result<Vec<u8>> {
    serde_json::to_vec(&Mark { home: home.to_owned() })
        .map_err(|error| Error::internal("cannot write an address").with_source(error))
}

/// A bucket that another home keeps its data in.
pub(super) fn taken(address: &BucketAddress) -> Error {
    let url = address.url();
    let help = format!(
        "name another prefix; `annostore recover {url}` makes a home of what is there, for good"
    );
    Error::new(ErrorKind::Conflict, "another home keeps its data there")
        .with("data", url)
        .with_help(help)
}

/// Sends a file of the home.
pub(super) fn send(bucket: &Arc<Bucket>, key: &str, path: &Path) -> Result<()> {
    let mut file = fs::File::open(path).map_err(|error| io_error(error, "read a file", path))?;
    let mut upload = Upload::new(bucket, key, &Arc::default());
    let sent = io::copy(&mut file, &mut upload).and_then(|_| upload.flush());
    sent.and_then(|()| upload.finish())
        .map_err(|error| bucket.failure(&error, "write to the bucket", key))
}

//! What a home does in the bucket that its data files lie in, beside reading and writing them:
//!
//! ```text
//! catalog/home.json     which home writes there
//! catalog/catalog.db    a copy of its catalog
//! catalog/copy.json     which state of the home that is
//! data/…, iceberg/…     as in a home
//! ```

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::backup::copy;
use super::failure::io_error;
use super::home::{remove_file, remove_tree};
use super::lock::{lock_patiently, open_readers_lock, try_lock};
use super::removal::{LetGo, Removal, due, put_on_list, remove_if_empty};
use super::rows::first;
use super::storage::{Noted, Storage, remove_objects, uploads_in};
use super::{Access, Catalog, DataAddress};
use crate::model::{Error, ErrorKind, Result};
use crate::objects::{Bucket, BucketAddress, Upload};

/// The key of what tells which home writes to a bucket.
const MARK: &str = "catalog/home.json";
/// The key of the copy of the catalog.
pub(super) const COPY: &str = "catalog/catalog.db";
/// The key of what tells which state of the home that copy is of.
const COPIED: &str = "catalog/copy.json";
/// The key of an object that is there for a moment, to see whether there can be some.
const TRIED: &str = "catalog/try.json";

/// What tells which home writes to a bucket.
#[derive(Serialize, Deserialize)]
struct Mark {
    home: String,
}

/// What tells which state of a home the copy of its catalog is of.
#[derive(Serialize, Deserialize)]
struct Copied {
    home: String,
    state: u64,
}

impl Catalog {
    /// Whether this home is the one that writes to its bucket, and the bucket knows no later state
    /// of it. [`ErrorKind::Conflict`] where another home was recovered from it meanwhile, or this
    /// one is a copy of the folder, or was put back from a backup: both would remove each other's
    /// files.
    pub fn check_bucket_is_ours(&self) -> Result<()> {
        let storage = self.storage()?;
        let Some(bucket) = storage.bucket() else { return Ok(()) };
        self.state_in(bucket).map(drop)
    }

    /// The number of the state of this home that the bucket has a copy of.
    fn state_in(&self, bucket: &Bucket) -> Result<u64> {
        let address = self.data_address()?;
        let ours = address.as_ref().map(|it| it.home.as_str()).unwrap_or_default();
        let url = bucket.address().url();
        match home_of(bucket)? {
            Some(home) if home == ours => {}
            Some(_) => {
                let message = "another home writes to this bucket by now: it was recovered from it";
                let help = "use that home; to have this one take over, recover it again";
                return Err(Error::new(ErrorKind::Conflict, message)
                    .with("data", url)
                    .with_help(help));
            }
            None => {
                let message = "the bucket says nothing of its home";
                return Err(Error::new(ErrorKind::Storage, message)
                    .with("object", bucket.uri(MARK))
                    .with_help(
                        "somebody removed it: `annostore init --data-url` writes it again",
                    ));
            }
        }
        let Some(copied) = told_by::<Copied>(bucket, COPIED)?.filter(|it| it.home == ours) else {
            return Ok(0);
        };
        if copied.state <= self.read(state)? {
            return Ok(copied.state);
        }
        let message = "the bucket has a later state of this home: this folder is a copy of it, or \
                       was put back from a backup";
        Err(Error::new(ErrorKind::Conflict, message).with("data", &url).with_help(format!(
            "use the other folder; if there is none, `annostore recover {url}` makes a home of the \
             later state"
        )))
    }

    /// Copies the catalog to the bucket, where the data files lie in one. Of processes that do so
    /// at once, one copies for those that wait for it.
    pub fn copy_to_bucket(&self) -> Result<()> {
        let storage = self.storage()?;
        let Some(bucket) = storage.bucket() else { return Ok(()) };
        let wanted = self.write(|connection| {
            let next = state(connection)? + 1;
            let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES ('state', ?1)";
            connection.execute(sql, [next.to_le_bytes()])?;
            Ok(next)
        })?;
        self.copy_state(bucket, wanted)
    }

    /// Copies the catalog, unless the bucket has this state of it already.
    fn copy_state(&self, bucket: &Arc<Bucket>, wanted: u64) -> Result<()> {
        let home = &self.inner.home;
        let path = home.locks().join("copy.lock");
        let _lock = lock_patiently(home.open_lock(&path)?, &path)?;
        if self.state_in(bucket)? >= wanted {
            return Ok(());
        }
        let state = self.read(state)?;
        let made = home.staging().join("catalog.copy");
        remove_file(&made)?;
        copy(home, &made)?;
        let sent = send(bucket, COPY, &made);
        remove_file(&made)?;
        sent?;
        let address = self.data_address()?;
        let home = address.map(|it| it.home).unwrap_or_default();
        tell(bucket, COPIED, &Copied { home, state })
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
        self.copy_to_bucket()?;
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
    Ok(told_by::<Mark>(bucket, MARK)?.map(|it| it.home))
}

/// How often the catalog was to be copied, as it says itself.
fn state(connection: &Connection) -> Result<u64> {
    let sql = "SELECT value FROM meta WHERE key = 'state'";
    let state = first(connection, sql, &[], |row| Ok(row.get::<_, [u8; 8]>(0)?))?;
    Ok(state.map_or(0, u64::from_le_bytes))
}

/// What a small object of a bucket says; none where there is none.
fn told_by<T: DeserializeOwned>(bucket: &Bucket, key: &str) -> Result<Option<T>> {
    let text = bucket.read(key);
    let text = text.map_err(|error| bucket.failure(&error, "read from the bucket", key))?;
    let Some(text) = text else { return Ok(None) };
    serde_json::from_slice(&text).map(Some).map_err(|error| {
        let url = bucket.address().url();
        Error::new(ErrorKind::Storage, "what a bucket says of its home cannot be read")
            .with("object", bucket.uri(key))
            .with_help(format!(
                "somebody changed it: `annostore recover {url} --home NEW` writes it anew, and \
                 makes the bucket that home's"
            ))
            .with_source(error)
    })
}

/// Writes a small object.
fn tell(bucket: &Bucket, key: &str, what: &impl Serialize) -> Result<()> {
    bucket
        .put(key, text_of(what)?.into())
        .map_err(|error| bucket.failure(&error, "write to the bucket", key))
}

fn text_of(what: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(what)
        .map_err(|error| Error::internal("cannot write JSON").with_source(error))
}

/// Has a bucket that belongs to no other home say that a home writes to it.
/// [`ErrorKind::Conflict`] where it belongs to another one.
pub(super) fn take_bucket(bucket: &Bucket, address: &DataAddress) -> Result<()> {
    let written = bucket.create(MARK, text_of(&Mark { home: address.home.clone() })?.into());
    written.map_err(|error| bucket.failure(&error, "write to the bucket", MARK))?;
    // Of two homes that took it at once, one was first; or the answer was lost, and it is this one.
    match home_of(bucket)? {
        Some(home) if home == address.home => Ok(()),
        _ => Err(taken(&address.bucket)),
    }
}

/// Has a bucket say that a home writes to it, whichever did before.
pub(super) fn take_over_bucket(bucket: &Bucket, home: &str) -> Result<()> {
    tell(bucket, MARK, &Mark { home: home.to_owned() })
}

/// Whether a bucket can be written.
pub(super) fn check_bucket_takes_files(bucket: &Bucket) -> Result<()> {
    tell(bucket, TRIED, &())?;
    let removed = bucket.remove(&[TRIED.to_owned()]);
    removed.map_err(|error| bucket.failure(&error, "remove files", TRIED))
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
    let mut upload = Upload::new(bucket, key, &Arc::default()).replacing();
    let sent = io::copy(&mut file, &mut upload).and_then(|_| upload.flush());
    sent.and_then(|()| upload.finish())
        .map_err(|error| bucket.failure(&error, "write to the bucket", key))
}

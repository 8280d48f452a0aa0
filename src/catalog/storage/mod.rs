//! Where the data files of a home lie, and what other engines are told of them: in the home's
//! folder, or below a prefix of a bucket. The one place that knows.
//!
//! A file is called by its key, which is relative to either: `data/<store>/<version>/<file>`,
//! `iceberg/<store>/<version>/metadata/<file>`. Locks, reports and the catalog itself are always in
//! the home.

mod address;
mod uploads;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use object_store::ObjectStore as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;

use super::failure::io_error;
use super::home::{Home, names_in, remove_file, remove_tree};
use crate::model::{Error, Result};
use crate::objects::{self, Bucket};

pub use address::DataAddress;
pub(super) use address::{Known, address_in, is_in_bucket, keep};
pub(super) use uploads::{Noted, Uploads, uploads_in};

/// What cannot be done where the server of a bucket does not give a data file.
const READ: &str = "read a data file";

/// Where files lie. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Storage(Arc<StorageKind>);

#[derive(Debug)]
enum StorageKind {
    /// In the home.
    Folder(Home, Arc<OnceLock<LocalFileSystem>>),
    /// In a bucket.
    Bucket(Arc<Bucket>),
}

/// A file that lies somewhere.
#[derive(Clone)]
pub struct FilePlace {
    storage: Storage,
    key: String,
}

/// A file that is open.
#[derive(Debug)]
pub struct OpenedFile(OpenKind);

#[derive(Debug)]
enum OpenKind {
    File(File),
    Object(FilePlace),
}

/// What a list says of a file.
#[derive(Clone, Copy, Debug)]
pub struct ListedFile {
    /// Its size.
    pub bytes: u64,
    /// How long ago it was written.
    pub age: Duration,
}

impl Storage {
    /// The files below a folder.
    pub fn of_folder(path: &Path) -> Result<Self> {
        Ok(Self::in_home(Home::new(path)?))
    }

    pub(super) fn in_home(home: Home) -> Self {
        Self(Arc::new(StorageKind::Folder(home, Arc::default())))
    }

    pub(super) fn in_bucket(bucket: Arc<Bucket>) -> Self {
        Self(Arc::new(StorageKind::Bucket(bucket)))
    }

    /// The bucket, where files lie in one.
    pub(super) fn bucket(&self) -> Option<&Arc<Bucket>> {
        match &*self.0 {
            StorageKind::Folder(..) => None,
            StorageKind::Bucket(bucket) => Some(bucket),
        }
    }

    /// The file of a key.
    pub fn place(&self, key: impl Into<String>) -> FilePlace {
        FilePlace { storage: self.clone(), key: key.into() }
    }

    /// The files of a folder, by their names. None that is being written.
    pub(super) fn list(&self, folder: &str) -> Result<Vec<(String, ListedFile)>> {
        let bucket = match &*self.0 {
            StorageKind::Folder(home, _) => return list_folder(&home.resolve(folder)),
            StorageKind::Bucket(bucket) => bucket,
        };
        let listed = bucket.list(folder);
        let listed = listed.map_err(|error| bucket.failure(&error, "list files", folder))?;
        let name = |key: &str| Some(key.strip_prefix(folder)?.strip_prefix('/')?.to_owned());
        let found = listed.into_iter().filter_map(|(key, it)| {
            Some((name(&key)?, ListedFile { bytes: it.bytes, age: objects::age(it.written) }))
        });
        Ok(found.collect())
    }

    /// Writes a file whole, in the place of the one of this key.
    pub(super) fn write(&self, key: &str, content: Vec<u8>) -> Result<()> {
        match &*self.0 {
            StorageKind::Folder(home, _) => home.write_whole(&home.resolve(key), &content),
            StorageKind::Bucket(bucket) => bucket
                .put(key, content.into())
                .map_err(|error| bucket.failure(&error, "write a file", key)),
        }
    }

    /// Removes a file, which may be gone already.
    pub(super) fn remove(&self, key: &str) -> Result<()> {
        match &*self.0 {
            StorageKind::Folder(home, _) => remove_file(&home.resolve(key)),
            StorageKind::Bucket(bucket) => remove_objects(bucket, &[key.to_owned()]),
        }
    }

    /// Removes a folder with all that is in it.
    pub(super) fn remove_folder(&self, folder: &str) -> Result<()> {
        match &*self.0 {
            StorageKind::Folder(home, _) => remove_tree(&home.resolve(folder)),
            StorageKind::Bucket(bucket) => {
                let names = self.list(folder)?;
                let keys: Vec<_> = names.iter().map(|it| format!("{folder}/{}", it.0)).collect();
                remove_objects(bucket, &keys)
            }
        }
    }
}

/// Removes objects, which may be gone already.
pub(super) fn remove_objects(bucket: &Bucket, keys: &[String]) -> Result<()> {
    let first = keys.first().map(String::as_str).unwrap_or_default();
    bucket.remove(keys).map_err(|error| bucket.failure(&error, "remove files", first))
}

fn list_folder(folder: &Path) -> Result<Vec<(String, ListedFile)>> {
    let mut found = Vec::new();
    for name in names_in(folder)? {
        let path = folder.join(&name);
        let about = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            about => about.map_err(|error| io_error(error, "look at a file", &path))?,
        };
        // A clock that went back makes a file new.
        let age = about.modified().ok().and_then(|it| it.elapsed().ok()).unwrap_or_default();
        found.push((name, ListedFile { bytes: about.len(), age }));
    }
    Ok(found)
}

impl FilePlace {
    /// Its key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The path of a file in the home; none of one in a bucket.
    pub fn path(&self) -> Option<PathBuf> {
        match &*self.storage.0 {
            StorageKind::Folder(home, _) => Some(home.resolve(&self.key)),
            StorageKind::Bucket(_) => None,
        }
    }

    /// It as the URL that other engines open: as it stands, since they do not decode it.
    pub fn url(&self) -> Result<String> {
        let path = match &*self.storage.0 {
            StorageKind::Folder(home, _) => home.resolve(&self.key),
            StorageKind::Bucket(bucket) => return Ok(bucket.uri(&self.key)),
        };
        let path = path.to_str().ok_or_else(|| {
            Error::invalid("other engines cannot be told of a home whose path is not UTF-8")
                .with("path", path.display())
                .with_help("move the home to a folder with another name")
        })?;
        Ok(format!("file://{path}"))
    }

    /// All of it; none where there is no such file.
    pub fn read(&self) -> Result<Option<Bytes>> {
        match &*self.storage.0 {
            StorageKind::Folder(home, _) => {
                let path = home.resolve(&self.key);
                match fs::read(&path) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    read => read
                        .map(|it| Some(it.into()))
                        .map_err(|error| io_error(error, "read a file", &path)),
                }
            }
            StorageKind::Bucket(bucket) => bucket
                .read(&self.key)
                .map_err(|error| bucket.failure(&error, "read a file", &self.key)),
        }
    }

    /// It from its beginning, and its size.
    pub fn stream(&self) -> io::Result<(Box<dyn Read + Send>, u64)> {
        match &*self.storage.0 {
            StorageKind::Folder(home, _) => {
                let file = File::open(home.resolve(&self.key))?;
                let size = file.metadata()?.len();
                Ok((Box::new(file), size))
            }
            StorageKind::Bucket(bucket) => bucket.stream(&self.key),
        }
    }

    /// Why it could not be read, where that says nothing of the file itself: its server does not
    /// answer, or nobody waits for it any more.
    pub(super) fn unanswered(&self, error: &io::Error) -> Option<Error> {
        let bucket = self.storage.bucket().filter(|_| error.kind() != io::ErrorKind::NotFound)?;
        Some(bucket.failure(error, READ, &self.key))
    }

    /// Opens it for who reads parts of it on many threads.
    pub fn open(&self) -> io::Result<OpenedFile> {
        Ok(OpenedFile(match &*self.storage.0 {
            StorageKind::Folder(home, _) => OpenKind::File(File::open(home.resolve(&self.key))?),
            StorageKind::Bucket(_) => OpenKind::Object(self.clone()),
        }))
    }

    /// Parts of it, by a future that works within any runtime.
    pub fn parts(
        &self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'static, object_store::Result<Vec<Bytes>>> {
        let (home, files) = match &*self.storage.0 {
            StorageKind::Folder(home, files) => (home.clone(), Arc::clone(files)),
            StorageKind::Bucket(bucket) => {
                let (parts, place, bucket) =
                    (bucket.parts(&self.key, ranges), self.clone(), Arc::clone(bucket));
                let told = move |error| {
                    let failure = bucket.failure(&io::Error::from(error), READ, &place.key);
                    object_store::Error::Generic { store: "S3", source: Box::new(failure) }
                };
                return async move { parts.await.map_err(told) }.boxed();
            }
        };
        let key = ObjectPath::parse(&self.key);
        async move {
            let files = if let Some(files) = files.get() {
                files
            } else {
                let opened = LocalFileSystem::new_with_prefix(home.path())?;
                files.get_or_init(|| opened)
            };
            files.get_ranges(&key?, &ranges).await
        }
        .boxed()
    }
}

impl OpenedFile {
    /// A part of the file, which has so many bytes.
    pub fn part(&self, range: Range<u64>, size: u64) -> io::Result<Bytes> {
        let place = match &self.0 {
            OpenKind::Object(place) => place,
            OpenKind::File(file) => {
                let length = usize::try_from(range.end.saturating_sub(range.start));
                let mut part = vec![0; length.map_err(io::Error::other)?];
                file.read_exact_at(&mut part, range.start)?;
                return Ok(part.into());
            }
        };
        let bucket = place.storage.bucket();
        let bucket = bucket.ok_or_else(|| io::Error::other("an object is not in a bucket"))?;
        let part = bucket.part(&place.key, range, size);
        part.map_err(|error| io::Error::other(bucket.failure(&error, READ, &place.key)))
    }
}

impl PartialEq for FilePlace {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

/// A path, or an `s3://` address.
impl fmt::Display for FilePlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.storage.0 {
            StorageKind::Folder(home, _) => home.resolve(&self.key).display().fmt(out),
            StorageKind::Bucket(bucket) => out.write_str(&bucket.uri(&self.key)),
        }
    }
}

impl fmt::Debug for FilePlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

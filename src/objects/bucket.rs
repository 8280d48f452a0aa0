//! A part of a bucket of an S3 server that this program keeps files in.

use std::fmt;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;
use object_store::aws::AmazonS3;
use object_store::multipart::MultipartStore as _;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutMode};

use super::bucket_address::BucketAddress;
use super::ranges::{Asker, Remote, Tries, Waiting, cause};
use super::s3::client;
use super::windows::Windows;
use crate::model::{self, ErrorKind};
use crate::read::source::Object as _;

/// How often a request is sent again until the server has answered once: what is mistyped is to be
/// told soon.
const FIRST_TRIES: Tries = Tries::First(6);

/// A bucket that is read and written below a prefix. Keys are relative to that.
#[derive(Debug)]
pub struct Bucket {
    address: BucketAddress,
    /// Asked until the server has answered once.
    first: Arc<AmazonS3>,
    /// Asked from then on: an outage is waited out.
    patient: Arc<AmazonS3>,
    has_answered: Arc<AtomicBool>,
    waiting: Arc<Waiting>,
    windows: Windows,
    stop: Stop,
}

/// A flag that ends the waiting for a server once it is set; there may be none yet.
pub type Stop = Arc<OnceLock<Arc<AtomicBool>>>;

/// Why there is no answer: whoever asked was told to stop.
#[derive(Clone, Copy, Debug)]
struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("interrupted")
    }
}

impl std::error::Error for Stopped {}

/// An object of a list.
#[derive(Clone, Copy, Debug)]
pub struct ListedObject {
    /// Its size.
    pub bytes: u64,
    /// When it was written, by the clock of the server.
    pub written: Timestamp,
}

impl Bucket {
    /// A bucket, which is not asked for anything yet.
    pub fn new(address: BucketAddress, stop: Stop) -> model::Result<Self> {
        let made = |tries| {
            client(&address, tries).map(Arc::new).map_err(|error| {
                model::Error::invalid("cannot set up the connection to S3").with_source(error)
            })
        };
        Ok(Self {
            first: made(FIRST_TRIES)?,
            patient: made(Tries::Patient)?,
            has_answered: Arc::default(),
            waiting: Arc::new(Waiting::start()?),
            windows: Windows::default(),
            stop,
            address,
        })
    }

    /// Where it is.
    pub fn address(&self) -> &BucketAddress {
        &self.address
    }

    /// What people and other engines call an object.
    pub fn uri(&self, key: &str) -> String {
        format!("{}/{key}", self.address.url())
    }

    /// The thread that waits for the server.
    pub(super) fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    pub(super) fn store(&self) -> Arc<AmazonS3> {
        let has_answered = self.has_answered.load(Ordering::Relaxed);
        Arc::clone(if has_answered { &self.patient } else { &self.first })
    }

    pub(super) fn path(&self, key: &str) -> Path {
        Path::from(format!("{}/{key}", self.address.prefix))
    }

    /// Waits for an answer, and keeps that there was one.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        stop: &AtomicBool,
        request: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> io::Result<T> {
        let answer = self.waiting.run(stop, request);
        let answer = answer.ok_or(Stopped).map_err(io::Error::other)?;
        if matches!(answer, Ok(_) | Err(Error::NotFound { .. })) {
            self.has_answered.store(true, Ordering::Relaxed);
        }
        answer.map_err(io::Error::from)
    }

    /// Why an object could not be read or written. [`ErrorKind::Interrupted`] where whoever asked
    /// was told to stop.
    pub fn failure(&self, error: &io::Error, doing: &str, key: &str) -> model::Error {
        let inner = error.get_ref();
        if inner.and_then(|it| it.downcast_ref::<Stopped>()).is_some() {
            let message = "interrupted while it waited for the server of the bucket";
            return model::Error::new(ErrorKind::Interrupted, message)
                .with("object", self.uri(key));
        }
        let denied = inner.and_then(|it| it.downcast_ref::<Error>()).is_some_and(|it| {
            matches!(it, Error::PermissionDenied { .. } | Error::Unauthenticated { .. })
        });
        let help = if denied || cause(error).contains("AccessDenied") {
            "set the AWS_ACCESS_KEY_ID and so on of a user who may read and write there, for \
             example with `eval \"$(aws configure export-credentials --format env)\"`; \
             AWS_SKIP_SIGNATURE=false takes those of the machine"
        } else if is_without(error) {
            "make the bucket first, or check its name, the endpoint and the region"
        } else if error.kind() == io::ErrorKind::NotFound {
            "`annostore verify` finds all files that are missing; import theirs again"
        } else {
            "check the network and the server; `annostore init --data-url` tells another endpoint \
             or region"
        };
        let failure = model::Error::new(ErrorKind::Storage, format!("cannot {doing}"))
            .with("object", self.uri(key));
        let failure = match &self.address.endpoint {
            Some(endpoint) => failure.with("endpoint", endpoint),
            None => failure,
        };
        failure.with_help(help).with_source(cause(error))
    }

    fn ask_now<T: Send + 'static>(
        &self,
        request: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> io::Result<T> {
        self.ask(&self.stop_flag(), request)
    }

    fn stop_flag(&self) -> Arc<AtomicBool> {
        self.stop.get().cloned().unwrap_or_default()
    }

    /// An object's content; none where there is no such object.
    pub fn read(&self, key: &str) -> io::Result<Option<Bytes>> {
        let (store, path) = (self.store(), self.path(key));
        let read = self.ask_now(async move { store.get(&path).await?.bytes().await });
        match read {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_without(&error) => {
                Ok(None)
            }
            read => read.map(Some),
        }
    }

    /// An object's size; none where there is no such object.
    pub fn size(&self, key: &str) -> io::Result<Option<u64>> {
        let (store, path) = (self.store(), self.path(key));
        match self.ask_now(async move { store.head(&path).await }) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            found => found.map(|it| Some(it.size)),
        }
    }

    /// An object from its beginning, and its size.
    pub fn stream(&self, key: &str) -> io::Result<(Box<dyn Read + Send>, u64)> {
        let (store, path) = (self.store(), self.path(key));
        let meta = self.ask_now(async move { store.head(&path).await })?;
        let size = meta.size;
        let remote = Remote {
            uri: self.uri(key).into(),
            store: self.store(),
            meta,
            waiting: Arc::clone(&self.waiting),
            stop: self.stop_flag(),
            asker: Asker::Operator,
        };
        Ok((remote.read_from(0), size))
    }

    /// A part of an object that never changes. What lies around it is read as well, and kept for a
    /// while.
    pub fn part(&self, key: &str, range: Range<u64>, size: u64) -> io::Result<Bytes> {
        self.windows.read(key, range, size, |range| {
            let (store, path) = (self.store(), self.path(key));
            self.ask_now(async move { store.get_range(&path, range).await })
        })
    }

    /// Parts of an object, by a future that works within any runtime. Those that lie close together
    /// are asked for at once.
    pub fn parts(
        &self,
        key: &str,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'static, Result<Vec<Bytes>, Error>> {
        let (store, path) = (self.store(), self.path(key));
        let has_answered = Arc::clone(&self.has_answered);
        let asked = self.waiting.begin(async move {
            let parts = store.get_ranges(&path, &ranges).await;
            has_answered.fetch_or(parts.is_ok(), Ordering::Relaxed);
            parts
        });
        async move { asked.await.map_err(|source| Error::JoinError { source })? }.boxed()
    }

    /// Writes a small object whole, in the place of the one of this key.
    pub fn put(&self, key: &str, content: Bytes) -> io::Result<()> {
        let (store, path) = (self.store(), self.path(key));
        self.ask_now(async move { store.put(&path, content.into()).await.map(drop) })
    }

    /// Writes a small object unless there is one of this key; whether it was written. A server that
    /// knows no such request writes it anyway.
    pub fn create(&self, key: &str, content: Bytes) -> io::Result<bool> {
        let (store, path) = (self.store(), self.path(key));
        self.ask_now(async move {
            let written = store.put_opts(&path, content.clone().into(), PutMode::Create.into());
            match written.await {
                Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(false),
                Err(Error::NotImplemented { .. }) => {
                    store.put(&path, content.into()).await.map(|_| true)
                }
                written => written.map(|_| true),
            }
        })
    }

    /// Gives up an upload that was begun, perhaps by a process that died. It may be gone already.
    pub fn give_up(&self, key: &str, upload: String) -> io::Result<()> {
        let (store, path) = (self.store(), self.path(key));
        match self.ask_now(async move { store.abort_multipart(&path, &upload).await }) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            given_up => given_up,
        }
    }

    /// The objects below a folder, by their keys.
    pub fn list(&self, folder: &str) -> io::Result<Vec<(String, ListedObject)>> {
        let (store, path) = (self.store(), self.path(folder));
        let found =
            self.ask_now(async move { store.list(Some(&path)).try_collect::<Vec<_>>().await })?;
        let key = |path: &Path| {
            let rest = path.as_ref().strip_prefix(&self.address.prefix)?.strip_prefix('/')?;
            Some(rest.to_owned())
        };
        let listed = found.into_iter().filter_map(|it| {
            let seconds = it.last_modified.timestamp();
            let written = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
            Some((key(&it.location)?, ListedObject { bytes: it.size, written }))
        });
        Ok(listed.collect())
    }

    /// Removes objects, which may be gone already, many with one request.
    pub fn remove(&self, keys: &[String]) -> io::Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let store = self.store();
        let paths: Vec<_> = keys.iter().map(|it| Ok(self.path(it))).collect();
        self.ask_now(async move {
            let removed = store.delete_stream(stream::iter(paths).boxed());
            removed.try_for_each(|_| async { Ok(()) }).await
        })
    }
}

/// How long ago something was written; something that is to come is new.
pub fn age(written: Timestamp) -> Duration {
    Timestamp::now().duration_since(written).try_into().unwrap_or_default()
}

/// Whether there is no such bucket at all.
fn is_without(error: &io::Error) -> bool {
    cause(error).contains("NoSuchBucket")
}

//! Objects of an S3 server, fetched in ranges while they are read.
//!
//! Every range asks for the object with the tag that it had at the beginning, so that one that
//! changes is an error. Requests that fail are sent again for a while, as `object_store` does.
//! Where they fail in the end, its words name the address of the server and what it answered, which
//! is nothing for those who asked for the object: they go to the log.

use std::future::Future;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::client::{HttpClient, HttpConnector};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientConfigKey, ClientOptions, GetOptions, GetRange, ObjectMeta, ObjectStore,
    ObjectStoreExt, RetryConfig,
};
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinHandle;
use tracing::{debug, warn};

use super::{Objects, absent, address};
use crate::model::{Error, ErrorKind, Result};
use crate::read::source::Object;

/// Bytes of a request. The next one is under way while this one is read.
const RANGE: u64 = 8 << 20;
/// How long a connection to the server may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request may take, with its answer.
const REQUEST_TIMEOUT: Duration = Duration::from_mins(1);
/// How long a request that fails is sent again: the server may be started anew meanwhile.
const RETRY_TIMEOUT: Duration = Duration::from_mins(1);
/// How often who waits for the server looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);

/// An S3 server, with the credentials of the usual AWS variables.
#[derive(Debug)]
pub struct S3 {
    endpoint: Option<String>,
    region: String,
    /// Until it is dropped.
    runtime: Option<Runtime>,
    handle: Handle,
}

impl S3 {
    /// The server at an endpoint, or AWS itself. `region` counts where `AWS_REGION` and
    /// `AWS_DEFAULT_REGION` are not set.
    pub fn new(endpoint: Option<&str>, region: &str) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("s3")
            .enable_all()
            .build()
            .map_err(|error| Error::internal("cannot start threads").with_source(error))?;
        let this = Self {
            endpoint: endpoint.map(str::to_owned),
            region: region.to_owned(),
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        };
        // A setting that is wrong shows when the server starts, not in the first job.
        this.bucket("bucket").map_err(|error| {
            Error::invalid("cannot set up the connection to S3").with_source(error)
        })?;
        Ok(this)
    }

    fn bucket(&self, bucket: &str) -> object_store::Result<impl ObjectStore + use<>> {
        let region = std::env::var("AWS_REGION").or_else(|_| std::env::var("AWS_DEFAULT_REGION"));
        let mut builder = AmazonS3Builder::from_env()
            .with_region(region.unwrap_or_else(|_| self.region.clone()))
            .with_bucket_name(bucket)
            .with_http_connector(Direct)
            .with_retry(RetryConfig {
                backoff: BackoffConfig {
                    max_backoff: Duration::from_secs(2),
                    ..BackoffConfig::default()
                },
                // The time is the limit.
                max_retries: usize::MAX,
                retry_timeout: RETRY_TIMEOUT,
            });
        if let Some(endpoint) = &self.endpoint {
            let plain = endpoint.starts_with("http://");
            let options = ClientOptions::new().with_allow_http(plain);
            builder = builder.with_client_options(options).with_endpoint(endpoint);
        }
        builder.build()
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A look-up of the server's name cannot be broken off, and is not waited for.
            runtime.shutdown_background();
        }
    }
}

/// Makes clients that follow no redirect: it could lead to a host that nobody named.
#[derive(Debug)]
struct Direct;

impl HttpConnector for Direct {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let plain = options.get_config_value(&ClientConfigKey::AllowHttp);
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .https_only(plain.as_deref() != Some("true"))
            .http1_only()
            .build();
        let failed = |error| object_store::Error::Generic { store: "S3", source: Box::new(error) };
        client.map(HttpClient::new).map_err(failed)
    }
}

impl Objects for S3 {
    fn open(&self, uri: &str, stop: &Arc<AtomicBool>) -> Result<Arc<dyn Object>> {
        let (bucket, key) = address(uri)?;
        let cannot = |error| cannot_read(uri, &error);
        let store = self.bucket(bucket).map_err(cannot)?;
        let path = Path::parse(key).map_err(|error| cannot(error.into()))?;
        let head = async { store.head(&path).await };
        let meta = wait(&self.handle, stop, head).ok_or_else(|| {
            Error::new(ErrorKind::Interrupted, "the server was told to stop").with("source", uri)
        })?;
        let fetch = Fetch {
            uri: uri.into(),
            meta: meta.map_err(cannot)?,
            store: Arc::new(store),
            handle: self.handle.clone(),
            stop: Arc::clone(stop),
        };
        Ok(Arc::new(S3Object { fetch }))
    }
}

/// Waits for what the server does; nothing where `stop` was set before.
fn wait<T>(handle: &Handle, stop: &AtomicBool, work: impl Future<Output = T>) -> Option<T> {
    handle.block_on(async {
        let mut work = std::pin::pin!(work);
        while !stop.load(Ordering::SeqCst) {
            if let Ok(done) = tokio::time::timeout(LOOK, &mut work).await {
                return Some(done);
            }
        }
        None
    })
}

fn cannot_read(uri: &str, error: &object_store::Error) -> Error {
    use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
    let refuse = |message: &str| Error::new(ErrorKind::Unreadable, message).with("source", uri);
    match error {
        NotFound { .. } => {
            debug!(source = uri, %error, "no such object");
            absent(uri)
        }
        PermissionDenied { .. } | Unauthenticated { .. } => {
            warn!(source = uri, %error, "may not read the object");
            refuse("the object may not be read from S3")
                .with_help("check its rights, and the AWS credentials of the server")
        }
        _ => {
            warn!(source = uri, %error, "cannot read the object");
            refuse("cannot read the object from S3")
                .with_help("the log of the server says why: its endpoint, region or network")
        }
    }
}

struct S3Object {
    fetch: Fetch,
}

impl Object for S3Object {
    fn name(&self) -> &str {
        &self.fetch.uri
    }

    fn length(&self) -> u64 {
        self.fetch.meta.size
    }

    fn read_from(&self, at: u64) -> Box<dyn Read + Send> {
        Box::new(S3Bytes {
            fetch: self.fetch.clone(),
            asked: at,
            coming: None,
            here: bytes::Bytes::new(),
        })
    }
}

type Part = io::Result<bytes::Bytes>;

/// An object as it was when it was opened.
#[derive(Clone)]
struct Fetch {
    uri: Arc<str>,
    store: Arc<dyn ObjectStore>,
    meta: ObjectMeta,
    handle: Handle,
    stop: Arc<AtomicBool>,
}

impl Fetch {
    fn start(&self, range: Range<u64>) -> JoinHandle<Part> {
        let (store, path) = (Arc::clone(&self.store), self.meta.location.clone());
        let uri = Arc::clone(&self.uri);
        let options = GetOptions {
            range: Some(GetRange::Bounded(range.clone())),
            if_match: self.meta.e_tag.clone(),
            version: self.meta.version.clone(),
            ..GetOptions::default()
        };
        self.handle.spawn(async move {
            let length = range.end - range.start;
            let fetch = async { store.get_opts(&path, options).await?.bytes().await };
            let part = fetch.await.map_err(|error| cannot_fetch(&uri, error))?;
            // Where the object has no tag, the server cannot tell that it is another one now.
            if part.len() as u64 == length { Ok(part) } else { Err(changed()) }
        })
    }
}

struct S3Bytes {
    fetch: Fetch,
    /// Up to where ranges were asked for.
    asked: u64,
    coming: Option<JoinHandle<Part>>,
    here: bytes::Bytes,
}

impl S3Bytes {
    fn ask(&mut self) {
        let end = self.fetch.meta.size.min(self.asked + RANGE);
        if self.coming.is_none() && self.asked < end {
            self.coming = Some(self.fetch.start(self.asked..end));
            self.asked = end;
        }
    }
}

impl Read for S3Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.here.is_empty() {
            self.ask();
            let Some(mut coming) = self.coming.take() else { return Ok(0) };
            let Some(part) = wait(&self.fetch.handle, &self.fetch.stop, &mut coming) else {
                coming.abort();
                return Err(io::Error::other("the server was told to stop"));
            };
            self.here = part.map_err(io::Error::other)??;
            self.ask();
        }
        let count = buffer.len().min(self.here.len());
        buffer[..count].copy_from_slice(&self.here.split_to(count));
        Ok(count)
    }
}

impl Drop for S3Bytes {
    fn drop(&mut self) {
        if let Some(coming) = self.coming.take() {
            coming.abort();
        }
    }
}

fn cannot_fetch(uri: &str, error: object_store::Error) -> io::Error {
    match error {
        object_store::Error::Precondition { .. } | object_store::Error::NotFound { .. } => {
            changed()
        }
        error => {
            warn!(source = uri, %error, "cannot read on");
            io::Error::other("S3 gave no more of the object; the log of the server says why")
        }
    }
}

fn changed() -> io::Error {
    io::Error::other("the object changed while it was read")
}

#[cfg(test)]
mod tests {
    use object_store::memory::InMemory;

    use super::*;

    #[test]
    fn an_object_without_a_tag_that_shrank_is_an_error() {
        let runtime = Runtime::new().unwrap();
        let (store, path) = (Arc::new(InMemory::new()), Path::from("a.vcf"));
        let read = |length: u64| {
            let mut meta = runtime.block_on(store.head(&path)).unwrap();
            (meta.size, meta.e_tag) = (length, None);
            let fetch = Fetch {
                uri: "s3://bucket/a.vcf".into(),
                store: store.clone(),
                meta,
                handle: runtime.handle().clone(),
                stop: Arc::default(),
            };
            let object = S3Object { fetch };
            let mut text = String::new();
            object.read_from(0).read_to_string(&mut text).map(|_| text)
        };
        runtime.block_on(store.put(&path, "##fileformat".into())).unwrap();
        assert_eq!(read(12).unwrap(), "##fileformat");
        assert_eq!(read(13).unwrap_err().to_string(), changed().to_string());
    }
}

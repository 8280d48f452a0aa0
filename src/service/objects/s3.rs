//! Objects of an S3 server, fetched in ranges while they are read.
//!
//! Every range asks for the object with the tag that it had at the beginning, so that one that
//! changes is an error. Requests that fail are sent again, as `object_store` does.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig,
};
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinHandle;

use super::{Objects, absent, address};
use crate::model::{Error, ErrorKind, Result};
use crate::read::source::Object;

/// Bytes of a request. The next one is under way while this one is read.
const RANGE: u64 = 8 << 20;

/// An S3 server, with the credentials of the usual AWS variables.
#[derive(Debug)]
pub struct S3 {
    endpoint: Option<String>,
    region: String,
    runtime: Runtime,
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
        let this =
            Self { endpoint: endpoint.map(str::to_owned), region: region.to_owned(), runtime };
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
            .with_retry(RetryConfig {
                max_retries: 5,
                retry_timeout: Duration::from_mins(1),
                ..RetryConfig::default()
            });
        let mut options = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(5))
            .with_timeout(Duration::from_mins(1));
        if let Some(endpoint) = &self.endpoint {
            options = options.with_allow_http(endpoint.starts_with("http://"));
            builder = builder.with_endpoint(endpoint);
        }
        builder.with_client_options(options).build()
    }
}

impl Objects for S3 {
    fn open(&self, uri: &str) -> Result<Arc<dyn Object>> {
        let (bucket, key) = address(uri)?;
        let cannot = |error| cannot_read(uri, error);
        let store = self.bucket(bucket).map_err(cannot)?;
        let path = Path::parse(key).map_err(|error| cannot(error.into()))?;
        let meta = self.runtime.block_on(store.head(&path)).map_err(cannot)?;
        let fetch = Fetch { store: Arc::new(store), meta, handle: self.runtime.handle().clone() };
        Ok(Arc::new(S3Object { uri: uri.to_owned(), fetch }))
    }
}

fn cannot_read(uri: &str, error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => absent(uri),
        error => Error::new(ErrorKind::Unreadable, "cannot read the object from S3")
            .with("source", uri)
            .with_help("check the endpoint, the region and the AWS credentials of the server")
            .with_source(error),
    }
}

struct S3Object {
    uri: String,
    fetch: Fetch,
}

impl Object for S3Object {
    fn name(&self) -> &str {
        &self.uri
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
    store: Arc<dyn ObjectStore>,
    meta: ObjectMeta,
    handle: Handle,
}

impl Fetch {
    fn start(&self, range: Range<u64>) -> JoinHandle<Part> {
        let (store, path) = (Arc::clone(&self.store), self.meta.location.clone());
        let options = GetOptions {
            range: Some(GetRange::Bounded(range.clone())),
            if_match: self.meta.e_tag.clone(),
            version: self.meta.version.clone(),
            ..GetOptions::default()
        };
        self.handle.spawn(async move {
            let length = range.end - range.start;
            let fetch = async { store.get_opts(&path, options).await?.bytes().await };
            let part = fetch.await.map_err(cannot_fetch)?;
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
            let Some(coming) = self.coming.take() else { return Ok(0) };
            self.here = self.fetch.handle.block_on(coming).map_err(io::Error::other)??;
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

fn cannot_fetch(error: object_store::Error) -> io::Error {
    match error {
        object_store::Error::Precondition { .. } | object_store::Error::NotFound { .. } => {
            changed()
        }
        error => io::Error::other(error),
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
            let fetch = Fetch { store: store.clone(), meta, handle: runtime.handle().clone() };
            let object = S3Object { uri: "s3://bucket/a.vcf".to_owned(), fetch };
            let mut text = String::new();
            object.read_from(0).read_to_string(&mut text).map(|_| text)
        };
        runtime.block_on(store.put(&path, "##fileformat".into())).unwrap();
        assert_eq!(read(12).unwrap(), "##fileformat");
        assert_eq!(read(13).unwrap_err().to_string(), changed().to_string());
    }
}

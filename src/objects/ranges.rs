//! Objects of servers, fetched in ranges while they are read.
//!
//! Every range asks for the object with the tag that it had at the beginning, so that one that
//! changes is an error. Requests that fail are sent again for a while, as `object_store` does.

use std::future::Future;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use object_store::client::{HttpClient, HttpConnector};
use object_store::{
    BackoffConfig, ClientConfigKey, ClientOptions, GetOptions, GetRange, ObjectMeta, ObjectStore,
    RetryConfig,
};
use reqwest::Url;
use reqwest::redirect::Policy;
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinHandle;
use tracing::{debug, warn};

use super::absent;
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
/// How long a server that never answered may keep silent. What is mistyped is to be told soon.
const FIRST_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a request may take that was begun after `stop` was set: it tidies up.
const LAST_TIMEOUT: Duration = Duration::from_secs(2);
/// How often who waits for the server looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(100);
/// Redirects that are followed one behind the other.
const MOST_REDIRECTS: usize = 10;

/// Who asked for an object, and is told what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Who runs the program: everything.
    Operator,
    /// Anybody who may call the server. The words of a failed request name the address of the
    /// store of objects and what it answered, which is nothing for them: they go to the log.
    Caller,
}

/// How often a request is sent again.
#[derive(Clone, Copy, Debug)]
pub enum Tries {
    /// So often, to a server that has not answered yet: what is mistyped is to fail soon for
    /// whoever waits at a terminal.
    First(usize),
    /// For a while, to one that has: an outage is waited out.
    Patient,
}

impl Tries {
    /// It for `object_store`.
    pub fn config(self) -> RetryConfig {
        let backoff =
            BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() };
        let (max_retries, retry_timeout) = match self {
            Self::First(most) => (most, FIRST_TIMEOUT),
            Self::Patient => (usize::MAX, RETRY_TIMEOUT),
        };
        RetryConfig { backoff, max_retries, retry_timeout }
    }

    /// How long the server may send nothing.
    fn silence(self) -> Duration {
        match self {
            Self::First(_) => FIRST_TIMEOUT,
            Self::Patient => REQUEST_TIMEOUT,
        }
    }
}

/// The thread that waits for servers.
#[derive(Debug)]
pub struct Waiting {
    /// Until it is dropped.
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Waiting {
    /// Starts the thread.
    pub fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("objects")
            .enable_all()
            .build()
            .map_err(|error| Error::internal("cannot start threads").with_source(error))?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    /// Waits for what a server does, on any thread, also one of a runtime; nothing where `stop` is
    /// set meanwhile, or the thread is gone. What begins when it is set already tidies up, and gets
    /// two seconds.
    pub fn run<T: Send + 'static>(
        &self,
        stop: &AtomicBool,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = sync_channel(1);
        let work = self.handle.spawn(async move {
            // Nobody waits any more where `stop` was set.
            let _ = sender.send(work.await);
        });
        let last = stop.load(Ordering::SeqCst).then(|| Instant::now() + LAST_TIMEOUT);
        let is_to_wait = || match last {
            Some(end) => Instant::now() < end,
            None => !stop.load(Ordering::SeqCst),
        };
        loop {
            match receiver.recv_timeout(LOOK) {
                Ok(done) => return Some(done),
                Err(RecvTimeoutError::Timeout) if is_to_wait() => {}
                Err(_) => break,
            }
        }
        work.abort();
        None
    }

    /// Begins what a server does.
    pub fn begin<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.handle.spawn(work)
    }

    /// Waits for what a server does; nothing where `stop` was set before.
    fn until<T>(&self, stop: &AtomicBool, work: impl Future<Output = T>) -> Option<T> {
        self.handle.block_on(async {
            let mut work = std::pin::pin!(work);
            while !stop.load(Ordering::SeqCst) {
                if let Ok(done) = tokio::time::timeout(LOOK, &mut work).await {
                    return Some(done);
                }
            }
            None
        })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A look-up of the server's name cannot be broken off, and is not waited for.
            runtime.shutdown_background();
        }
    }
}

/// Makes the clients of a store of objects.
#[derive(Debug)]
pub struct Connector {
    /// Where redirects lead.
    pub redirects: Redirects,
    /// How often requests are sent again.
    pub tries: Tries,
}

/// What becomes of an answer that names another place.
#[derive(Clone, Copy, Debug)]
pub enum Redirects {
    /// It is an error: it could lead to a host that nobody named.
    Refused,
    /// They are followed, but never from `https` to `http`.
    Followed,
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let plain = options.get_config_value(&ClientConfigKey::AllowHttp);
        let redirects = match self.redirects {
            Redirects::Refused => Policy::none(),
            Redirects::Followed => Policy::custom(|attempt| {
                let is_safe = |it: &Url| it.scheme() == "https";
                let before = attempt.previous();
                let is_loss = before.last().is_some_and(is_safe) && !is_safe(attempt.url());
                match before.len() {
                    ..=MOST_REDIRECTS if !is_loss => attempt.follow(),
                    ..=MOST_REDIRECTS => attempt.error("redirected from https to http"),
                    _ => attempt.error("redirected too often"),
                }
            }),
        };
        let client = reqwest::Client::builder()
            .redirect(redirects)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .read_timeout(self.tries.silence())
            .https_only(plain.as_deref() != Some("true"))
            .http1_only()
            .build();
        let failed =
            |error| object_store::Error::Generic { store: "HTTP", source: Box::new(error) };
        client.map(HttpClient::new).map_err(failed)
    }
}

/// An object as it was when it was opened.
#[derive(Clone)]
pub struct Remote {
    /// What findings and errors call it.
    pub uri: Arc<str>,
    /// Where it lies, for requests that are sent again.
    pub store: Arc<dyn ObjectStore>,
    /// What the server said of it.
    pub meta: ObjectMeta,
    /// Who waits for the server.
    pub waiting: Arc<Waiting>,
    /// Set where nobody wants it any more.
    pub stop: Arc<AtomicBool>,
    /// Who asked for it.
    pub asker: Asker,
}

impl Remote {
    /// Opens the object that a request tells of. Its tag counts from then on.
    pub fn open(
        (uri, asker): (&str, Asker),
        store: Arc<dyn ObjectStore>,
        waiting: &Arc<Waiting>,
        stop: &Arc<AtomicBool>,
        request: impl Future<Output = object_store::Result<ObjectMeta>>,
    ) -> Result<Self> {
        let found = waiting.until(stop, request).ok_or_else(|| {
            Error::new(ErrorKind::Interrupted, stopped(asker)).with("source", uri)
        })?;
        let mut meta = found.map_err(|error| cannot_read(uri, &error, asker))?;
        // A weak tag is nothing that a server would compare.
        meta.e_tag.take_if(|it| it.starts_with("W/"));
        let (waiting, stop) = (Arc::clone(waiting), Arc::clone(stop));
        Ok(Self { uri: uri.into(), store, meta, waiting, stop, asker })
    }

    fn start(&self, range: Range<u64>) -> JoinHandle<io::Result<bytes::Bytes>> {
        let this = self.clone();
        let options = GetOptions {
            range: Some(GetRange::Bounded(range.clone())),
            if_match: self.meta.e_tag.clone(),
            version: self.meta.version.clone(),
            ..GetOptions::default()
        };
        self.waiting.handle.spawn(async move {
            let (store, path) = (&this.store, &this.meta.location);
            let fetch = async { store.get_opts(path, options).await?.bytes().await };
            let part = fetch.await.map_err(|error| this.cannot_read_on(&error))?;
            // Where the object has no tag, the server cannot tell that it is another one now.
            if part.len() as u64 == range.end - range.start { Ok(part) } else { Err(changed()) }
        })
    }

    fn cannot_read_on(&self, error: &object_store::Error) -> io::Error {
        use object_store::Error::{NotFound, Precondition};
        match (error, self.asker) {
            (Precondition { .. } | NotFound { .. }, _) => changed(),
            (error, Asker::Operator) => {
                io::Error::other(format!("the server gave no more of it: {}", cause(error)))
            }
            (error, Asker::Caller) => {
                warn!(source = &*self.uri, %error, "cannot read on");
                io::Error::other("S3 gave no more of the object; the log of the server says why")
            }
        }
    }
}

impl Object for Remote {
    fn name(&self) -> &str {
        &self.uri
    }

    fn length(&self) -> u64 {
        self.meta.size
    }

    fn read_from(&self, at: u64) -> Box<dyn Read + Send> {
        let (of, here) = (self.clone(), bytes::Bytes::new());
        Box::new(RemoteBytes { of, asked: at, coming: None, here })
    }
}

struct RemoteBytes {
    of: Remote,
    /// Up to where ranges were asked for.
    asked: u64,
    coming: Option<JoinHandle<io::Result<bytes::Bytes>>>,
    here: bytes::Bytes,
}

impl RemoteBytes {
    fn ask(&mut self) {
        let end = self.of.meta.size.min(self.asked + RANGE);
        if self.coming.is_none() && self.asked < end {
            self.coming = Some(self.of.start(self.asked..end));
            self.asked = end;
        }
    }
}

impl Read for RemoteBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.here.is_empty() {
            self.ask();
            let Some(mut coming) = self.coming.take() else { return Ok(0) };
            let Some(part) = self.of.waiting.until(&self.of.stop, &mut coming) else {
                coming.abort();
                return Err(io::Error::other(stopped(self.of.asker)));
            };
            self.here = part.map_err(io::Error::other)??;
            self.ask();
        }
        let count = buffer.len().min(self.here.len());
        buffer[..count].copy_from_slice(&self.here.split_to(count));
        Ok(count)
    }
}

impl Drop for RemoteBytes {
    fn drop(&mut self) {
        if let Some(coming) = self.coming.take() {
            coming.abort();
        }
    }
}

fn stopped(asker: Asker) -> &'static str {
    match asker {
        Asker::Operator => "interrupted",
        Asker::Caller => "the server was told to stop",
    }
}

fn changed() -> io::Error {
    io::Error::other("the object changed while it was read")
}

/// Why an object cannot be opened, for who asked for it.
pub fn cannot_read(uri: &str, error: &object_store::Error, asker: Asker) -> Error {
    use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
    let refuse = |message: &str| Error::new(ErrorKind::Unreadable, message).with("source", uri);
    match (error, asker) {
        (NotFound { .. }, _) => {
            debug!(source = uri, %error, "no such object");
            absent(uri)
        }
        (PermissionDenied { .. } | Unauthenticated { .. }, Asker::Operator) => {
            refuse("the server does not let you read it").with_help(
                "for S3, set the AWS_ACCESS_KEY_ID and so on of a user who may, for example with \
                 `eval \"$(aws configure export-credentials --format env)\"`",
            )
        }
        (error, Asker::Operator) => {
            refuse(&format!("cannot read from the server: {}", cause(error))).with_help(
                "check the address and the network; for S3 also AWS_REGION and AWS_ENDPOINT_URL",
            )
        }
        (PermissionDenied { .. } | Unauthenticated { .. }, Asker::Caller) => {
            warn!(source = uri, %error, "may not read the object");
            refuse("the object may not be read from S3")
                .with_help("check its rights, and the AWS credentials of the server")
        }
        (error, Asker::Caller) => {
            warn!(source = uri, %error, "cannot read the object");
            refuse("cannot read the object from S3")
                .with_help("the log of the server says why: its endpoint, region or network")
        }
    }
}

/// The innermost reason of an error: what is around it tells of requests and retries. Of an answer
/// of S3 in XML, its code and its message.
pub fn cause(error: &dyn std::error::Error) -> String {
    if let Some(below) = error.source() {
        return cause(below);
    }
    let text = error.to_string();
    let part = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        Some(rest.split_once('<')?.0.to_owned())
    };
    match (part("Code"), part("Message")) {
        (Some(code), Some(message)) => format!("the server says {code}: {message}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use object_store::ObjectStoreExt as _;
    use object_store::memory::InMemory;
    use object_store::path::Path;

    use super::*;

    #[test]
    fn an_object_without_a_tag_that_shrank_is_an_error() {
        let waiting = Arc::new(Waiting::start().unwrap());
        let (store, path) = (Arc::new(InMemory::new()), Path::from("a.vcf"));
        let read = |length: u64| {
            let mut meta = waiting.handle.block_on(store.head(&path)).unwrap();
            (meta.size, meta.e_tag) = (length, None);
            let asked = ("s3://bucket/a.vcf", Asker::Caller);
            let stop = Arc::default();
            let object =
                Remote::open(asked, store.clone(), &waiting, &stop, async { Ok(meta) }).unwrap();
            let mut text = String::new();
            object.read_from(0).read_to_string(&mut text).map(|_| text)
        };
        waiting.handle.block_on(store.put(&path, "##fileformat".into())).unwrap();
        assert_eq!(read(12).unwrap(), "##fileformat");
        assert_eq!(read(13).unwrap_err().to_string(), changed().to_string());
    }
}

//! Objects of an S3 server.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, Checksum};
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, ObjectStoreExt};

use super::bucket_address::BucketAddress;
use super::ranges::{Asker, Connector, Redirects, Remote, Tries, Waiting, cannot_read};
use super::{Objects, address};
use crate::model::{Error, Result};
use crate::read::source::Object;

/// An S3 server, with the credentials of the usual AWS variables.
#[derive(Debug)]
pub struct S3 {
    endpoint: Option<String>,
    region: String,
    waiting: Arc<Waiting>,
    asker: Asker,
}

/// Where `object_store` finds the keys to sign requests with, if it is not to ask the machine.
const KEYS: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/// Whether some variable has credentials, or says that they are to be found elsewhere.
fn has_credentials() -> bool {
    let is_set = |name: &&str| std::env::var_os(name).is_some();
    KEYS.iter().chain(&["AWS_SKIP_SIGNATURE"]).any(is_set)
}

/// A client of a bucket whose address says what endpoint and region are, whatever the environment
/// says of others; credentials are those of the environment.
pub fn client(of: &BucketAddress, tries: Tries) -> object_store::Result<AmazonS3> {
    let mut builder = of_environment(|name| !name.starts_with("AWS_ENDPOINT"));
    if builder.get_config_value(&AmazonS3ConfigKey::Checksum).is_none() {
        builder = builder.with_checksum_algorithm(Checksum::SHA256);
    }
    if !has_credentials() {
        builder = builder.with_skip_signature(true);
    }
    if let Some(endpoint) = &of.endpoint {
        builder = at(builder, endpoint);
    }
    builder
        .with_region(&of.region)
        .with_bucket_name(&of.bucket)
        .with_http_connector(Connector { redirects: Redirects::Refused, tries })
        .with_retry(tries.config())
        .build()
}

/// A builder with what those variables of AWS say whose names count. Others need not be UTF-8.
fn of_environment(counts: impl Fn(&str) -> bool) -> AmazonS3Builder {
    let settings = std::env::vars_os().filter_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
        let key = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>().ok()?;
        (name.starts_with("AWS_") && counts(&name)).then_some((key, value))
    });
    settings.fold(AmazonS3Builder::new(), |builder, (key, value)| builder.with_config(key, value))
}

fn at(builder: AmazonS3Builder, endpoint: &str) -> AmazonS3Builder {
    let plain = endpoint.starts_with("http://");
    let options = ClientOptions::new().with_allow_http(plain);
    builder.with_client_options(options).with_endpoint(endpoint)
}

impl S3 {
    /// The server at an endpoint, or AWS itself. `region` counts where `AWS_REGION` and
    /// `AWS_DEFAULT_REGION` are not set.
    pub fn new(endpoint: Option<&str>, region: &str) -> Result<Self> {
        Self::asked_by(Asker::Caller, endpoint.map(str::to_owned), region)
    }

    /// The server that `AWS_ENDPOINT_URL` names, or AWS itself, for who runs the program. Where no
    /// variable has credentials, requests are not signed, as public buckets take them;
    /// `AWS_SKIP_SIGNATURE=false` takes those of the machine.
    pub fn of_environment(region: &str) -> Result<Self> {
        Self::asked_by(Asker::Operator, std::env::var("AWS_ENDPOINT_URL").ok(), region)
    }

    fn asked_by(asker: Asker, endpoint: Option<String>, region: &str) -> Result<Self> {
        let waiting = Arc::new(Waiting::start()?);
        let this = Self { endpoint, region: region.to_owned(), waiting, asker };
        // A setting that is wrong shows when the server starts, not in the first job.
        this.bucket("bucket", Tries::Patient).map_err(|error| {
            Error::invalid("cannot set up the connection to S3").with_source(error)
        })?;
        Ok(this)
    }

    fn bucket(&self, bucket: &str, tries: Tries) -> object_store::Result<Arc<dyn ObjectStore>> {
        let region = std::env::var("AWS_REGION").or_else(|_| std::env::var("AWS_DEFAULT_REGION"));
        let mut builder = of_environment(|_| true)
            .with_region(region.unwrap_or_else(|_| self.region.clone()))
            .with_bucket_name(bucket)
            .with_http_connector(Connector { redirects: Redirects::Refused, tries })
            .with_retry(tries.config());
        if self.asker == Asker::Operator && !has_credentials() {
            builder = builder.with_skip_signature(true);
        }
        if let Some(endpoint) = &self.endpoint {
            builder = at(builder, endpoint);
        }
        Ok(Arc::new(builder.build()?))
    }
}

impl Objects for S3 {
    fn open(&self, uri: &str, stop: &Arc<AtomicBool>) -> Result<Arc<dyn Object>> {
        let (bucket, key) = address(uri)?;
        let cannot = |error| cannot_read(uri, &error, self.asker);
        // Who waits at a terminal is told soon of what is mistyped.
        let tries = if self.asker == Asker::Operator { Tries::First(3) } else { Tries::Patient };
        let first = self.bucket(bucket, tries).map_err(cannot)?;
        let store = self.bucket(bucket, Tries::Patient).map_err(cannot)?;
        let path = Path::parse(key).map_err(|error| cannot(error.into()))?;
        let head = async { first.head(&path).await };
        let remote = Remote::open((uri, self.asker), store, &self.waiting, stop, head)?;
        Ok(Arc::new(remote))
    }
}

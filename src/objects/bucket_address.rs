//! Where a part of a bucket is.

use serde::{Deserialize, Serialize};

use super::address;
use crate::model;

/// Where files lie: below a prefix of a bucket, at a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketAddress {
    /// The bucket.
    pub bucket: String,
    /// What all keys begin with, without a slash at its end.
    pub prefix: String,
    /// The URL of the server; AWS itself where there is none.
    pub endpoint: Option<String>,
    /// The region that requests are signed for.
    pub region: String,
}

impl BucketAddress {
    /// The address that `s3://bucket/prefix` means at a server. [`ErrorKind::InvalidInput`] where
    /// it is none.
    pub fn new(url: &str, endpoint: Option<String>, region: String) -> model::Result<Self> {
        let (bucket, prefix) = address(url.strip_suffix('/').unwrap_or(url)).map_err(|_| {
            model::Error::invalid("this is no place for data files")
                .with("url", url)
                .with_help("name a bucket and a prefix in it: s3://bucket/prefix")
        })?;
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        Ok(Self { bucket, prefix, endpoint, region })
    }

    /// It as `s3://bucket/prefix`.
    pub fn url(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }
}

//! Where `s3://bucket/key` is read from: a folder of this machine, or an S3 server.

mod folder;
mod s3;

use std::sync::Arc;

use crate::model::{Error, ErrorKind, Result};
use crate::read::source::Object;

pub use folder::Folder;
pub use s3::S3;

/// A store of objects.
pub trait Objects: Send + Sync {
    /// An object as it is now. Reading it fails if it changes meanwhile.
    ///
    /// [`ErrorKind::Unreadable`] where there is none, or where it may not be read.
    fn open(&self, uri: &str) -> Result<Arc<dyn Object>>;
}

/// What stands where a server was given no store of objects.
#[derive(Clone, Copy, Debug)]
pub struct NoObjects;

impl Objects for NoObjects {
    fn open(&self, uri: &str) -> Result<Arc<dyn Object>> {
        Err(Error::new(ErrorKind::Unreadable, "this server has no store of objects to read from")
            .with("source", uri)
            .with_help("start it with --s3-root DIR or --s3-endpoint URL"))
    }
}

/// Bucket and key of an `s3://` URI.
fn address(uri: &str) -> Result<(&str, &str)> {
    uri.strip_prefix("s3://").and_then(|it| it.split_once('/')).ok_or_else(|| {
        Error::new(ErrorKind::Unreadable, "the source is no s3://bucket/key").with("source", uri)
    })
}

fn absent(uri: &str) -> Error {
    Error::new(ErrorKind::Unreadable, "there is no such object")
        .with("source", uri)
        .with_help("check bucket and key, and that the object was uploaded")
}

//! Files that are not of this machine: `s3://bucket/key`, read from an S3 server or from a folder
//! that stands for one, and, at the terminal, `https://`.

mod bucket;
mod bucket_address;
mod folder;
mod ranges;
mod s3;
mod upload;
pub mod web;
mod windows;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::model::{Error, ErrorKind, Result};
use crate::read::source::Object;

pub use bucket::{Bucket, ListedObject, Stop, age};
pub use bucket_address::BucketAddress;
pub use folder::Folder;
pub use s3::S3;
pub use upload::Upload;

/// A store of objects.
pub trait Objects: Send + Sync {
    /// An object as it is now. Reading it fails if it changes meanwhile, and ends soon once `stop`
    /// is set, whatever the store is doing.
    ///
    /// [`ErrorKind::Unreadable`] where there is none, or where it may not be read,
    /// [`ErrorKind::Interrupted`] where `stop` was set. What an error says may be told to whoever
    /// asked for the object: the log has what is of the server alone.
    fn open(&self, uri: &str, stop: &Arc<AtomicBool>) -> Result<Arc<dyn Object>>;
}

/// What a URL names, for who runs the program: `https://`, `http://`, or `s3://` in a region of AWS
/// that counts where no variable names one.
///
/// [`ErrorKind::Unreadable`] where there is none, or where it may not be read.
pub fn of_url(url: &str, aws_region: &str, stop: &Arc<AtomicBool>) -> Result<Arc<dyn Object>> {
    if url.starts_with("s3://") {
        return S3::of_environment(aws_region)?.open(url, stop);
    }
    web::open(url, stop)
}

/// What stands where a server was given no store of objects.
#[derive(Clone, Copy, Debug)]
pub struct NoObjects;

impl Objects for NoObjects {
    fn open(&self, uri: &str, _: &Arc<AtomicBool>) -> Result<Arc<dyn Object>> {
        Err(Error::new(ErrorKind::Unreadable, "this server has no store of objects to read from")
            .with("source", uri)
            .with_help("start it with --s3-root DIR or --s3-endpoint URL"))
    }
}

/// Bucket and key of an `s3://` URI.
///
/// A key is the name of one object, letter by letter, but paths know other names for the same file:
/// a key that they would shorten or follow is refused, since it would name another object.
fn address(uri: &str) -> Result<(&str, &str)> {
    let refuse = |message: &str| Error::new(ErrorKind::Unreadable, message).with("source", uri);
    let (bucket, key) =
        uri.strip_prefix("s3://").and_then(|it| it.split_once('/')).ok_or_else(|| {
            refuse("the source is no s3://bucket/key").with_help("name a bucket and a key in it")
        })?;
    if key.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(refuse("a part of the key is empty, `.` or `..`, which cannot be read here")
            .with_help(
                "copy the object to a key without `//`, a slash at either end, `.` and `..`",
            ));
    }
    Ok((bucket, key))
}

fn absent(uri: &str) -> Error {
    let help = if uri.starts_with("s3://") {
        "check bucket and key, and that the object was uploaded"
    } else {
        "check the address: the server has nothing there"
    };
    Error::new(ErrorKind::Unreadable, "there is no such object").with("source", uri).with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_taken_as_it_is_or_refused() {
        assert_eq!(address("s3://b/a/..b/c. d").unwrap(), ("b", "a/..b/c. d"));
        for key in ["", "/", "/a", "a/", "a//b", "./a", "a/./b", "../a", "a/..", "a/../b", "."] {
            let error = address(&format!("s3://b/{key}")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unreadable, "{key}");
        }
    }
}

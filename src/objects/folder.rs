//! Objects as files below a folder: `s3://bucket/key` is `DIR/bucket/key`.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt};

use super::{Objects, absent, address};
use crate::model::{Error, ErrorKind, Result};
use crate::read::source::Object;

/// Opening a pipe would wait for a writer otherwise; regular files do not mind.
const NONBLOCK: i32 = 0o4000;

/// A folder whose subfolders are the buckets. Nothing outside of it is read, wherever a path or a
/// symbolic link points.
#[derive(Debug)]
pub struct Folder {
    root: Dir,
}

impl Folder {
    /// The folder at a path. [`ErrorKind::InvalidInput`] where there is none.
    pub fn new(path: &Path) -> Result<Self> {
        let root = Dir::open_ambient_dir(path, ambient_authority()).map_err(|error| {
            Error::invalid("cannot open the folder that holds the buckets")
                .with("folder", path.display())
                .with_help("give --s3-root a folder with one folder for each bucket")
                .with_source(error)
        })?;
        Ok(Self { root })
    }
}

impl Objects for Folder {
    fn open(&self, uri: &str, _: &Arc<AtomicBool>) -> Result<Arc<dyn Object>> {
        let (bucket, key) = address(uri)?;
        let options = OpenOptions::new().read(true).custom_flags(NONBLOCK).clone();
        let opened = self.root.open_with(Path::new(bucket).join(key), &options);
        let file = opened.map_err(|error| cannot_open(uri, error))?.into_std();
        let metadata = file.metadata().map_err(|error| cannot_open(uri, error))?;
        if !metadata.is_file() {
            return Err(Error::new(
                ErrorKind::Unreadable,
                "this is no object, but a folder or a special file",
            )
            .with("source", uri)
            .with_help("name a regular file below the folder that --s3-root names"));
        }
        let stamp = Stamp::of(&metadata);
        Ok(Arc::new(FileObject { uri: uri.to_owned(), file: Arc::new(file), stamp }))
    }
}

fn cannot_open(uri: &str, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => absent(uri),
        io::ErrorKind::PermissionDenied => Error::new(
            ErrorKind::Unreadable,
            "the object may not be read, or lies outside of the store of objects",
        )
        .with("source", uri)
        .with_help("check the key, the rights of the file, and where symbolic links lead"),
        _ => Error::new(ErrorKind::Unreadable, "cannot read the object")
            .with("source", uri)
            .with_source(error),
    }
}

/// What tells whether somebody wrote to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { length: metadata.len(), modified: metadata.modified().ok() }
    }
}

#[derive(Debug)]
struct FileObject {
    uri: String,
    file: Arc<File>,
    stamp: Stamp,
}

impl Object for FileObject {
    fn name(&self) -> &str {
        &self.uri
    }

    fn length(&self) -> u64 {
        self.stamp.length
    }

    fn read_from(&self, at: u64) -> Box<dyn Read + Send> {
        Box::new(FileBytes { file: Arc::clone(&self.file), stamp: self.stamp, at })
    }
}

struct FileBytes {
    file: Arc<File>,
    stamp: Stamp,
    at: u64,
}

impl Read for FileBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        let done = count == 0 && !buffer.is_empty();
        if done && (Stamp::of(&self.file.metadata()?) != self.stamp || self.at != self.stamp.length)
        {
            return Err(io::Error::other("the object changed while it was read"));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(objects: &Folder, uri: &str) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        objects
            .open(uri, &Arc::default())?
            .read_from(0)
            .read_to_end(&mut bytes)
            .map_err(|error| Error::new(ErrorKind::Unreadable, error.to_string()))?;
        Ok(bytes)
    }

    #[test]
    fn nothing_outside_of_the_root_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("s3");
        std::fs::create_dir_all(root.join("bucket/deep")).unwrap();
        std::fs::write(root.join("bucket/deep/a.tsv"), "a").unwrap();
        std::fs::write(folder.path().join("secret"), "b").unwrap();
        std::os::unix::fs::symlink("../../secret", root.join("bucket/out")).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", root.join("bucket/far")).unwrap();
        std::os::unix::fs::symlink("deep/a.tsv", root.join("bucket/in")).unwrap();
        let objects = Folder::new(&root).unwrap();
        assert_eq!(read(&objects, "s3://bucket/deep/a.tsv").unwrap(), b"a");
        assert_eq!(read(&objects, "s3://bucket/in").unwrap(), b"a");
        for outside in [
            "../secret",
            "../../secret",
            "out",
            "far",
            "/etc/passwd",
            "deep",
            "none",
            "deep/a.tsv/x",
            "deep/../deep/a.tsv",
            "deep//a.tsv",
            "deep/a.tsv/",
        ] {
            let error = read(&objects, &format!("s3://bucket/{outside}")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unreadable, "{outside}");
        }
    }

    #[test]
    fn an_object_that_changes_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("bucket")).unwrap();
        let path = root.path().join("bucket/a");
        std::fs::write(&path, "abc").unwrap();
        let objects = Folder::new(root.path()).unwrap();
        let mut bytes = objects.open("s3://bucket/a", &Arc::default()).unwrap().read_from(0);
        File::options().append(true).open(&path).unwrap().write_all(b"d").unwrap();
        let error = bytes.read_to_end(&mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("changed"), "{error}");
    }
}

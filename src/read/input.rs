//! What is read: a file of this machine, standard input, or an object of another store of files.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::stdin::Stdin;
use crate::model::{Error, ErrorKind, Result};

/// What is to be read.
#[derive(Clone)]
pub enum Input {
    /// A path of this machine, or `-` for standard input.
    Path(String),
    /// What another store of files holds.
    Object(Arc<dyn Object>),
}

/// An object of a store of files that is not a folder of this machine, such as S3.
pub trait Object: Send + Sync {
    /// What findings and errors call it.
    fn name(&self) -> &str;

    /// Its size in bytes.
    fn length(&self) -> u64;

    /// Its bytes from a place on. An error where it changed since it was opened.
    fn read_from(&self, at: u64) -> Box<dyn Read + Send>;
}

impl Input {
    /// What findings and errors call it.
    pub fn name(&self) -> &str {
        match self {
            Self::Path(path) => path,
            Self::Object(object) => object.name(),
        }
    }

    /// The scheme of a URL that can be read: `https`, `http` or `s3`; none for a path.
    ///
    /// [`ErrorKind::Unreadable`] for other schemes.
    pub fn scheme_of(name: &str) -> Result<Option<&str>> {
        let is_word = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_alphanumeric());
        match name.split_once("://").map(|it| it.0) {
            Some(scheme @ ("https" | "http" | "s3")) => Ok(Some(scheme)),
            Some(scheme) if is_word(scheme) => {
                let message = format!("files of {scheme}:// cannot be read");
                let help = "https://, http:// and s3:// can, which most servers have as well; else \
                            fetch the file first";
                Err(Error::new(ErrorKind::Unreadable, message).with("file", name).with_help(help))
            }
            _ => Ok(None),
        }
    }

    /// The bytes from front to back, and how many, where that is known. Waits for standard input
    /// until `stop` is set.
    pub(super) fn open(
        &self,
        stop: &Arc<AtomicBool>,
    ) -> Result<(Box<dyn Read + Send>, Option<u64>)> {
        match self {
            Self::Path(path) if path == "-" => Ok((Box::new(Stdin::stopped_by(stop)), None)),
            Self::Path(path) => {
                let file = open_file(Path::new(path))?;
                let length = file.metadata().ok().filter(std::fs::Metadata::is_file);
                let length = length.map(|it| it.len());
                Ok((Box::new(file), length))
            }
            Self::Object(object) => Ok((object.read_from(0), Some(object.length()))),
        }
    }

    /// The bytes from a place on.
    pub(super) fn open_at(&self, at: u64) -> Result<Box<dyn Read + Send>> {
        match self {
            Self::Path(path) => {
                let mut file = open_file(Path::new(path))?;
                file.seek(SeekFrom::Start(at)).map_err(|error| cannot_open(path, &error))?;
                Ok(Box::new(file))
            }
            Self::Object(object) => Ok(object.read_from(at)),
        }
    }
}

impl From<&str> for Input {
    fn from(path: &str) -> Self {
        Self::Path(path.to_owned())
    }
}

impl From<&String> for Input {
    fn from(path: &String) -> Self {
        Self::Path(path.clone())
    }
}

impl From<&Self> for Input {
    fn from(input: &Self) -> Self {
        input.clone()
    }
}

pub(super) fn open_file(path: &Path) -> Result<File> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| cannot_open(&name, &error))?;
    let metadata = file.metadata().map_err(|error| cannot_open(&name, &error))?;
    if metadata.is_dir() {
        return Err(Error::new(ErrorKind::Unreadable, "this is a folder, not a file")
            .with("file", name)
            .with_help("name the files in it, for example with `DIR/*.vcf.gz`"));
    }
    Ok(file)
}

pub(super) fn cannot_open(path: &str, error: &io::Error) -> Error {
    let (message, help) = match error.kind() {
        io::ErrorKind::NotFound => ("there is no such file".to_owned(), "check the path"),
        io::ErrorKind::PermissionDenied => {
            ("the file may not be read".to_owned(), "check the rights of the file and its folders")
        }
        _ => (format!("cannot read: {error}"), "check the file and the disk it lies on"),
    };
    Error::new(ErrorKind::Unreadable, message).with("file", path).with_help(help)
}

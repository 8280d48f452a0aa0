//! Where output goes: a file that appears whole, or what takes bytes as they come.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::unfinished::Unfinished;
use crate::model::{Error, ErrorKind, Result};

/// Where the bytes go.
pub enum Destination {
    /// A file, which appears once it is whole. What is there is kept unless it may be replaced.
    File {
        /// Its path.
        path: PathBuf,
        /// Whether it may be replaced.
        replace: bool,
    },
    /// What takes bytes as they come: standard output, or what is there and is no file, such as a
    /// device or a named pipe. It has no index.
    Stream {
        /// What takes them.
        out: Box<dyn Write + Send>,
        /// Its path; none for standard output.
        path: Option<PathBuf>,
    },
}

/// A file that is to be, or a stream, to which bytes are written.
pub enum OpenOutput {
    /// A file, and its path.
    File(PathBuf, Unfinished),
    /// A stream, and its path where it has one.
    Stream(Box<dyn Write + Send>, Option<PathBuf>),
}

impl OpenOutput {
    /// Opens a place; an error where something is there that is to be kept.
    pub fn create(to: Destination) -> Result<Self> {
        match to {
            Destination::Stream { out, path } => Ok(Self::Stream(out, path)),
            Destination::File { path, replace } => {
                check_absent(&path, replace)?;
                let file = Unfinished::new(&path);
                let file = file.map_err(|error| unwritable("the file", &path, error))?;
                Ok(Self::File(path, file))
            }
        }
    }

    /// Gives a file the rights of one that it is to replace.
    pub fn take_rights_of(&self, replaced: &fs::Metadata) -> Result<()> {
        match self {
            Self::File(_, file) => {
                file.take_rights_of(replaced).map_err(|error| self.failed(error))
            }
            Self::Stream(..) => Ok(()),
        }
    }

    /// Whether it is a file.
    pub fn is_file(&self) -> bool {
        matches!(self, Self::File(..))
    }

    /// The error of bytes that it does not take.
    pub fn failed(&self, error: io::Error) -> Error {
        match self {
            Self::File(path, _) => unwritable("the file", path, error),
            Self::Stream(_, Some(path)) => unwritable("to the output", path, error),
            Self::Stream(_, None) => Error::new(ErrorKind::Storage, STDOUT).with_source(error),
        }
    }

    /// Waits for a stream to take what was written, or gives a file its name.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::File(path, file) => {
                file.finish().map_err(|error| unwritable("the file", &path, error))
            }
            mut stream @ Self::Stream(..) => stream.flush().map_err(|error| stream.failed(error)),
        }
    }
}

const STDOUT: &str = "cannot write to standard output";

impl Write for OpenOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(_, file) => file.write(bytes),
            Self::Stream(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(_, file) => file.flush(),
            Self::Stream(out, _) => out.flush(),
        }
    }
}

/// An error where a folder is at the path of an output, or something that may not be replaced.
pub fn check_absent(path: &Path, may_replace: bool) -> Result<()> {
    if path.is_dir() {
        return Err(unwritable("the file", path, io::ErrorKind::IsADirectory.into()));
    }
    // A link that leads to nothing is the name of a file that is to be where it leads.
    if may_replace || fs::metadata(path).is_err() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Conflict, "the output exists already")
        .with("file", path.display())
        .with_help("name another file, or replace it with --force"))
}

/// Why something cannot be written to a path.
pub fn unwritable(what: &str, path: &Path, error: io::Error) -> Error {
    let error_kind = error.kind();
    let error = Error::new(ErrorKind::Storage, format!("cannot write {what}"))
        .with("file", path.display())
        .with_source(error);
    match error_kind {
        io::ErrorKind::IsADirectory => error.with_help("name a file in that folder"),
        io::ErrorKind::NotFound => error.with_help("make the folder first, or name another"),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            error.with_help("check the rights of the folder, or name a file in another")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            error.with_help("free space there, or name another folder")
        }
        io::ErrorKind::FileTooLarge => error
            .with_help("raise the limit of the size of files (`ulimit -f`), or ask for fewer rows"),
        _ => error,
    }
}

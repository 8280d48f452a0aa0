//! The part of writing that goes in order: pieces to a file that appears whole, with its index.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::bcf::{BCF, Misfits};
use super::emitter::{EmitPiece, Emitter};
use super::index::Index;
use super::places::Places;
use super::unfinished::Unfinished;
use crate::model::{Error, ErrorKind, Result};
use crate::read::bgzf::END_OF_FILE;
use crate::read::spare;

/// The endings of indexes.
const INDEXES: [&str; 2] = ["tbi", "csi"];

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
        out: Box<dyn Write>,
        /// Its path; none for standard output.
        path: Option<PathBuf>,
    },
}

/// A file that is to be, or a stream, to which bytes are written.
pub enum OpenOutput {
    /// A file, and its path.
    File(PathBuf, Unfinished),
    /// A stream, and its path where it has one.
    Stream(Box<dyn Write>, Option<PathBuf>),
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

/// A file, or a stream, that is being written.
pub struct EmitFile {
    out: OpenOutput,
    begins: u64,
    index: Option<Index>,
    has_places: bool,
    compressed: bool,
    misfits: Misfits,
}

/// What was written.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Emitted {
    /// Bytes of the file.
    pub bytes: u64,
    /// Where its index is.
    pub index: Option<PathBuf>,
    /// What is to be told of it, in words.
    pub notes: Vec<String>,
}

impl EmitFile {
    /// Begins the file of an emitter with its header. `longest` is the length of the longest contig
    /// where it is known, else what a VCF header says; it decides between tabix and CSI.
    pub fn create(to: Destination, emitter: &Emitter, longest: Option<u64>) -> Result<Self> {
        let out = OpenOutput::create(to)?;
        let target = emitter.target();
        let has_places = target.compressed && emitter.places() != Places::Unknown;
        let indexed = has_places && out.is_file();
        let longest = longest.or_else(|| longest_of(emitter.contigs()));
        let of_bcf = || emitter.contigs().iter().map(|it| it.0.clone()).collect();
        let of_header = (*target.form == BCF).then(of_bcf);
        let index = indexed.then(|| Index::new(emitter.places(), longest, of_header));
        let compressed = target.compressed;
        let mut file = Self {
            out,
            begins: 0,
            index,
            has_places: indexed,
            compressed,
            misfits: Misfits::default(),
        };
        file.add(emitter.head()?)?;
        Ok(file)
    }

    /// Appends the next piece.
    pub fn add(&mut self, piece: EmitPiece) -> Result<()> {
        if self.index.as_mut().is_some_and(|it| !it.add(&piece.covered, self.begins)) {
            self.index = None;
        }
        self.misfits.add(piece.misfits);
        self.write(&piece.bytes)?;
        spare::give_back(piece.bytes);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.begins += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|error| self.out.failed(error))
    }

    /// Ends the file, brings it to the disk and gives it its name; then its index.
    pub fn finish(mut self) -> Result<Emitted> {
        if self.compressed {
            self.write(&END_OF_FILE)?;
        }
        let mut emitted = Emitted { bytes: self.begins, ..Emitted::default() };
        emitted.notes.extend(self.misfits.told());
        let (path, file) = match self.out {
            OpenOutput::File(path, file) => (path, file),
            stream @ OpenOutput::Stream(..) => {
                stream.finish()?;
                return Ok(emitted);
            }
        };
        if self.has_places && self.index.is_none() {
            let note = "the lines are not in the order of contig and position: there is no index";
            emitted.notes.push(note.to_owned());
        }
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| unwritable("the file", &path, error)
        };
        let index = self.index.map(Index::finish).transpose().map_err(failed(&path))?.flatten();
        // Both are whole on the disk before either has its name.
        let mut beside = None;
        if let Some(index) = index {
            let at = with_ending(&path, index.ending);
            let mut file = Unfinished::new(&at).map_err(failed(&at))?;
            file.write_all(&index.bytes).map_err(failed(&at))?;
            file.sync().map_err(failed(&at))?;
            beside = Some((at, file));
        }
        file.finish().map_err(failed(&path))?;
        // That of a file that was here before would be taken for that of this one.
        for ending in INDEXES {
            let _ = fs::remove_file(with_ending(&path, ending));
        }
        if let Some((at, file)) = beside {
            file.finish().map_err(failed(&at))?;
            emitted.index = Some(at);
        }
        Ok(emitted)
    }
}

/// The length of the longest contig, where that of each is known.
fn longest_of(contigs: &[(String, Option<u64>)]) -> Option<u64> {
    let lengths: Option<Vec<u64>> = contigs.iter().map(|it| it.1).collect();
    lengths?.into_iter().max()
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
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
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            error.with_help("free space there, or name another folder")
        }
        io::ErrorKind::FileTooLarge => error
            .with_help("raise the limit of the size of files (`ulimit -f`), or ask for fewer rows"),
        _ => error,
    }
}

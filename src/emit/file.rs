//! The part of writing that goes in order: pieces to a file that appears whole, with its index.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::bcf::{BCF, Misfits};
use super::emitter::{EmitPiece, Emitter};
use super::index::Index;
use super::output::{Destination, OpenOutput, unwritable};
use super::places::Places;
use super::unfinished::Unfinished;
use crate::model::Result;
use crate::read::bgzf::END_OF_FILE;
use crate::read::spare;

/// The endings of indexes.
const INDEXES: [&str; 2] = ["tbi", "csi"];

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

//! What all formats have in common: how a file is opened, and its chunks are parsed on many
//! threads.

use std::sync::Arc;

use super::header_text::HeaderKeeper;
use super::pipe::{Meter, Pipe};
use super::records::{Limit, Parsed, Records};
use super::source::{Input, Source};
use super::totals::{FirstLines, Totals};
use crate::diagnostic::rules::file as rule;
use crate::diagnostic::{Findings, Keep, Rule};
use crate::model::{Location, Result, StoreFormat};

/// A format of files. A value of it says how a file is to be read.
pub trait Format: Sized {
    /// The stores that take it.
    const STORE_FORMAT: StoreFormat;
    /// What is wrong with a file that has nothing to store.
    const NO_RECORDS: &'static str;
    /// What the first lines of a file say, for the parsers of all its chunks.
    type File: Send + Sync + 'static;
    /// What one parser takes: a chunk, with what has to be known of those before it.
    type Piece: Send + 'static;

    /// Opens an input.
    fn source(&self, input: impl Into<Input>, meter: &Arc<Meter>) -> Result<Source> {
        Source::open(input, meter)
    }

    /// Reads the first lines of a file, adding what is wrong with them, and gives those of its
    /// header to the keeper.
    fn begin(
        &self,
        source: Source,
        pipe: &Pipe,
        findings: &mut Findings,
        header: &mut HeaderKeeper,
    ) -> Result<Beginning<Self>>;

    /// The rules about the file as a whole that only `check` looks for.
    fn rules_of_check() -> Vec<&'static Rule> {
        Vec::new()
    }
}

/// What the first lines of a file gave.
pub struct Beginning<F: Format> {
    /// What the parsers of all its chunks share.
    pub file: F::File,
    /// What they add up to.
    pub first_lines: FirstLines,
    /// The rest of the file.
    pub pieces: Pieces<F>,
}

/// A file in pieces, in order.
pub type Pieces<F> = Box<dyn Iterator<Item = Result<<F as Format>::Piece>> + Send>;

/// A file whose first lines have been read.
pub struct Reader<F: Format> {
    /// What the parsers of all its chunks share.
    pub file: F::File,
    /// What the first lines add up to.
    pub totals: Totals,
    pieces: Pieces<F>,
    pipe: Pipe,
    keep: Keep,
}

impl<F: Format> Reader<F> {
    /// Reads the first lines of a source. Keeps so many findings whole, and the first of each rule.
    pub fn open(source: Source, pipe: &Pipe, format: &F, keep: impl Into<Keep>) -> Result<Self> {
        Self::open_keeping(&mut HeaderKeeper::default(), source, pipe, format, keep)
    }

    /// Which findings are kept whole.
    pub fn keep(&self) -> Keep {
        self.keep
    }

    /// Opens as [`Reader::open`] does, and has a keeper take the lines of the header that are
    /// among the first ones. Those that follow come in [`Parsed::header`].
    pub fn open_keeping(
        header: &mut HeaderKeeper,
        source: Source,
        pipe: &Pipe,
        format: &F,
        keep: impl Into<Keep>,
    ) -> Result<Self> {
        let about = source.about().clone();
        let keep = keep.into();
        let mut findings = Findings::from(keep);
        if let Some(message) = source.disagreement() {
            let rule = &rule::COMPRESSION_AND_NAME_DISAGREE;
            findings.add_at(rule, Location::FILE, &about.name, message);
        }
        let beginning = format
            .begin(source, pipe, &mut findings, header)
            .map_err(|error| error.or_with("file", &about.name))?;
        let Beginning { file, first_lines, pieces } = beginning;
        let format = (F::STORE_FORMAT, F::NO_RECORDS);
        let totals = Totals::new(about, format, findings, first_lines);
        Ok(Self { file, totals, pieces, pipe: pipe.clone(), keep })
    }

    /// Parses all pieces, of which each keeps the findings that it is told.
    pub(super) fn parse<T: Send + 'static>(
        self,
        parse: impl Fn(&F::File, F::Piece, Keep) -> Result<Parsed<T>> + Send + Sync + 'static,
    ) -> Records<T> {
        let (file, limit) = (self.file, Limit::new(self.keep));
        let of_pieces = limit.clone();
        let parse = move |piece| parse(&file, piece, of_pieces.get());
        Records::new(self.pipe, limit, self.totals.lines(), self.pieces, parse)
    }
}

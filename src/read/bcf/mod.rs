//! BCF, the binary coding of VCF: records become the lines of text that they stand for, or go to
//! the parser of VCF as they are coded.
//!
//! ```text
//!  inflated ──► beginning: the header's text ──────────────────────────────► read::vcf
//!  bytes        │          what its numbers stand for                            ▲
//!               ▼                                                                │
//!               pieces ──► whole records ──► a line, or where nothing is to be ──┘
//!                                            said of it, its fields: on all threads
//! ```
//!
//! A record is judged and stored alike, however it was coded. Nothing is lost on the way: a float
//! is the shortest text that is read as itself.

mod beginning;
mod coded;
mod damage;
mod dictionary;
mod number;
mod pieces;
mod record;
mod samples;
mod typed;

use std::sync::Arc;

use super::chunk::Text;
use super::ordered::ordered;
use super::pipe::Pipe;
use crate::model::{Error, Result};
use beginning::Beginning;
use pieces::Pieces;
use record::Decoder;

pub use beginning::{MAGIC, contigs};
pub use coded::{CodedPieces, CodedRecord, CodedRecords};
pub use number::as_decimal;
pub use pieces::LENGTHS;
pub use record::{InfoEntries, InfoEntry};
pub use typed::Typed;

/// Bytes of text that a byte of BCF becomes, about: pieces are so much smaller than chunks.
const GROWTH: usize = 2;

/// Texts of an input, in order.
type ByteTexts = Box<dyn Iterator<Item = Result<Text>> + Send>;

/// Says in an error which file it is about.
pub type Placed = Arc<dyn Fn(Error) -> Error + Send + Sync>;

/// Bytes of BCF that are to be read at once, to become a chunk of text.
pub fn piece_bytes(pipe: &Pipe) -> usize {
    (pipe.chunk_bytes / GROWTH).max(1)
}

/// A BCF file whose header has been read.
pub struct Bcf {
    header: Text,
    /// The line of the first record, if there is one: there the header ends.
    first: Option<Text>,
    pieces: Pieces,
    decoder: Decoder,
    placed: Placed,
}

impl Bcf {
    /// Reads the header and the first record off the inflated bytes of a file.
    pub fn begin(bytes: ByteTexts, placed: Placed) -> Result<Self> {
        let Beginning { header, dictionary, rest, offset } =
            Beginning::read(bytes).map_err(|error| placed(error))?;
        let decoder = Decoder::new(dictionary, Arc::clone(&placed));
        let mut pieces = Pieces::new(rest, offset);
        let first = pieces.next().transpose().map_err(|error| placed(error))?;
        let first = first.map(|it| decoder.lines(&it)).transpose()?;
        Ok(Self { header, first, pieces, decoder, placed })
    }

    /// Whether a line of a record may begin as lines of the header do.
    pub fn may_look_like_header(&self) -> bool {
        self.decoder.has_contig_like_header()
    }

    /// Takes the lines up to the first record, which is among them.
    pub fn take_beginning(&mut self) -> ByteTexts {
        let header = std::mem::take(&mut self.header);
        Box::new(std::iter::once(header).chain(self.first.take()).map(Ok))
    }

    /// The records behind the first one, in pieces that would be chunks of so many bytes of text;
    /// with the column of each key of INFO that has one.
    pub fn records(
        mut self,
        chunk_bytes: usize,
        column_of: impl Fn(&[u8]) -> Option<usize>,
    ) -> CodedPieces {
        self.decoder.give_columns(column_of);
        CodedPieces::new(self.pieces, self.decoder, self.placed, chunk_bytes)
    }

    /// All of its lines.
    pub fn lines(mut self, pipe: &Pipe) -> ByteTexts {
        let (beginning, placed) = (self.take_beginning(), self.placed);
        let pieces = self.pieces.of(piece_bytes(pipe)).map(move |it| it.map_err(|it| placed(it)));
        let decoder = self.decoder;
        let lines = ordered(&pipe.pool, pipe.window(), pieces, move |it| decoder.lines(&it));
        Box::new(beginning.chain(lines))
    }
}

/// The text of a BCF file whose inflated bytes these are: its header as it stands there, and a line
/// for each record.
pub fn texts(bytes: ByteTexts, placed: Placed, pipe: &Pipe) -> ByteTexts {
    let pipe = pipe.clone();
    let begun = std::iter::once_with(move || Bcf::begin(bytes, placed).map(|it| it.lines(&pipe)));
    Box::new(begun.flat_map(|it| it.unwrap_or_else(|error| Box::new(std::iter::once(Err(error))))))
}

#[cfg(test)]
mod tests;

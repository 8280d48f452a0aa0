//! BCF, the binary coding of VCF: records become the lines of text that they stand for.
//!
//! ```text
//!  inflated ──► beginning: the header's text ─────────────────────► read::vcf
//!  bytes        │          what its numbers stand for                  ▲
//!               ▼                                                      │
//!               pieces ──► whole records ──► decoder ──► lines ────────┘
//!                                     on all threads, in order
//! ```
//!
//! The parser of VCF reads on from there, so that a record is judged and stored alike, however it
//! was coded. Nothing is lost on the way: a float is the shortest text that is read as itself.

mod beginning;
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
use crate::model::Result;
use beginning::Beginning;
use pieces::Pieces;
use record::Decoder;

pub use beginning::{MAGIC, contigs};
pub use pieces::LENGTHS;

/// Bytes of text that a byte of BCF becomes, about: pieces are so much smaller than chunks.
const GROWTH: usize = 2;

/// Texts of an input, in order.
type ByteTexts = Box<dyn Iterator<Item = Result<Text>> + Send>;

/// Bytes of BCF that are to be read at once, to become a chunk of text.
pub fn piece_bytes(pipe: &Pipe) -> usize {
    (pipe.chunk_bytes / GROWTH).max(1)
}

/// The text of a BCF file whose inflated bytes these are: its header as it stands there, and a line
/// for each record.
pub fn texts(bytes: ByteTexts, pipe: &Pipe) -> ByteTexts {
    let pipe = pipe.clone();
    let begun = std::iter::once_with(move || begin(bytes, &pipe));
    Box::new(begun.flat_map(|it| it.unwrap_or_else(|error| Box::new(std::iter::once(Err(error))))))
}

fn begin(bytes: ByteTexts, pipe: &Pipe) -> Result<ByteTexts> {
    let Beginning { header, dictionary, rest, offset } = Beginning::read(bytes)?;
    let pieces = Pieces::new(rest, offset, piece_bytes(pipe));
    let decoder = Arc::new(Decoder::new(dictionary));
    let lines = ordered(&pipe.pool, pipe.window(), pieces, move |piece| decoder.lines(&piece));
    Ok(Box::new(std::iter::once(Ok(header)).chain(lines)))
}

#[cfg(test)]
mod tests;

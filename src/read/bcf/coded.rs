//! Records on their way to the parser of VCF, which takes most of them as they are coded.

use std::sync::Arc;

use super::damage::RecordPlace;
use super::pieces::{Pieces, RecordPiece};
use super::record::{Decoder, InfoEntries};
use super::{GROWTH, Placed};
use crate::model::Result;

/// The records of a file in pieces.
pub struct CodedPieces {
    pieces: Pieces,
    decoder: Arc<Decoder>,
    placed: Placed,
}

impl CodedPieces {
    /// Pieces whose lines would have about so many bytes of text.
    pub fn new(pieces: Pieces, decoder: Decoder, placed: Placed, chunk_bytes: usize) -> Self {
        let pieces = pieces.of((chunk_bytes / GROWTH).max(1));
        Self { pieces, decoder: Arc::new(decoder), placed }
    }
}

impl Iterator for CodedPieces {
    type Item = Result<CodedRecords>;

    fn next(&mut self) -> Option<Self::Item> {
        let piece = self.pieces.next()?.map_err(|error| (self.placed)(error));
        Some(piece.map(|piece| CodedRecords { piece, decoder: Arc::clone(&self.decoder) }))
    }
}

/// Records that follow each other.
pub struct CodedRecords {
    piece: RecordPiece,
    decoder: Arc<Decoder>,
}

impl CodedRecords {
    /// The records.
    pub fn iter(&self) -> impl Iterator<Item = CodedRecord<'_>> {
        let record = |(place, bytes)| CodedRecord { decoder: &self.decoder, place, bytes };
        self.piece.records().map(record)
    }
}

/// A record.
pub struct CodedRecord<'a> {
    decoder: &'a Decoder,
    place: RecordPlace,
    bytes: &'a [u8],
}

impl<'a> CodedRecord<'a> {
    /// Appends the line that it stands for.
    pub fn push_line(&self, out: &mut Vec<u8>) -> Result<()> {
        self.decoder.line(self.place, self.bytes, out)
    }

    /// Appends its columns from CHROM to FILTER, and a dot for INFO, whose entries it gives as they
    /// are coded. None where it has samples or unusual names, or may be damaged: its line tells.
    #[inline]
    pub fn push_site(&self, out: &mut Vec<u8>) -> Option<InfoEntries<'a>> {
        self.decoder.site(self.bytes, out)
    }
}

//! Cuts the bytes of a file into pieces of whole records.

use super::super::chunk::Text;
use super::ByteTexts;
use super::damage::{Damage, RecordPlace, cut};
use crate::model::Result;

/// Bytes before a record: the lengths of its two parts.
pub const LENGTHS: usize = 8;
/// Bytes that each record has behind its lengths: those of its fixed fields.
const FIXED: u64 = 24;
/// The most bytes of a record.
const MAX_RECORD: u64 = 64 << 20;
/// Bytes that each sample of a record counts, beside those that it has: it becomes so many of text
/// at least.
const OF_A_SAMPLE: usize = 2;

/// Whole records, with their lengths.
pub struct RecordPiece {
    /// The records, one after the other.
    pub records: Text,
    /// Where the first one stands.
    pub first: RecordPlace,
}

impl RecordPiece {
    /// Each record, and where it stands.
    pub fn records(&self) -> impl Iterator<Item = (RecordPlace, &[u8])> {
        let (mut rest, mut place) = (self.records.bytes(), self.first);
        std::iter::from_fn(move || {
            let known = record_length(rest).ok().flatten();
            let length = known.and_then(|it| usize::try_from(it).ok()).unwrap_or(rest.len());
            let (record, behind) = rest.split_at(length.min(rest.len()));
            let here = place;
            rest = behind;
            place = RecordPlace { record: here.record + 1, byte: here.byte + record.len() as u64 };
            (!record.is_empty()).then_some((here, record))
        })
    }
}

/// Whole records of the bytes of a file.
pub struct Pieces {
    texts: ByteTexts,
    /// The beginning of a record that is not here yet.
    carry: Vec<u8>,
    /// Records that wait, where nothing is carried, and perhaps the beginning of one.
    waiting: Text,
    /// Where the next piece begins.
    place: RecordPlace,
    /// Weight from which on a piece ends.
    most: usize,
    done: bool,
}

/// The records at the beginning of some bytes.
struct Whole {
    records: u64,
    bytes: usize,
    is_full: bool,
}

impl Pieces {
    /// Pieces of a record each; the first of these bytes is at `offset` of the file.
    pub fn new(texts: ByteTexts, offset: u64) -> Self {
        let place = RecordPlace { record: 1, byte: offset };
        Self { texts, carry: Vec::new(), waiting: Text::default(), place, most: 1, done: false }
    }

    /// Makes those that are to come about `most` bytes large.
    #[must_use]
    pub fn of(self, most: usize) -> Self {
        Self { most, ..self }
    }

    fn piece(&mut self) -> Result<Option<RecordPiece>> {
        loop {
            if let Some(piece) = self.take()? {
                return Ok(Some(piece));
            }
            let Some(text) = self.texts.next() else { return self.end() };
            let mut text = text?;
            let needed = self.length_of(&self.carry)?.unwrap_or(LENGTHS as u64);
            if ((self.carry.len() + text.bytes().len()) as u64) < needed {
                self.carry.extend_from_slice(text.bytes());
                continue;
            }
            text.put_before(&std::mem::take(&mut self.carry));
            self.waiting = text;
        }
    }

    fn end(&mut self) -> Result<Option<RecordPiece>> {
        self.done = true;
        if self.carry.is_empty() {
            return Ok(None);
        }
        Err(cut("it ends inside a record", Some(self.place)))
    }

    /// Takes a piece of what waits; none where no record is whole.
    fn take(&mut self) -> Result<Option<RecordPiece>> {
        let bytes = self.waiting.bytes();
        if bytes.is_empty() {
            return Ok(None);
        }
        let whole = self.whole(bytes)?;
        if whole.records == 0 {
            self.carry = std::mem::take(&mut self.waiting).bytes().to_vec();
            return Ok(None);
        }
        let first = self.place;
        self.place.record += whole.records;
        self.place.byte += whole.bytes as u64;
        let records = if whole.is_full {
            let records = Text::copied(&bytes[..whole.bytes]);
            self.waiting.advance(whole.bytes);
            records
        } else {
            self.carry = bytes[whole.bytes..].to_vec();
            let mut records = std::mem::take(&mut self.waiting);
            records.truncate(whole.bytes);
            records
        };
        Ok(Some(RecordPiece { records, first }))
    }

    fn whole(&self, bytes: &[u8]) -> Result<Whole> {
        let mut whole = Whole { records: 0, bytes: 0, is_full: false };
        let mut weight = 0_usize;
        loop {
            let rest = &bytes[whole.bytes..];
            let length = match record_length(rest) {
                // Those in front are decoded first: what is wrong in one of them is told.
                Err(_) if whole.records > 0 => {
                    whole.is_full = true;
                    break;
                }
                length => length.map_err(|it| it.of_record(self.place))?,
            };
            let Some(length) = length else { break };
            let Some(length) = usize::try_from(length).ok().filter(|it| *it <= rest.len()) else {
                break;
            };
            whole.bytes += length;
            whole.records += 1;
            weight = weight.saturating_add(length + samples(rest) * OF_A_SAMPLE);
            // What is left over would be a piece of its own, as small as it is.
            if weight >= self.most && bytes.len() - whole.bytes > self.most / 4 {
                whole.is_full = true;
                break;
            }
        }
        Ok(whole)
    }

    fn length_of(&self, bytes: &[u8]) -> Result<Option<u64>> {
        record_length(bytes).map_err(|it| it.of_record(self.place))
    }
}

/// How many bytes the record has that begins here, with its lengths, where those are here.
pub fn record_length(bytes: &[u8]) -> Result<Option<u64>, Damage> {
    let Some(lengths) = bytes.first_chunk::<LENGTHS>() else { return Ok(None) };
    let number = |it: Option<&[u8; 4]>| u64::from(u32::from_le_bytes(*it.unwrap_or(&[0; 4])));
    let (shared, individual) = (number(lengths.first_chunk()), number(lengths.last_chunk()));
    let length = LENGTHS as u64 + shared + individual;
    if shared < FIXED {
        return Err(Damage("a record is too short to be one"));
    }
    if length > MAX_RECORD {
        return Err(Damage("a record is longer than 64 MiB"));
    }
    Ok(Some(length))
}

/// How many samples a record says that it has.
fn samples(record: &[u8]) -> usize {
    let at = LENGTHS + 20;
    let [a, b, c] =
        record.get(at..at + 3).and_then(|it| it.first_chunk()).copied().unwrap_or_default();
    u32::from_le_bytes([a, b, c, 0]) as usize
}

impl Iterator for Pieces {
    type Item = Result<RecordPiece>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let piece = self.piece();
        self.done |= piece.is_err();
        piece.transpose()
    }
}

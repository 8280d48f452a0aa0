//! Decodes records to lines.

use super::super::chunk::{MAX_LINE, Text};
use super::damage::{Damage, RecordPlace};
use super::dictionary::{Dictionary, Names};
use super::number::{push_float, push_integer};
use super::pieces::{LENGTHS, RecordPiece, record_length};
use super::samples::push_samples;
use super::typed::{Bytes, Element, Typed, TypedKind, float, push_text, within};
use crate::model::Result;

/// The most bytes of a line for each byte and each sample of its record. The longest names, those
/// of flags, have their key for three bytes.
const MAX_GROWTH: usize = 100;
/// Bytes of text that bytes of BCF become, about.
const USUAL_GROWTH: usize = 3;

/// Decodes the records of a file.
pub struct Decoder {
    dictionary: Dictionary,
}

/// What the fixed fields of a record say of the others.
struct FieldCounts {
    info: usize,
    alleles: usize,
    formats: usize,
    samples: usize,
}

impl Decoder {
    /// A decoder of records whose numbers stand for these names.
    pub fn new(dictionary: Dictionary) -> Self {
        Self { dictionary }
    }

    /// A line for each record.
    pub fn lines(&self, piece: &RecordPiece) -> Result<Text> {
        let mut rest = piece.records.bytes();
        let mut place = piece.first;
        Text::written(rest.len() * USUAL_GROWTH, |out| {
            while !rest.is_empty() {
                let length = self.record(rest, out).map_err(|it| it.of_record(place))?;
                rest = &rest[length..];
                place = RecordPlace { record: place.record + 1, byte: place.byte + length as u64 };
            }
            Ok(())
        })
    }

    /// Appends the line of the first record, and says how long that is.
    fn record<'a>(&'a self, bytes: &'a [u8], out: &mut Vec<u8>) -> Result<usize, Damage> {
        let length = record_length(bytes)?.and_then(|it| usize::try_from(it).ok());
        let mut record = Bytes(bytes);
        let shared = u32::from_le_bytes(record.array()?) as usize;
        let individual = u32::from_le_bytes(record.array()?) as usize;
        let mut shared = Bytes(record.take(shared)?);
        let mut individual = Bytes(record.take(individual)?);
        let size = shared.0.len() + individual.0.len() + LENGTHS + self.dictionary.samples;
        let limit = out.len() + MAX_LINE.min(size * MAX_GROWTH);
        let counts = self.shared(&mut shared, out, limit)?;
        push_samples(
            &self.dictionary,
            &mut individual,
            (counts.formats, counts.samples),
            out,
            limit,
        )?;
        out.push(b'\n');
        if !shared.0.is_empty() || !individual.0.is_empty() {
            return Err(Damage("a record has more bytes than its values"));
        }
        within(out, limit)?;
        length.ok_or(Damage("a record has no end"))
    }

    /// Appends the columns from CHROM to INFO.
    fn shared(
        &self,
        bytes: &mut Bytes<'_>,
        out: &mut Vec<u8>,
        limit: usize,
    ) -> Result<FieldCounts, Damage> {
        let contig = self.dictionary.contigs.get(i32::from_le_bytes(bytes.array()?));
        let contig = contig.ok_or(Damage("a record lies on a contig that its header has not"))?;
        out.extend_from_slice(&contig.text);
        out.push(b'\t');
        push_integer(out, i64::from(i32::from_le_bytes(bytes.array()?)) + 1);
        out.push(b'\t');
        // The length on the reference: END or REF tell it as well.
        bytes.take(4)?;
        let quality = float(bytes.array()?);
        let info = u16::from_le_bytes(bytes.array()?).into();
        let alleles = u16::from_le_bytes(bytes.array()?).into();
        let [low, middle, high, formats] = bytes.array()?;
        let samples = u32::from_le_bytes([low, middle, high, 0]) as usize;
        let counts = FieldCounts { info, alleles, formats: formats.into(), samples };
        push_text(out, bytes.text()?)?;
        push_alleles(bytes, counts.alleles, out)?;
        out.push(b'\t');
        match quality {
            Element::Value(it) => push_float(out, it),
            Element::Missing | Element::End => out.push(b'.'),
        }
        out.push(b'\t');
        push_filters(&self.dictionary.keys, bytes.typed()?, out, limit)?;
        push_info(&self.dictionary.keys, bytes, counts.info, out, limit)?;
        Ok(counts)
    }
}

/// Appends REF and ALT, each behind a tab.
fn push_alleles(bytes: &mut Bytes<'_>, count: usize, out: &mut Vec<u8>) -> Result<(), Damage> {
    for at in 0..count {
        out.push(if at < 2 { b'\t' } else { b',' });
        push_text(out, bytes.text()?)?;
    }
    for _ in count..2 {
        out.extend_from_slice(b"\t.");
    }
    Ok(())
}

/// Appends the names of filters.
fn push_filters(
    names: &Names,
    filters: Typed<'_>,
    out: &mut Vec<u8>,
    limit: usize,
) -> Result<(), Damage> {
    let before = out.len();
    filters.integers(|at, number| {
        if at > 0 {
            out.push(b';');
        }
        match number {
            Some(number) => out.extend_from_slice(&names.key(number)?.text),
            None => out.push(b'.'),
        }
        within(out, limit)
    })?;
    if out.len() == before {
        out.push(b'.');
    }
    Ok(())
}

/// Appends a tab and the fields of INFO.
fn push_info(
    names: &Names,
    bytes: &mut Bytes<'_>,
    count: usize,
    out: &mut Vec<u8>,
    limit: usize,
) -> Result<(), Damage> {
    if count == 0 {
        out.extend_from_slice(b"\t.");
    }
    let begin = out.len();
    for _ in 0..count {
        let key = names.key(bytes.integer()?)?;
        key.push_entry(out);
        let value = bytes.typed()?;
        if value.bytes.is_empty() || key.is_flag && value.kind != TypedKind::Text {
            out.pop();
        } else {
            value.push(out, limit)?;
        }
        within(out, limit)?;
    }
    // In front of the first entry stands no semicolon.
    if let Some(first) = out.get_mut(begin).filter(|_| count > 0) {
        *first = b'\t';
    }
    Ok(())
}

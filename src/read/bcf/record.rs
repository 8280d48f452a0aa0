//! Decodes records: to lines, or without samples to fixed fields with INFO as it is coded.

use super::super::chunk::{MAX_LINE, Text};
use super::Placed;
use super::damage::{Damage, RecordPlace};
use super::dictionary::{Dictionary, MAX_USUAL_NAME, Name, Names};
use super::number::{push_float, push_integer};
use super::pieces::{LENGTHS, RecordPiece};
use super::samples::push_samples;
use super::typed::{Bytes, Element, Typed, TypedKind, float, push_text, within};
use crate::model::Result;

/// The most bytes of a line for each byte and each sample of its record. The longest names, those
/// of flags, have their key for three bytes.
const MAX_GROWTH: usize = 100;
/// Bytes of text that bytes of BCF become, about.
const USUAL_GROWTH: usize = 3;

/// Usual names take no record beyond its growth: a filter has a byte, and its text a semicolon.
const _: () = assert!(MAX_USUAL_NAME < MAX_GROWTH);

/// Decodes the records of a file.
pub struct Decoder {
    dictionary: Dictionary,
    placed: Placed,
    /// Whether records have no samples, and their names are usual ones.
    has_sites: bool,
}

/// What the fixed fields of a record say of the others.
struct FieldCounts {
    info: usize,
    alleles: usize,
    formats: usize,
    samples: usize,
}

/// An entry of INFO.
pub struct InfoEntry<'a> {
    /// Its key.
    pub key: &'a Name,
    /// Its value.
    pub value: Typed<'a>,
}

impl InfoEntry<'_> {
    /// Whether its key stands bare.
    #[inline]
    pub fn is_bare(&self) -> bool {
        self.value.bytes.is_empty() || self.key.is_flag && self.value.kind != TypedKind::Text
    }
}

/// The entries of INFO as they are coded.
pub struct InfoEntries<'a> {
    keys: &'a Names,
    bytes: Bytes<'a>,
    left: usize,
}

impl<'a> InfoEntries<'a> {
    /// Whether nothing is left of them, and nothing stands behind.
    pub fn is_done(&self) -> bool {
        self.left == 0 && self.bytes.0.is_empty()
    }

    #[inline]
    fn entry(&mut self) -> Result<InfoEntry<'a>, Damage> {
        let key = self.keys.key(self.bytes.integer()?)?;
        Ok(InfoEntry { key, value: self.bytes.typed()? })
    }
}

impl<'a> Iterator for InfoEntries<'a> {
    type Item = Result<InfoEntry<'a>, Damage>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some(self.entry())
    }
}

/// The two parts of a record.
struct Parts<'a> {
    shared: Bytes<'a>,
    individual: Bytes<'a>,
    /// Bytes that its line may have.
    most: usize,
}

impl Decoder {
    /// A decoder of records whose numbers stand for these names, with what says where an error is.
    pub fn new(dictionary: Dictionary, placed: Placed) -> Self {
        let has_sites = dictionary.samples == 0 && dictionary.has_usual_names();
        Self { dictionary, placed, has_sites }
    }

    /// Whether a contig begins as lines of the header do.
    pub fn has_contig_like_header(&self) -> bool {
        self.dictionary.contigs.all().flatten().any(|it| it.text.starts_with(b"#"))
    }

    /// Gives each key the column of INFO that it has.
    pub fn give_columns(&mut self, column_of: impl Fn(&[u8]) -> Option<usize>) {
        for key in self.dictionary.keys.all_mut() {
            key.column = column_of(&key.text);
        }
    }

    /// A line for each record.
    pub fn lines(&self, piece: &RecordPiece) -> Result<Text> {
        Text::written(piece.records.bytes().len() * USUAL_GROWTH, |out| {
            piece.records().try_for_each(|(place, record)| self.line(place, record, out))
        })
    }

    /// Appends the line of a record.
    pub fn line(&self, place: RecordPlace, record: &[u8], out: &mut Vec<u8>) -> Result<()> {
        self.push_line(record, out).map_err(|it| (self.placed)(it.of_record(place)))
    }

    /// Appends the columns from CHROM to FILTER of a record, and a dot for INFO, whose entries it
    /// gives as they are coded. None where a record has samples, or may be damaged: its line tells.
    pub fn site<'a>(&'a self, record: &'a [u8], out: &mut Vec<u8>) -> Option<InfoEntries<'a>> {
        let parts = self.parts(record).ok().filter(|_| self.has_sites)?;
        let Parts { shared: mut bytes, individual, most } = parts;
        let counts = self.fixed(&mut bytes, out, out.len() + most).ok()?;
        out.extend_from_slice(b"\t.");
        let has_samples = counts.formats > 0 || counts.samples > 0 || !individual.0.is_empty();
        let may_be_long = record.len() > MAX_LINE / MAX_GROWTH;
        let entries = InfoEntries { keys: &self.dictionary.keys, bytes, left: counts.info };
        (!has_samples && !may_be_long).then_some(entries)
    }

    fn parts<'a>(&self, record: &'a [u8]) -> Result<Parts<'a>, Damage> {
        let mut record = Bytes(record);
        let shared = u32::from_le_bytes(record.array()?) as usize;
        let individual = u32::from_le_bytes(record.array()?) as usize;
        let (shared, individual) = (record.take(shared)?, record.take(individual)?);
        let size = shared.len() + individual.len() + LENGTHS + self.dictionary.samples;
        let most = MAX_LINE.min(size * MAX_GROWTH);
        Ok(Parts { shared: Bytes(shared), individual: Bytes(individual), most })
    }

    fn push_line(&self, record: &[u8], out: &mut Vec<u8>) -> Result<(), Damage> {
        let Parts { mut shared, mut individual, most } = self.parts(record)?;
        let limit = out.len() + most;
        let counts = self.fixed(&mut shared, out, limit)?;
        let keys = &self.dictionary.keys;
        let mut entries = InfoEntries { keys, bytes: shared, left: counts.info };
        push_info(&mut entries, out, limit)?;
        let samples = (counts.formats, counts.samples);
        push_samples(&self.dictionary, &mut individual, samples, out, limit)?;
        out.push(b'\n');
        if !entries.is_done() || !individual.0.is_empty() {
            return Err(Damage("a record has more bytes than its values"));
        }
        within(out, limit)
    }

    /// Appends the columns from CHROM to FILTER.
    fn fixed(
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
fn push_info(entries: &mut InfoEntries<'_>, out: &mut Vec<u8>, limit: usize) -> Result<(), Damage> {
    if entries.left == 0 {
        out.extend_from_slice(b"\t.");
        return Ok(());
    }
    let begin = out.len();
    for entry in entries {
        let entry = entry?;
        entry.key.push_entry(out);
        if entry.is_bare() {
            out.pop();
        } else {
            entry.value.push(out, limit)?;
        }
        within(out, limit)?;
    }
    // In front of the first entry stands no semicolon.
    if let Some(first) = out.get_mut(begin) {
        *first = b'\t';
    }
    Ok(())
}

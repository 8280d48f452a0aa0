//! What becomes of a chunk: each record is looked up in every store, and gets what is found into
//! its INFO. All other bytes stay.

use std::collections::HashMap;
use std::iter::once;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::added::Added;
use super::counts::RecordCounts;
use super::lookup::{Held, Normal};
use super::overlap::Overlaps;
use super::record::{Fault, Record, records};
use super::region::Regions;
use super::source::Source;
use super::variants::Variants;
use crate::model::{Error, ErrorKind, Result};
use crate::read::spare;
use crate::read::vcf::Header;

/// Bytes of found values that are kept for records out of order.
const EARLY_BYTES: usize = 32 << 20;

/// Bytes that few lines are longer than.
pub const LINE_ROOM: usize = 64 << 10;

/// What all chunks are worked on with.
pub struct Annotator {
    /// The stores, in the order in which they were asked for.
    pub sources: Vec<Source>,
    /// The numbers of the fields by their keys.
    pub keys: FxHashMap<Vec<u8>, usize>,
    /// The lengths of keys by the byte that they begin with: a bit each, as in [`bit_of`].
    pub lengths: [u64; 256],
    /// The header of the file.
    pub header: Header,
    /// Whether only records that got something are written.
    pub only_hits: bool,
    /// The regions that records have to overlap.
    pub regions: Regions,
}

/// Lines of a chunk with what was added.
#[derive(Default)]
pub struct Lines {
    /// The lines, each ended.
    pub text: Vec<u8>,
    /// Where each ends, its break included.
    pub ends: Vec<usize>,
}

impl Lines {
    /// None yet, with room for so many bytes of text and the line that makes them more.
    fn with_room(bytes: usize) -> Self {
        Self { text: spare::emptied(bytes + LINE_ROOM), ends: Vec::new() }
    }
}

/// What a chunk came to beside its lines.
pub struct ChunkOutcome {
    /// What became of its records.
    pub counts: RecordCounts,
    /// How many lines it had.
    pub lines: u64,
    /// The contig and position of its first and last record.
    pub bounds: Option<[(Vec<u8>, i64); 2]>,
    /// The first line that is no record.
    pub fault: Option<Fault>,
    /// Whether its last line has no break.
    pub is_open: bool,
}

impl Annotator {
    /// One for these stores.
    pub fn new(sources: Vec<Source>, header: Header, only_hits: bool, regions: Regions) -> Self {
        let (mut keys, mut lengths) = (FxHashMap::default(), [0; 256]);
        for source in &sources {
            for (number, field) in source.fields.iter().enumerate() {
                let key = field.field.key.as_bytes().to_vec();
                let initial = key.first().copied().unwrap_or_default();
                lengths[usize::from(initial)] |= bit_of(key.len());
                keys.insert(key, source.first_field + number);
            }
        }
        Self { sources, keys, lengths, header, only_hits, regions }
    }

    /// Works on a chunk of whole lines. `full` takes lines whenever they are at least `bytes`, and
    /// at last those that are left.
    pub fn work(
        &self,
        text: &[u8],
        bytes: usize,
        mut full: impl FnMut(Lines) -> Result<()>,
    ) -> Result<ChunkOutcome> {
        let (records, lines, fault) = records(text, &self.header);
        let mut worker = Worker::new(self, text);
        worker.counts.records = records.len() as u64;
        let contigs = contigs(text, &records);
        let is_sorted = contigs.as_ref().is_some_and(|_| in_order(text, &records));
        let mut early = Early::default();
        if !is_sorted {
            worker.counts.unsorted = true;
            early = worker.look_up_early(&records)?;
        }
        let mut out = Lines::with_room(bytes);
        let mut added = Added::default();
        for (number, record) in records.iter().enumerate() {
            if !self.regions.is_empty() && !self.regions.overlap(text, record) {
                continue;
            }
            worker.counts.in_regions += 1;
            match early.take(number) {
                Some(found) => added = found,
                None => worker.look_up(record, &mut added)?,
            }
            worker.counts.annotated += u64::from(!added.is_empty());
            if self.only_hits && added.is_empty() {
                continue;
            }
            worker.write(record, &added, &mut out);
            if out.text.len() >= bytes {
                full(std::mem::replace(&mut out, Lines::with_room(bytes)))?;
            }
        }
        full(out)?;
        let bounds = bounds(text, &records);
        let is_open = !text.ends_with(b"\n");
        Ok(ChunkOutcome { counts: worker.counts, lines, bounds, fault, is_open })
    }
}

/// What was found for records before their turn came.
#[derive(Default)]
struct Early(Vec<Option<Added>>);

impl Early {
    fn take(&mut self, number: usize) -> Option<Added> {
        self.0.get_mut(number)?.take()
    }
}

/// One thread's work on one chunk.
struct Worker<'a> {
    annotator: &'a Annotator,
    text: &'a [u8],
    counts: RecordCounts,
    sources: Vec<OfSource<'a>>,
    contig: Range<usize>,
    owned: Vec<(Range<usize>, usize)>,
}

/// What a worker has at hand of a store.
struct OfSource<'a> {
    source: &'a Source,
    held: Held<'a>,
    variants: Variants,
    overlaps: Overlaps,
    /// The contig of the record, as the store numbers it.
    contig: Option<usize>,
    normal: Option<Normal>,
}

impl<'a> Worker<'a> {
    fn new(annotator: &'a Annotator, text: &'a [u8]) -> Self {
        let of_source = |source: &'a Source| OfSource {
            source,
            held: Held::new(&source.lookup),
            variants: Variants::new(annotator.header.minor()),
            overlaps: Overlaps::default(),
            contig: None,
            normal: None,
        };
        Self {
            annotator,
            text,
            counts: RecordCounts::new(annotator.sources.len()),
            sources: annotator.sources.iter().map(of_source).collect(),
            contig: 0..0,
            owned: Vec::new(),
        }
    }

    /// Looks records that are not in order up in the order of their places, so that each block is
    /// read once, as long as there is room for what is found.
    fn look_up_early(&mut self, records: &[Record]) -> Result<Early> {
        let text = self.text;
        let mut order: Vec<usize> = (0..records.len()).collect();
        order.sort_by_key(|it| (&text[records[*it].contig.clone()], records[*it].position));
        let mut early = vec![None; records.len()];
        let mut room = EARLY_BYTES;
        for number in order {
            let mut added = Added::default();
            let record = &records[number];
            let regions = &self.annotator.regions;
            if regions.is_empty() || regions.overlap(text, record) {
                self.look_up(record, &mut added)?;
            }
            let bytes = added.bytes() + size_of::<Added>();
            early[number] = Some(added);
            room = room.saturating_sub(bytes);
            if room == 0 {
                break;
            }
        }
        Ok(Early(early))
    }

    /// Finds what all stores have for a record.
    fn look_up(&mut self, record: &Record, added: &mut Added) -> Result<()> {
        added.clear();
        let text = self.text;
        let name = &text[record.contig.clone()];
        if self.contig.is_empty() || text[self.contig.clone()] != *name {
            self.enter(record.contig.clone());
        }
        self.hold_against_reference(record)?;
        for (of, counts) in self.sources.iter_mut().zip(&mut self.counts.sources) {
            let Some(contig) = of.contig else { continue };
            counts.on_contigs += 1;
            let place = (contig, record, text);
            let found = if of.source.by_alleles {
                let normal = of.normal.as_mut();
                of.variants.add(of.source, &mut of.held, place, normal, counts, added)?
            } else {
                of.overlaps.add(of.source, &mut of.held, place, counts, added)?
            };
            counts.hits += u64::from(found);
        }
        Ok(())
    }

    /// Counts the record where the reference has other bases; of several references that of the
    /// first store.
    fn hold_against_reference(&mut self, record: &Record) -> Result<()> {
        let mut of = self.sources.iter_mut().filter(|it| it.source.lookup.has_reference());
        let Some(first) = of.next() else { return Ok(()) };
        let counts = &mut self.counts;
        let Some(normal) = &mut first.normal else {
            counts.off_reference += 1;
            return Ok(());
        };
        let own = &self.text[record.reference.clone()];
        if let Some(other) = normal.other_bases(record.start(), own)? {
            counts.misfits += 1;
            counts.misfit.get_or_insert_with(|| misfit(self.text, record, other));
        }
        Ok(())
    }

    fn enter(&mut self, contig: Range<usize>) {
        let name = &self.text[contig.clone()];
        for (of, counts) in self.sources.iter_mut().zip(&mut self.counts.sources) {
            let contigs = of.source.lookup.contigs();
            of.contig = contigs.find(name);
            of.normal = of.source.lookup.normal(name);
            let shown = || crate::diagnostic::printable(name, 40);
            match of.contig.map(|it| contigs.name(it)) {
                None => counts.without = counts.without.take().or_else(|| Some(shown())),
                Some(known) if known.as_bytes() != name => {
                    counts.renamed.insert(shown(), known.to_owned());
                }
                Some(_) => {}
            }
        }
        self.contig = contig;
    }

    /// Writes the line of a record with what is added to its INFO.
    fn write(&mut self, record: &Record, added: &Added, out: &mut Lines) {
        let text = self.text;
        out.text.extend_from_slice(&text[record.line.start..record.info.start]);
        if added.is_empty() {
            out.text.extend_from_slice(&text[record.info.clone()]);
        } else {
            self.info(record.info.clone(), added, &mut out.text);
        }
        let rest = record.info.end..record.line.end;
        out.text.extend_from_slice(&text[rest.clone()]);
        let has_return = text[rest.end..].first() == Some(&b'\r');
        out.text.extend_from_slice(if has_return { b"\r\n" } else { b"\n" });
        out.ends.push(out.text.len());
    }

    /// INFO as it stands, then what is added; a key that is there gets its value where it stands.
    fn info(&mut self, info: Range<usize>, added: &Added, out: &mut Vec<u8>) {
        let own = &self.text[info.clone()];
        let begin = out.len();
        self.find_owned(info);
        if self.owned.is_empty() {
            if own != b"." {
                out.extend_from_slice(own);
            }
        } else {
            let mut from = 0;
            for (part, field) in &self.owned {
                if let Some((_, value)) = added.iter().find(|it| it.0 == *field) {
                    out.extend_from_slice(&own[from..part.start]);
                    out.extend_from_slice(value);
                    from = part.end;
                    self.counts.replaced += 1;
                }
            }
            out.extend_from_slice(&own[from..]);
        }
        for (field, value) in added.iter() {
            if self.owned.iter().all(|it| it.1 != field) {
                if out.len() > begin && out.last() != Some(&b';') {
                    out.push(b';');
                }
                out.extend_from_slice(value);
            }
        }
    }

    /// Finds the parts of INFO that have the key of a field.
    fn find_owned(&mut self, info: Range<usize>) {
        self.owned.clear();
        let own = &self.text[info];
        let mut from = 0;
        for end in memchr::memchr_iter(b';', own).chain(once(own.len())) {
            let part = &own[from..end];
            let lengths = part.first().map_or(0, |it| self.annotator.lengths[usize::from(*it)]);
            if lengths != 0 {
                let length = part.iter().position(|it| *it == b'=').unwrap_or(part.len());
                // Most keys differ in their length already.
                if lengths & bit_of(length) != 0
                    && let Some(field) = self.annotator.keys.get(&part[..length])
                {
                    self.owned.push((from..end, *field));
                }
            }
            from = end + 1;
        }
    }
}

/// What a record has, and the reference has not.
fn misfit(text: &[u8], record: &Record, other: &[u8]) -> String {
    let shown = |it: &[u8]| crate::diagnostic::printable(it, 20);
    format!(
        "{}:{} has {}, the reference {}",
        shown(&text[record.contig.clone()]),
        record.position,
        shown(&text[record.reference.clone()]),
        if other.is_empty() { "no base".to_owned() } else { shown(other) }
    )
}

/// The bit of a length among 64; the last is that of all lengths from there on.
fn bit_of(length: usize) -> u64 {
    1 << length.min(63)
}

/// The contigs of records by where they begin; none where one comes again behind others.
fn contigs<'a>(text: &'a [u8], records: &[Record]) -> Option<HashMap<&'a [u8], usize>> {
    let mut seen = HashMap::new();
    let mut last: &[u8] = b"";
    for (number, record) in records.iter().enumerate() {
        let name = &text[record.contig.clone()];
        if name != last && seen.insert(name, number).is_some() {
            return None;
        }
        last = name;
    }
    Some(seen)
}

/// Whether no record comes before the one in front of it on its contig.
fn in_order(text: &[u8], records: &[Record]) -> bool {
    records.windows(2).all(|it| {
        it[0].position <= it[1].position || text[it[0].contig.clone()] != text[it[1].contig.clone()]
    })
}

fn bounds(text: &[u8], records: &[Record]) -> Option<[(Vec<u8>, i64); 2]> {
    let of = |it: &Record| (text[it.contig.clone()].to_vec(), it.position);
    Some([of(records.first()?), of(records.last()?)])
}

/// The error that a line that is no record ends the run with, behind so many lines or records,
/// where that is known.
pub fn refused(fault: &Fault, before: Option<(&'static str, u64)>) -> Error {
    let error = Error::new(ErrorKind::Unreadable, fault.message.clone())
        .with_help("annostore check says all that is wrong with the file");
    match before {
        Some((what, before)) => error.with(what, before + fault.line + 1),
        None => error,
    }
}

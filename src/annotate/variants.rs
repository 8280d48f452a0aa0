//! Rows that are of the variants of a record: each ALT allele of the record is looked for by
//! itself, among all ALT alleles of the rows that begin where it does.

use std::cell::OnceCell;
use std::ops::Range;

use super::added::Added;
use super::counts::SourceCounts;
use super::hit::Hit;
use super::lookup::{AlleleAt, Block, Change, ContigRows, Held, Normal, REACH};
use super::many::ManyChanges;
use super::of_alleles::Hits;
use super::record::{Record, SaidEnds};
use super::request::OnMany;
use super::source::Source;
use crate::diagnostic::printable;
use crate::model::{Error, ErrorKind, Result};

/// ALT alleles of a record from which on rows are looked for among them, not they among rows.
const MANY: usize = 32;

/// What a worker needs to find rows by alleles.
#[derive(Default)]
pub struct Variants {
    /// The minor version of VCF 4 of the file.
    minor: u32,
    hits: Hits,
    forms: Forms,
    /// The block and the row where the last record was found.
    last: (u32, usize),
}

/// The one form of each allele of a record.
#[derive(Default)]
struct Forms {
    /// Those of alleles that are not in it; start, and where REF and ALT stand.
    of: Vec<Option<OneForm>>,
    letters: Vec<u8>,
}

struct OneForm {
    start: i64,
    reference: Range<usize>,
    alternate: Range<usize>,
}

impl Forms {
    fn clear(&mut self) {
        self.of.clear();
        self.letters.clear();
    }

    /// Puts the alleles of a record into their one form.
    fn put(&mut self, sought: &Sought<'_>, normal: &mut Normal) -> Result<()> {
        for change in sought.changes() {
            let from = self.letters.len();
            let form = normal.form(sought.start, change, &mut self.letters)?;
            self.of.push(form.map(|(start, middle)| OneForm {
                start,
                reference: from..middle,
                alternate: middle..self.letters.len(),
            }));
        }
        Ok(())
    }

    /// Where an allele starts in its one form, and what it changes there.
    fn get<'a>(&'a self, allele: usize, start: i64, as_written: Change<'a>) -> (i64, Change<'a>) {
        let Some(Some(form)) = self.of.get(allele) else { return (start, as_written) };
        let letters = |it: &Range<usize>| &self.letters[it.clone()];
        let (reference, alternate) = (letters(&form.reference), letters(&form.alternate));
        (form.start, Change { reference, alternate })
    }

    /// The first and the last start of alleles, of which those in their one form have this.
    fn bounds(&self, start: i64) -> (i64, i64) {
        let starts = self.of.iter().flatten().map(|it| it.start);
        starts.fold((start, start), |(low, high), it| (low.min(it), high.max(it)))
    }
}

/// A record whose rows are looked for.
struct Sought<'a> {
    /// It.
    record: &'a Record,
    /// Its chunk.
    text: &'a [u8],
    /// The minor version of VCF 4 that it is of.
    minor: u32,
    /// The rows of its contig.
    rows: &'a ContigRows,
    /// Its zero-based start.
    start: i64,
    /// REF.
    reference: &'a [u8],
    /// ALT, with commas between alleles.
    alternates: &'a [u8],
    /// What it says of where its alleles end, once that was asked for.
    ends: OnceCell<SaidEnds>,
}

impl<'a> Sought<'a> {
    /// The change of each ALT allele.
    fn changes(&self) -> impl Iterator<Item = Change<'a>> + use<'a> {
        let reference = self.reference;
        self.alternates
            .split(|it| *it == b',')
            .map(move |alternate| Change { reference, alternate })
    }

    /// Whether a row that has an allele ends where the record says that its allele does. An allele
    /// that is written out says so itself, and a breakend does by the place of its mate, so that
    /// the row needs no end.
    fn ends_with(
        &self,
        (allele, alternate): (usize, &[u8]),
        (held, place): (&Held<'_>, usize),
        found: AlleleAt,
    ) -> Result<bool> {
        let is_breakend = alternate.iter().any(|it| matches!(it, b'[' | b']'));
        if !is_breakend && !alternate.starts_with(b"<") {
            return Ok(true);
        }
        let said = self.ends.get_or_init(|| self.record.said_ends(self.text));
        let Some(end) = said.of(allele, alternate, self.minor) else { return Ok(true) };
        let Some(ends) = held.ends(place)? else { return Ok(true) };
        let length = i64::try_from(self.reference.len()).unwrap_or(i64::MAX);
        let by_reference = self.start.saturating_add(length);
        let of_row = ends.of(found, alternate, self.start, by_reference);
        Ok(of_row == end || is_breakend && of_row == by_reference)
    }
}

impl Variants {
    /// For records of a file of this minor version of VCF 4.
    pub fn new(minor: u32) -> Self {
        Self { minor, ..Self::default() }
    }

    /// Adds the values of the rows on a contig that are of a record; whether there are such rows.
    pub fn add(
        &mut self,
        source: &Source,
        held: &mut Held<'_>,
        (contig, record, text): (usize, &Record, &[u8]),
        normal: Option<&mut Normal>,
        counts: &mut SourceCounts,
        added: &mut Added,
    ) -> Result<bool> {
        held.let_go();
        let sought = Sought {
            record,
            text,
            minor: self.minor,
            rows: source.lookup.contigs().rows_of(contig),
            start: record.start(),
            reference: &text[record.reference.clone()],
            alternates: &text[record.alternates.clone()],
            ends: OnceCell::new(),
        };
        let alleles = memchr::memchr_iter(b',', sought.alternates).count() + 1;
        self.hits.begin(alleles);
        self.forms.clear();
        let reach = if normal.is_some() { REACH } else { 0 };
        let is_written = normal.map(|it| self.forms.put(&sought, it)).transpose()?.is_none();
        let begins = match (alleles >= MANY, is_written) {
            (true, _) => self.find_among_many(&sought, held, reach)?,
            (false, true) => self.find(&sought, held)?,
            (false, false) => self.find_forms(&sought, held)?,
        };
        counts.at_rows += u64::from(begins);
        if self.hits.is_empty() {
            return Ok(false);
        }
        let several = self.hits.settle(source.on_many, |one, other| {
            one.place == other.place && held.get(one.place).are_of_one_record(one.row, other.row)
        });
        counts.several += u64::from(several);
        if several && source.on_many == OnMany::Error {
            return Err(ambiguous(source, record, text));
        }
        self.hits.write(source, held, counts, added)?;
        Ok(true)
    }

    /// Finds rows at the position of the record; whether some begin there.
    fn find(&mut self, sought: &Sought<'_>, held: &mut Held<'_>) -> Result<bool> {
        let start = sought.start;
        let mut begins = false;
        for piece in sought.rows.meeting(start, start) {
            let place = held.hold(piece.block)?;
            let block = held.get(place);
            let Some(alleles) = &block.alleles else { continue };
            let mut row = self.first_row(block, piece.block, &piece.rows, start);
            while row < piece.rows.end && block.starts[row] == start {
                begins = true;
                for (allele, change) in sought.changes().enumerate() {
                    if let Some(found) = alleles.find(row, change)
                        && sought.ends_with((allele, change.alternate), (held, place), found)?
                    {
                        self.hits.add(Hit::new(allele, place, piece.block, found));
                    }
                }
                row += 1;
            }
        }
        Ok(begins)
    }

    /// The first row of a piece that does not begin before a start: near the one of the record
    /// before, as a rule.
    fn first_row(&mut self, block: &Block, number: u32, rows: &Range<usize>, start: i64) -> usize {
        let (last, hint) = self.last;
        let is_near = last == number && rows.contains(&hint) && block.starts[hint] < start;
        let from = if is_near { hint } else { rows.start };
        let mut step = 16;
        let mut end = (from + step).min(rows.end);
        while end < rows.end && block.starts[end] < start {
            step *= 2;
            end = (end + step).min(rows.end);
        }
        let row = from + block.starts[from..end].partition_point(|it| *it < start);
        self.last = (number, row);
        row
    }

    /// Finds rows whose alleles have the same form, wherever they begin.
    fn find_forms(&mut self, sought: &Sought<'_>, held: &mut Held<'_>) -> Result<bool> {
        let (low, high) = self.forms.bounds(sought.start);
        let mut begins = false;
        let pieces = sought.rows.meeting(low.saturating_sub(REACH), high.saturating_add(REACH));
        for piece in pieces {
            let place = held.hold(piece.block)?;
            let block = held.get(place);
            let Some(alleles) = &block.alleles else { continue };
            for (allele, as_written) in sought.changes().enumerate() {
                let (start, change) = self.forms.get(allele, sought.start, as_written);
                for row in block.beginning(&piece.rows, start) {
                    begins = true;
                    if let Some(found) = alleles.find(row, change)
                        && sought.ends_with((allele, change.alternate), (held, place), found)?
                    {
                        self.hits.add(Hit::new(allele, place, piece.block, found));
                    }
                }
                let moved = alleles.moved_to(start, change);
                for found in moved.filter(|it| piece.rows.contains(&it.row)) {
                    self.hits.add(Hit::new(allele, place, piece.block, found));
                }
            }
        }
        Ok(begins || !self.hits.is_empty())
    }

    /// The same for a record with many alleles, in time that grows as they do: each allele of a row
    /// is looked up among those of the record.
    fn find_among_many(
        &mut self,
        sought: &Sought<'_>,
        held: &mut Held<'_>,
        reach: i64,
    ) -> Result<bool> {
        let mut changes = ManyChanges::default();
        for (allele, as_written) in sought.changes().enumerate() {
            let (start, change) = self.forms.get(allele, sought.start, as_written);
            changes.add(allele, start, change);
        }
        let (low, high) = self.forms.bounds(sought.start);
        let mut begins = false;
        for piece in sought.rows.meeting(low.saturating_sub(reach), high.saturating_add(reach)) {
            let place = held.hold(piece.block)?;
            let block = held.get(place);
            let Some(alleles) = &block.alleles else { continue };
            for (start, at_start) in changes.by_start() {
                let rows = block.beginning(&piece.rows, start);
                begins |= !rows.is_empty();
                for (found, change) in rows.flat_map(|it| alleles.changes(it)) {
                    for (allele, own) in at_start.same_as(change) {
                        if sought.ends_with((allele, own.alternate), (held, place), found)? {
                            self.hits.add(Hit::new(allele, place, piece.block, found));
                        }
                    }
                }
                let moved = alleles.moved_at(start);
                for (found, change) in moved.filter(|it| piece.rows.contains(&it.0.row)) {
                    for (allele, _) in at_start.same_as(change) {
                        self.hits.add(Hit::new(allele, place, piece.block, found));
                    }
                }
            }
        }
        Ok(begins || !self.hits.is_empty())
    }
}

fn ambiguous(source: &Source, record: &Record, text: &[u8]) -> Error {
    let field = |range: &Range<usize>| printable(&text[range.clone()], 40);
    let variant = format!(
        "{}:{} {}>{}",
        field(&record.contig),
        record.position,
        field(&record.reference),
        field(&record.alternates)
    );
    Error::new(ErrorKind::Conflict, format!("several rows of {} are of one variant", source.table))
        .with("variant", variant)
        .with_help("take the first of them with --on-many first, or all with --on-many all")
}

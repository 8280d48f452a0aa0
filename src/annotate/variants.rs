//! Rows that are of the variants of a record: each ALT allele of the record is looked for by
//! itself, among all ALT alleles of the rows that begin where it does.

use std::ops::Range;

use super::added::Added;
use super::counts::SourceCounts;
use super::lookup::{AlleleAt, Block, Change, ContigRows, Held, Normal, REACH};
use super::of_alleles::{Hit, Hits};
use super::record::Record;
use super::request::OnMany;
use super::source::Source;
use crate::diagnostic::printable;
use crate::model::{Error, ErrorKind, Result};

/// What a worker needs to find rows by alleles.
#[derive(Default)]
pub struct Variants {
    /// The minor version of VCF 4 of the file.
    minor: u32,
    hits: Hits,
    /// The one form of each allele that is not in it: start, and where REF and ALT stand.
    forms: Vec<Option<OneForm>>,
    letters: Vec<u8>,
    /// The block and the row where the last record was found.
    last: (u32, usize),
}

#[derive(Clone, Debug)]
struct OneForm {
    start: i64,
    reference: Range<usize>,
    alternate: Range<usize>,
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
        let Some(end) = self.record.said_end(self.text, allele, self.minor) else {
            return Ok(true);
        };
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
        };
        self.hits.begin(memchr::memchr_iter(b',', sought.alternates).count() + 1);
        let begins = match normal {
            None => self.find(&sought, held)?,
            Some(normal) => {
                self.put_into_form(&sought, normal)?;
                self.find_forms(&sought, held)?
            }
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

    /// The one form of each allele of a record.
    fn put_into_form(&mut self, sought: &Sought<'_>, normal: &mut Normal) -> Result<()> {
        self.forms.clear();
        self.letters.clear();
        for change in sought.changes() {
            let from = self.letters.len();
            let form = normal.form(sought.start, change, &mut self.letters)?;
            self.forms.push(form.map(|(start, middle)| OneForm {
                start,
                reference: from..middle,
                alternate: middle..self.letters.len(),
            }));
        }
        Ok(())
    }

    /// Finds rows whose alleles have the same form, wherever they begin.
    fn find_forms(&mut self, sought: &Sought<'_>, held: &mut Held<'_>) -> Result<bool> {
        let at = sought.start;
        let mut begins = false;
        let starts = self.forms.iter().flatten().map(|it| it.start).chain([at]);
        let (low, high) = starts.fold((at, at), |(low, high), it| (low.min(it), high.max(it)));
        let pieces = sought.rows.meeting(low.saturating_sub(REACH), high.saturating_add(REACH));
        for piece in pieces {
            let place = held.hold(piece.block)?;
            let block = held.get(place);
            let Some(alleles) = &block.alleles else { continue };
            for (allele, as_written) in sought.changes().enumerate() {
                let (start, change) = match self.forms.get(allele).cloned().flatten() {
                    None => (at, as_written),
                    Some(OneForm { start, reference, alternate }) => {
                        let (reference, alternate) =
                            (&self.letters[reference], &self.letters[alternate]);
                        (start, Change { reference, alternate })
                    }
                };
                let rows = piece.rows.clone();
                let from =
                    rows.start + block.starts[rows.clone()].partition_point(|it| *it < start);
                let here = (from..rows.end).take_while(|it| block.starts[*it] == start);
                for row in here {
                    begins = true;
                    if let Some(found) = alleles.find(row, change)
                        && sought.ends_with((allele, change.alternate), (held, place), found)?
                    {
                        self.hits.add(Hit::new(allele, place, piece.block, found));
                    }
                }
                for found in alleles.moved_to(start, change).filter(|it| rows.contains(&it.row)) {
                    self.hits.add(Hit::new(allele, place, piece.block, found));
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

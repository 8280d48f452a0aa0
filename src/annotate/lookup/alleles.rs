//! The alleles of the rows of a block, and when two variants are the same.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{AsArray, ListArray, RecordBatch, StringArray};

use super::values::elements;
use crate::model::{Error, Reference, Result};
use crate::normalize::{Cursor, align};

/// REF and each ALT of the rows of a block.
#[derive(Debug)]
pub struct Alleles {
    reference: StringArray,
    alternates: Alternates,
    /// Alleles whose one form stands elsewhere, in order of its start.
    moved: Vec<Moved>,
    /// The letters of those forms.
    letters: Vec<u8>,
}

#[derive(Debug)]
enum Alternates {
    List(ListArray, StringArray),
    /// One text each, with commas between alleles.
    Texts(StringArray),
}

/// An allele of a row in its one form.
#[derive(Clone, Debug)]
struct Moved {
    start: i64,
    row: usize,
    allele: usize,
    /// Where the letters of REF stand, and those of ALT behind them.
    reference: Range<usize>,
    alternate: Range<usize>,
}

/// An ALT allele of a row, both counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlleleAt {
    /// The row.
    pub row: usize,
    /// The allele.
    pub allele: usize,
}

/// One ALT allele with its REF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    /// REF.
    pub reference: &'a [u8],
    /// The ALT allele; empty, or a full stop, where there is none.
    pub alternate: &'a [u8],
}

impl Change<'_> {
    /// A text that it has in common with all that are the same: its alleles in capitals, without
    /// what both end in.
    pub fn outline(&self) -> Vec<u8> {
        let alternate = if is_none(self.alternate) { b"." } else { self.alternate };
        let ends = self.reference.iter().rev().zip(alternate.iter().rev());
        let common = ends.take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count();
        let of = |it: &[u8]| it[..it.len() - common].to_ascii_uppercase();
        [of(self.reference), of(alternate)].join(&b'>')
    }
}

impl Alleles {
    /// The alleles in two columns of a batch.
    pub fn new(batch: &RecordBatch, columns: &[String; 2]) -> Result<Self> {
        let missing = || Error::internal("a data file has no alleles");
        let reference = batch.column_by_name(&columns[0]).and_then(|it| it.as_string_opt());
        let alternates = batch.column_by_name(&columns[1]).ok_or_else(missing)?;
        let alternates = match alternates.as_list_opt::<i32>() {
            Some(list) => {
                let texts = list.values().as_string_opt::<i32>().ok_or_else(missing)?;
                Alternates::List(list.clone(), texts.clone())
            }
            None => Alternates::Texts(alternates.as_string_opt().ok_or_else(missing)?.clone()),
        };
        let reference = reference.ok_or_else(missing)?.clone();
        Ok(Self { reference, alternates, moved: Vec::new(), letters: Vec::new() })
    }

    /// How many ALT alleles a row has, and the place of the one that is the same change.
    #[inline]
    pub fn find(&self, row: usize, change: Change<'_>) -> Option<AlleleAt> {
        let reference = self.reference(row);
        let is = |alternate: &[u8]| same(Change { reference, alternate }, change);
        let allele = match &self.alternates {
            Alternates::List(list, texts) => {
                let range = elements(list, row);
                if range.is_empty() {
                    is(b"").then_some(0)
                } else {
                    range.clone().position(|it| is(texts.value(it).as_bytes()))
                }
            }
            Alternates::Texts(texts) => {
                texts.value(row).as_bytes().split(|it| *it == b',').position(is)
            }
        };
        allele.map(|allele| AlleleAt { row, allele })
    }

    /// The ALT alleles of a row as changes; one where it has none.
    pub fn changes(&self, row: usize) -> impl Iterator<Item = (AlleleAt, Change<'_>)> {
        let reference = self.reference(row);
        let mut alternates = self.alternates(row);
        if alternates.is_empty() {
            alternates.push(b"");
        }
        alternates.into_iter().enumerate().map(move |(allele, alternate)| {
            (AlleleAt { row, allele }, Change { reference, alternate })
        })
    }

    /// REF of a row.
    pub fn reference(&self, row: usize) -> &[u8] {
        self.reference.value(row).as_bytes()
    }

    /// The ALT alleles of a row.
    pub fn alternates(&self, row: usize) -> Vec<&[u8]> {
        match &self.alternates {
            Alternates::List(list, texts) => {
                elements(list, row).map(|it| texts.value(it).as_bytes()).collect()
            }
            Alternates::Texts(texts) => {
                texts.value(row).as_bytes().split(|it| *it == b',').collect()
            }
        }
    }

    /// Puts the alleles of some rows of a contig into their one form.
    pub fn normalize(
        &mut self,
        rows: Range<usize>,
        starts: &[i64],
        normal: &mut Normal,
    ) -> Result<()> {
        let mut moved = Vec::new();
        let mut letters = std::mem::take(&mut self.letters);
        for row in rows {
            let reference = self.reference(row);
            for (allele, alternate) in self.alternates(row).into_iter().enumerate() {
                let from = letters.len();
                let change = Change { reference, alternate };
                let Some(start) = normal.form(starts[row], change, &mut letters)? else {
                    continue;
                };
                let (reference, alternate) = (from..start.1, start.1..letters.len());
                moved.push(Moved { start: start.0, row, allele, reference, alternate });
            }
        }
        self.letters = letters;
        self.moved.append(&mut moved);
        self.moved.sort_by_key(|it| it.start);
        Ok(())
    }

    /// The alleles that are elsewhere the same change as one that starts there.
    pub fn moved_to(&self, start: i64, change: Change<'_>) -> impl Iterator<Item = AlleleAt> {
        let is_same = move |it: &(AlleleAt, Change<'_>)| same(it.1, change);
        self.moved_at(start).filter(is_same).map(|it| it.0)
    }

    /// The alleles whose one form starts there and is not as they are written.
    pub fn moved_at(&self, start: i64) -> impl Iterator<Item = (AlleleAt, Change<'_>)> {
        let from = self.moved.partition_point(|it| it.start < start);
        let at_start = self.moved[from..].iter().take_while(move |it| it.start == start);
        at_start.map(|it| {
            let form = Change {
                reference: &self.letters[it.reference.clone()],
                alternate: &self.letters[it.alternate.clone()],
            };
            (AlleleAt { row: it.row, allele: it.allele }, form)
        })
    }

    /// Bytes that it takes beside the columns.
    pub fn bytes(&self) -> usize {
        self.letters.len() + self.moved.len() * size_of::<Moved>()
    }
}

/// Whether two changes at one position are the same: letters count in either case, and bases that
/// both alleles end in do not count.
#[inline]
pub fn same(one: Change<'_>, other: Change<'_>) -> bool {
    let (long, short) =
        if one.reference.len() >= other.reference.len() { (one, other) } else { (other, one) };
    let more = long.reference.len() - short.reference.len();
    if more > 0 && is_without_letters(short.alternate) {
        return false;
    }
    let Some(kept) = long.alternate.len().checked_sub(more) else { return false };
    if is_none(long.alternate) && is_none(short.alternate) && more == 0 {
        return long.reference.eq_ignore_ascii_case(short.reference);
    }
    kept == short.alternate.len()
        && long.reference[..short.reference.len()].eq_ignore_ascii_case(short.reference)
        && long.alternate[..kept].eq_ignore_ascii_case(short.alternate)
        && long.reference[short.reference.len()..].eq_ignore_ascii_case(&long.alternate[kept..])
}

/// Whether there is no ALT allele.
fn is_none(alternate: &[u8]) -> bool {
    alternate.is_empty() || alternate == b"."
}

/// Whether an allele is none of bases.
fn is_without_letters(alternate: &[u8]) -> bool {
    !alternate.iter().all(u8::is_ascii_alphabetic) || alternate.is_empty()
}

/// What puts variants of one contig into their one form.
pub struct Normal {
    cursor: Cursor,
    before: Vec<u8>,
}

impl Normal {
    /// On a contig, as the reference spells it; none where it has no such contig.
    pub fn on(reference: &Arc<dyn Reference>, contig: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(Arc::clone(reference));
        let text = String::from_utf8_lossy(contig);
        let others = || crate::model::contigs::other_names(&text);
        let found = cursor.enter(contig) || others().iter().any(|it| cursor.enter(it.as_bytes()));
        found.then(|| Self { cursor, before: Vec::new() })
    }

    /// The bases that the reference has where a record has these; none where they are the same, as
    /// far as both are known. Beyond the end of the contig there are none.
    pub fn other_bases(&mut self, start: i64, reference: &[u8]) -> Result<Option<&[u8]>> {
        let Ok(from) = u64::try_from(start) else { return Ok(None) };
        self.before.clear();
        self.cursor.append(from, from.saturating_add(reference.len() as u64), &mut self.before)?;
        let is_base = |it: u8| matches!(it.to_ascii_uppercase(), b'A' | b'C' | b'G' | b'T');
        let differ = |(one, other): (&u8, &u8)| {
            is_base(*one) && is_base(*other) && !one.eq_ignore_ascii_case(other)
        };
        let is_short = self.before.len() < reference.len();
        let differs = is_short || self.before.iter().zip(reference).any(differ);
        Ok(differs.then_some(self.before.as_slice()))
    }

    /// Appends REF and ALT of the one form of a change at a zero-based start, and gives its start
    /// and where ALT begins; none where it is in that form already, or has none.
    pub fn form(
        &mut self,
        start: i64,
        change: Change<'_>,
        letters: &mut Vec<u8>,
    ) -> Result<Option<(i64, usize)>> {
        let Change { reference, alternate } = change;
        if reference.len() == 1 && alternate.len() == 1 {
            return Ok(None);
        }
        let Ok(from) = u64::try_from(start) else { return Ok(None) };
        let alleles = [reference, alternate];
        if !alleles.iter().all(|it| is_alignable(it)) || reference.eq_ignore_ascii_case(alternate) {
            return Ok(None);
        }
        if from + reference.len() as u64 > self.cursor.length() {
            return Ok(None);
        }
        let change = align(&alleles, from, &mut self.cursor)?;
        if change.is_none() {
            return Ok(None);
        }
        let start = change.start(from);
        self.before.clear();
        self.cursor.append(start, start + change.before as u64, &mut self.before)?;
        change.apply(reference, &self.before, letters);
        let alternate_from = letters.len();
        change.apply(alternate, &self.before, letters);
        Ok(Some((i64::try_from(start).unwrap_or(i64::MAX), alternate_from)))
    }
}

fn is_alignable(allele: &[u8]) -> bool {
    let is_base = |it: &u8| matches!(it.to_ascii_uppercase(), b'A' | b'C' | b'G' | b'T' | b'N');
    !allele.is_empty() && allele.iter().all(is_base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases_that_both_end_in_do_not_count() {
        let change = |text: &'static str| {
            let (reference, alternate) = text.split_once('>').unwrap();
            Change { reference: reference.as_bytes(), alternate: alternate.as_bytes() }
        };
        for (one, other, are_same) in [
            ("A>C", "A>C", true),
            ("A>C", "a>c", true),
            ("A>C", "A>G", false),
            ("A>C", "AT>CT", true),
            ("A>C", "AT>CG", false),
            ("AT>A", "ATT>AT", true),
            ("A>AT", "AC>ATC", true),
            ("A><DEL>", "A><DEL>", true),
            ("A><DEL>", "AT><DEL>", false),
            ("A>.", "A>", true),
            ("A>.", "C>.", false),
            ("A>.", "A>C", false),
            ("AT>A", "A>", false),
            ("A>*", "AT>*T", false),
        ] {
            assert_eq!(same(change(one), change(other)), are_same, "{one} {other}");
            let outlines = [one, other].map(|it| change(it).outline());
            assert!(!are_same || outlines[0] == outlines[1], "{outlines:?}");
            assert_eq!(same(change(other), change(one)), are_same, "{other} {one}");
        }
    }
}

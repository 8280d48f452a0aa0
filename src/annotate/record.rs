//! The lines of a chunk, and where their fields stand.

use std::ops::Range;

use crate::diagnostic::render::number::counted;
use crate::read::vcf::{Header, is_on_reference};

/// A record: a line of VCF with the places of what is looked at. Places count from the chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line without its break.
    pub line: Range<usize>,
    /// CHROM.
    pub contig: Range<usize>,
    /// POS, one-based.
    pub position: i64,
    /// REF.
    pub reference: Range<usize>,
    /// ALT.
    pub alternates: Range<usize>,
    /// INFO.
    pub info: Range<usize>,
}

/// Why a line is no record, with the number of the line in its chunk, from zero.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

/// The records of a chunk, in order, how many lines it has, and the first that is none.
pub fn records(text: &[u8], header: &Header) -> (Vec<Record>, u64, Option<Fault>) {
    // Lines are about as long as the first one.
    let first = memchr::memchr(b'\n', text).unwrap_or(text.len()).max(16);
    let (mut records, mut lines) = (Vec::with_capacity(text.len() / first + 1), 0);
    let mut at = 0;
    while at < text.len() {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |it| at + it);
        let content = text[at..end].strip_suffix(b"\r").unwrap_or(&text[at..end]);
        if !content.is_empty() {
            match record(text, at..at + content.len(), header) {
                Ok(record) => records.push(record),
                Err(message) => return (records, lines, Some(Fault { line: lines, message })),
            }
        }
        lines += 1;
        at = end + 1;
    }
    (records, lines, None)
}

fn record(text: &[u8], line: Range<usize>, header: &Header) -> Result<Record, String> {
    let mut ends = [line.end; 8];
    let mut found = 0;
    for tab in memchr::memchr_iter(b'\t', &text[line.clone()]).take(8) {
        ends[found] = line.start + tab;
        found += 1;
    }
    // INFO may be the last column.
    let behind = || memchr::memchr_iter(b'\t', &text[ends[7]..line.end]).count();
    let fields = if found == 8 { 8 + behind() } else { found + 1 };
    let wanted = if header.samples.is_empty() { 8 } else { header.field_count };
    if fields < wanted {
        let fields = counted(fields as u64, "field");
        return Err(format!("the line has {fields}, but {wanted} are needed"));
    }
    let field = |index: usize| ends[index - 1] + 1..ends[index];
    let position = field(1);
    let Some(position) = number(&text[position.clone()]) else {
        let shown = crate::diagnostic::printable(&text[position], 40);
        return Err(format!("the position is `{shown}`, which is no number"));
    };
    Ok(Record {
        contig: line.start..ends[0],
        position,
        reference: field(3),
        alternates: field(4),
        info: field(7),
        line,
    })
}

/// A number of decimal digits.
fn number(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.iter().try_fold(0_i64, |number, it| {
        it.is_ascii_digit().then(|| number * 10 + i64::from(it - b'0'))
    })
}

/// A length, of which older files write the one of a deletion below zero.
fn length_of(text: &[u8]) -> Option<i64> {
    number(text.strip_prefix(b"-").unwrap_or(text))
}

impl Record {
    /// The zero-based start.
    pub fn start(&self) -> i64 {
        self.position - 1
    }

    /// The zero-based end, not included: that of REF, or what END or the length of a symbolic
    /// allele says where it is farther.
    pub fn end(&self, text: &[u8]) -> i64 {
        let length = |it: usize| i64::try_from(it).unwrap_or(i64::MAX);
        let by_reference = self.start().saturating_add(length(self.reference.len()));
        if !text[self.alternates.clone()].contains(&b'<') {
            return by_reference;
        }
        let end = self.value(text, b"END=").and_then(number);
        let lengths = self.value(text, b"SVLEN=").unwrap_or_default().split(|it| *it == b',');
        let lengths = lengths.filter_map(length_of);
        let alleles = text[self.alternates.clone()].split(|it| *it == b',');
        let spans = alleles.zip(lengths).filter(|(allele, _)| !allele.starts_with(b"<INS"));
        let by_length = spans.map(|it| self.position.saturating_add(it.1)).max();
        by_reference.max(end.unwrap_or(0)).max(by_length.unwrap_or(0))
    }

    /// What INFO says of where the ALT alleles end.
    pub fn said_ends(&self, text: &[u8]) -> SaidEnds {
        let end = self.value(text, b"END=").and_then(number).filter(|it| *it >= self.position);
        let lengths = self.value(text, b"SVLEN=");
        let lengths = lengths.into_iter().flat_map(|it| it.split(|it| *it == b',').map(length_of));
        let are_several = text[self.alternates.clone()].contains(&b',');
        SaidEnds { position: self.position, end, lengths: lengths.collect(), are_several }
    }

    /// What stands behind a key with its equals sign; the last one, where it comes again.
    fn value<'a>(&self, text: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
        text[self.info.clone()].rsplit(|it| *it == b';').find_map(|it| it.strip_prefix(key))
    }
}

/// What INFO says of where the ALT alleles of a record end.
#[derive(Debug)]
pub struct SaidEnds {
    position: i64,
    end: Option<i64>,
    /// The length of each allele.
    lengths: Vec<Option<i64>>,
    are_several: bool,
}

impl SaidEnds {
    /// The zero-based end, not included, of an ALT allele: END, or the length of the allele (SVLEN)
    /// where there is no END or END is that of several alleles; from VCF 4.4 on the farther of
    /// both. None where INFO says neither.
    pub fn of(&self, allele: usize, alternate: &[u8], minor: u32) -> Option<i64> {
        let length = self.lengths.get(allele).copied().flatten();
        let length = length.filter(|_| is_on_reference(alternate));
        let by_length = length.map(|it| self.position.saturating_add(it));
        match (self.end, by_length) {
            (Some(_), Some(by_length)) if self.are_several => Some(by_length),
            (Some(end), Some(by_length)) if minor >= 4 => Some(end.max(by_length)),
            (end, by_length) => end.or(by_length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(line: &str) -> (Record, String) {
        let text = line.replace(' ', "\t");
        let (mut records, _, fault) = records(text.as_bytes(), &Header::default());
        assert_eq!(fault, None);
        (records.remove(0), text)
    }

    #[test]
    fn fields_are_found_with_and_without_samples() {
        for line in [
            "1 7 . A C,G . PASS DP=3\n",
            "1 7 . A C,G . PASS DP=3 GT 0/1\r\n",
            "1 7 . A C,G . PASS DP=3",
        ] {
            let (record, text) = first(line);
            let field = |range: &Range<usize>| &text[range.clone()];
            assert_eq!(record.position, 7);
            let fields =
                [&record.contig, &record.reference, &record.alternates, &record.info].map(field);
            assert_eq!(fields, ["1", "A", "C,G", "DP=3"]);
        }
    }

    #[test]
    fn a_line_that_is_no_record_is_told_with_its_number() {
        let text = b"1\t7\t.\tA\tC\t.\t.\t.\n\n1\tx\t.\tA\tC\t.\t.\t.\n";
        let (records, _, fault) = records(text, &Header::default());
        assert_eq!((records.len(), fault.map(|it| it.line)), (1, Some(2)));
        let short = super::records(b"1\t7\n", &Header::default());
        assert!(short.2.unwrap().message.contains("2 fields"));
        let mut header = Header::default();
        (header.field_count, header.samples) = (11, vec!["a".to_owned(), "b".to_owned()]);
        let line = b"1\t7\t.\tA\tC\t.\t.\t.\tGT\t0/1\t0/0\n";
        assert!(super::records(line, &header).2.is_none());
        assert!(super::records(&line[..22], &header).2.unwrap().message.contains("10 fields"));
    }

    #[test]
    fn a_record_ends_with_its_reference_or_where_info_says() {
        for (line, end) in [
            ("1 7 . ACG A . . END=90", 9),
            ("1 7 . A <DEL> . . END=90", 90),
            ("1 7 . A <DEL> . . SVLEN=-30", 37),
            ("1 7 . A <INS> . . SVLEN=30", 7),
        ] {
            let (record, text) = first(line);
            assert_eq!(record.end(text.as_bytes()), end, "{line}");
        }
    }
}

//! Files that were joined with `cat`: below a further `#CHROM` line stand the genotypes of the
//! samples that it names.

use super::super::bcf::CodedRecords;
use super::super::chunk::Text;
use crate::model::Result;
use crate::read::lines::any_line_length;

/// Records that follow each other, as they are read.
pub enum Unparsed {
    /// Lines of text.
    Lines(Text),
    /// Records of BCF.
    Coded(CodedRecords),
}

/// A stretch of records, and whether those at its beginning have the samples of the header.
pub struct Piece {
    /// The records.
    pub records: Unparsed,
    /// Whether the last `#CHROM` line above names the samples of the header.
    pub has_own_samples: bool,
}

/// Stretches of records that know under which samples they begin.
pub struct Pieces<I> {
    stretches: I,
    /// The samples of the header; none where records have none, so that nothing can be confused.
    samples: Vec<String>,
    has_own_samples: bool,
}

impl<I: Iterator<Item = Result<Unparsed>>> Pieces<I> {
    /// The stretches of a file whose header has these samples.
    pub fn new(stretches: I, samples: Vec<String>) -> Self {
        Self { stretches, samples, has_own_samples: true }
    }
}

impl<I: Iterator<Item = Result<Unparsed>>> Iterator for Pieces<I> {
    type Item = Result<Piece>;

    fn next(&mut self) -> Option<Self::Item> {
        let records = match self.stretches.next()? {
            Ok(records) => records,
            Err(error) => return Some(Err(error)),
        };
        let has_own_samples = self.has_own_samples;
        if !self.samples.is_empty()
            && let Unparsed::Lines(text) = &records
            && let Some(line) = last_column_line(text.bytes())
        {
            self.has_own_samples = names_samples(line, &self.samples);
        }
        Some(Ok(Piece { records, has_own_samples }))
    }
}

/// Whether a line is one of column names, in any case and with blanks behind the `#`: what follows
/// belongs to its samples however it is spelled.
pub fn is_column_line(line: &[u8]) -> bool {
    let Some(name) = line.strip_prefix(b"#").map(<[u8]>::trim_ascii_start) else { return false };
    name.split_at_checked(5).is_some_and(|(name, rest)| {
        name.eq_ignore_ascii_case(b"CHROM") && rest.first().is_none_or(u8::is_ascii_whitespace)
    })
}

/// The samples that a `#CHROM` line names.
pub fn samples(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let end = line.iter().rposition(|it| !matches!(it, b'\t' | b'\r' | b'\n'));
    line[..end.map_or(0, |it| it + 1)].split(|it| *it == b'\t').skip(9)
}

/// Whether a `#CHROM` line names these samples, in this order.
pub fn names_samples(line: &[u8], expected: &[String]) -> bool {
    samples(line).map(String::from_utf8_lossy).eq(expected.iter().map(String::as_str))
}

/// How the samples of a `#CHROM` line differ from those of the header, in words.
pub fn difference(line: &[u8], expected: &[String]) -> String {
    let here: Vec<_> = samples(line).map(String::from_utf8_lossy).collect();
    let differing = here.iter().zip(expected).position(|(here, expected)| here != expected);
    if let Some(at) = differing {
        return format!(
            "sample {} is `{}` here, but `{}` in the header of the file",
            at + 1,
            here[at],
            expected[at]
        );
    }
    let (here, expected) = (here.len(), expected.len());
    format!("the samples are {here} here, but {expected} in the header of the file")
}

/// The last line of column names in whole lines.
fn last_column_line(lines: &[u8]) -> Option<&[u8]> {
    let is_start = |at: usize| at == 0 || matches!(lines[at - 1], b'\n' | b'\r');
    let begins = |at: &usize| is_start(*at) && is_column_line(&lines[*at..]);
    let start = memchr::memrchr_iter(b'#', lines).find(begins)?;
    Some(&lines[start..start + any_line_length(&lines[start..])])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_column_names_are_told_from_comments() {
        for line in ["#CHROM\tPOS", "#chrom\tPOS", "# CHROM\tPOS", "#CHROM", "#Chrom POS"] {
            assert!(is_column_line(line.as_bytes()), "{line}");
        }
        for line in ["##CHROM\tPOS", "#chromosome\t1", "CHROM\tPOS", "#", "", "#chr1\t5"] {
            assert!(!is_column_line(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn chunks_know_the_samples_above_them() {
        let head = |samples: &str| {
            format!("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{samples}\n")
        };
        let texts = [
            "1\t#CHROM\n".to_owned(),
            head("b\ta") + "1\n" + &head("a\tb\t") + "1\n",
            "1\n".to_owned(),
            head("a\tb") + &head("a"),
            "1\n#CHROM".to_owned(),
            head("a\tb").replace('\n', "\r\n"),
            "1\r".to_owned() + &head("b\ta").replace('\n', "\r") + "1\r",
            "1\n".to_owned(),
        ];
        let chunks = texts.iter().map(|it| Ok(Unparsed::Lines(Text::copied(it.as_bytes()))));
        let samples = vec!["a".to_owned(), "b".to_owned()];
        let own: Vec<bool> =
            Pieces::new(chunks, samples).map(|it| it.unwrap().has_own_samples).collect();
        assert_eq!(own, [true, true, true, true, false, false, true, false]);
    }
}

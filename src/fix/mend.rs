//! What is mended, and how often it was.

use crate::diagnostic::Rule;
use crate::diagnostic::rules::{file, tsv_file, tsv_row, vcf_header, vcf_record};
use crate::model::StoreFormat;

/// What is mended. The reports list it in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// A byte order mark before the first line is removed.
    ByteOrderMark,
    /// The CR of CRLF is removed.
    CrLf,
    /// Lines that end in CR alone end in LF.
    Cr,
    /// Both CR of CR CR LF are removed.
    CrCrLf,
    /// Tabs at the end of the line of column names are removed.
    ColumnLineTab,
    /// Tabs at the end of a record are removed.
    TrailingTab,
    /// An empty line is removed.
    EmptyLine,
    /// The last line ends in a newline.
    FinalNewline,
    /// The end-of-file block of BGZF is there.
    EndOfFileBlock,
    /// A filter is defined.
    Filter,
    /// An INFO key is defined.
    Info,
    /// A FORMAT key is defined.
    Format,
}

/// How many there are.
const COUNT: usize = Mend::ALL.len();

impl Mend {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::ByteOrderMark,
        Self::CrLf,
        Self::Cr,
        Self::CrCrLf,
        Self::ColumnLineTab,
        Self::TrailingTab,
        Self::EmptyLine,
        Self::FinalNewline,
        Self::EndOfFileBlock,
        Self::Filter,
        Self::Info,
        Self::Format,
    ];

    /// What was done, in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "byte order mark removed",
            Self::CrLf => "line ends: CRLF to LF",
            Self::Cr => "line ends: CR to LF",
            Self::CrCrLf => "line ends: CR CR LF to LF",
            Self::ColumnLineTab => "tabs at the end of the #CHROM line removed",
            Self::TrailingTab => "tabs at the end of the record removed",
            Self::EmptyLine => "empty line removed",
            Self::FinalNewline => "newline at the end of the file added",
            Self::EndOfFileBlock => "end-of-file block of BGZF added",
            Self::Filter => "FILTER defined",
            Self::Info => "INFO key defined",
            Self::Format => "FORMAT key defined",
        }
    }

    /// What a person is to know of it.
    pub fn warning(self) -> Option<&'static str> {
        match self {
            Self::FinalNewline => Some(
                "the last line had no newline: a file that was cut looks the same, so compare it \
                 with its origin",
            ),
            Self::EndOfFileBlock => Some(
                "the end-of-file block was missing: a file that was cut between two blocks looks \
                 the same, so compare it with its origin",
            ),
            _ => None,
        }
    }

    /// The rule whose finding goes by it in a file, if there is one: what every reader takes has
    /// none.
    pub fn rule(self, of: MendedFile) -> Option<&'static Rule> {
        let MendedFile { format, minor, has_samples, has_line_sep } = of;
        match (self, format) {
            (Self::ByteOrderMark, StoreFormat::Vcf) => {
                Some(&vcf_header::BYTE_ORDER_MARK_BEFORE_HEADER)
            }
            (Self::ByteOrderMark, StoreFormat::Tsv) => Some(&tsv_file::BYTE_ORDER_MARK),
            (Self::CrLf, _) => has_line_sep.then_some(&tsv_row::CARRIAGE_RETURN_KEPT),
            (Self::Cr, StoreFormat::Vcf) => Some(&vcf_header::CARRIAGE_RETURN_LINE_ENDS),
            (Self::CrCrLf, _) => Some(&vcf_header::DOUBLED_CARRIAGE_RETURNS),
            (Self::ColumnLineTab, _) => Some(&vcf_header::TRAILING_TAB_IN_COLUMN_LINE),
            (Self::TrailingTab, _) if has_samples => Some(&vcf_record::TRAILING_TAB_BEHIND_SAMPLES),
            (Self::TrailingTab, _) => Some(&vcf_record::TRAILING_TAB),
            (Self::EmptyLine, StoreFormat::Vcf) => Some(&vcf_record::BLANK_LINE),
            (Self::EmptyLine, _) => Some(&tsv_row::EMPTY_LINE),
            (Self::FinalNewline, StoreFormat::Vcf) if matches!(minor, 3 | 4) => {
                Some(&vcf_record::UNTERMINATED_LAST_LINE)
            }
            (Self::FinalNewline, _) => Some(&file::NO_FINAL_NEWLINE),
            (Self::Filter, _) => Some(&vcf_record::UNDECLARED_FILTER),
            (Self::Info, _) => Some(&vcf_record::UNDECLARED_INFO_KEY),
            (Self::Format, _) => Some(&vcf_record::UNDECLARED_FORMAT_KEY),
            (Self::ByteOrderMark | Self::Cr | Self::EndOfFileBlock, _) => None,
        }
    }
}

/// What of a file tells which rule stands behind a mend.
#[derive(Clone, Copy, Debug)]
pub struct MendedFile {
    /// Its format.
    pub format: StoreFormat,
    /// The minor version of VCF.
    pub minor: u32,
    /// Whether records have samples.
    pub has_samples: bool,
    /// Whether something was said to end lines.
    pub has_line_sep: bool,
}

/// How often a mend was made, and where first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How often.
    pub count: u64,
    /// The line of the file as it was, from 1; 0 where that is none.
    pub first: u64,
}

/// The mends of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mends([Times; COUNT]);

impl Mends {
    /// Counts one.
    pub fn add(&mut self, mend: Mend, line: u64) {
        let times = &mut self.0[mend as usize];
        if times.count == 0 {
            times.first = line;
        }
        times.count += 1;
    }

    /// Adds those of the next stretch of the file, whose lines were counted from 1.
    pub fn append(&mut self, next: &Self, lines_before: u64) {
        for (known, more) in self.0.iter_mut().zip(&next.0) {
            if known.count == 0 && more.count > 0 {
                known.first = more.first + lines_before;
            }
            known.count += more.count;
        }
    }

    /// How often one was made.
    pub fn count(&self, mend: Mend) -> u64 {
        self.0[mend as usize].count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|it| it.count == 0)
    }

    /// Those that were made.
    pub fn made(&self) -> impl Iterator<Item = (Mend, Times)> + '_ {
        Mend::ALL.into_iter().zip(self.0).filter(|it| it.1.count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_add_up_and_keep_their_first_line() {
        let (mut all, mut next) = (Mends::default(), Mends::default());
        next.add(Mend::CrLf, 2);
        next.add(Mend::CrLf, 3);
        all.append(&next, 10);
        all.append(&next, 20);
        assert_eq!(all.made().collect::<Vec<_>>(), [(Mend::CrLf, Times { count: 4, first: 12 })]);
        for (place, mend) in Mend::ALL.into_iter().enumerate() {
            assert_eq!(mend as usize, place);
        }
    }
}

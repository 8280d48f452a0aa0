//! What a line of a file covers.

use std::iter::once;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use noodles_csi::binning_index::index::Header;
use noodles_csi::binning_index::index::header::format::CoordinateSystem;
use noodles_csi::binning_index::index::header::{Builder, Format, ReferenceSequenceNames};

/// Finds what may be END in INFO.
static END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("END="));

/// Where a line says what it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// As VCF does.
    Vcf,
    /// In columns between tabs, counted from zero.
    Columns {
        /// That of the contig.
        contig: usize,
        /// That of the start.
        start: usize,
        /// That of the end; none where a line covers one base.
        end: Option<usize>,
        /// Whether positions are zero-based and half-open, else one-based with both ends.
        zero_based: bool,
        /// Lines of the header that do not begin with `#`.
        skip: u32,
    },
    /// It does not, or nobody knows where.
    Unknown,
}

/// What a line covers, one-based, both ends included; at least one base from base 1 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The contig, as the line spells it.
    pub contig: &'a [u8],
    /// The first base.
    pub start: usize,
    /// The last base.
    pub end: usize,
}

impl Places {
    /// What a line covers; none where it says no such thing.
    pub fn of<'a>(&self, line: &'a [u8]) -> Option<Place<'a>> {
        match *self {
            Self::Unknown => None,
            Self::Vcf => vcf(line),
            Self::Columns { contig, start, end, zero_based, .. } => {
                let column = |index| columns(line).nth(index);
                let start = number(column(start)?)?.saturating_add(usize::from(zero_based));
                let end = end.and_then(column).and_then(number).unwrap_or(start);
                Some(Place::new(column(contig)?, start, end))
            }
        }
    }

    /// How an index tells a reader of it; none without places.
    pub fn header(&self, contigs: ReferenceSequenceNames) -> Option<Header> {
        let builder = match *self {
            Self::Unknown => return None,
            Self::Vcf => Builder::vcf(),
            Self::Columns { contig, start, end, zero_based, skip } => {
                let system = if zero_based { CoordinateSystem::Bed } else { CoordinateSystem::Gff };
                Builder::gff()
                    .set_format(Format::Generic(system))
                    .set_reference_sequence_name_index(contig)
                    .set_start_position_index(start)
                    .set_end_position_index(end)
                    .set_line_skip_count(skip)
            }
        };
        Some(builder.set_reference_sequence_names(contigs).build())
    }
}

impl<'a> Place<'a> {
    fn new(contig: &'a [u8], start: usize, end: usize) -> Self {
        let start = start.max(1);
        Self { contig, start, end: end.max(start) }
    }
}

/// The columns of a line, between tabs.
fn columns(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut from = 0;
    memchr::memchr_iter(b'\t', line).chain(once(line.len())).map(move |end| {
        let column = &line[from..end];
        from = end + 1;
        column
    })
}

/// As htslib: REF's length, what END says, and the length of a symbolic allele.
fn vcf(line: &[u8]) -> Option<Place<'_>> {
    let mut columns = columns(line);
    let contig = columns.next()?;
    let start = number(columns.next()?)?;
    let reference = columns.nth(1)?;
    let alternate = columns.next().unwrap_or_default();
    let info = columns.nth(2).unwrap_or_default();
    let mut end = start + reference.len().max(1) - 1;
    // Most lines have neither, and are not looked through key by key.
    if END.find(info).is_some() {
        end = value(info, b"END=").and_then(number).filter(|it| *it >= start).unwrap_or(end);
    }
    if alternate.contains(&b'<')
        && let Some(lengths) = value(info, b"SVLEN=")
    {
        let alleles = alternate.split(|it| *it == b',').zip(lengths.split(|it| *it == b','));
        let spans = alleles.filter(|(allele, _)| spans_reference(allele));
        let lengths = spans.filter_map(|(_, it)| number(it.strip_prefix(b"-").unwrap_or(it)));
        end = lengths.map(|it| start.saturating_add(it)).fold(end, usize::max);
    }
    Some(Place::new(contig, start, end))
}

fn spans_reference(allele: &[u8]) -> bool {
    [&b"<DEL"[..], b"<DUP", b"<INV", b"<CNV"].iter().any(|it| allele.starts_with(it))
}

fn value<'a>(info: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    info.split(|it| *it == b';').find_map(|it| it.strip_prefix(key))
}

fn number(text: &[u8]) -> Option<usize> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(places: Places, line: &str, expected: Option<(&str, usize, usize)>) {
        let line = line.replace(' ', "\t");
        let expected =
            expected.map(|(contig, start, end)| Place { contig: contig.as_bytes(), start, end });
        assert_eq!(places.of(line.as_bytes()), expected, "{line}");
    }

    #[test]
    fn a_vcf_line_covers_its_reference_end_or_length() {
        let vcf = Places::Vcf;
        check(vcf, "1 7 . ACG A . . .", Some(("1", 7, 9)));
        check(vcf, "1 7 . A <DEL> . . X=1;END=20", Some(("1", 7, 20)));
        check(vcf, "1 7 . A <DEL> . . CIEND=1,2", Some(("1", 7, 7)));
        check(vcf, "1 7 . A <DEL> . . SVLEN=-30", Some(("1", 7, 37)));
        check(vcf, "1 7 . A <INS> . . SVLEN=30", Some(("1", 7, 7)));
        check(vcf, "1 7 . A C . . END=3", Some(("1", 7, 7)));
        check(vcf, "1 0 . N <DEL> . . .", Some(("1", 1, 1)));
        check(vcf, "1 7 . A C", Some(("1", 7, 7)));
        check(vcf, "1 x . A C . . .", None);
    }

    #[test]
    fn a_line_of_columns_covers_what_they_say() {
        check(crate::emit::BED.places, "1 7 9", Some(("1", 8, 9)));
        check(crate::emit::BED.places, "1 7 7", Some(("1", 8, 8)));
        check(crate::emit::GFF3.places, "1 s t 7 9 . + . ID=x", Some(("1", 7, 9)));
        check(crate::emit::GFF3.places, "## x", None);
    }
}

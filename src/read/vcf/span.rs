//! Where a record lies: from POS to END, or to where the lengths of its alleles reach.

use std::ops::Range;

use super::info::End;
use crate::diagnostic::rules::vcf_record as rule;
use crate::model::{HalfOpen, OneBased};
use crate::read::report::LineReport;

/// What of a record says where it ends.
pub struct Extent<'r> {
    /// The line.
    pub line: &'r [u8],
    /// POS.
    pub position: OneBased,
    /// Bases of REF.
    pub reference_length: usize,
    /// INFO END, where it is a number.
    pub end: Option<End>,
    /// What its symbolic alleles say; none where it has none.
    pub lengths: Option<Lengths<'r>>,
}

/// Where the lengths of symbolic alleles stand.
pub struct Lengths<'r> {
    /// ALT.
    pub alternates: &'r [u8],
    /// INFO.
    pub info: Range<usize>,
    /// Which ALT allele of the line this is, where each has become a record of its own.
    pub part: Option<usize>,
    /// The minor version of VCF 4.
    pub minor: u32,
}

impl Extent<'_> {
    /// From POS to END where INFO has a sound one, else to the end of REF. From VCF 4.4 on it
    /// reaches at least as far as the lengths of its symbolic alleles.
    pub fn span(self, report: &mut LineReport) -> HalfOpen {
        let by_reference = HalfOpen::from_length(self.position, self.reference_length);
        let has_end = self.end.is_some();
        let span = match &self.end {
            Some(end) => self.to_end(report, end, by_reference),
            None => by_reference,
        };
        match &self.lengths {
            Some(lengths) => self.to_lengths(report, lengths, span, has_end),
            None => span,
        }
    }

    fn to_end(&self, report: &mut LineReport, end: &End, by_reference: HalfOpen) -> HalfOpen {
        match u32::try_from(end.value) {
            Ok(last) if last >= self.position.0 => {
                HalfOpen::from_inclusive(self.position, OneBased(last))
            }
            last => {
                let is_next = last.is_ok_and(|it| it + 1 == self.position.0);
                let rule = if is_next {
                    &rule::END_ONE_BEFORE_POSITION
                } else {
                    &rule::END_BEFORE_POSITION
                };
                let message = || format!("END is {}, before POS {}", end.value, self.position.0);
                report.add(rule, self.line, end.range.clone(), message);
                by_reference
            }
        }
    }

    fn to_lengths(
        &self,
        report: &mut LineReport,
        lengths: &Lengths<'_>,
        span: HalfOpen,
        has_end: bool,
    ) -> HalfOpen {
        let place = value_of(self.line, lengths.info.clone(), b"SVLEN");
        let by_svlen = place.clone().and_then(|it| lengths.by_svlen(&self.line[it]));
        let start = span.start;
        // The allele lies behind the base at POS, which comes before it.
        let reached = by_svlen.map(|it| start + 1 + it).filter(|it| *it > span.end);
        if lengths.minor < 4 {
            if let (Some(reached), Some(place), false) = (reached, place, has_end) {
                report.add(&rule::LENGTH_WITHOUT_END, self.line, place, || {
                    format!(
                        "by SVLEN the variant ends at {reached}, but without END the record ends \
                         at {}",
                        span.end
                    )
                });
            }
            return span;
        }
        let block = lengths.by_samples(self.line).map(|it| start + it);
        let end = [reached, block].into_iter().flatten().fold(span.end, i64::max);
        HalfOpen { start, end }
    }
}

impl Lengths<'_> {
    fn alleles(&self) -> impl Iterator<Item = &[u8]> {
        self.alternates.split(|it| *it == b',')
    }

    /// The longest of the alleles whose SVLEN counts bases of the reference.
    fn by_svlen(&self, value: &[u8]) -> Option<i64> {
        let values: Vec<&[u8]> = value.split(|it| *it == b',').collect();
        let of_allele = |(index, allele): (usize, &[u8])| {
            // A record for one allele has the whole list where its Number is not A.
            let at = if values.len() == 1 { index } else { self.part.unwrap_or(index) };
            let value = values.get(at).filter(|_| is_on_reference(allele))?;
            length(value)
        };
        self.alleles().enumerate().filter_map(of_allele).max()
    }

    /// The longest block of the reference that a sample has (VCF 4.5, FORMAT LEN).
    fn by_samples(&self, line: &[u8]) -> Option<i64> {
        let has_block = self.minor >= 5 && self.alleles().any(is_block);
        let rest = line.get(self.info.end + 1..).filter(|_| has_block)?;
        let mut fields = rest.split(|it| *it == b'\t');
        let key = fields.next()?.split(|it| *it == b':').position(|it| it == b"LEN")?;
        fields.filter_map(|it| length(it.split(|it| *it == b':').nth(key)?)).max()
    }
}

/// Whether SVLEN of an allele counts bases of the reference: for deletions, duplications,
/// inversions and copy numbers, of whatever subtype. That of an insertion counts new bases.
pub fn is_on_reference(allele: &[u8]) -> bool {
    let Some(id) = allele.strip_prefix(b"<").and_then(|it| it.strip_suffix(b">")) else {
        return false;
    };
    let kind = id.split(|it| *it == b':').next().unwrap_or_default();
    matches!(kind, b"DEL" | b"DUP" | b"INV" | b"CNV")
}

/// Whether the allele stands for every other one, as in blocks of the reference.
fn is_block(allele: &[u8]) -> bool {
    matches!(allele, b"<*>" | b"<NON_REF>")
}

/// A length, of which older files write the one of a deletion below zero.
fn length(value: &[u8]) -> Option<i64> {
    let number: i32 = std::str::from_utf8(value).ok()?.parse().ok()?;
    Some(i64::from(number).abs())
}

/// Where the value of a key of INFO stands: the last one, which holds where a key comes again.
fn value_of(line: &[u8], info: Range<usize>, key: &[u8]) -> Option<Range<usize>> {
    let mut end = info.end;
    for entry in line[info].rsplit(|it| *it == b';') {
        let start = end - entry.len();
        if entry.strip_prefix(key).is_some_and(|it| it.starts_with(b"=")) {
            return Some(start + key.len() + 1..end);
        }
        end = start.saturating_sub(1);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Keep;

    /// The last base of a record at 1000 with `fields` from REF on.
    fn last(minor: u32, fields: &str) -> (i64, bool) {
        let line = format!("1\t1000\t.\t{fields}");
        let tabs: Vec<usize> = line.match_indices('\t').map(|it| it.0).collect();
        let field = |at: usize| tabs[at - 1] + 1..tabs.get(at).copied().unwrap_or(line.len());
        let info = field(7);
        let end = value_of(line.as_bytes(), info.clone(), b"END").map(|range| {
            let value = line[range.clone()].parse().unwrap();
            End { value, range }
        });
        let alternates = &line.as_bytes()[field(4)];
        let lengths = Lengths { alternates, info, part: None, minor };
        let extent = Extent {
            line: line.as_bytes(),
            position: OneBased(1000),
            reference_length: field(3).len(),
            end,
            lengths: Some(lengths),
        };
        let mut report = LineReport::keeping(Keep::up_to(1));
        (extent.span(&mut report).end, report.findings.total() > 0)
    }

    #[test]
    fn lengths_reach_as_in_htslib() {
        for (fields, expected) in [
            ("A\t<DEL>\t.\t.\tSVLEN=500", 1500),
            ("A\t<DEL:ME>\t.\t.\tSVLEN=-500", 1500),
            ("A\t<DEL>\t.\t.\tSVLEN=500;END=1200", 1500),
            ("A\t<DEL>\t.\t.\tSVLEN=500;END=2200", 2200),
            ("AC\t<DEL>,<INS>\t.\t.\tSVLEN=500,9000", 1500),
            ("AC\t<DEL>,<DUP>\t.\t.\tSVLEN=500,900", 1900),
            ("AC\t<INS:ME>,<CNV:TR>\t.\t.\tSVLEN=.,900", 1900),
            ("AC\tT,<CNV>\t.\t.\tSVLEN=5000,900", 1900),
            ("AC\t<FOO>\t.\t.\tSVLEN=5000", 1001),
            ("A\t<INV>\t.\t.\tSVLEN=5000", 6000),
            ("A\t<INV>\t.\t.\tSVLEN=9000;AC=1;SVLEN=5000;AN=2", 6000),
            ("A\t<INV>\t.\t.\tXSVLEN=9000;SVLEN;SVLEN=5000;", 6000),
            ("A\t<DELX>\t.\t.\tSVLEN=5000", 1000),
            ("ACGT\t<DEL>\t.\t.\tSVLEN=2", 1003),
            ("A\t<DEL>\t.\t.\tSVLEN=2147483647", 2_147_484_647),
            ("A\t<DEL>\t.\t.\tSVLEN=2147483648", 1000),
            ("A\t<*>\t.\t.\t.\tGT:LEN\t0/0:100\t0/0:200", 1199),
            ("A\t<*>\t.\t.\tEND=1050\tGT:LEN\t0/0:100\t0/0:.", 1099),
            ("A\t<NON_REF>\t.\t.\t.\tLEN:GT\t100\t.", 1099),
            ("A\tC\t.\t.\t.\tGT:LEN\t0/0:100\t0/0", 1000),
            ("A\t<INS>\t.\t.\tSVLEN=400;END=1001", 1001),
            ("A\t<*>,<DEL>\t.\t.\tSVLEN=.,700\tGT:LEN\t0/0:100\t0/0:900", 1899),
        ] {
            assert_eq!(last(5, fields), (expected, false), "{fields}");
        }
    }

    #[test]
    fn a_record_for_one_allele_has_its_length_of_the_list() {
        let of = |alternates: &[u8], part| {
            let lengths = Lengths { alternates, info: 0..0, part, minor: 5 };
            lengths.by_svlen(b"900,20")
        };
        assert_eq!(of(b"<INS>,<INV>", None), Some(20));
        assert_eq!(of(b"<INV>", Some(1)), Some(20));
        assert_eq!(of(b"<INS>", Some(0)), None);
        assert_eq!(of(b"<DEL>,<DUP>,<CNV>", None), Some(900));
    }

    #[test]
    fn versions_before_have_end_alone() {
        assert_eq!(last(4, "A\t<DEL>\t.\t.\tSVLEN=500"), (1500, false));
        assert_eq!(last(4, "A\t<*>\t.\t.\t.\tLEN\t100"), (1000, false));
        assert_eq!(last(3, "A\t<DEL>\t.\t.\tSVLEN=-500"), (1000, true));
        assert_eq!(last(3, "A\t<DEL>\t.\t.\tSVLEN=-500;END=1200"), (1200, false));
        assert_eq!(last(3, "A\t<INS>\t.\t.\tSVLEN=500"), (1000, false));
    }
}

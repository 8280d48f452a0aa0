//! GT: the alleles that a sample was called with.

use std::ops::Range;

use crate::diagnostic::printable;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::number;
use crate::read::report::LineReport;

/// The alleles as they are written: `0/1`, `0|1`, `1`, `./.`, and since VCF 4.4 with a separator
/// in front.
#[inline]
pub fn alleles(genotype: &[u8]) -> impl Iterator<Item = &[u8]> {
    let first = usize::from(genotype.first().copied().is_some_and(is_separator));
    genotype[first..].split(|it| is_separator(*it))
}

/// The number of an allele, -1 for one that was not called; none where the record has no such
/// allele.
#[inline]
pub fn called(allele: &[u8], alternates: usize) -> Option<i32> {
    if allele == b"." {
        return Some(-1);
    }
    let (number, length) = number::integer(allele)?;
    let exists = usize::try_from(number).is_ok_and(|it| it <= alternates);
    (length == allele.len() && exists && allele[0] != b'+').then_some(number)
}

/// How many alleles there are.
pub fn ploidy(genotype: &[u8]) -> usize {
    genotype.iter().skip(1).filter(|it| is_separator(**it)).count() + 1
}

/// Whether each allele is phased: by the separator before it, and the first, where it has none,
/// like all others.
pub fn phases(genotype: &[u8]) -> Vec<bool> {
    let separators: Vec<bool> =
        genotype.iter().filter(|it| is_separator(**it)).map(|it| *it == b'|').collect();
    if genotype.first().copied().is_some_and(is_separator) {
        return separators;
    }
    let first = separators.iter().all(|it| *it);
    std::iter::once(first).chain(separators).collect()
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'/' | b'|')
}

/// Reports a GT that names no alleles of a record with so many ALT alleles.
pub fn misfit(
    report: &mut LineReport,
    line: &[u8],
    range: Range<usize>,
    alternates: usize,
    minor: u32,
) {
    let genotype = &line[range.clone()];
    let text = || printable(genotype, 40);
    let ends =
        matches!(genotype, [.., last, b'/' | b'|'] if last.is_ascii_digit() || *last == b'.');
    if minor >= 4 && ends {
        return report.add(&rule::GENOTYPE_ENDS_WITH_SEPARATOR, line, range, || {
            format!("GT is `{}`, with nothing behind the last separator", text())
        });
    }
    if alternates == 0 && alleles(genotype).all(|it| called(it, 1).is_some()) {
        return report.add(&rule::GENOTYPE_OF_ABSENT_ALLELE, line, range, || {
            format!("GT is `{}`, but ALT is `.`", text())
        });
    }
    report.add(&rule::INVALID_GENOTYPE, line, range, || {
        format!("GT is `{}`, which names no alleles of this record", text())
    });
}

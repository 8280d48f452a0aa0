//! GT: the alleles that a sample was called with.

use std::ops::Range;

use super::syntax::glued_header;
use crate::diagnostic::printable;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::number;
use crate::read::report::LineReport;

/// The alleles as they are written: `0/1`, `0|1`, `1`, `./.`. Empty parts are passed over, as in
/// `/0/1` (VCF 4.4) or `0/1/`, and a backslash separates, too: so the service reads them.
#[inline]
pub fn alleles(genotype: &[u8]) -> impl Iterator<Item = &[u8]> {
    genotype.split(|it| is_separator(*it)).filter(|it| !it.is_empty())
}

/// What is unusual in how the alleles are separated.
pub enum Form {
    /// A separator in front.
    Leading,
    /// One at the end.
    Trailing,
    /// Two in a row, or a backslash.
    Other,
}

/// What is unusual in the separators of a genotype.
#[inline]
pub fn unusual_form(genotype: &[u8]) -> Option<Form> {
    match genotype {
        [_] | [_, b'/' | b'|', _] if !is_separator(genotype[0]) => {
            let last = genotype[genotype.len() - 1];
            is_separator(last).then_some(Form::Trailing)
        }
        _ => unusual_form_of_any(genotype),
    }
}

fn unusual_form_of_any(genotype: &[u8]) -> Option<Form> {
    let (first, last) = (genotype.first().copied()?, genotype.last().copied()?);
    let mut pairs = genotype.windows(2);
    if genotype.contains(&b'\\') || pairs.any(|it| is_separator(it[0]) && is_separator(it[1])) {
        Some(Form::Other)
    } else if is_separator(last) {
        Some(Form::Trailing)
    } else {
        is_separator(first).then_some(Form::Leading)
    }
}

/// Whether all alleles are phased, or none: `phased` and the alleles tell all of it. So it is in
/// `0|1`, `|0|1` and `1`, and not in `0/1|2`, nor in `|1`, whose sign is the only one.
#[inline]
pub fn is_of_one_phase(genotype: &[u8]) -> bool {
    match genotype {
        [_] | [_, b'/' | b'|', _] => true,
        _ => {
            let is_phase = |it: &&u8| matches!(**it, b'/' | b'|');
            let mut phases = genotype.iter().filter(is_phase);
            let first = phases.next();
            phases.all(|it| Some(it) == first)
                && (genotype.first() != first || alleles(genotype).nth(1).is_some())
        }
    }
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
    alleles(genotype).count()
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
    // A backslash and a bar differ in one bit.
    byte == b'/' || byte | 0x20 == b'|'
}

/// Reports a GT that names an allele beyond those of the ALT alleles, so many, that the service's
/// reader does not pass over.
#[cold]
pub fn check_alleles(report: &mut LineReport, line: &[u8], range: Range<usize>, count: usize) {
    let genotype = &line[range.clone()];
    if alleles(genotype).any(|it| called(it, count).is_none()) {
        report.add(&rule::INVALID_GENOTYPE, line, range, || {
            let text = printable(genotype, 40);
            format!("GT is `{text}`, but the service reads {count} ALT alleles: `.` is none")
        });
    }
}

/// Reports a GT that names no alleles of a record with so many ALT alleles.
pub fn misfit(report: &mut LineReport, line: &[u8], range: Range<usize>, alternates: usize) {
    let genotype = &line[range.clone()];
    let text = || printable(genotype, 40);
    if alleles(genotype).next().is_none() {
        return report.add(&rule::UNUSUAL_GENOTYPE_SEPARATOR, line, range, || {
            format!("GT is `{}`, without an allele", text())
        });
    }
    if alternates == 0 && alleles(genotype).all(|it| called(it, 1).is_some()) {
        return report.add(&rule::GENOTYPE_OF_ABSENT_ALLELE, line, range, || {
            format!("GT is `{}`, but ALT is `.`", text())
        });
    }
    report.add(&rule::INVALID_GENOTYPE, line, range, || {
        let hint = glued_header(genotype);
        format!("GT is `{}`, which names no alleles of this record{hint}", text())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alleles_are_cut_as_a_tokenizer_cuts_them() {
        for (text, expected) in
            [("0/1", 2), ("/1", 1), ("0/1/", 2), ("0\\1", 2), ("0//1", 2), ("/", 0), ("1", 1)]
        {
            assert_eq!(alleles(text.as_bytes()).count(), expected, "{text}");
        }
    }

    #[test]
    fn a_genotype_of_one_phase_has_one_sign() {
        for text in ["0", ".", "0/1", "0|1", "./.", "0/1/2", "|0|1", "/0/1", "10|11", "0\\1"] {
            assert!(is_of_one_phase(text.as_bytes()), "{text}");
        }
        for text in ["1/0|1", "/0|1", "|0/1", "|1", "/1", "0|1/2", "10/11|12"] {
            assert!(!is_of_one_phase(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn separators_are_usual_between_two_alleles() {
        for text in ["0", ".", "0/1", "0|1", "./.", "0/1/2", "10|11"] {
            assert!(unusual_form(text.as_bytes()).is_none(), "{text}");
        }
        for text in ["/", "/1", "1/", "0/1/", "|0|1", "0//1", "0\\1", "0/1\\2"] {
            assert!(unusual_form(text.as_bytes()).is_some(), "{text}");
        }
    }
}

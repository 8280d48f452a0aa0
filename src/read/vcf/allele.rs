//! REF and ALT.

use std::ops::Range;

use super::record::Report;
use crate::diagnostic::rules::vcf_record as rule;

/// Checks the alleles as the service's reader does.
pub fn check(report: &mut Report, line: &[u8], reference: Range<usize>, alternates: Range<usize>) {
    check_reference(report, line, reference);
    if &line[alternates.clone()] == b"." {
        return;
    }
    let mut start = alternates.start;
    for allele in line[alternates].split(|it| *it == b',') {
        if !is_bases(allele) {
            check_alternate(report, line, start..start + allele.len());
        }
        start += allele.len() + 1;
    }
}

/// How many alleles an ALT field has.
pub fn count(alternates: &[u8]) -> usize {
    if alternates == b"." { 0 } else { memchr::memchr_iter(b',', alternates).count() + 1 }
}

/// Whether the allele consists of bases in either case.
fn is_bases(allele: &[u8]) -> bool {
    !allele.is_empty()
        && allele.iter().all(|it| {
            matches!(it, b'A' | b'C' | b'G' | b'T' | b'N' | b'a' | b'c' | b'g' | b't' | b'n')
        })
}

fn check_reference(report: &mut Report, line: &[u8], range: Range<usize>) {
    let allele = &line[range.clone()];
    if is_bases(allele) {
        return;
    }
    let text = || String::from_utf8_lossy(allele).into_owned();
    match allele {
        b"" | b"." => {
            report
                .add(&rule::INVALID_REFERENCE_ALLELE, line, range, || "REF is missing".to_owned());
        }
        _ if is_symbolic(allele) || allele == b"*" => {
            report.add(&rule::INVALID_REFERENCE_ALLELE, line, range, || {
                format!("REF is `{}`, which is no bases", text())
            });
        }
        _ => check_letters(report, line, range, "REF"),
    }
}

fn check_alternate(report: &mut Report, line: &[u8], range: Range<usize>) {
    let allele = &line[range.clone()];
    let text = || String::from_utf8_lossy(allele).into_owned();
    match allele {
        b"*" => {}
        b"" => {
            report
                .add(&rule::MALFORMED_ALLELE, line, range, || "an ALT allele is empty".to_owned());
        }
        b"." => report.add(&rule::MALFORMED_ALLELE, line, range, || {
            "`.` stands among other ALT alleles".to_owned()
        }),
        _ if is_breakend(allele) || is_single_breakend(allele) => {}
        _ if allele.starts_with(b"<") && allele.ends_with(b">") && allele.len() > 2 => {}
        _ if allele.iter().any(|it| matches!(it, b'<' | b'>' | b'[' | b']' | b':' | b'.')) => {
            report.add(&rule::MALFORMED_ALLELE, line, range, || {
                format!("ALT allele `{}` is neither bases nor symbolic nor a breakend", text())
            });
        }
        _ => check_letters(report, line, range, "ALT"),
    }
}

fn check_letters(report: &mut Report, line: &[u8], range: Range<usize>, field: &str) {
    let allele = &line[range.clone()];
    let text = String::from_utf8_lossy(allele);
    if matches!(allele[0], b'D' | b'I') {
        return report.add(&rule::INVALID_REFERENCE_ALLELE, line, range, || {
            format!("{field} allele `{text}` is an insertion or deletion in the style of VCF 3")
        });
    }
    report.add(&rule::UNKNOWN_BASE, line, range, || {
        format!("{field} allele `{text}` has letters other than A, C, G, T and N")
    });
}

fn is_symbolic(allele: &[u8]) -> bool {
    allele.starts_with(b"<")
        || allele.ends_with(b">")
        || allele.iter().any(|it| matches!(it, b'[' | b']'))
}

/// `t[p[`, `t]p]`, `]p]t`, `[p[t`: two brackets of one kind around a mate, bases on one side.
fn is_breakend(allele: &[u8]) -> bool {
    let Some(bracket) = allele.iter().copied().find(|it| matches!(it, b'[' | b']')) else {
        return false;
    };
    let mut parts = allele.split(|it| *it == bracket);
    let (Some(before), Some(mate), Some(after), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let inserted = |side: &[u8]| {
        side == b"."
            || is_bases(side)
            || side.starts_with(b".") && is_bases(&side[1..])
            || side.ends_with(b".") && is_bases(&side[..side.len() - 1])
    };
    let one_side = before.is_empty() != after.is_empty();
    one_side
        && !mate.is_empty()
        && !mate.iter().any(|it| matches!(it, b'[' | b']'))
        && inserted(if before.is_empty() { after } else { before })
}

/// `G.` and `.G`: a breakend whose mate is unknown.
fn is_single_breakend(allele: &[u8]) -> bool {
    let bases = allele.strip_prefix(b".").or_else(|| allele.strip_suffix(b"."));
    bases.is_some_and(is_bases)
}

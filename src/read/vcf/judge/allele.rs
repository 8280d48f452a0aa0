//! REF and ALT.

use std::ops::Range;

use super::counts::Alternates;
use super::{elements, syntax};
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;

/// Checks the alleles.
pub fn check(
    report: &mut LineReport,
    line: &[u8],
    reference: Range<usize>,
    alternates: Range<usize>,
    minor: u32,
) {
    check_reference(report, line, reference.clone());
    if &line[alternates.clone()] == b"." {
        return;
    }
    let mut start = alternates.start;
    for allele in line[alternates.clone()].split(|it| *it == b',') {
        if !is_bases(allele) {
            let place = start..start + allele.len();
            let is_last = place.end == alternates.end && place.start > alternates.start;
            if allele == b"." || allele.is_empty() && is_last {
                absent(report, line, place);
            } else {
                check_alternate(report, line, place, minor);
            }
        } else if allele.eq_ignore_ascii_case(&line[reference.clone()]) {
            duplicate(report, line, start..start + allele.len());
        }
        start += allele.len() + 1;
    }
    if let Some(place) = repeated(&line[alternates.clone()]) {
        duplicate(report, line, alternates.start + place.start..alternates.start + place.end);
    }
}

/// An allele that the service's reader passes over: `.` among others, or nothing behind the last
/// comma.
fn absent(report: &mut LineReport, line: &[u8], range: Range<usize>) {
    report.add(&rule::MISSING_ALLELE_AMONG_OTHERS, line, range.clone(), || match &line[range] {
        b"." => "`.` stands among other ALT alleles".to_owned(),
        _ => "ALT ends with a comma".to_owned(),
    });
}

/// What an ALT field has.
pub fn count(alternates: &[u8]) -> Alternates {
    if alternates == b"." {
        return Alternates::default();
    }
    let count = memchr::memchr_iter(b',', alternates).count() + 1;
    Alternates {
        count,
        passed_over: if count > 1 { passed_over(alternates) } else { 0 },
        structural: memchr::memchr3(b'<', b'[', b']', alternates).is_some(),
    }
}

/// How many of several alleles are `.`, or empty and the last.
fn passed_over(alternates: &[u8]) -> usize {
    let missing = alternates.split(|it| *it == b',').filter(|it| *it == b".").count();
    missing + usize::from(alternates.ends_with(b","))
}

/// An ALT allele that comes a second time, of bases in whatever case.
fn repeated(alternates: &[u8]) -> Option<Range<usize>> {
    memchr::memchr(b',', alternates)?;
    let has_lower = alternates.iter().any(u8::is_ascii_lowercase);
    let upper = has_lower.then(|| upper_bases(alternates));
    elements::repeated(upper.as_deref().unwrap_or(alternates), b',')
}

/// The alleles with all bases in upper case. What is symbolic keeps its letters.
fn upper_bases(alternates: &[u8]) -> Vec<u8> {
    let mut text = alternates.to_vec();
    for allele in text.split_mut(|it| *it == b',').filter(|it| is_bases(it)) {
        allele.make_ascii_uppercase();
    }
    text
}

fn duplicate(report: &mut LineReport, line: &[u8], range: Range<usize>) {
    let rule = match &line[range.clone()] {
        b"." => return,
        allele if is_bases(allele) => &rule::DUPLICATE_ALLELE,
        _ => &rule::DUPLICATE_SYMBOLIC_ALLELE,
    };
    report.add(rule, line, range.clone(), || {
        format!("allele `{}` stands before already", String::from_utf8_lossy(&line[range]))
    });
}

/// Whether the allele consists of bases in either case.
fn is_bases(allele: &[u8]) -> bool {
    !allele.is_empty()
        && allele.iter().all(|it| {
            matches!(it, b'A' | b'C' | b'G' | b'T' | b'N' | b'a' | b'c' | b'g' | b't' | b'n')
        })
}

fn check_reference(report: &mut LineReport, line: &[u8], range: Range<usize>) {
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

/// Checks an allele that is no bases.
fn check_alternate(report: &mut LineReport, line: &[u8], range: Range<usize>, minor: u32) {
    let allele = &line[range.clone()];
    let text = || String::from_utf8_lossy(allele).into_owned();
    match allele {
        b"*" => {}
        b"" => {
            report
                .add(&rule::MALFORMED_ALLELE, line, range, || "an ALT allele is empty".to_owned());
        }
        _ if is_single_breakend(allele) => {}
        _ if is_breakend(allele) => check_mate(report, line, range),
        _ if allele.len() > 1 && (allele.starts_with(b"<") || allele.ends_with(b">")) => {
            check_symbolic(report, line, range, minor);
        }
        // The service takes whatever looks like a breakend.
        [b'.', _, ..] | [.., _, b'.'] => malformed_breakend(report, line, range),
        _ if allele.len() > 1 && allele.iter().any(|it| matches!(it, b'[' | b']')) => {
            malformed_breakend(report, line, range);
        }
        _ if allele.iter().any(|it| matches!(it, b'<' | b'>' | b'[' | b']' | b':' | b'.')) => {
            report.add(&rule::MALFORMED_ALLELE, line, range, || {
                format!("ALT allele `{}` is neither bases nor symbolic nor a breakend", text())
            });
        }
        _ => check_letters(report, line, range, "ALT"),
    }
}

fn malformed_breakend(report: &mut LineReport, line: &[u8], range: Range<usize>) {
    report.add(&rule::MALFORMED_BREAKEND, line, range.clone(), || {
        format!("ALT allele `{}` is no breakend", String::from_utf8_lossy(&line[range]))
    });
}

/// `<ID>`, with an ID of one word; or bases and an inserted contig, `C<contig>`.
fn check_symbolic(report: &mut LineReport, line: &[u8], range: Range<usize>, minor: u32) {
    let allele = &line[range.clone()];
    let text = || String::from_utf8_lossy(allele).into_owned();
    let opening = allele.iter().position(|it| *it == b'<').unwrap_or(0);
    let inserted = if is_bases(&allele[..opening]) { &allele[opening..] } else { allele };
    let id = inserted.strip_prefix(b"<").and_then(|it| it.strip_suffix(b">"));
    let is_word = |it: &[u8]| {
        !it.is_empty() && !it.iter().any(|it| syntax::is_blank(*it) || matches!(it, b'<' | b'>'))
    };
    match id {
        Some(id) if is_word(id) => {
            if id == b"*" && minor < 3 {
                report.add(&rule::UNSPECIFIED_ALLELE_BEFORE_4_3, line, range, || {
                    "ALT has `<*>`, which came with VCF 4.3".to_owned()
                });
            } else if syntax::has_unknown_type(id, minor) {
                report.add(&rule::UNKNOWN_STRUCTURAL_TYPE, line, range, || {
                    format!("ALT allele `{}` begins with no type of structural variant", text())
                });
            }
        }
        _ => report.add(&rule::INVALID_SYMBOLIC_ALLELE, line, range, || {
            format!("symbolic ALT allele `{}` is not `<ID>`", text())
        }),
    }
}

/// The mate of a breakend: `contig:position` or `<contig>:position`, between its brackets.
fn check_mate(report: &mut LineReport, line: &[u8], range: Range<usize>) {
    let allele = &line[range.clone()];
    let mut parts = allele.split(|it| matches!(it, b'[' | b']'));
    let mate = parts.nth(1).unwrap_or_default();
    let colon = mate.iter().rposition(|it| *it == b':');
    let is_sound = colon.is_some_and(|at| {
        let (contig, position) = (&mate[..at], &mate[at + 1..]);
        !contig.is_empty()
            && !contig.iter().any(|it| syntax::is_blank(*it) || *it == b',')
            && !position.is_empty()
            && position.iter().all(u8::is_ascii_digit)
    });
    if !is_sound {
        report.add(&rule::INVALID_BREAKEND_MATE, line, range, || {
            format!("the mate of breakend `{}` is no place", String::from_utf8_lossy(allele))
        });
    }
}

fn check_letters(report: &mut LineReport, line: &[u8], range: Range<usize>, field: &str) {
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

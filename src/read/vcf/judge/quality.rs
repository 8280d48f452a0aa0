//! QUAL.

use std::ops::Range;

use super::glow;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;

/// Whether the service's reader takes a quality for an absent one: -1, and -10, whose logarithm it
/// keeps for that.
pub fn is_absent(value: f64) -> bool {
    [-1.0_f64, -10.0].iter().any(|it| it.to_bits() == value.to_bits())
}

/// Reports a quality below zero.
pub fn negative(report: &mut LineReport, line: &[u8], range: Range<usize>, value: f64) {
    let rule = if is_absent(value) { &rule::QUALITY_OF_MINUS_ONE } else { &rule::NEGATIVE_QUALITY };
    report.add(rule, line, range, || format!("QUAL is {value}"));
}

/// Reports a quality that is no number here.
pub fn misfit(report: &mut LineReport, line: &[u8], range: Range<usize>) {
    let text = &line[range.clone()];
    let is_float = glow::is_float(text);
    let rule = if is_float { &rule::LOOSE_QUALITY } else { &rule::QUALITY_NOT_A_NUMBER };
    report.add(rule, line, range, || format!("QUAL is `{}`", String::from_utf8_lossy(text)));
}

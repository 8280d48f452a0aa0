//! ID.

use std::ops::Range;

use super::elements::{repeated, unsound};
use super::syntax::is_blank;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;

/// Checks the field at `range` of the line.
pub fn check(report: &mut LineReport, line: &[u8], range: Range<usize>, minor: u32) {
    let text = &line[range.clone()];
    if text.is_empty() || text.iter().all(|it| *it != b';' && !is_blank(*it)) {
        return;
    }
    if let Some(place) = unsound(text) {
        let place = range.start + place.start..range.start + place.end;
        report.add(&rule::INVALID_ID, line, place, || {
            format!("ID is `{}`", String::from_utf8_lossy(text))
        });
    }
    if let Some(place) = repeated(text, b';').filter(|_| minor >= 3) {
        let place = range.start + place.start..range.start + place.end;
        report.add(&rule::DUPLICATE_ID, line, place.clone(), || {
            format!("ID has `{}` twice", String::from_utf8_lossy(&line[place]))
        });
    }
}

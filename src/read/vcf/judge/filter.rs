//! FILTER.

use std::collections::HashSet;
use std::ops::Range;

use super::elements::{elements, repeated, unsound};
use super::fault::Fault;
use crate::diagnostic::Rule;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;
use crate::read::vcf::declared::Header;

/// Judges the filters of one chunk. They rarely change from record to record, so the last verdict
/// is kept.
pub struct FilterJudge<'h> {
    declared: HashSet<&'h [u8]>,
    minor: u32,
    last: Vec<u8>,
    /// What is wrong with the last field.
    faults: Vec<Fault>,
}

impl<'h> FilterJudge<'h> {
    /// A judge of the records below a header.
    pub fn new(header: &'h Header) -> Self {
        let declared = header.filters.iter().map(String::as_bytes).collect();
        Self { declared, minor: header.minor(), last: b"PASS".to_vec(), faults: Vec::new() }
    }

    /// Checks the field at `range` of the line.
    pub fn check(&mut self, report: &mut LineReport, line: &[u8], range: Range<usize>) {
        let text = &line[range.clone()];
        if self.last != text {
            self.last.clear();
            self.last.extend_from_slice(text);
            self.find_faults(text);
        }
        for fault in &self.faults {
            fault.report(report, line, range.clone());
        }
    }

    fn find_faults(&mut self, text: &[u8]) {
        self.faults.clear();
        if matches!(text, b"" | b"." | b"PASS") {
            return;
        }
        // Empty elements at the end do not count for the service.
        let end = text.iter().rposition(|it| *it != b';').map_or(0, |it| it + 1);
        let unsound = match unsound(&text[..end]) {
            _ if end == 0 => Some(whole(&rule::LOOSE_FILTER, 0..text.len())),
            Some(place) => Some(whole(&rule::INVALID_FILTER, place)),
            None if !text.is_ascii() => Some(whole(&rule::FILTER_BEYOND_ASCII, 0..text.len())),
            None => (end < text.len()).then(|| whole(&rule::LOOSE_FILTER, end..text.len())),
        };
        let repeated = repeated(text, b';').filter(|_| self.minor >= 3).map(|place| Fault {
            rule: &rule::DUPLICATE_FILTER,
            place,
            message: |_, filter| format!("FILTER has `{filter}` twice"),
        });
        self.faults.extend(unsound.into_iter().chain(repeated));
        for place in elements(text, b';') {
            let filter = &text[place.clone()];
            self.faults.push(match filter {
                b"" => continue,
                b"0" if text == b"0" => whole(&rule::FILTER_ZERO, place),
                b"0" => whole(&rule::LOOSE_FILTER, place),
                b"PASS" => whole(&rule::PASS_AMONG_FILTERS, place),
                b"." => whole(&rule::MISSING_AMONG_FILTERS, place),
                _ if self.declared.contains(filter) || self.declared.is_empty() => continue,
                _ => Fault {
                    rule: &rule::UNDECLARED_FILTER,
                    place,
                    message: |_, filter| format!("filter `{filter}` is not defined in the header"),
                },
            });
        }
    }
}

/// A fault that shows all of the field.
fn whole(rule: &'static Rule, place: Range<usize>) -> Fault {
    Fault { rule, place, message: |text, _| format!("FILTER is `{text}`") }
}

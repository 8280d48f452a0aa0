//! FILTER.

use std::collections::HashSet;
use std::ops::Range;

use super::header::Header;
use super::id::{elements, fault, repeated};
use crate::diagnostic::Rule;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;

/// Checks the filters of one chunk. They rarely change from record to record, so the last verdict is kept.
pub struct FilterReader<'h> {
    declared: HashSet<&'h [u8]>,
    minor: u32,
    last: Vec<u8>,
    /// What is wrong with the last field, and where in it.
    faults: Vec<(&'static Rule, Range<usize>)>,
}

impl<'h> FilterReader<'h> {
    /// A reader for the records below a header.
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
            self.judge(text);
        }
        for (rule, place) in &self.faults {
            let place = range.start + place.start..range.start + place.end;
            report.add(rule, line, place.clone(), || {
                let (all, one) =
                    (String::from_utf8_lossy(text), String::from_utf8_lossy(&line[place]));
                match rule.code {
                    code if code == rule::UNDECLARED_FILTER.code => {
                        format!("filter `{one}` is not defined in the header")
                    }
                    code if code == rule::DUPLICATE_FILTER.code => {
                        format!("FILTER has `{one}` twice")
                    }
                    _ => format!("FILTER is `{all}`"),
                }
            });
        }
    }

    fn judge(&mut self, text: &[u8]) {
        self.faults.clear();
        if matches!(text, b"" | b"." | b"PASS") {
            return;
        }
        self.faults.extend(fault(text).map(|it| (&rule::INVALID_FILTER, it)));
        let twice = repeated(text, b';').filter(|_| self.minor >= 3);
        self.faults.extend(twice.map(|it| (&rule::DUPLICATE_FILTER, it)));
        for place in elements(text, b';') {
            let filter = &text[place.clone()];
            let fault = match filter {
                b"" => continue,
                b"0" => &rule::FILTER_ZERO,
                b"PASS" => &rule::PASS_AMONG_FILTERS,
                _ if self.declared.contains(filter) || self.declared.is_empty() => continue,
                _ => &rule::UNDECLARED_FILTER,
            };
            self.faults.push((fault, place));
        }
    }
}

//! A fault of a field that rarely changes from record to record, kept for the next that has it.

use std::ops::Range;

use crate::diagnostic::Rule;
use crate::read::report::LineReport;

/// What is wrong with a field.
pub struct Fault {
    /// The rule.
    pub rule: &'static Rule,
    /// Where, in bytes of the field.
    pub place: Range<usize>,
    /// What to say, from the field and what stands at the place.
    pub message: fn(&str, &str) -> String,
}

impl Fault {
    /// Reports it about the field at `range` of the line.
    pub fn report(&self, report: &mut LineReport, line: &[u8], range: Range<usize>) {
        let place = range.start + self.place.start..range.start + self.place.end;
        report.add(self.rule, line, place.clone(), || {
            let [field, part] = [range, place].map(|it| String::from_utf8_lossy(&line[it]));
            (self.message)(&field, &part)
        });
    }
}

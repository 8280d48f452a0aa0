//! Findings about the lines of a chunk.

use std::ops::Range;

use crate::diagnostic::rules::file as file_rule;
use crate::diagnostic::rules::vcf_record as rule;
use crate::diagnostic::{Findings, Rule};

/// Where findings about the current line go.
pub struct Report {
    pub(super) findings: Findings,
    /// The current line within the chunk, from 1.
    pub(super) line_number: u64,
    /// The current line as it stands in the file, where it is not UTF-8 and is read in another form.
    pub(super) original: Option<Vec<u8>>,
}

impl Report {
    /// Adds a finding about a part of the current line.
    pub fn add(
        &mut self,
        rule: &'static Rule,
        line: &[u8],
        range: Range<usize>,
        message: impl FnOnce() -> String,
    ) {
        match &self.original {
            None => self.findings.add(rule, self.line_number, line, range, message),
            Some(original) => {
                let range = place_in(original, range.start)..place_in(original, range.end);
                self.findings.add(rule, self.line_number, original, range, message);
            }
        }
    }
}

/// The place in a line's bytes that a place in its readable form stands for.
fn place_in(original: &[u8], readable: usize) -> usize {
    let (mut rest, mut place) = (readable, 0);
    for chunk in original.utf8_chunks() {
        let valid = chunk.valid().len();
        if rest <= valid {
            break;
        }
        rest -= valid;
        place += valid;
        if rest < char::REPLACEMENT_CHARACTER.len_utf8() {
            return place;
        }
        rest -= char::REPLACEMENT_CHARACTER.len_utf8();
        place += chunk.invalid().len();
    }
    place + rest
}

/// The rule for a last line without a newline. Validators insist on one in VCF 4.3 and 4.4; files of the suite for 4.5 have none.
pub(super) fn last_line_rule(minor: u32) -> &'static Rule {
    if matches!(minor, 3 | 4) {
        &rule::UNTERMINATED_LAST_LINE
    } else {
        &file_rule::NO_FINAL_NEWLINE
    }
}

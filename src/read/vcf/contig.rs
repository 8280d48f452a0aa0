//! CHROM.

use std::collections::HashSet;
use std::ops::Range;

use super::header::Header;
use super::syntax::contig_fault;
use crate::diagnostic::Rule;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;

/// Checks the contigs of one chunk. They rarely change from record to record, so the last verdict is kept.
pub struct ContigReader<'h> {
    declared: HashSet<&'h [u8]>,
    minor: u32,
    last: Vec<u8>,
    faults: [Option<&'static Rule>; 2],
}

impl<'h> ContigReader<'h> {
    /// A reader for the records below a header.
    pub fn new(header: &'h Header) -> Self {
        let declared = header.contigs.iter().map(String::as_bytes).collect();
        Self { declared, minor: header.minor(), last: Vec::new(), faults: [None; 2] }
    }

    /// Checks the field at `range` of the line.
    pub fn check(&mut self, report: &mut LineReport, line: &[u8], range: Range<usize>) {
        let text = &line[range.clone()];
        if self.last != text {
            self.last.clear();
            self.last.extend_from_slice(text);
            self.faults = self.judge(text);
        }
        for rule in self.faults.into_iter().flatten() {
            report.add(rule, line, range.clone(), || {
                let text = String::from_utf8_lossy(text);
                if rule == &rule::UNDECLARED_CONTIG {
                    format!("contig `{text}` is not defined in the header")
                } else {
                    format!("CHROM is `{text}`")
                }
            });
        }
    }

    fn judge(&self, text: &[u8]) -> [Option<&'static Rule>; 2] {
        if text.is_empty() || text == b"." {
            return [None; 2];
        }
        let enclosed = text.strip_prefix(b"<").and_then(|it| it.strip_suffix(b">"));
        let (invalid, unusual) = (&rule::INVALID_CONTIG_NAME, &rule::UNUSUAL_CONTIG_NAME);
        let fault = contig_fault(enclosed.unwrap_or(text), self.minor, invalid, unusual);
        // A contig of the assembly file has no line in the header.
        let is_known = enclosed.is_some() || self.declared.contains(text);
        let undeclared = !self.declared.is_empty() && !is_known;
        [fault, undeclared.then_some(&rule::UNDECLARED_CONTIG)]
    }
}

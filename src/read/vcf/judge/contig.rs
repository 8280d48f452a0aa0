//! CHROM.

use std::collections::HashSet;
use std::ops::Range;

use super::fault::Fault;
use super::syntax::contig_fault;
use crate::diagnostic::rules::vcf_record as rule;
use crate::read::report::LineReport;
use crate::read::vcf::declared::Header;

/// Judges the contigs of one chunk. They rarely change from record to record, so the last verdict
/// is kept.
pub struct ContigJudge<'h> {
    declared: HashSet<&'h [u8]>,
    minor: u32,
    last: Vec<u8>,
    faults: [Option<Fault>; 2],
}

impl<'h> ContigJudge<'h> {
    /// A judge of the records below a header.
    pub fn new(header: &'h Header) -> Self {
        let declared = header.contigs.iter().map(|it| it.id.as_bytes()).collect();
        Self { declared, minor: header.minor(), last: Vec::new(), faults: [None, None] }
    }

    /// Checks the field at `range` of the line.
    pub fn check(&mut self, report: &mut LineReport, line: &[u8], range: Range<usize>) {
        let text = &line[range.clone()];
        if self.last != text {
            self.last.clear();
            self.last.extend_from_slice(text);
            self.faults = self.faults_of(text);
        }
        for fault in self.faults.iter().flatten() {
            fault.report(report, line, range.clone());
        }
    }

    fn faults_of(&self, text: &[u8]) -> [Option<Fault>; 2] {
        if text.is_empty() || text == b"." {
            return [None, None];
        }
        let enclosed = text.strip_prefix(b"<").and_then(|it| it.strip_suffix(b">"));
        let (invalid, unusual) = (&rule::INVALID_CONTIG_NAME, &rule::UNUSUAL_CONTIG_NAME);
        let named = contig_fault(enclosed.unwrap_or(text), self.minor, invalid, unusual);
        // A contig of the assembly file has no line in the header.
        let is_known = enclosed.is_some() || self.declared.contains(text);
        let undeclared = !self.declared.is_empty() && !is_known;
        let place = 0..text.len();
        [
            named.map(|rule| Fault {
                rule,
                place: place.clone(),
                message: |text, _| format!("CHROM is `{text}`"),
            }),
            undeclared.then(|| Fault {
                rule: &rule::UNDECLARED_CONTIG,
                place: place.clone(),
                message: |text, _| format!("contig `{text}` is not defined in the header"),
            }),
        ]
    }
}

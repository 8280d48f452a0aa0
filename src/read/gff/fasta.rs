//! The sequences behind the features. Nothing of them is stored.

use super::row::FeatureParser;
use super::section::is_introduction;
use super::sink::Sink;
use crate::diagnostic::rules::gff_file as rule;
use crate::model::Result;
use crate::read::Parsed;

/// Tabs of a row.
const TABS: usize = 8;

impl<S: Sink> FeatureParser<S> {
    /// Reads lines of sequences. `begins` says that none came before.
    pub fn sequences(mut self, text: &[u8], begins: bool) -> Result<Parsed<S::Output>> {
        if begins {
            self.first_sequence(text);
        }
        // Sequences have no tabs, and there may be gigabytes of them.
        if memchr::memchr(b'\t', text).is_some() {
            self.rows_among_sequences(text);
        }
        self.report.line_number = memchr::memchr_iter(b'\n', text).count() as u64;
        if text.last().is_some_and(|it| *it != b'\n') {
            self.report.line_number += 1;
        }
        self.finish(text)
    }

    fn first_sequence(&mut self, text: &[u8]) {
        for (line, number) in text.split(|it| *it == b'\n').zip(1..) {
            if is_introduction(line) {
                continue;
            }
            if line.first() != Some(&b'>') {
                self.report.line_number = number;
                let line = line.trim_ascii_end();
                self.report.add(&rule::FASTA_WITHOUT_HEADER, line, 0..line.len(), || {
                    "the first sequence has no line that begins with `>`".to_owned()
                });
            }
            return;
        }
    }

    fn rows_among_sequences(&mut self, text: &[u8]) {
        for (line, number) in text.split_inclusive(|it| *it == b'\n').zip(1..) {
            let is_row = !matches!(line.first(), Some(b'>' | b'#'))
                && memchr::memchr_iter(b'\t', line).count() == TABS;
            if is_row {
                self.report.line_number = number;
                let shown = line.trim_ascii_end();
                self.report.add(&rule::ROW_AMONG_SEQUENCES, shown, 0..shown.len(), || {
                    "this row stands behind ##FASTA, where only sequences may stand".to_owned()
                });
                self.reject(line);
            }
        }
    }
}

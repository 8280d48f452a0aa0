//! A chunk of lines becomes calls to a sink, and findings.

use super::attributes::Attributes;
use super::columns::{self, Columns};
use super::directive;
use super::judge;
use super::quoted::QuotedColumns;
use super::sink::Sink;
use crate::diagnostic::Keep;
use crate::diagnostic::rules::{file::NO_FINAL_NEWLINE, gff_row as rule};
use crate::model::Result;
use crate::read::lines::{self, LineParser, without_break};
use crate::read::report::{Fates, LineReport};
use crate::read::{Admission, Parsed};

/// Parses one chunk. Lines are counted from 1 within it.
pub struct FeatureParser<S> {
    pub(super) sink: S,
    pub(super) report: LineReport,
    attributes: Attributes,
    quotes: QuotedColumns,
    /// Whether the chunk begins the file.
    is_first: bool,
    fates: Fates,
}

impl<S: Sink> LineParser for FeatureParser<S> {
    fn report(&mut self) -> &mut LineReport {
        &mut self.report
    }

    fn line(&mut self, readable: &[u8], in_file: &[u8]) {
        let line = without_break(readable);
        match line.first() {
            Some(b'#') if line.starts_with(b"##") => {
                let is_first = self.is_first && self.report.line_number == 1;
                directive::read(&mut self.sink, &mut self.report, line, is_first);
                if line.trim_ascii_end() != b"###" {
                    self.fates.of_header(in_file);
                }
            }
            // As NCBI and Ensembl write what they have to say of the genome.
            Some(b'#') if line.starts_with(b"#!") => self.fates.of_header(in_file),
            Some(b'#') => {}
            _ if line.trim_ascii().is_empty() => {}
            _ => {
                let is_stored = self.row(line);
                let fate = if is_stored { Admission::AsIs } else { Admission::Rejected };
                self.fates.add(fate, self.report.line_number, in_file);
            }
        }
    }
}

impl<S: Sink> FeatureParser<S> {
    /// A parser for one chunk of a file, which keeps these findings whole.
    pub fn new(keep: Keep, sink: S) -> Self {
        Self {
            sink,
            report: LineReport::keeping(keep),
            attributes: Attributes::default(),
            quotes: QuotedColumns::default(),
            is_first: false,
            fates: Fates::default(),
        }
    }

    /// Parses lines before the sequences. `first` says that they begin the file.
    pub fn features(mut self, text: &[u8], first: bool) -> Result<Parsed<S::Output>> {
        self.is_first = first;
        lines::parse(&mut self, text);
        self.finish(text)
    }

    /// Ends the chunk, which has been read to the last line of its text.
    pub(super) fn finish(mut self, text: &[u8]) -> Result<Parsed<S::Output>> {
        let is_break = |it: &u8| *it == b'\n';
        lines::check_final_break(&mut self.report, text, is_break, &NO_FINAL_NEWLINE);
        let output = self.sink.finish()?;
        Ok(self.fates.parsed(output, self.report.findings, self.report.line_number))
    }

    /// Keeps a line that cannot be stored, as it stands in the file.
    pub(super) fn reject(&mut self, line: &[u8]) {
        self.fates.add(Admission::Rejected, self.report.line_number, line);
    }

    /// Parses a row; false where it cannot be stored.
    fn row(&mut self, line: &[u8]) -> bool {
        let report = &mut self.report;
        let Some(columns) = Columns::split(report, line, &mut self.quotes) else { return false };
        let [.., attributes] = &columns.ranges;
        let attributes = attributes.clone();
        let escaped = memchr::memchr(b'%', line).is_some();
        if line.iter().any(|it| *it < b' ' && *it != b'\t' || *it == 0x7f) {
            control_character(report, line);
        }
        let Some(numbers) = columns.numbers(report, line) else { return false };
        let texts = columns.texts(report, line);
        let feature = columns::feature(&texts, numbers, columns.of(line, columns::STRAND));
        judge::row::judge(&columns, report, line, &feature);
        self.sink.feature(report.line_number, &feature);
        if escaped {
            self.sink.escapes(report.line_number);
        }
        self.attributes.read(&mut self.sink, report, line, attributes);
        self.sink.end_feature();
        true
    }
}

fn control_character(report: &mut LineReport, line: &[u8]) {
    let found = line.iter().position(|it| *it < b' ' && *it != b'\t' || *it == 0x7f);
    let Some(at) = found else { return };
    report.add(&rule::CONTROL_CHARACTER, line, at..at + 1, || {
        format!("control character 0x{:02X} is not written as %{:02X}", line[at], line[at])
    });
}

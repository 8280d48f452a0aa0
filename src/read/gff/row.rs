//! A chunk of lines becomes calls to a sink, and findings.

use super::Parsed;
use super::attributes::Attributes;
use super::columns::{self, Columns};
use super::directive;
use super::judge;
use super::sink::Sink;
use crate::diagnostic::rules::{file as file_rule, gff_row as rule};
use crate::model::Result;
use crate::read::report::LineReport;

/// Parses one chunk. Lines are counted from 1 within it.
pub struct ChunkParser<S> {
    pub(super) sink: S,
    pub(super) report: LineReport,
    attributes: Attributes,
    records: u64,
    rejected: Vec<u8>,
    rejected_lines: u64,
}

impl<S: Sink> ChunkParser<S> {
    /// A parser for one chunk of a file, which keeps `max_findings` findings whole.
    pub fn new(max_findings: usize, sink: S) -> Self {
        Self {
            sink,
            report: LineReport::keeping(max_findings),
            attributes: Attributes::default(),
            records: 0,
            rejected: Vec::new(),
            rejected_lines: 0,
        }
    }

    /// Parses lines before the sequences. `first` says that they begin the file.
    pub fn features(mut self, text: &[u8], first: bool) -> Result<Parsed<S::Output>> {
        let is_utf8 = std::str::from_utf8(text).is_ok();
        let mut at = 0;
        while at < text.len() {
            let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |it| at + it + 1);
            let line = &text[at..end];
            self.report.line_number += 1;
            let is_first = first && at == 0;
            if is_utf8 {
                self.line(line, line, is_first);
            } else {
                self.line_of_any_bytes(line, is_first);
            }
            at = end;
        }
        self.final_newline(text);
        self.finish()
    }

    /// Says where the last line of the file lacks its newline.
    pub(super) fn final_newline(&mut self, text: &[u8]) {
        if text.last().is_some_and(|it| *it != b'\n') {
            let last = text.rsplit(|it| *it == b'\n').next().unwrap_or_default();
            self.report.add(&file_rule::NO_FINAL_NEWLINE, last, last.len()..last.len(), || {
                "the last line does not end in a newline".to_owned()
            });
        }
    }

    pub(super) fn finish(self) -> Result<Parsed<S::Output>> {
        Ok(Parsed {
            output: self.sink.finish()?,
            findings: self.report.findings,
            lines: self.report.line_number,
            records: self.records,
            rejected: self.rejected,
            rejected_lines: self.rejected_lines,
            left_out_lines: 0,
            sites: crate::read::vcf::Sites::default(),
        })
    }

    /// Keeps a line that cannot be stored, as it stands in the file.
    pub(super) fn reject(&mut self, line: &[u8]) {
        self.rejected.extend_from_slice(line);
        self.rejected_lines += 1;
    }

    /// A line of a chunk that is not UTF-8 everywhere: bytes that cannot be read become U+FFFD, as in the service.
    fn line_of_any_bytes(&mut self, line: &[u8], is_first: bool) {
        match std::str::from_utf8(line) {
            Ok(_) => self.line(line, line, is_first),
            Err(error) => {
                let original = without_break(line);
                let at = error.valid_up_to();
                let shown = at..at + error.error_len().unwrap_or(1);
                self.report.add(&file_rule::INVALID_UTF8, original, shown, || {
                    format!("byte 0x{:02X} is not UTF-8", line[at])
                });
                self.report.original = Some(original.to_vec());
                self.line(String::from_utf8_lossy(line).as_bytes(), line, is_first);
                self.report.original = None;
            }
        }
    }

    /// Parses a line. `in_file` is what stands in the file for it, which is kept where it is rejected.
    fn line(&mut self, readable: &[u8], in_file: &[u8], is_first: bool) {
        let line = without_break(readable);
        match line.first() {
            Some(b'#') if line.starts_with(b"##") => {
                directive::read(&mut self.sink, &mut self.report, line, is_first);
            }
            Some(b'#') => {}
            _ if line.trim_ascii().is_empty() => {}
            _ if self.row(line) => self.records += 1,
            _ => self.reject(in_file),
        }
    }

    /// Parses a row; false where it cannot be stored.
    fn row(&mut self, line: &[u8]) -> bool {
        let report = &mut self.report;
        let Some(columns) = Columns::split(report, line) else { return false };
        let [.., attributes] = &columns.ranges;
        let attributes = attributes.clone();
        let escaped = memchr::memchr(b'%', line).is_some();
        if line.iter().any(|it| *it < b' ' && *it != b'\t' || *it == 0x7f) {
            control_character(report, line);
        }
        let Some(numbers) = columns.numbers(report, line) else { return false };
        let texts = columns.texts(report, line);
        let feature = columns::feature(&texts, numbers, line);
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

/// The line without LF or CRLF.
pub fn without_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

//! Directives: lines that begin with `##`.

use std::ops::Range;

use super::columns::decoded;
use super::feature::Region;
use super::sink::Sink;
use crate::diagnostic::rules::gff_file as rule;
use crate::diagnostic::{Findings, printable};
use crate::model::Location;
use crate::read::chunk::Text;
use crate::read::lines::without_break;
use crate::read::report::LineReport;

const VERSION: &[u8] = b"##gff-version";
const REGION: &[u8] = b"##sequence-region";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Judges the first line of a file, and takes a byte order mark off it.
pub fn first_line(text: &mut Text, findings: &mut Findings) {
    if text.bytes().starts_with(BYTE_ORDER_MARK) {
        text.advance(BYTE_ORDER_MARK.len());
        let message = "a byte order mark stands before the first line";
        findings.add_at(&rule::MISSING_VERSION, Location::at(1, 0), "", message);
    }
    let line = text.bytes().split_inclusive(|it| *it == b'\n').next().unwrap_or_default();
    let line = without_break(line);
    let words = words(line);
    let add = |findings: &mut Findings, rule, range, message: String| {
        findings.add(rule, 1, line, range, || message);
    };
    if words.first().map(|it| &line[it.clone()]) != Some(VERSION) {
        let message = "the first line is not `##gff-version 3`".to_owned();
        return add(findings, &rule::MISSING_VERSION, 0..line.len(), message);
    }
    match words.get(1).map(|it| (it.clone(), &line[it.clone()])) {
        None => {
            let message = "##gff-version has no version number".to_owned();
            add(findings, &rule::UNSUPPORTED_GFF_VERSION, 0..line.len(), message);
        }
        Some((range, version)) if !is_version_3(version) => {
            let message = match version {
                b"1" | b"2" | b"2.2" | b"2.5" => format!(
                    "the file says that it is GFF {}, which has other attributes than GFF3",
                    printable(version, 10)
                ),
                _ => format!("the version is `{}`, not 3", printable(version, 20)),
            };
            add(findings, &rule::UNSUPPORTED_GFF_VERSION, range, message);
        }
        Some(_) => {
            if let Some(more) = words.get(2) {
                let message = "there is more after the version".to_owned();
                add(findings, &rule::UNSUPPORTED_GFF_VERSION, more.start..line.len(), message);
            }
        }
    }
}

/// `3`, `3.1` or `3.1.26`
fn is_version_3(version: &[u8]) -> bool {
    let mut parts = version.split(|it| *it == b'.');
    let is_number = |it: &[u8]| !it.is_empty() && it.iter().all(u8::is_ascii_digit);
    parts.next() == Some(b"3") && parts.clone().count() <= 2 && parts.all(is_number)
}

/// Reads a directive.
pub fn read<S: Sink>(sink: &mut S, report: &mut LineReport, line: &[u8], is_first: bool) {
    if line.trim_ascii_end() == b"###" {
        return sink.terminator(report.line_number);
    }
    let words = words(line);
    match words.first().map(|it| &line[it.clone()]) {
        Some(VERSION) if !is_first => {
            report.add(&rule::MISPLACED_VERSION, line, 0..line.len(), || {
                "##gff-version stands behind the first line".to_owned()
            });
        }
        Some(REGION) => region(sink, report, line, &words),
        // Applications may have directives of their own.
        _ => {}
    }
}

fn region<S: Sink>(sink: &mut S, report: &mut LineReport, line: &[u8], words: &[Range<usize>]) {
    let malformed = |report: &mut LineReport, range: Range<usize>, message: &str| {
        report.add(&rule::MALFORMED_SEQUENCE_REGION, line, range, || message.to_owned());
    };
    let [_, seqid, start, end, rest @ ..] = words else {
        let message = "##sequence-region needs a seqid, a start and an end";
        return malformed(report, line.len()..line.len(), message);
    };
    if let Some(more) = rest.first() {
        let message = "there is more after the end of the region";
        return malformed(report, more.start..line.len(), message);
    }
    let number = |it: &Range<usize>| std::str::from_utf8(&line[it.clone()]).ok()?.parse().ok();
    let (first, last): (Option<i64>, Option<i64>) = (number(start), number(end));
    let (Some(first), Some(last)) = (first, last) else {
        let range = if first.is_none() { start } else { end };
        return malformed(report, range.clone(), "start and end are not both integers");
    };
    if first == 0 {
        return malformed(report, start.clone(), "start is 0, but positions count from one");
    }
    let negative = first < 0 || last < 0;
    if negative {
        report.add(&rule::NEGATIVE_SEQUENCE_REGION, line, start.start..end.end, || {
            "the region has a negative bound, so that it bounds nothing".to_owned()
        });
    } else if first > last {
        return malformed(report, end.clone(), "end lies before start");
    }
    let seqid = decoded(report, line, seqid.clone());
    let region = Region { seqid: &seqid, start: first, end: (!negative).then_some(last) };
    sink.region(report.line_number, &region);
}

/// Words of a directive that are looked at: more than any has.
const MAX_WORDS: usize = 6;

/// Where the first words of a line stand, which blanks and tabs separate.
fn words(line: &[u8]) -> Vec<Range<usize>> {
    let mut at = 0;
    let parts = line.split(|it| matches!(it, b' ' | b'\t')).map(|word| {
        let range = at..at + word.len();
        at = range.end + 1;
        range
    });
    parts.filter(|it| !it.is_empty()).take(MAX_WORDS).collect()
}

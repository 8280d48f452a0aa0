//! A report for editors and `grep`: a line for each finding that is kept.

use std::io::{self, Write};

use super::choice;
use super::form::{Form, Renderer, Style};
use super::number::counted;
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::model::{Error, visible};

/// For editors, as compilers write it.
pub static FORM: Form = Form {
    name: "concise",
    summary: "A line for each finding: FILE:LINE:COLUMN: SEVERITY CODE MESSAGE",
    is_binary: false,
    begin: |_: Style| Box::new(Concise),
};

struct Concise;

impl Renderer for Concise {
    fn request(&mut self, report: &RequestReport, out: &mut dyn Write) -> io::Result<()> {
        lines(report, out)
    }

    fn file(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        lines(report, out)
    }

    fn unchecked(&mut self, file: &str, why: &Error, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}: error: {}", visible(file), visible(&why.to_string()))
    }

    fn finish(&mut self, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn lines(report: &dyn Judged, out: &mut dyn Write) -> io::Result<()> {
    let findings = report.findings();
    for it in findings.kept() {
        let severity = report.severity(it.rule);
        let place = report.place(it.at);
        // Behind the file as a whole there is no place.
        let place = place.strip_suffix(':').unwrap_or(&place);
        let (place, message) = (visible(place), visible(&it.message));
        writeln!(out, "{place}: {severity} {} {message}", it.rule.code)?;
    }
    let more = findings.total().saturating_sub(findings.kept().len() as u64);
    if more > 0 {
        let (file, more) = (visible(report.file()), counted(more, "more finding"));
        writeln!(out, "{file}: note: {more}; `--max-findings` says how many are shown")?;
    }
    let hidden = choice::hidden(findings);
    if !hidden.is_empty() {
        writeln!(out, "{}: note: {}", visible(report.file()), visible(hidden.trim_end()))?;
    }
    Ok(())
}

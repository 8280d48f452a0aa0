//! What a form of a report is.

use std::io::{self, Write};

use crate::diagnostic::Finding;
use crate::diagnostic::report::{Report, RequestReport};
use crate::model::Error;

/// A form that the reports of a run can have.
#[derive(Debug)]
pub struct Form {
    /// Its word for `--output`.
    pub name: &'static str,
    /// Whom it is for, in a line.
    pub summary: &'static str,
    /// Whether it is no text, and nothing for a terminal.
    pub is_binary: bool,
    /// Begins the reports of a run.
    pub begin: fn(Style) -> Box<dyn Renderer>,
}

/// Writes the reports of one run, each at once or all at its end: as text or as bytes. Its errors
/// are those of the output.
pub trait Renderer {
    /// The report about the JSON of a request; those come before the files.
    fn request(&mut self, report: &RequestReport, out: &mut dyn Write) -> io::Result<()>;

    /// Whether it takes also those findings that reports do not keep.
    fn takes_all(&self) -> bool {
        false
    }

    /// Findings about a file that its report will not keep, in any order, before the report.
    /// `about` is that report as far as it is known, without findings.
    fn beyond(&mut self, _: &Report, _: &[Finding], _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// The report about a file.
    fn file(&mut self, report: &Report, out: &mut dyn Write) -> io::Result<()>;

    /// A file about which there is no report, and why; the error itself is told on standard error.
    fn unchecked(&mut self, file: &str, why: &Error, out: &mut dyn Write) -> io::Result<()>;

    /// What is left to say after the last report.
    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()>;
}

/// How to draw for a person.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// With colour.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// With the checks that were made, and those that were not.
    pub with_checks: bool,
}

impl Style {
    /// As in a file.
    pub const PLAIN: Self = Self { color: false, width: 120, with_checks: false };
}

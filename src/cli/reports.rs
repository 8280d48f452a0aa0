//! Where the reports of a run go: each form to standard output or to a file of its own.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser, ValueParserFactory};
use clap::error::ErrorKind as Usage;
use clap::{Arg, Command};

use super::place::{destination, is_stream};
use super::{Globals, output};
use crate::diagnostic::Finding;
use crate::diagnostic::render::{FORMS, Form, Renderer, Style, text};
use crate::diagnostic::report::{Report, RequestReport};
use crate::emit::OpenOutput;
use crate::model::{Error, ErrorKind, Result};

/// A form of the reports, and where it goes: `FORM` or `FORM=FILE`.
#[derive(Clone, Debug)]
pub struct WantedReport {
    form: &'static Form,
    /// `-` for standard output.
    path: PathBuf,
}

impl WantedReport {
    fn is_for_stdout(&self) -> bool {
        self.path == Path::new("-")
    }
}

impl ValueParserFactory for WantedReport {
    type Parser = WantedReportParser;

    fn value_parser() -> WantedReportParser {
        WantedReportParser
    }
}

/// Reads `FORM` and `FORM=FILE`.
#[derive(Clone, Debug)]
pub struct WantedReportParser;

impl TypedValueParser for WantedReportParser {
    type Value = WantedReport;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> std::result::Result<WantedReport, clap::Error> {
        let bytes = value.as_bytes();
        let (name, path) = match bytes.iter().position(|it| *it == b'=') {
            Some(at) => (&bytes[..at], Some(&bytes[at + 1..])),
            None => (bytes, None),
        };
        let names = PossibleValuesParser::new(FORMS.iter().map(|it| it.name));
        let name = names.parse_ref(command, arg, OsStr::from_bytes(name))?;
        let form = FORMS.iter().find(|it| it.name == name).copied().unwrap_or(FORMS[0]);
        let path = path.map_or(OsStr::new("-"), OsStr::from_bytes);
        if path.is_empty() {
            let message = format!("name a file behind `{name}=`, as in `--output {name}=report`\n");
            return Err(command.clone().error(Usage::InvalidValue, message));
        }
        Ok(WantedReport { form, path: path.into() })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |it: &&'static Form| PossibleValue::new(it.name).help(it.summary);
        Some(Box::new(FORMS.iter().map(value)))
    }
}

/// The reports of a run, in all forms that are wanted.
pub struct Reports {
    open: Vec<OpenReport>,
    /// Whether a person is told of each file: where nothing goes to standard output, and they do
    /// not want silence.
    tells: bool,
    stop: Arc<AtomicBool>,
}

struct OpenReport {
    form: &'static Form,
    renderer: Box<dyn Renderer>,
    out: BufWriter<OpenOutput>,
    /// None for standard output.
    path: Option<PathBuf>,
}

impl Reports {
    /// Opens all places, none of which may be that of a file that is read. What is at a path is
    /// replaced once all reports are whole, and not before.
    pub fn open(
        wanted: &[WantedReport],
        read: &[&str],
        stop: &Arc<AtomicBool>,
        globals: &Globals,
    ) -> Result<Self> {
        judge(wanted, read)?;
        let open = wanted.iter().map(|it| OpenReport::open(it, stop, globals));
        let open: Vec<_> = open.collect::<Result<_>>()?;
        let tells = !globals.quiet && open.iter().all(|it| it.path.is_some());
        Ok(Self { open, tells, stop: Arc::clone(stop) })
    }

    /// Adds the report about a request.
    pub fn request(&mut self, report: &RequestReport) -> Result<()> {
        self.tell(|| text::request_summary(report));
        self.each(|renderer, out| renderer.request(report, out))
    }

    /// Whether a form takes also those findings that reports do not keep.
    pub fn take_all(&self) -> bool {
        self.open.iter().any(|it| it.renderer.takes_all())
    }

    /// Adds findings about a file that its report will not keep.
    pub fn beyond(&mut self, about: &Report, findings: &[Finding]) -> Result<()> {
        self.each(|renderer, out| renderer.beyond(about, findings, out))
    }

    /// Adds the report about a file.
    pub fn file(&mut self, report: &Report) -> Result<()> {
        self.tell(|| text::summary(report));
        self.each(|renderer, out| renderer.file(report, out))
    }

    /// Adds a file about which there is no report, and why.
    pub fn unchecked(&mut self, file: &str, why: &Error) -> Result<()> {
        self.each(|renderer, out| renderer.unchecked(file, why, out))
    }

    /// Ends all reports, and gives the files their names.
    pub fn finish(mut self) -> Result<()> {
        self.each(|renderer, out| renderer.finish(out))?;
        for report in self.open {
            let out = report.out.into_inner();
            let out = out.map_err(|it| failed(&self.stop, it.error().kind().into(), None))?;
            out.finish().map_err(|error| stopped(&self.stop).unwrap_or(error))?;
            if let Some(path) = report.path.filter(|_| self.tells) {
                output::message(&format!("{} written to {}", report.form.name, path.display()));
            }
        }
        Ok(())
    }

    fn tell(&self, summary: impl FnOnce() -> String) {
        if self.tells {
            output::message(summary().trim_end());
        }
    }

    /// Lets every form write, and what it wrote be seen.
    fn each(
        &mut self,
        mut write: impl FnMut(&mut dyn Renderer, &mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        for OpenReport { renderer, out, .. } in &mut self.open {
            let written = write(&mut **renderer, out).and_then(|()| out.flush());
            written.map_err(|error| failed(&self.stop, error, Some(out.get_ref())))?;
        }
        Ok(())
    }
}

impl OpenReport {
    fn open(wanted: &WantedReport, stop: &Arc<AtomicBool>, globals: &Globals) -> Result<Self> {
        let WantedReport { form, path } = wanted;
        let is_stdout = wanted.is_for_stdout();
        let look = if is_stdout { output::style() } else { Style::PLAIN };
        let style = Style { with_checks: globals.verbose > 0, ..look };
        let out = BufWriter::new(OpenOutput::create(destination(path, true, stop)?)?);
        let path = (!is_stdout).then(|| path.clone());
        Ok(Self { form, renderer: (form.begin)(style), out, path })
    }
}

/// Why bytes could not be written: that somebody asked the run to end goes before all.
fn failed(stop: &AtomicBool, error: io::Error, to: Option<&OpenOutput>) -> Error {
    stopped(stop).unwrap_or_else(|| match to {
        Some(out) => out.failed(error),
        None => Error::new(ErrorKind::Storage, "cannot write a report").with_source(error),
    })
}

fn stopped(stop: &AtomicBool) -> Option<Error> {
    let interrupted = || Error::new(ErrorKind::Interrupted, "interrupted before the end");
    stop.load(Ordering::Relaxed).then(interrupted)
}

/// Refuses reports that would run into each other, or would take the place of what is read.
fn judge(wanted: &[WantedReport], read: &[&str]) -> Result<()> {
    let to_stdout: Vec<_> = wanted.iter().filter(|it| it.is_for_stdout()).collect();
    if let [first, second, ..] = to_stdout[..] {
        let (first, second) = (first.form.name, second.form.name);
        return Err(Error::invalid(format!(
            "`--output {first}` and `--output {second}` both go to standard output"
        ))
        .with_help(format!("name a file for one of them, as in `--output {second}=FILE`")));
    }
    if to_stdout.iter().any(|it| it.form.is_binary) && io::stdout().is_terminal() {
        return Err(Error::invalid("this form is not for a terminal")
            .with_help("name a file, as in `--output FORM=FILE`, or redirect the output"));
    }
    let mut taken: Vec<OsString> = Vec::new();
    let inputs: Vec<OsString> = read.iter().map(|it| place(Path::new(it))).collect();
    for path in wanted.iter().filter(|it| !it.is_for_stdout()).map(|it| it.path.as_path()) {
        if is_stream(path) {
            continue;
        }
        let place = place(path);
        let what = if taken.contains(&place) {
            "two reports go to the same file"
        } else if inputs.contains(&place) {
            "the report would take the place of a file that is read"
        } else {
            taken.push(place);
            continue;
        };
        let error = Error::invalid(what).with("file", path.display());
        return Err(error.with_help("name another file behind `=`"));
    }
    Ok(())
}

/// One name for all paths of a file, also for one that is yet to be.
fn place(path: &Path) -> OsString {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let of_new = || Some(fs::canonicalize(folder).ok()?.join(path.file_name()?));
    let place = fs::canonicalize(path).ok().or_else(of_new);
    place.unwrap_or_else(|| path.to_owned()).into_os_string()
}

//! Where output goes: a file that is to be, standard output, or what is there and is no file.

use std::fs;
#[cfg(feature = "store")]
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

#[cfg(feature = "store")]
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::stoppable::Stoppable;
use crate::emit::{self, Destination};
#[cfg(feature = "store")]
use crate::export::ExportForm;
use crate::model::{Error, Result};

/// Whether a path is of something that is no file: a device, a pipe, or what a descriptor of the
/// process is open on. To put a file in its place would take it from everybody else.
pub fn is_stream(path: &Path) -> bool {
    let Ok(there) = fs::metadata(path) else { return false };
    let of_process = || {
        let mut links = vec![path.to_owned()];
        links.extend(fs::read_link(path));
        links.iter().any(|it| it.starts_with("/proc") || it.starts_with("/dev/fd"))
    };
    !there.is_file() && !there.is_dir() || of_process()
}

/// An error where a file is at a path that may not be replaced. What is no file is written to.
#[cfg(feature = "store")]
pub fn check_absent(path: &Path, may_replace: bool) -> Result<()> {
    emit::check_absent(path, may_replace || is_stream(path))
}

/// Where lines go until the flag is set: a file, which may replace one that is there, or what takes
/// bytes as they come; `-` is standard output.
pub fn destination(path: &Path, replace: bool, stop: &Arc<AtomicBool>) -> Result<Destination> {
    let stop = Arc::clone(stop);
    let (out, path) = if path == Path::new("-") {
        (Stoppable::stdout(stop), None)
    } else if is_stream(path) {
        (Stoppable::existing(path.to_owned(), stop), Some(path.to_owned()))
    } else {
        // Now, rather than once all is done that comes before the first line.
        emit::check_absent(path, replace)?;
        return Ok(Destination::File { path: path.to_owned(), replace });
    };
    let out = out.map_err(|error| {
        Error::internal("cannot start a thread to write the output").with_source(error)
    })?;
    Ok(Destination::Stream { out: Box::new(out), path })
}

/// The form of an output: the one that was given, else what its name ends in. Where that says
/// nothing, what is no file gets the usual form.
#[cfg(feature = "store")]
pub fn form_of(path: &Path, given: Option<ExportForm>, usual: ExportForm) -> Result<ExportForm> {
    let is_stdout = path == Path::new("-");
    let form = match given {
        Some(form) if is_stdout => form,
        Some(form) => form.at(path)?,
        None if is_stdout => usual,
        None => match ExportForm::named_by(path) {
            Err(_) if is_stream(path) => usual,
            named => named?,
        },
    };
    let is_binary = match form {
        ExportForm::Lines(target) => target.compressed,
        ExportForm::Parquet => true,
    };
    if is_stdout && is_binary && io::stdout().is_terminal() {
        return Err(Error::invalid("this form is not for a terminal")
            .with_help("name a file with -o, or redirect the output"));
    }
    Ok(form)
}

/// The forms that a command writes, by their names.
#[cfg(feature = "store")]
pub fn form_parser(takes: fn(ExportForm) -> bool) -> impl TypedValueParser<Value = ExportForm> {
    let names = ExportForm::all().filter(move |it| takes(*it)).map(ExportForm::name);
    PossibleValuesParser::new(names).map(|name| {
        let form = ExportForm::all().find(|it| it.name() == name);
        form.unwrap_or(ExportForm::Parquet)
    })
}

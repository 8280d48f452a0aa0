//! Where the program speaks: results on stdout, messages on stderr. The only file that prints.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::io::{self, Write};

use crate::model::{Error, ErrorKind, Result};

/// Writes a result to stdout. A reader that went away (`| head`) ends the program quietly.
pub fn result(text: &str) -> Result<()> {
    write_result(|out| out.write_all(text.as_bytes()))
}

/// Lets `write` print to a buffered stdout, with the same treatment of a reader that went away.
pub fn write_result(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        outcome => outcome.map_err(|error| {
            Error::new(ErrorKind::Storage, "cannot write to standard output").with_source(error)
        }),
    }
}

/// Says something to the person, on stderr.
#[cfg(feature = "store")]
pub fn message(text: &str) {
    eprintln!("{text}");
}

/// Reports an error: what, where, why, and what to do.
pub fn error(error: &Error) {
    eprintln!("error: {error}");
    if let Some(help) = error.help() {
        eprintln!("help: {help}");
    }
}

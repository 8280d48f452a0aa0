//! Where the program speaks: results on stdout, messages on stderr. The only file that prints.

use std::io::{self, IsTerminal, Write};

use crate::diagnostic::render::Style;
use crate::model::{Error, ErrorKind, Result, visible_lines};

/// Writes a result to stdout. Where the reader went away (`| head`), the error is one that
/// [`reader_left`] knows.
pub fn result(text: &str) -> Result<()> {
    write_result(|out| out.write_all(text.as_bytes()))
}

/// Lets `write` print to a buffered stdout, with the same errors.
pub fn write_result(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out).and_then(|()| out.flush()).map_err(|error| {
        Error::new(ErrorKind::Storage, "cannot write to standard output").with_source(error)
    })
}

/// Whether an error says only that nobody reads any more: no failure, and a reason to end quietly.
///
/// Not an exit on the spot, which would leave temporary files behind.
pub fn reader_left(error: &Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|it| it.downcast_ref::<io::Error>());
    cause.is_some_and(|it| it.kind() == io::ErrorKind::BrokenPipe)
}

/// Says something to the person, on stderr.
pub fn message(text: &str) {
    // Where nobody listens, there is nobody to tell that either.
    let _ = writeln!(io::stderr(), "{}", visible_lines(text));
}

/// Reports an error: what, where, why, and what to do.
pub fn error(error: &Error) {
    message(&format!("error: {error}"));
    if let Some(help) = error.help() {
        message(&format!("help: {help}"));
    }
}

/// Columns below which nothing is broken any more.
const NARROWEST: usize = 40;

/// How to draw for whoever reads stdout.
pub fn style() -> Style {
    let terminal = io::stdout().is_terminal();
    let color = terminal && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty());
    let width = if terminal { terminal_size::terminal_size() } else { None };
    let width = width.map_or(Style::PLAIN.width, |it| usize::from(it.0.0));
    Style { color, width: width.clamp(NARROWEST, Style::PLAIN.width), ..Style::PLAIN }
}

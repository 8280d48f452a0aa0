//! What a prompt or a script does, statement by statement, and what it keeps between them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::super::Globals;
use super::super::destination::{Destination, Look};
use super::super::output;
use super::super::query::AskingArgs;
use crate::model::{Error, Result};
use crate::query::Engine;
use crate::query::format::{AnswerFormat, RECORDS, TABLE};

/// A session, with what was chosen in it.
pub struct Session {
    engine: Engine,
    asking: AskingArgs,
    globals: Globals,
    stop: Arc<AtomicBool>,
    /// The form of the answers.
    pub format: &'static AnswerFormat,
    /// Whether each statement is followed by the time that it took.
    pub timer: bool,
    /// The file that takes the answers; standard output where there is none.
    pub output: Option<Output>,
    /// Set once the session is to end.
    pub ended: bool,
    /// How many scripts are being read, one within the other.
    pub depth: usize,
}

/// A file that takes the answers.
pub struct Output {
    /// Its path.
    pub path: PathBuf,
    /// The form that its name asks for.
    pub format: Option<&'static AnswerFormat>,
    /// Whether it has an answer.
    pub is_written: bool,
}

impl Session {
    /// A session that ends its statements once the flag is set.
    pub fn new(
        asking: AskingArgs,
        format: &'static AnswerFormat,
        globals: Globals,
        stop: Arc<AtomicBool>,
    ) -> Result<Self> {
        asking.look(format)?;
        let engine = asking.engine(&globals, &stop)?;
        let (timer, output, ended, depth) = (false, None, false, 0);
        Ok(Self { engine, asking, globals, stop, format, timer, output, ended, depth })
    }

    /// Asks a query and writes its answer.
    pub fn statement(&mut self, sql: &str) -> Result<()> {
        let begun = Instant::now();
        let of_file = self.output.as_ref().and_then(|it| it.format);
        let look = self.look(of_file.unwrap_or(self.format))?;
        let answer = self.engine.query(sql, &self.asking.region)?;
        self.destination(look)?.write(answer, &self.globals)?;
        if self.timer {
            output::message(&format!("{:.3} s", begun.elapsed().as_secs_f64()));
        }
        Ok(())
    }

    /// How answers in a form look in this session.
    pub fn look(&self, format: &'static AnswerFormat) -> Result<Look> {
        self.asking.look(format)
    }

    fn destination(&mut self, look: Look) -> Result<Destination> {
        let Some(output) = &mut self.output else {
            return Destination::new(None, look, &self.stop);
        };
        let is_written = std::mem::replace(&mut output.is_written, true);
        if look.format.is_binary && is_written {
            let message = format!("a {} file takes one answer, and has it", look.format.name);
            return Err(Error::invalid(message)
                .with("file", output.path.display())
                .with_help("name another file with .output"));
        }
        if is_written {
            Destination::appending(&output.path, look, &self.stop)
        } else {
            Destination::new(Some(&output.path), look, &self.stop)
        }
    }

    /// Goes between records and tables.
    pub fn toggle_records(&mut self) {
        self.format = if *self.format == RECORDS { &TABLE } else { &RECORDS };
    }

    /// Says what a command did.
    pub fn tell(&self, text: &str) {
        if !self.globals.quiet {
            output::message(text);
        }
    }
}

//! `annostore sql`: a prompt for SQL, or a script of statements.

mod commands;
mod complete;
mod prompt;
mod session;
mod split;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::Globals;
use super::query::{AskingArgs, format_parser};
use super::signals::stop_on_signals;
use crate::model::Result;
use crate::query::format::{AnswerFormat, TABLE};

use session::Session;

const EXAMPLES: &str = "Examples:
  annostore sql
  annostore sql -f report.sql --format csv
  echo 'SHOW TABLES; DESCRIBE clinvar;' | annostore sql";

/// Ask SQL queries at a prompt, or run a file of them
///
/// Statements end in `;` and may have several lines. Tab completes stores, columns, INFO keys and
/// functions, the arrow keys go through what was asked before, Ctrl-C ends a statement, Ctrl-D the
/// prompt; `.help` lists the commands that begin with a dot. Where standard input is no terminal,
/// the statements in it are run, up to the first that fails.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct SqlArgs {
    /// Run the statements of a file, up to the first that fails; `-` is standard input
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The form of the answers
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub format: Option<&'static AnswerFormat>,
    #[command(flatten)]
    pub asking: AskingArgs,
}

/// Runs the prompt, or the script.
pub fn run(args: &SqlArgs, globals: &Globals) -> Result<ExitCode> {
    let format = args.format.unwrap_or(&TABLE);
    if args.file.is_none() && io::stdin().is_terminal() {
        return prompt::run(args.asking.clone(), format, globals);
    }
    let stop = stop_on_signals()?;
    let mut session = Session::new(args.asking.clone(), format, globals.clone(), stop)?;
    commands::read(&mut session, args.file.as_deref().unwrap_or(Path::new("-")))?;
    Ok(ExitCode::SUCCESS)
}

//! The prompt: lines from a person, with history and completion.

use std::env;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Behavior, CompletionType, Config, Editor};

use super::super::query::{AskingArgs, tables};
use super::super::signals::PromptSignals;
use super::super::{Globals, output};
use super::commands;
use super::complete::Completion;
use super::session::Session;
use crate::model::{Error, ErrorKind, Result};
use crate::query::format::AnswerFormat;

const PROMPT: &str = "annostore> ";
/// Statements that the history keeps.
const KEPT: usize = 10_000;

type LineEditor = Editor<Completion, FileHistory>;

/// Asks for statements and runs them until the person has no more.
pub fn run(
    asking: AskingArgs,
    format: &'static AnswerFormat,
    globals: &Globals,
) -> Result<ExitCode> {
    let signals = PromptSignals::listen()?;
    let stop = Arc::clone(&signals.stop);
    let tables = Arc::new(tables(globals)?);
    let mut session = Session::new(asking, format, globals.clone(), stop)?;
    let mut lines = editor(Completion::of(tables)).map_err(|error| no_terminal(&error))?;
    let history = history(&mut lines, &session);
    session.tell("Statements end in `;`. Tab completes names, .help lists commands, .quit ends.");
    while !session.ended {
        signals.waits.store(true, Ordering::Relaxed);
        let read = lines.readline(PROMPT);
        signals.waits.store(false, Ordering::Relaxed);
        signals.stop.store(false, Ordering::Relaxed);
        let text = match read {
            Ok(text) => text,
            // What was typed so far is dropped.
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(no_terminal(&error)),
        };
        remember(&mut lines, &text, history.as_deref());
        if let Err(error) = commands::script(&mut session, &text) {
            output::error(&error);
            if error.kind() == ErrorKind::Interrupted && signals.ended.load(Ordering::Relaxed) {
                return Err(error);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn editor(completion: Completion) -> rustyline::Result<LineEditor> {
    let config = Config::builder()
        .max_history_size(KEPT)?
        .completion_type(CompletionType::List)
        .completion_prompt_limit(200)
        .behavior(Behavior::PreferTerm)
        .build();
    let mut lines = Editor::with_config(config)?;
    lines.set_helper(Some(completion));
    Ok(lines)
}

fn no_terminal(error: &ReadlineError) -> Error {
    Error::new(ErrorKind::Unreadable, format!("cannot read from the terminal: {error}"))
        .with_help("run a file of statements with `annostore sql -f FILE`")
}

/// Reads the history; its path, where it can be kept.
fn history(lines: &mut LineEditor, session: &Session) -> Option<PathBuf> {
    let path = history_path()?;
    let kept = own_file(&path).map_err(ReadlineError::from);
    match kept.and_then(|()| lines.load_history(&path)) {
        Ok(()) => Some(path),
        Err(error) => {
            let path = path.display();
            session.tell(&format!("note: statements are not kept in {path}: {error}"));
            None
        }
    }
}

/// `$XDG_STATE_HOME/annostore/history`, or the same below `~/.local/state`.
fn history_path() -> Option<PathBuf> {
    let state = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    let state =
        state.or_else(|| env::var_os("HOME").map(|it| PathBuf::from(it).join(".local/state")));
    state.map(|it| it.join("annostore/history"))
}

/// Makes the file where there is none, and takes it from all others: statements may name patients.
fn own_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    Ok(())
}

fn remember(lines: &mut LineEditor, text: &str, history: Option<&Path>) {
    if text.trim().is_empty() {
        return;
    }
    // Where the disk is full, the person still has this session's.
    let _ = lines.add_history_entry(text.trim_end());
    if let Some(path) = history {
        let _ = lines.append_history(path);
    }
}

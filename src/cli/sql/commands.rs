//! The commands of the prompt: lines that begin with a dot.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::super::output;
use super::session::{Output, Session};
use super::split::{Piece, WORDS, pieces};
use crate::model::{Error, ErrorKind, Result};
use crate::query::format::{AnswerFormat, FORMATS};

/// A command of the prompt.
pub struct Command {
    /// Its name, with the dot.
    pub name: &'static str,
    /// What it takes, as help shows it.
    takes: &'static str,
    /// What it does, as help says it.
    does: &'static str,
    run: fn(&mut Session, &str) -> Result<()>,
}

const QUIT: fn(&mut Session, &str) -> Result<()> = |session, _| {
    session.ended = true;
    Ok(())
};

/// All commands. A new one is a value in this list.
pub static COMMANDS: [Command; 10] = [
    Command { name: ".help", takes: "", does: "list these commands", run: help },
    Command {
        name: ".tables",
        takes: "[PATTERN]",
        does: "list the tables, or those with names that are LIKE the pattern",
        run: tables,
    },
    Command {
        name: ".schema",
        takes: "TABLE",
        does: "show the columns of a table, and its INFO keys",
        run: |session, table| session.statement(&format!("DESCRIBE {}", given(table, "a table")?)),
    },
    Command {
        name: ".mode",
        takes: "[FORM]",
        does: "show answers as table, records, csv, tsv, json or ndjson",
        run: mode,
    },
    Command {
        name: "\\x",
        takes: "",
        does: "go between tables and one record per block",
        run: |session, _| {
            session.toggle_records();
            session.tell(&format!("answers are shown as {}", session.format.name));
            Ok(())
        },
    },
    Command {
        name: ".timer",
        takes: "on|off",
        does: "say how long each statement took, or do not",
        run: timer,
    },
    Command {
        name: ".read",
        takes: "FILE",
        does: "run the statements of a file, up to the first that fails",
        run: |session, path| read(session, Path::new(given(path, "a file")?)),
    },
    Command {
        name: ".output",
        takes: "[FILE]",
        does: "write the answers that follow to a file, or to the screen again",
        run: to_file,
    },
    Command { name: ".quit", takes: "", does: "end; so does Ctrl-D", run: QUIT },
    Command { name: "\\q", takes: "", does: "end", run: QUIT },
];

/// Scripts that may read each other, one within the other.
const MAX_DEPTH: usize = 16;

/// Runs the statements and commands of a file, up to the first that fails; `-` is standard input.
pub fn read(session: &mut Session, path: &Path) -> Result<()> {
    if session.depth == MAX_DEPTH {
        return Err(Error::invalid(format!("more than {MAX_DEPTH} scripts read each other"))
            .with_help("look whether one of them reads itself"));
    }
    let mut text = String::new();
    let read = if path == Path::new("-") {
        io::stdin().read_to_string(&mut text).map(drop)
    } else {
        fs::read_to_string(path).map(|it| text = it)
    };
    read.map_err(|error| {
        Error::new(ErrorKind::Unreadable, "cannot read the statements")
            .with("file", path.display())
            .with_source(error)
            .with_help("give a file of SQL in UTF-8")
    })?;
    session.depth += 1;
    let done = script(session, &text);
    session.depth -= 1;
    done.map_err(|error| error.or_with("script", path.display()))
}

/// Runs all that a text holds, up to the first that fails.
pub fn script(session: &mut Session, text: &str) -> Result<()> {
    let has_lines = text.trim_end().contains('\n');
    for (line, piece) in pieces(text) {
        let done = match piece {
            Piece::Statement(sql) => session.statement(sql),
            Piece::Command(command) => run(session, command),
        };
        done.map_err(|error| if has_lines { error.or_with("line", line) } else { error })?;
        if session.ended {
            break;
        }
    }
    Ok(())
}

/// Runs a command line.
fn run(session: &mut Session, line: &str) -> Result<()> {
    let line = line.trim_end_matches(';').trim_end();
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let lower = name.to_ascii_lowercase();
    let meant = WORDS.iter().find(|(word, _)| *word == lower);
    let lower = meant.map_or(lower, |(_, command)| (*command).to_owned());
    if let Some(command) = COMMANDS.iter().find(|it| it.name == lower) {
        let rest = rest.trim();
        if command.takes.is_empty() && !rest.is_empty() {
            return Err(Error::invalid(format!("{} takes nothing", command.name))
                .with_help(format!("give {} alone", command.name)));
        }
        return (command.run)(session, rest);
    }
    let near = COMMANDS.iter().map(|it| (strsim::levenshtein(&lower, it.name), it.name)).min();
    let help = match near {
        Some((0..=2, near)) if lower.len() > 2 => format!("did you mean {near}? .help lists all"),
        _ => ".help lists the commands".to_owned(),
    };
    Err(Error::invalid(format!("there is no command {}", name.escape_debug())).with_help(help))
}

/// What a command was given, without quotes around it.
fn given<'a>(text: &'a str, what: &str) -> Result<&'a str> {
    let bare = |quote| text.strip_prefix(quote).and_then(|it| it.strip_suffix(quote));
    match bare('\'').unwrap_or(text) {
        "" => {
            Err(Error::invalid(format!("name {what}"))
                .with_help(".help shows what each command takes"))
        }
        text => Ok(text),
    }
}

fn help(_: &mut Session, _: &str) -> Result<()> {
    let mut text = String::new();
    for Command { name, takes, does, .. } in &COMMANDS {
        let call = format!("{name} {takes}");
        text.push_str(&format!("{call:<18} {does}\n"));
    }
    text.push_str("All else is SQL, and ends in `;`.\n");
    output::result(&text)
}

fn tables(session: &mut Session, pattern: &str) -> Result<()> {
    if pattern.is_empty() {
        return session.statement("SHOW TABLES");
    }
    let pattern = given(pattern, "a pattern")?.replace('\'', "''");
    session.statement(&format!("SHOW TABLES LIKE '{pattern}'"))
}

fn mode(session: &mut Session, name: &str) -> Result<()> {
    if name.is_empty() {
        return output::result(&format!("{}\n", session.format.name));
    }
    let Some(format) = AnswerFormat::named(name) else {
        let known: Vec<_> = FORMATS.iter().map(|it| it.name).collect();
        return Err(Error::invalid(format!("there is no form `{}`", name.escape_debug()))
            .with_help(format!("the forms are {}", known.join(", "))));
    };
    session.look(format)?;
    session.format = format;
    Ok(())
}

fn timer(session: &mut Session, text: &str) -> Result<()> {
    session.timer = match text {
        "on" => true,
        "off" => false,
        "" => !session.timer,
        _ => return Err(Error::invalid(".timer takes on or off").with_help("give one of them")),
    };
    session.tell(if session.timer { "the timer is on" } else { "the timer is off" });
    Ok(())
}

fn to_file(session: &mut Session, path: &str) -> Result<()> {
    if path.is_empty() {
        session.output = None;
        return Ok(());
    }
    let path = given(path, "a file")?;
    let format = AnswerFormat::of_path(Path::new(path));
    let name = format.unwrap_or(session.format).name;
    session.output = Some(Output { path: path.into(), format, is_written: false });
    session.tell(&format!("answers go to {path} as {name}, until .output without a file"));
    Ok(())
}

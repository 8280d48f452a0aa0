//! What Tab proposes: commands, tables, columns, INFO keys, functions, forms and files.

use std::borrow::Cow;
use std::sync::Arc;

use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::commands::COMMANDS;
use super::split::is_complete;
use crate::query::format::FORMATS;
use crate::query::{Tables, Vocabulary};

/// Words that statements are made of.
const KEYWORDS: [&str; 36] = [
    "AND",
    "AS",
    "BETWEEN",
    "CASE",
    "CAST",
    "CROSS JOIN",
    "DESCRIBE",
    "DISTINCT",
    "ELSE",
    "END",
    "EXCEPT",
    "EXISTS",
    "EXPLAIN",
    "FROM",
    "GROUP BY",
    "HAVING",
    "IN",
    "INTERSECT",
    "IS NOT NULL",
    "IS NULL",
    "JOIN",
    "LEFT JOIN",
    "LIKE",
    "LIMIT",
    "NOT",
    "OFFSET",
    "ON",
    "OR",
    "ORDER BY",
    "SELECT",
    "SHOW TABLES",
    "THEN",
    "UNION ALL",
    "UNNEST",
    "WHEN",
    "WHERE",
];

/// Completes what is typed, and says whether it is a whole statement.
pub struct Completion {
    tables: Arc<dyn Tables>,
    functions: Vec<String>,
    files: FilenameCompleter,
}

/// What stands before the cursor.
enum Before<'a> {
    /// A command line, with what was typed of its last word.
    Command(&'a str),
    /// A key of a map of this name.
    Key(&'a str),
    /// The name of a file that is a table.
    File,
    /// A name behind a dot: a version, a column or a field.
    Member { of: &'a str, word: &'a str },
    /// Any other word.
    Word(&'a str),
    /// Text.
    Nothing,
}

impl Completion {
    /// Completes the names of these tables, as they are when they are asked for.
    pub fn of(tables: Arc<dyn Tables>) -> Self {
        let functions = Vocabulary::functions();
        Self { tables, functions, files: FilenameCompleter::new() }
    }

    /// The names of the tables; none where they cannot be read.
    fn names(&self, line: &str) -> Vocabulary {
        Vocabulary::of(self.tables.as_ref(), line).unwrap_or_default()
    }

    /// Where the word begins that is completed, and what it may become.
    fn candidates(&self, line: &str, at: usize) -> Option<(usize, Vec<Pair>)> {
        let typed = &line[..at];
        match before(typed) {
            Before::Command(command) => self.of_command(command, typed),
            Before::Key(word) => {
                let keys = self.names(line).keys.into_iter().map(|it| it + "']");
                Some((at - word.len(), matching(word, keys)))
            }
            Before::File => self.files.complete_path(line, at).ok().filter(|it| !it.1.is_empty()),
            Before::Member { of, word } => {
                let members = self.names(line).members_of(of);
                Some((at - word.len(), matching(word, members.into_iter())))
            }
            Before::Word(word) => {
                let upper = word.chars().all(char::is_uppercase);
                let keyword = |it: &str| if upper { it.to_owned() } else { it.to_lowercase() };
                let Vocabulary { tables, columns, .. } = self.names(line);
                let functions = self.functions.iter().map(|it| format!("{it}("));
                let words = tables.into_iter().chain(columns).chain(functions);
                let words = words.chain(KEYWORDS.iter().map(|it| keyword(it)));
                Some((at - word.len(), matching(word, words)))
            }
            Before::Nothing => None,
        }
    }

    fn of_command(&self, command: &str, typed: &str) -> Option<(usize, Vec<Pair>)> {
        let Some((name, rest)) = command.split_once(' ') else {
            let names = COMMANDS.iter().map(|it| it.name.to_owned());
            return Some((typed.len() - command.len(), matching(command, names)));
        };
        let begin = typed.len() - rest.len();
        match name {
            ".schema" => Some((begin, matching(rest, self.names("").tables.into_iter()))),
            ".mode" => Some((begin, matching(rest, FORMATS.iter().map(|it| it.name.to_owned())))),
            ".timer" => Some((begin, matching(rest, ["on", "off"].map(str::to_owned).into_iter()))),
            ".read" | ".output" => self.files.complete_path(typed, typed.len()).ok(),
            _ => None,
        }
    }
}

/// Those that begin with a word, whatever its case; each once.
fn matching(word: &str, candidates: impl Iterator<Item = String>) -> Vec<Pair> {
    let word = word.to_lowercase();
    let mut found: Vec<_> = candidates.filter(|it| it.to_lowercase().starts_with(&word)).collect();
    found.sort();
    found.dedup();
    found.into_iter().map(|it| Pair { display: it.clone(), replacement: it }).collect()
}

fn before(typed: &str) -> Before<'_> {
    let line = typed.trim_start();
    if line.starts_with(['.', '\\']) && !line.contains('\n') {
        return Before::Command(line);
    }
    let quotes = memchr::memchr_iter(b'\'', typed.as_bytes()).count();
    if quotes % 2 == 1 {
        let (outside, inside) = typed.rsplit_once('\'').unwrap_or(("", typed));
        let last = outside.trim_end().rsplit(|it: char| it.is_whitespace()).next();
        let last = last.unwrap_or_default();
        if last.ends_with('[') {
            return Before::Key(inside);
        }
        let opens_table =
            ["from", "join"].contains(&last.to_ascii_lowercase().as_str()) || last.ends_with(',');
        return if opens_table { Before::File } else { Before::Nothing };
    }
    let is_name = |it: char| it.is_alphanumeric() || it == '_';
    let begin = typed.trim_end_matches(is_name).len();
    let word = &typed[begin..];
    match typed[..begin].strip_suffix('.') {
        Some(outer) => {
            let of = &outer[outer.trim_end_matches(|it| is_name(it) || it == '"').len()..];
            Before::Member { of: of.trim_matches('"'), word }
        }
        None if word.is_empty() => Before::Nothing,
        None => Before::Word(word),
    }
}

impl Completer for Completion {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        Ok(self.candidates(line, at).unwrap_or((at, Vec::new())))
    }
}

impl Validator for Completion {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if is_complete(context.input()) {
            ValidationResult::Valid(None)
        } else {
            ValidationResult::Incomplete
        })
    }
}

impl Hinter for Completion {
    type Hint = String;
}

impl Highlighter for Completion {
    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        prompt.into()
    }
}

impl Helper for Completion {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_completed_is_told_from_what_stands_before_it() {
        let told = |typed| match before(typed) {
            Before::Command(it) => format!("command {it}"),
            Before::Key(it) => format!("key {it}"),
            Before::File => "file".to_owned(),
            Before::Member { of, word } => format!("{word} of {of}"),
            Before::Word(it) => format!("word {it}"),
            Before::Nothing => String::new(),
        };
        for (typed, expected) in [
            (".ta", "command .ta"),
            ("\\", "command \\"),
            ("SELECT cont", "word cont"),
            ("SELECT attributes['CLN", "key CLN"),
            ("SELECT a['X'], t.info.a", "a of info"),
            ("SELECT * FROM clinvar.", " of clinvar"),
            ("SELECT * FROM \"1_clinvar\".v", "v of 1_clinvar"),
            ("SELECT * FROM 'a/b", "file"),
            ("SELECT * FROM a, 'b", "file"),
            ("SELECT 'a", ""),
            ("SELECT ", ""),
        ] {
            assert_eq!(told(typed), expected, "{typed}");
        }
    }

    #[test]
    fn words_match_in_any_case() {
        let words = ["start", "STRLEN", "end", "start"].map(str::to_owned);
        let found = matching("sT", words.into_iter());
        let found: Vec<_> = found.iter().map(|it| it.replacement.as_str()).collect();
        assert_eq!(found, ["STRLEN", "start"]);
    }
}

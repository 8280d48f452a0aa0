//! A text in statements, which end in `;`, and commands of the prompt, which are lines of their
//! own.

/// What a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A statement without its `;`.
    Statement(&'a str),
    /// A line that begins with a dot or a backslash, or is one of [`WORDS`].
    Command(&'a str),
}

/// What people type at any prompt, and the commands that they mean.
pub const WORDS: [(&str, &str); 3] = [("help", ".help"), ("exit", ".quit"), ("quit", ".quit")];

/// The pieces of a text, each with the line that it begins in, counted from 1. The last statement
/// may lack its `;`.
pub fn pieces(text: &str) -> impl Iterator<Item = (usize, Piece<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += blank(&text[at..]);
        let rest = &text[at..];
        if rest.is_empty() {
            return None;
        }
        let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count() + 1;
        let (piece, length) = first(rest);
        at += length;
        Some((line, piece))
    })
}

/// Whether a text ends where a statement or a command does, so that it can be run.
pub fn is_complete(text: &str) -> bool {
    let mut rest = text;
    loop {
        rest = &rest[blank(rest)..];
        if rest.is_empty() || is_command(rest) {
            return true;
        }
        let Some(end) = end_of_statement(rest) else { return false };
        rest = &rest[end..];
    }
}

fn is_command(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default().trim_end_matches([';', ' ']);
    let is_word = WORDS.iter().any(|(word, _)| line.eq_ignore_ascii_case(word));
    is_word || text.starts_with(['.', '\\'])
}

fn first(text: &str) -> (Piece<'_>, usize) {
    if is_command(text) {
        let end = text.find('\n').unwrap_or(text.len());
        return (Piece::Command(text[..end].trim()), end);
    }
    match end_of_statement(text) {
        Some(end) => (Piece::Statement(text[..end - 1].trim_end()), end),
        None => (Piece::Statement(text.trim_end()), text.len()),
    }
}

/// The bytes of blanks, comments and lone `;` that a text begins with.
fn blank(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let blanks = rest.len() - rest.trim_start().len();
        at += blanks;
        let rest = &rest[blanks..];
        match comment(rest) {
            0 if rest.starts_with(';') => at += 1,
            0 => return at,
            length => at += length,
        }
    }
}

/// The bytes of the comment that a text begins with.
fn comment(text: &str) -> usize {
    let end = |mark: &str| text.find(mark).map_or(text.len(), |it| it + mark.len());
    if text.starts_with("--") {
        end("\n")
    } else if let Some(behind) = text.strip_prefix("/*") {
        behind.find("*/").map_or(text.len(), |it| it + 4)
    } else {
        0
    }
}

/// The byte behind the `;` that ends the statement, outside of quotes and comments.
fn end_of_statement(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|it| b";'\"-/".contains(it)) {
        at += found;
        match bytes[at] {
            b';' => return Some(at + 1),
            quote @ (b'\'' | b'"') => at += memchr::memchr(quote, &bytes[at + 1..])? + 2,
            _ => at += comment(&text[at..]).max(1),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Piece::{Command, Statement};
    use super::*;

    #[test]
    fn statements_end_where_no_quote_or_comment_is_open() {
        let text = "SELECT ';' AS \"a;b\" -- no; \n FROM t /* ; */;\n\n.mode csv\n\
                    ; SELECT 'it''s;'; -- end\nTABLE t";
        let found: Vec<_> = pieces(text).collect();
        let first = "SELECT ';' AS \"a;b\" -- no; \n FROM t /* ; */";
        let expected = [
            (1, Statement(first)),
            (4, Command(".mode csv")),
            (5, Statement("SELECT 'it''s;'")),
            (6, Statement("TABLE t")),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_text_is_complete_once_nothing_is_open() {
        let commands = [".help", "\\x", "exit", "Help ;"];
        for text in ["", " \n", "SELECT 1;", "SELECT 1; -- a", "-- a", ";;"].iter().chain(&commands)
        {
            assert!(is_complete(text), "{text:?}");
        }
        for text in
            ["SELECT 1", "SELECT ';", "SELECT 1 -- ;", "SELECT 1; SELECT /* ;", "a \";", "exits"]
        {
            assert!(!is_complete(text), "{text:?}");
        }
    }
}

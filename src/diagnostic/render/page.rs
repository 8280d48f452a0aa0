//! How much of a report a person sees at once: lines within the columns of a terminal, and a page
//! of them.

use std::borrow::Cow;

use textwrap::{Options, WordSplitter};

use super::form::Style;
use crate::diagnostic::Excerpt;

/// Lines of a page.
pub const PAGE: usize = 60;

/// A text whose lines are broken between words where they are wider than a narrow terminal; what is
/// broken off is indented. Wide lines of files and of other programs stay as they are.
pub fn wrapped(text: &str, style: Style, indent: usize, taken: usize) -> Cow<'_, str> {
    let width = style.width.saturating_sub(taken).max(20);
    let is_wide = |it: &str| it.chars().count() > width;
    if style.width >= Style::PLAIN.width || !text.lines().any(is_wide) {
        return Cow::Borrowed(text);
    }
    let indent = " ".repeat(indent);
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    for line in text.split('\n') {
        if is_wide(line) {
            let begin = line.len() - line.trim_start().len();
            let options = Options::new(width)
                .initial_indent(&line[..begin])
                .subsequent_indent(&indent)
                .break_words(false)
                .word_splitter(WordSplitter::NoHyphenation);
            let parts = textwrap::wrap(line.trim_start(), options).into_iter();
            lines.extend(parts.map(|it| Cow::Owned(it.into_owned())));
        } else {
            lines.push(Cow::Borrowed(line));
        }
    }
    Cow::Owned(lines.join("\n"))
}

/// An excerpt whose value, which is drawn whole, has room in a narrow terminal beside so many
/// columns.
pub fn narrowed(excerpt: &Excerpt, style: Style, taken: usize) -> Cow<'_, Excerpt> {
    let room = style.width.saturating_sub(taken).max(10);
    let value = excerpt.text.get(excerpt.start..excerpt.end).unwrap_or_default();
    let end = value.char_indices().nth(room).map(|it| excerpt.start + it.0);
    match end.filter(|_| style.width < Style::PLAIN.width) {
        Some(end) => {
            let text = format!("{}…", &excerpt.text[..end]);
            Cow::Owned(Excerpt { text, start: excerpt.start, end })
        }
        None => Cow::Borrowed(excerpt),
    }
}

/// Lines of a terminal that a text takes, where it breaks those that are too wide.
pub fn height(text: &str, style: Style) -> usize {
    let of_line = |it: &str| it.chars().count().div_ceil(style.width.max(1)).max(1);
    text.lines().map(of_line).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_cut_where_there_is_no_room() {
        let text = format!("a→{}→b", "é".repeat(90));
        let (start, end) = ("a→".len(), text.len() - "→b".len());
        let excerpt = Excerpt { text, start, end };
        let narrow = Style { width: 60, ..Style::PLAIN };
        let cut = narrowed(&excerpt, narrow, 20);
        assert_eq!(cut.text, format!("a→{}…", "é".repeat(40)));
        assert_eq!(&cut.text[cut.start..cut.end], "é".repeat(40));
        assert_eq!(*narrowed(&excerpt, Style::PLAIN, 20), excerpt);
    }

    #[test]
    fn wide_lines_are_broken_between_words() {
        let narrow = Style { width: 30, ..Style::PLAIN };
        let text = "contigs     one 1, two 2, three 3, four 4\n            short\nlast\n";
        let expected =
            "contigs     one 1, two 2,\n            three 3, four 4\n            short\nlast\n";
        assert_eq!(wrapped(text, narrow, 12, 0), expected);
        assert_eq!(wrapped(text, Style::PLAIN, 12, 0), text);
        assert_eq!(height(text, narrow), 4);
        let word = "x".repeat(70);
        assert_eq!(wrapped(&word, narrow, 2, 0), word);
        assert_eq!(height(&word, narrow), 3);
    }
}

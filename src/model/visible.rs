//! Text of files and of strangers on its way to a terminal or a log.

use std::borrow::Cow;

/// The text as a terminal shows it, and does not obey it: control characters, and those that turn
/// the direction of what stands around them, are escaped.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for it in text.chars() {
        if is_obeyed(it) {
            shown.extend(it.escape_default());
        } else {
            shown.push(it);
        }
    }
    Cow::Owned(shown)
}

/// Lines as a terminal shows them: as [`visible`], but line breaks stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    if !text.contains(|it| it != '\n' && is_obeyed(it)) {
        return Cow::Borrowed(text);
    }
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    Cow::Owned(lines.join("\n"))
}

fn is_obeyed(it: char) -> bool {
    it.is_control()
        || matches!(it, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(visible("a\u{1b}[2Jb\nc\u{9b}\u{202e}ä"), "a\\u{1b}[2Jb\\nc\\u{9b}\\u{202e}ä");
        assert!(matches!(visible("plain ä"), Cow::Borrowed(_)));
        assert_eq!(visible_lines("a\rb\nc\n"), "a\\rb\nc\n");
        assert!(matches!(visible_lines("a\nb"), Cow::Borrowed(_)));
    }
}

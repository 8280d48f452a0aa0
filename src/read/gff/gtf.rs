//! The attributes of GTF and GFF2: `tag "value"; tag 2`, with a `;` or `=` of a text within
//! quotes, and without quotes where the value is a number.

use std::borrow::Cow;
use std::ops::Range;

/// Whether column nine is written in this way: it begins with a tag, a blank and a value.
pub fn is_gtf(column: &[u8]) -> bool {
    let column = column.trim_ascii_start();
    let Some(tag) = column.iter().position(|it| !is_of_tag(*it)) else { return false };
    if tag == 0 || column[tag] != b' ' {
        return false;
    }
    match column[tag..].trim_ascii_start().first() {
        None | Some(b';' | b'=') => false,
        Some(b'"') => true,
        // A text of GFF3 without its tag may begin so.
        Some(_) => memchr::memchr(b'=', column).is_none() || memchr::memchr(b'"', column).is_some(),
    }
}

fn is_of_tag(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_.-:".contains(&byte)
}

/// The entries of the column: stretches between the semicolons outside of quotes.
pub fn entries(line: &[u8], column: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = column.start;
    // A quote that is never closed is one of the text, as are those behind it.
    let mut may_close = true;
    std::iter::from_fn(move || {
        if at > column.end {
            return None;
        }
        let (start, mut from) = (at, at);
        let end = loop {
            let Some(found) = memchr::memchr2(b';', b'"', &line[from..column.end]) else {
                break column.end;
            };
            let found = from + found;
            if line[found] == b';' {
                break found;
            }
            from = found + 1;
            let opens = found == start || line[found - 1] == b' ';
            if opens && may_close {
                match closing(line, from..column.end) {
                    Some(close) => from = close + 1,
                    None => may_close = false,
                }
            }
        };
        at = end + 1;
        Some(start..end)
    })
}

/// The quote that ends a text; one behind a backslash does not.
fn closing(line: &[u8], text: Range<usize>) -> Option<usize> {
    memchr::memchr_iter(b'"', &line[text.clone()])
        .map(|it| text.start + it)
        .find(|it| *it == text.start || line[it - 1] != b'\\')
}

/// The tag and the value of an entry without blanks at its ends; none where it is `tag=value`.
pub fn pair(line: &[u8], entry: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let text = &line[entry.clone()];
    let tag = text.iter().position(|it| matches!(it, b' ' | b'=')).unwrap_or(text.len());
    if text.get(tag) == Some(&b'=') {
        return None;
    }
    let value = entry.end - text[tag..].trim_ascii_start().len();
    Some((entry.start..entry.start + tag, value..entry.end))
}

/// The text of a value, without its quotes. Of several values that become one text with commas
/// between them, a comma is escaped as GFF3 does it.
pub fn text(value: &[u8], is_one_of_several: bool) -> Cow<'_, [u8]> {
    let text = match value {
        [b'"', inner @ .., b'"'] if memchr::memchr(b'"', inner).is_none() => Cow::Borrowed(inner),
        _ if memchr::memchr(b'"', value).is_none() => Cow::Borrowed(value),
        _ => Cow::Owned(without_quotes(value)),
    };
    if !is_one_of_several || memchr::memchr(b',', &text).is_none() {
        return text;
    }
    let mut escaped = Vec::with_capacity(text.len() + 2);
    for byte in text.iter() {
        match byte {
            b',' => escaped.extend_from_slice(b"%2C"),
            other => escaped.push(*other),
        }
    }
    Cow::Owned(escaped)
}

/// A list of texts as GFF2 has them (`"A" 1 2`) without the quotes around each.
fn without_quotes(value: &[u8]) -> Vec<u8> {
    let mut open = false;
    let mut text = Vec::with_capacity(value.len());
    for (at, byte) in value.iter().enumerate() {
        let before = at.checked_sub(1).map(|it| value[it]);
        let opens = !open && matches!(before, None | Some(b' '));
        let closes =
            open && before != Some(b'\\') && matches!(value.get(at + 1), None | Some(b' '));
        if *byte == b'"' && (opens || closes) {
            open = opens;
        } else {
            text.push(*byte);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(column: &str) -> Vec<(String, String)> {
        let line = column.as_bytes();
        let show = |it: &[u8]| String::from_utf8(it.to_vec()).unwrap();
        entries(line, 0..line.len())
            .filter_map(|it| {
                let text = line[it.clone()].trim_ascii();
                let start = it.end - line[it].trim_ascii_start().len();
                (!text.is_empty()).then(|| pair(line, start..start + text.len())).flatten()
            })
            .map(|(tag, value)| (show(&line[tag]), show(&text(&line[value], false))))
            .collect()
    }

    fn one(tag: &str, value: &str) -> (String, String) {
        (tag.to_owned(), value.to_owned())
    }

    #[test]
    fn quotes_hold_what_separates_elsewhere() {
        assert_eq!(
            pairs("gene_id \"G\"; level 2; note \"a; b=c\"; tag \"x\";"),
            [one("gene_id", "G"), one("level", "2"), one("note", "a; b=c"), one("tag", "x")]
        );
        assert_eq!(pairs("a \"x\\\"; y\" ; b 1"), [one("a", "x\\\"; y"), one("b", "1")]);
        assert_eq!(
            pairs("Target \"X:1\" 11 55;Sure"),
            [one("Target", "X:1 11 55"), one("Sure", "")]
        );
        assert_eq!(pairs("a \"\"; size 5\" long;"), [one("a", ""), one("size", "5\" long")]);
    }

    #[test]
    fn a_quote_that_is_never_closed_ends_nothing() {
        assert_eq!(pairs("a \"x; b 1; c \\\"y"), [one("a", "x"), one("b", "1"), one("c", "\\\"y")]);
    }

    #[test]
    fn the_first_entry_tells() {
        for column in ["gene_id \"G\"", " level 2; tag \"a=b\";", "Sequence X 1 2", "a \"x;\"; b=1"]
        {
            assert!(is_gtf(column.as_bytes()), "{column}");
        }
        for column in ["ID=a b", "ID =x", "a text;ID=1", "ID;b \"x\"", "", "gene1", "=x", "a "] {
            assert!(!is_gtf(column.as_bytes()), "{column}");
        }
    }
}

//! Texts cut, filled up, trimmed and replaced.

use std::collections::HashMap;

use datafusion::common::{Result, exec_err};

use crate::query::bounds;
use crate::query::rows::{by_row, one_of};
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] =
    &[&SUBSTR, &SUBSTRING, &LPAD, &RPAD, &TRIM, &LTRIM, &RTRIM, &REPLACE, &TRANSLATE];

static SUBSTR_OF_TEXT: ScalarFunction =
    by_row!("substr", |text: &str, start: i64, length: Option<i64>| -> &str {
        let range = piece(text.chars().count(), start, length);
        &text[byte(text, range.start)..byte(text, range.end)]
    });

static SUBSTR_OF_BYTES: ScalarFunction =
    by_row!("substr", |bytes: &[u8], start: i64, length: Option<i64>| -> Vec<u8> {
        bytes[piece(bytes.len(), start, length)].to_vec()
    });

/// `substr(text | bytes, start [, length])`: from a character on, one-based, from the end where
/// negative; empty where there is no such one, as for 0.
pub static SUBSTR: ScalarFunction = one_of!("substr", [SUBSTR_OF_TEXT, SUBSTR_OF_BYTES]);

/// `substring(text | bytes, start [, length])` is `substr`.
pub static SUBSTRING: ScalarFunction = one_of!("substring", [SUBSTR_OF_TEXT, SUBSTR_OF_BYTES]);

/// What a piece of so many characters is, counted from 0.
fn piece(count: usize, start: i64, length: Option<i64>) -> std::ops::Range<usize> {
    let distance = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
    let first = match start {
        0 => None,
        1.. => Some(distance - 1),
        _ => count.checked_sub(distance),
    };
    let length = match length {
        Some(length) => usize::try_from(length.max(0)).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    match first.filter(|it| *it < count) {
        Some(first) => first..first.saturating_add(length).min(count),
        None => 0..0,
    }
}

/// Where a character begins, or the text ends.
fn byte(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

/// `lpad(text, size, padding)`: filled up from the left to that many characters, or cut to them
/// from the right.
pub static LPAD: ScalarFunction =
    by_row!("lpad", |text: &str, size: i64, padding: &str| -> Result<String> {
        let (kept, filled) = padded("lpad", text, size, padding)?;
        Ok(filled + kept)
    });

/// `rpad(text, size, padding)`: filled up from the right, or cut from there.
pub static RPAD: ScalarFunction =
    by_row!("rpad", |text: &str, size: i64, padding: &str| -> Result<String> {
        let (kept, filled) = padded("rpad", text, size, padding)?;
        Ok(kept.to_owned() + &filled)
    });

fn padded<'a>(
    function: &str,
    text: &'a str,
    size: i64,
    padding: &str,
) -> Result<(&'a str, String)> {
    let Ok(size) = i32::try_from(size).map_err(drop).and_then(|it| it.try_into().map_err(drop))
    else {
        return exec_err!("the size of {function} is {size}, but has to be 0 to 2147483647");
    };
    if padding.is_empty() {
        return exec_err!("the padding of {function} is empty");
    }
    let missing = size_of_missing(text, size);
    let characters = padding.chars().count();
    // In bytes, of which a character of the padding may have several.
    bounds::check(function, missing as u128 * padding.len() as u128 / characters as u128)?;
    let mut filled = padding.repeat(missing / characters);
    filled.extend(padding.chars().take(missing % characters));
    Ok((&text[..byte(text, size)], filled))
}

fn size_of_missing(text: &str, size: usize) -> usize {
    size.saturating_sub(text.chars().count())
}

/// `trim(text [, characters])`: without the blanks, or those characters, at both ends.
pub static TRIM: ScalarFunction = by_row!("trim", |text: &str, characters: Option<&str>| -> &str {
    text.trim_matches(trimmed(characters))
});

/// `ltrim(text [, characters])`: without those at its beginning.
pub static LTRIM: ScalarFunction =
    by_row!("ltrim", |text: &str, characters: Option<&str>| -> &str {
        text.trim_start_matches(trimmed(characters))
    });

/// `rtrim(text [, characters])`: without those at its end.
pub static RTRIM: ScalarFunction =
    by_row!("rtrim", |text: &str, characters: Option<&str>| -> &str {
        text.trim_end_matches(trimmed(characters))
    });

/// Which characters go: those of a text, or Java's blanks, which have no blanks that bind.
fn trimmed(characters: Option<&str>) -> impl Fn(char) -> bool {
    move |it| match characters {
        Some(characters) => characters.contains(it),
        None => match it {
            '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{85}' => false,
            '\u{1c}'..='\u{1f}' => true,
            other => other.is_whitespace(),
        },
    }
}

/// `replace(text, search [, replacement])`: every place of a text replaced, or removed. An empty
/// one is before each character and at the end.
pub static REPLACE: ScalarFunction =
    by_row!("replace", |text: &str, search: &str, replacement: Option<&str>| -> Result<String> {
        let replacement = replacement.unwrap_or_default();
        let longer = replacement.len().saturating_sub(search.len()) as u128;
        // Places are looked for only where there is room for too many.
        let room = (text.len() + 1) / search.len().max(1) + 1;
        if longer * room as u128 > bounds::MOST as u128 {
            bounds::check("replace", longer * text.matches(search).count() as u128)?;
        }
        Ok(text.replace(search, replacement))
    });

/// `translate(text, from, to)`: each character of `from` becomes that of `to` in its place, or goes
/// where there is none. Of several alike in `from` the first counts.
pub static TRANSLATE: ScalarFunction =
    by_row!("translate", |text: &str, from: &str, to: &str| -> String {
        let mut to = to.chars();
        let mut instead = HashMap::new();
        for it in from.chars() {
            let other = to.next();
            instead.entry(it).or_insert(other);
        }
        text.chars().filter_map(|it| instead.get(&it).copied().unwrap_or(Some(it))).collect()
    });

//! Letters: their case, their order, their code points, and the stems and sounds of words.

use std::borrow::Cow;

use datafusion::common::{Result, exec_err};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use rust_stemmers::{Algorithm, Stemmer};

use crate::query::rows::{by_row, one_of};
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &CHR,
    &CODEPOINT,
    &LENGTH,
    &LOWER,
    &UPPER,
    &NORMALIZE,
    &SOUNDEX,
    &WORD_STEM,
    &STARTS_WITH,
    &STRPOS,
];

/// `chr(n)`: the character of a code point.
pub static CHR: ScalarFunction = by_row!("chr", |code_point: i64| -> Result<String> {
    let Some(it) = u32::try_from(code_point).ok().and_then(char::from_u32) else {
        return exec_err!("{code_point} is not a code point of Unicode");
    };
    Ok(it.to_string())
});

/// `codepoint(text)`: the code point of the one character that a text is.
pub static CODEPOINT: ScalarFunction = by_row!("codepoint", |character: &str| -> Result<i32> {
    let mut characters = character.chars();
    let (Some(it), None) = (characters.next(), characters.next()) else {
        return exec_err!("codepoint takes a text of one character, not '{character}'");
    };
    // They end at 0x10FFFF.
    Ok(i32::try_from(u32::from(it)).unwrap_or_default())
});

static LENGTH_OF_TEXT: ScalarFunction =
    by_row!("length", |text: &str| -> i64 { counted(text.chars()) });

static LENGTH_OF_BYTES: ScalarFunction =
    by_row!("length", |bytes: &[u8]| -> i64 { counted(bytes.iter()) });

/// `length(text | bytes)`: how many characters, or bytes.
pub static LENGTH: ScalarFunction = one_of!("length", [LENGTH_OF_TEXT, LENGTH_OF_BYTES]);

fn counted(of: impl Iterator) -> i64 {
    i64::try_from(of.count()).unwrap_or(i64::MAX)
}

/// `lower(text)`: character by character, so that no text becomes longer or shorter.
pub static LOWER: ScalarFunction = by_row!("lower", |text: &str| -> String {
    text.chars().map(|it| it.to_lowercase().next().unwrap_or(it)).collect()
});

/// `upper(text)`: character by character. `ß` stays, which no one character is the upper case of.
pub static UPPER: ScalarFunction =
    by_row!("upper", |text: &str| -> String { text.chars().map(upper).collect() });

fn upper(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

/// `normalize(text [, form])`: in a form of Unicode, NFC where none is given. The form is written
/// without quotes, which the dialect puts there.
pub static NORMALIZE: ScalarFunction =
    by_row!("normalize", |text: &str, form: Option<&str>| -> Result<Cow<'_, str>> {
        Ok(match form.unwrap_or("NFC").to_ascii_uppercase().as_str() {
            "NFC" => ComposingNormalizerBorrowed::new_nfc().normalize(text),
            "NFKC" => ComposingNormalizerBorrowed::new_nfkc().normalize(text),
            "NFD" => DecomposingNormalizerBorrowed::new_nfd().normalize(text),
            "NFKD" => DecomposingNormalizerBorrowed::new_nfkd().normalize(text),
            other => return exec_err!("there is no form {other}: it is NFC, NFD, NFKC or NFKD"),
        })
    });

/// `soundex(text)`: a letter and three digits, alike for words that sound alike in English.
pub static SOUNDEX: ScalarFunction = by_row!("soundex", |text: &str| -> Result<String> {
    /// Of A to Z; 0 is not written.
    const DIGITS: &[u8; 26] = b"01230120022455012623010202";
    let letters: Vec<char> = text.chars().filter(|it| it.is_alphabetic()).map(upper).collect();
    let Some(first) = letters.first() else { return Ok(text.to_owned()) };
    if let Some(other) = letters.iter().find(|it| !it.is_ascii()) {
        return exec_err!("soundex knows the letters A to Z, not {other}");
    }
    let digit = |it: char| char::from(DIGITS[usize::from((it as u8 - b'A').min(25))]);
    let (mut code, mut last) = (first.to_string(), digit(*first));
    for letter in letters[1..].iter().filter(|it| !matches!(it, 'H' | 'W')) {
        let next = digit(*letter);
        if next != '0' && next != last {
            code.push(next);
        }
        last = next;
    }
    code.push_str("000");
    code.truncate(4);
    Ok(code)
});

/// `word_stem(word [, language])`: the stem of a word, in English where no language is given.
pub static WORD_STEM: ScalarFunction =
    by_row!("word_stem", |word: &str, language: Option<&str>| -> Result<String> {
        let language = language.unwrap_or("en");
        let Some((_, algorithm)) = ALGORITHMS.iter().find(|(name, _)| *name == language) else {
            return exec_err!("word_stem does not know the language '{language}'");
        };
        Ok(Stemmer::create(*algorithm).stem(word).into_owned())
    });

const ALGORITHMS: [(&str, Algorithm); 15] = [
    ("da", Algorithm::Danish),
    ("nl", Algorithm::Dutch),
    ("en", Algorithm::English),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("de", Algorithm::German),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("no", Algorithm::Norwegian),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("es", Algorithm::Spanish),
    ("sv", Algorithm::Swedish),
    ("tr", Algorithm::Turkish),
];

/// `starts_with(text, beginning)`
pub static STARTS_WITH: ScalarFunction =
    by_row!("starts_with", |text: &str, beginning: &str| -> bool { text.starts_with(beginning) });

/// `strpos(text, part [, instance])`: the character at which a part begins, one-based; 0 where it
/// is not there. The instance counts from the end where it is negative.
pub static STRPOS: ScalarFunction =
    by_row!("strpos", |text: &str, part: &str, instance: Option<i64>| -> Result<i64> {
        let instance = instance.unwrap_or(1);
        if instance == 0 {
            return exec_err!("the instance of strpos is 0, but counts from 1 or from -1");
        }
        if part.is_empty() {
            return Ok(1);
        }
        let place = usize::try_from(instance.unsigned_abs() - 1).unwrap_or(usize::MAX);
        // They may overlap.
        let mut starts = text.char_indices().map(|(at, _)| at);
        let is_there = |at: &usize| text[*at..].starts_with(part);
        let found = match instance {
            1.. => starts.filter(is_there).nth(place),
            _ => starts.by_ref().rev().filter(is_there).nth(place),
        };
        Ok(found.map_or(0, |at| counted(text[..at].chars()) + 1))
    });

//! Bytes as text, and back.

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use datafusion::common::{Result, exec_datafusion_err, exec_err};

use crate::query::rows::{by_row, one_of};
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[
    &TO_UTF8,
    &FROM_UTF8,
    &TO_HEX,
    &FROM_HEX,
    &TO_BASE64,
    &FROM_BASE64,
    &TO_BASE64URL,
    &FROM_BASE64URL,
    &TO_BASE32,
    &FROM_BASE32,
];

/// `to_utf8(text)`: its bytes.
pub static TO_UTF8: ScalarFunction =
    by_row!("to_utf8", |text: &str| -> Vec<u8> { text.as_bytes().to_vec() });

static FROM_UTF8_REPLACING: ScalarFunction =
    by_row!("from_utf8", |bytes: &[u8], replacement: Option<&str>| -> Result<String> {
        let replacement = replacement.unwrap_or("\u{fffd}");
        if replacement.chars().nth(1).is_some() {
            return exec_err!("what from_utf8 replaces with is '{replacement}', which is too long");
        }
        Ok(replaced(bytes, replacement))
    });

static FROM_UTF8_BY_NUMBER: ScalarFunction =
    by_row!("from_utf8", |bytes: &[u8], code_point: i64| -> Result<String> {
        let character = u32::try_from(code_point).ok().and_then(char::from_u32);
        let character = character
            .ok_or_else(|| exec_datafusion_err!("{code_point} is not a code point of Unicode"))?;
        Ok(replaced(bytes, character.encode_utf8(&mut [0; 4])))
    });

/// `from_utf8(bytes [, replacement])`: the text that they are. What is not UTF-8 becomes U+FFFD, or
/// that character (a text of one, or its code point), or goes where the text is empty.
pub static FROM_UTF8: ScalarFunction =
    one_of!("from_utf8", [FROM_UTF8_REPLACING, FROM_UTF8_BY_NUMBER]);

fn replaced(bytes: &[u8], replacement: &str) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_str(replacement);
        }
    }
    text
}

/// `to_hex(bytes)`: two digits for each, in upper case.
pub static TO_HEX: ScalarFunction = by_row!("to_hex", |bytes: &[u8]| -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digits = bytes.iter().flat_map(|it| [it >> 4, it & 15]);
    digits.map(|it| char::from(DIGITS[usize::from(it)])).collect()
});

/// `from_hex(text)`
pub static FROM_HEX: ScalarFunction = by_row!("from_hex", |text: &str| -> Result<Vec<u8>> {
    let digit = |it: &u8| char::from(*it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let byte = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    text.as_bytes().chunks(2).map(byte).collect::<Option<_>>().ok_or_else(|| {
        exec_datafusion_err!("'{text}' is not hexadecimal: it needs two digits for each byte")
    })
});

/// As Java reads it: what fills up the end may be left out.
const fn lenient(alphabet: &Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config)
}

const BASE64: GeneralPurpose = lenient(&STANDARD);
const BASE64URL: GeneralPurpose = lenient(&URL_SAFE);

/// `to_base64(bytes)`
pub static TO_BASE64: ScalarFunction =
    by_row!("to_base64", |bytes: &[u8]| -> String { BASE64.encode(bytes) });

/// `from_base64(text)`
pub static FROM_BASE64: ScalarFunction =
    by_row!("from_base64", |text: &str| -> Result<Vec<u8>> { decoded(&BASE64, text) });

/// `to_base64url(bytes)`: in the letters that a URL may have.
pub static TO_BASE64URL: ScalarFunction =
    by_row!("to_base64url", |bytes: &[u8]| -> String { BASE64URL.encode(bytes) });

/// `from_base64url(text)`
pub static FROM_BASE64URL: ScalarFunction =
    by_row!("from_base64url", |text: &str| -> Result<Vec<u8>> { decoded(&BASE64URL, text) });

fn decoded(engine: &GeneralPurpose, text: &str) -> Result<Vec<u8>> {
    engine.decode(text).map_err(|_| exec_datafusion_err!("'{text}' is not base64"))
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// `to_base32(bytes)`
pub static TO_BASE32: ScalarFunction = by_row!("to_base32", |bytes: &[u8]| -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 8);
    for five in bytes.chunks(5) {
        let bits =
            five.iter().chain(&[0; 4]).take(5).fold(0_u64, |bits, it| bits << 8 | u64::from(*it));
        for place in 0..8 {
            let is_filler = place * 5 >= five.len() * 8;
            let digit = usize::try_from(bits >> (35 - place * 5) & 31).unwrap_or_default();
            text.push(if is_filler { '=' } else { char::from(BASE32[digit]) });
        }
    }
    text
});

/// `from_base32(text)`
pub static FROM_BASE32: ScalarFunction = by_row!("from_base32", |text: &str| -> Result<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let Some(digit) = BASE32.iter().position(|it| *it == letter) else {
            return exec_err!("'{text}' is not base32");
        };
        bits = (bits << 5 | u32::try_from(digit).unwrap_or_default()) & 0xfff;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
        }
    }
    Ok(bytes)
});

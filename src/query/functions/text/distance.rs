//! How far texts are from each other, and whether one checks itself.

use datafusion::common::{Result, exec_err};

use crate::query::rows::by_row;
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&LEVENSHTEIN_DISTANCE, &HAMMING_DISTANCE, &LUHN_CHECK];

/// The most pairs of characters that are compared, as in Trino.
const MOST_PAIRS: usize = 1_000_000;

/// `levenshtein_distance(text, text)`: how many characters have to be inserted, removed or replaced
/// to make one of the other.
pub static LEVENSHTEIN_DISTANCE: ScalarFunction =
    by_row!("levenshtein_distance", |left: &str, right: &str| -> Result<i64> {
        let pairs = left.chars().count().saturating_mul(right.chars().count().saturating_sub(1));
        if pairs > MOST_PAIRS {
            return exec_err!("the texts of levenshtein_distance are too long: {pairs} pairs");
        }
        Ok(i64::try_from(strsim::levenshtein(left, right)).unwrap_or(i64::MAX))
    });

/// `hamming_distance(text, text)`: in how many places two texts of one length differ.
pub static HAMMING_DISTANCE: ScalarFunction =
    by_row!("hamming_distance", |left: &str, right: &str| -> Result<i64> {
        let Ok(distance) = strsim::hamming(left, right) else {
            return exec_err!("the texts of hamming_distance are not of one length");
        };
        Ok(i64::try_from(distance).unwrap_or(i64::MAX))
    });

/// `luhn_check(digits)`: whether the last digit is the one that those before it ask for.
pub static LUHN_CHECK: ScalarFunction = by_row!("luhn_check", |digits: &str| -> Result<bool> {
    let mut sum = 0_u64;
    for (place, digit) in digits.chars().rev().enumerate() {
        let Some(digit) = digit.to_digit(10) else {
            return exec_err!("luhn_check takes digits, not '{digits}'");
        };
        let weighted = if place % 2 == 1 { 2 * digit } else { digit };
        sum += u64::from(weighted / 10 + weighted % 10);
    }
    Ok(!digits.is_empty() && sum.is_multiple_of(10))
});

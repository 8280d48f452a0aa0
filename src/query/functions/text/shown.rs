//! Numbers as text for people.

use crate::query::rows::by_row;
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&FORMAT_NUMBER];

/// `format_number(number)`: three digits and a unit, `1.23K`.
pub static FORMAT_NUMBER: ScalarFunction = by_row!("format_number", |number: f64| -> String {
    let (mut size, mut unit) = (number.abs(), "");
    for larger in ["K", "M", "B", "T", "Q"] {
        if size < 1000.0 {
            break;
        }
        (size, unit) = (size / 1000.0, larger);
    }
    let places = match size {
        ..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    let power = 10_f64.powi(places);
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}{unit}", (size * power).round() / power)
});

//! Numbers and booleans as text, and back.

/// The float that a text is, as Java reads it: blanks around it and a type behind it (`1.5d`) are
/// ignored, and what is no number is `NaN`, `Infinity` or none.
pub fn float(text: &str) -> Option<f64> {
    let text = text.trim_matches(|it: char| it <= ' ');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match unsigned.as_bytes().first()? {
        b'0'..=b'9' | b'.' => {}
        b'N' if unsigned == "NaN" => return Some(f64::NAN),
        b'I' if unsigned == "Infinity" => return Some(sign * f64::INFINITY),
        _ => return None,
    }
    let read = |text: &str| fast_float2::parse::<f64, _>(text).ok();
    let value =
        read(unsigned).or_else(|| unsigned.strip_suffix(['d', 'D', 'f', 'F']).and_then(read))?;
    Some(sign * value)
}

/// The integer that a text is: digits, and perhaps a sign.
pub fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// The boolean that a text is.
pub fn boolean(text: &str) -> Option<bool> {
    let is = |words: [&str; 3]| words.iter().any(|it| text.eq_ignore_ascii_case(it));
    match () {
        () if is(["true", "t", "1"]) => Some(true),
        () if is(["false", "f", "0"]) => Some(false),
        () => None,
    }
}

/// A float as Trino writes it: `1.0E7`.
pub fn of_float<F: Copy + Into<f64> + std::fmt::LowerExp>(value: F) -> String {
    let wide: f64 = value.into();
    if wide.is_nan() {
        return "NaN".to_owned();
    }
    if wide.is_infinite() {
        return if wide > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let shortest = format!("{value:e}");
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_read_as_java_reads_them() {
        for (text, value) in [
            (" 1.5 ", Some(1.5)),
            ("-1e-3", Some(-0.001)),
            ("1d", Some(1.0)),
            ("1.5F", Some(1.5)),
            (".5", Some(0.5)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("inf", None),
            ("nan", None),
            ("", None),
            (".", None),
            ("-", None),
            ("1x", None),
            ("--1", None),
        ] {
            assert_eq!(float(text), value, "{text}");
        }
        assert!(float("NaN").unwrap().is_nan());
    }

    #[test]
    fn floats_are_written_as_trino_writes_them() {
        for (value, text) in [
            (1e7, "1.0E7"),
            (123.45, "1.2345E2"),
            (0.0, "0.0E0"),
            (-0.001, "-1.0E-3"),
            (f64::INFINITY, "Infinity"),
        ] {
            assert_eq!(of_float(value), text);
        }
        assert_eq!(of_float(0.1_f32), "1.0E-1");
    }
}

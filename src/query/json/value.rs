//! A JSON value, read and written as Trino's json is.

use std::fmt::Write as _;

/// How deep arrays and objects may lie in each other.
const MOST_DEPTH: usize = 256;

/// A value. Numbers are kept as they were written, members of objects in their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number, in its text.
    Number(String),
    /// A text.
    Text(String),
    /// `[…]`
    Array(Vec<Json>),
    /// `{…}`; of a name that is there twice, the last one holds.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The value that a text is; none where it is none, or too deep.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.blank();
        (reader.at == text.len()).then_some(value)
    }

    /// The member of an object.
    pub fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(it, _)| it == name).map(|(_, it)| it),
            _ => None,
        }
    }

    /// The text of a scalar as CAST to varchar gives it; none for null, arrays and objects.
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::Boolean(value) => Some(value.to_string()),
            Self::Number(text) | Self::Text(text) => Some(text.clone()),
            Self::Null | Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The value in its one form: members by their names, numbers as Java writes them.
    pub fn canonical(self) -> Self {
        match self {
            Self::Number(text) => Self::Number(canonical_number(&text)),
            Self::Array(values) => Self::Array(values.into_iter().map(Self::canonical).collect()),
            Self::Object(members) => {
                let mut members: Vec<_> =
                    members.into_iter().map(|(name, it)| (name, it.canonical())).collect();
                members.sort_by(|(left, _), (right, _)| left.cmp(right));
                Self::Object(members)
            }
            other => other,
        }
    }

    /// Writes it without blanks.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => write_text(text, out),
            Self::Array(values) => {
                out.push('[');
                for (place, value) in values.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    value.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (place, (name, value)) in members.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    write_text(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

impl std::fmt::Display for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

/// Writes a text in quotes.
pub fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            other if other < ' ' => {
                let _ = write!(out, "\\u{:04X}", u32::from(other));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A float as Java writes it: `0.001`, `1.0E-4`, `1.0E7`; what is no number goes in quotes.
pub fn of_float<F: Copy + Into<f64> + std::fmt::LowerExp + std::fmt::Display>(value: F) -> String {
    let wide: f64 = value.into();
    if !wide.is_finite() {
        let name = if wide.is_nan() { "NaN" } else { "Infinity" };
        return format!("\"{}{name}\"", if wide < 0.0 { "-" } else { "" });
    }
    let plain = wide == 0.0 || (1e-3..1e7).contains(&wide.abs());
    if plain {
        let text = value.to_string();
        return if text.contains('.') { text } else { text + ".0" };
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}E{exponent}")
}

fn canonical_number(text: &str) -> String {
    if text == "-0" {
        return "0".to_owned();
    }
    let is_whole = !text.contains(['.', 'e', 'E']);
    match text.parse::<f64>() {
        Ok(value) if !is_whole && value.is_finite() => of_float(value),
        _ => text.to_owned(),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, word: &str) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        rest.starts_with(word).then(|| self.at += word.len())
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.blank();
        match self.peek()? {
            b'n' => self.take("null").map(|()| Json::Null),
            b't' => self.take("true").map(|()| Json::Boolean(true)),
            b'f' => self.take("false").map(|()| Json::Boolean(false)),
            b'"' => self.string().map(Json::Text),
            b'[' | b'{' if depth == MOST_DEPTH => None,
            b'[' => self.array(depth + 1),
            b'{' => self.object(depth + 1),
            _ => self.number(),
        }
    }

    fn array(&mut self, depth: usize) -> Option<Json> {
        self.take("[")?;
        let mut values = Vec::new();
        self.blank();
        if self.take("]").is_some() {
            return Some(Json::Array(values));
        }
        loop {
            values.push(self.value(depth)?);
            self.blank();
            if self.take(",").is_none() {
                return self.take("]").map(|()| Json::Array(values));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Json> {
        self.take("{")?;
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        self.blank();
        if self.take("}").is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.blank();
            let name = self.string()?;
            self.blank();
            self.take(":")?;
            let value = self.value(depth)?;
            let place: usize = *places.entry(name.clone()).or_insert(members.len());
            match members.get_mut(place) {
                Some(member) => member.1 = value,
                None => members.push((name, value)),
            }
            self.blank();
            if self.take(",").is_none() {
                return self.take("}").map(|()| Json::Object(members));
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut text = String::new();
        loop {
            let rest = self.text.get(self.at..)?;
            let plain = rest.find(|it: char| it == '"' || it == '\\' || it < ' ')?;
            text.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(text);
                }
                b'\\' => {
                    self.at += 1;
                    text.push(self.escaped()?);
                }
                _ => return None,
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let sign = self.peek()?;
        self.at += 1;
        Some(match sign {
            b'"' | b'\\' | b'/' => char::from(sign),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.unit()?;
                if (0xD800..0xDC00).contains(&unit) {
                    // What is no pair cannot be in a text.
                    let Some(()) = self.take("\\u") else {
                        return Some(char::REPLACEMENT_CHARACTER);
                    };
                    let low = self.unit()?;
                    let pair = char::decode_utf16([unit, low]).next()?;
                    return Some(pair.unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        let is_hex = digits.bytes().all(|it| it.is_ascii_hexdigit());
        if is_hex { u16::from_str_radix(digits, 16).ok() } else { None }
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let first = self.at;
        let whole = self.digits()?;
        if whole > 1 && self.text.as_bytes().get(first) == Some(&b'0') {
            return None;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(Json::Number(self.text[start..self.at].to_owned()))
    }

    fn digits(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|it| it.is_ascii_digit()) {
            self.at += 1;
        }
        Some(self.at - start).filter(|it| *it > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_one_form() {
        for (text, form) in [
            (r#" {"b": [1, -0, 2.50 ], "a":null} "#, r#"{"a":null,"b":[1,0,2.5]}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            ("1e3", "1000.0"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("1E10", "1.0E10"),
            ("0.0001", "1.0E-4"),
            (r#""\u00e9\ud83d\ude00\n\u0001\/""#, r#""é😀\n\u0001/""#),
            ("[]", "[]"),
        ] {
            assert_eq!(Json::parse(text).unwrap().canonical().to_string(), form);
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "nul", "[1,]", "{a:1}", "01", "1.", "\"a", "[1] 2", "'a'", "-", "\"\t\""] {
            assert_eq!(Json::parse(text), None, "{text}");
        }
        let deep = "[".repeat(MOST_DEPTH + 1) + &"]".repeat(MOST_DEPTH + 1);
        assert_eq!(Json::parse(&deep), None);
    }
}

//! The places of a format: `%[index$][flags][width][.precision]conversion`, as in Java.

/// A part of a format.
pub enum Piece<'a> {
    /// Text that stays.
    Text(&'a str),
    /// Where a value goes.
    Value(Conversion),
}

/// In which form a value is written.
#[derive(Clone)]
pub struct Conversion {
    /// As it stands in the format.
    pub written: String,
    /// Which value; the next one, where it does not say.
    pub index: Option<usize>,
    /// The least number of characters.
    pub width: usize,
    /// How many digits behind the point, or how many characters of a text.
    pub precision: Option<usize>,
    /// The letter: `s`, `d`, `f`. Of times it is `t`, and the next letter is `suffix`.
    pub kind: char,
    suffix: char,
    flags: String,
}

/// The largest width and precision.
const WIDEST: usize = 1 << 16;

/// The parts of a format.
pub fn pieces(pattern: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find('%') {
        pieces.push(Piece::Text(&rest[..at]));
        let (conversion, length) = Conversion::parse(&rest[at..])?;
        match conversion.kind {
            '%' if conversion.width == 0 => pieces.push(Piece::Text("%")),
            'n' => pieces.push(Piece::Text("\n")),
            _ => pieces.push(Piece::Value(conversion)),
        }
        rest = &rest[at + length..];
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

impl Conversion {
    /// The place at the start of a text, and how many bytes of it it takes.
    fn parse(text: &str) -> Result<(Self, usize), String> {
        let mut rest = text[1..].chars().peekable();
        let digits = |rest: &mut std::iter::Peekable<std::str::Chars>| {
            let mut digits = String::new();
            while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            digits
        };
        let number = |digits: &str| digits.parse::<usize>().ok().filter(|it| *it <= WIDEST);
        let before = rest.clone();
        let first = digits(&mut rest);
        let mut index = None;
        if rest.next_if_eq(&'$').is_some() {
            index = number(&first).and_then(|it| it.checked_sub(1));
        } else {
            rest = before;
        }
        let mut flags = String::new();
        while let Some(flag) = rest.next_if(|it| "-#+ 0,(".contains(*it)) {
            flags.push(flag);
        }
        let width = digits(&mut rest);
        let precision = rest.next_if_eq(&'.').map(|_| digits(&mut rest));
        let kind = rest.next().unwrap_or(' ');
        let suffix = if matches!(kind, 't' | 'T') { rest.next() } else { None };
        let left: usize = rest.map(char::len_utf8).sum();
        let length = text.len() - left;
        let written = text[..length].to_owned();
        let known = "bBsScCdoxXeEfgGtT%n".contains(kind);
        let sizes = [Some(width.as_str()).filter(|it| !it.is_empty()), precision.as_deref()];
        if !known || sizes.into_iter().flatten().any(|it| number(it).is_none()) {
            return Err(format!("`{}` is no place of a value", written.escape_debug()));
        }
        let conversion = Self {
            index,
            width: number(&width).unwrap_or(0),
            precision: precision.and_then(|it| number(&it)),
            kind,
            suffix: suffix.unwrap_or(' '),
            flags,
            written,
        };
        Ok((conversion, length))
    }

    /// The same with another precision.
    pub fn with_precision(&self, precision: usize) -> Self {
        Self { precision: Some(precision), ..self.clone() }
    }

    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    /// Adds a text, with blanks in front of it or behind it.
    pub fn pad(&self, out: &mut String, text: &str) {
        let blanks = " ".repeat(self.width.saturating_sub(text.chars().count()));
        let (before, behind) = if self.has('-') { ("", &*blanks) } else { (&*blanks, "") };
        out.extend([before, text, behind]);
    }

    /// As much of a text as the precision lets through.
    pub fn cut(&self, text: &str) -> String {
        text.chars().take(self.precision.unwrap_or(usize::MAX)).collect()
    }

    /// A number of these digits, with sign, commas and zeros as asked for.
    pub fn number(&self, is_negative: bool, whole: &str, part: &str) -> String {
        let mut digits = if self.has(',') { with_commas(whole) } else { whole.to_owned() };
        if !part.is_empty() {
            digits.push('.');
            digits.push_str(part);
        }
        let (sign, end) = match is_negative {
            true if self.has('(') => ("(", ")"),
            true => ("-", ""),
            false if self.has('+') => ("+", ""),
            false if self.has(' ') => (" ", ""),
            false => ("", ""),
        };
        let length = digits.len() + sign.len() + end.len();
        let zeros = if self.has('0') { self.width.saturating_sub(length) } else { 0 };
        format!("{sign}{}{digits}{end}", "0".repeat(zeros))
    }

    /// What chrono calls the form of a time, such as `%tY`.
    pub fn time_form(&self) -> Option<&'static str> {
        Some(match self.suffix {
            'Y' => "%Y",
            'y' => "%y",
            'm' => "%m",
            'B' => "%B",
            'b' | 'h' => "%b",
            'd' => "%d",
            'e' => "%-d",
            'j' => "%j",
            'A' => "%A",
            'a' => "%a",
            'H' => "%H",
            'k' => "%-H",
            'I' => "%I",
            'l' => "%-I",
            'M' => "%M",
            'S' => "%S",
            'L' => "%3f",
            'N' => "%9f",
            'p' => "%P",
            'R' => "%H:%M",
            'T' => "%H:%M:%S",
            'r' => "%I:%M:%S %p",
            'D' => "%m/%d/%y",
            'F' => "%Y-%m-%d",
            's' => "%s",
            _ => return None,
        })
    }
}

fn with_commas(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

//! Java's patterns as those of Rust's `regex`, which have neither look-around nor back references,
//! and take time in proportion to the text whatever the pattern.

use std::iter::Peekable;
use std::str::Chars;

use datafusion::common::{DataFusionError, Result, exec_datafusion_err};
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashMap;

use crate::model::Error;

/// Patterns that are kept compiled: a column may have as many as rows.
const KEPT: usize = 64;

/// The most bytes of a compiled pattern of which a batch may have as many as rows. To compile one
/// takes time in proportion.
const SMALL: usize = 32 << 10;

/// The most bytes of a large one, such as `\w+:\w+`.
const LARGE: usize = 256 << 10;

/// The most bytes of any.
const LARGEST: usize = 10 << 20;

/// Patterns of one batch, each compiled once.
pub struct Patterns {
    kept: FxHashMap<String, Regex>,
    /// How many more may be large, and how many larger still.
    left: [usize; 2],
}

impl Default for Patterns {
    fn default() -> Self {
        Self { kept: FxHashMap::default(), left: [1000, 8] }
    }
}

impl Patterns {
    /// A pattern compiled; an error that says why it cannot be.
    pub fn get(&mut self, pattern: &str) -> Result<&Regex> {
        if !self.kept.contains_key(pattern) {
            let regex = of_java(pattern)
                .and_then(|it| self.compiled(&it))
                .map_err(|why| refused(pattern, &why))?;
            if self.kept.len() >= KEPT {
                self.kept.clear();
            }
            self.kept.insert(pattern.to_owned(), regex);
        }
        self.kept.get(pattern).ok_or_else(|| exec_datafusion_err!("a pattern is gone"))
    }

    fn compiled(&mut self, pattern: &str) -> std::result::Result<Regex, String> {
        let [large, largest] = &mut self.left;
        let mut unbounded = usize::MAX;
        for (bytes, left) in [(SMALL, &mut unbounded), (LARGE, large), (LARGEST, largest)] {
            if *left == 0 {
                break;
            }
            match RegexBuilder::new(pattern).size_limit(bytes).build() {
                Err(regex::Error::CompiledTooBig(_)) if bytes < LARGEST => {}
                built => {
                    *left -= 1;
                    return built.map_err(|error| reason(&error));
                }
            }
        }
        Err(MANY_LARGE.to_owned())
    }
}

fn refused(pattern: &str, why: &str) -> DataFusionError {
    let message = format!("the pattern `{pattern}` cannot be used: {why}");
    let help = match why {
        MANY_LARGE => {
            "write one pattern for all rows, with what differs found by strpos or starts_with; or \
             repeat less in it, and [0-9A-Za-z_] rather than \\w"
        }
        LOOK_AROUND => {
            "ask twice: regexp_like(x, 'a') AND NOT regexp_like(x, 'b'), or take the part of a \
             group with regexp_extract(x, '(a)b', 1)"
        }
        BACK_REFERENCE => "compare groups: regexp_extract(x, p, 1) = regexp_extract(x, p, 2)",
        POSSESSIVE => "leave the sign out: no pattern here goes back for long",
        _ => "https://docs.rs/regex lists what patterns may hold",
    };
    DataFusionError::External(Box::new(Error::invalid(message).with_help(help)))
}

/// The last line of the error says why; those before it draw the pattern.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let why = text.lines().last().unwrap_or_default();
    why.trim_start_matches("error: ").to_owned()
}

const MANY_LARGE: &str = "it is large, and another one for each row";
const LOOK_AROUND: &str = "look-around is not supported";
const BACK_REFERENCE: &str = "back references are not supported";
const LAST_MATCH: &str = r"\G, the end of the match before, is not supported";
const POSSESSIVE: &str = "groups and repetitions that give nothing back are not supported";

/// A pattern in Rust's words, or why there is none.
fn of_java(pattern: &str) -> std::result::Result<String, String> {
    let mut reader = Reader { rest: pattern.chars().peekable(), out: String::new(), depth: 0 };
    let mut is_repeated = false;
    while let Some(it) = reader.rest.next() {
        let was_repeated = std::mem::take(&mut is_repeated);
        match it {
            '\\' => reader.escape()?,
            '[' => reader.open_class(),
            ']' if reader.depth > 0 => {
                reader.depth -= 1;
                reader.out.push(']');
            }
            // Of two, Rust would take away what follows.
            '~' | '-' if reader.depth > 0 => {
                let is_second = reader.out.ends_with('-');
                reader.out.push_str(if it == '~' || is_second { "\\" } else { "" });
                reader.out.push(it);
            }
            other if reader.depth > 0 => reader.out.push(other),
            '(' => reader.open_group()?,
            '+' if was_repeated => return Err(POSSESSIVE.to_owned()),
            '?' if was_repeated => reader.out.push('?'),
            '*' | '+' | '?' | '}' => {
                is_repeated = true;
                reader.out.push(it);
            }
            other => reader.out.push(other),
        }
    }
    Ok(reader.out)
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
    /// How many character classes are open.
    depth: usize,
}

impl Reader<'_> {
    fn literal(&mut self, character: char) {
        self.out.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
    }

    fn open_class(&mut self) {
        self.depth += 1;
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        // At its beginning it does not close the class.
        if self.rest.next_if_eq(&']').is_some() {
            self.out.push_str("\\]");
        }
    }

    fn open_group(&mut self) -> std::result::Result<(), String> {
        self.out.push('(');
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('?') {
            return Ok(());
        }
        match (ahead.next(), ahead.next()) {
            (Some('=' | '!'), _) | (Some('<'), Some('=' | '!')) => Err(LOOK_AROUND.to_owned()),
            (Some('>'), _) => Err(POSSESSIVE.to_owned()),
            _ => {
                // Not a repetition.
                self.out.extend(self.rest.next());
                Ok(())
            }
        }
    }

    /// What follows a `\`.
    fn escape(&mut self) -> std::result::Result<(), String> {
        let Some(it) = self.rest.next() else { return Err("it ends with a \\".to_owned()) };
        match it {
            'Q' if self.depth == 0 => self.quotation(),
            'E' => {}
            'b' if self.depth > 0 => self.out.push_str("\\x08"),
            'd' | 'D' | 'w' | 'W' | 's' | 'S' | 'b' | 'B' | 'A' | 'z' | 't' | 'n' | 'r' | 'f'
            | 'v' | 'a' | 'x' => self.out.extend(['\\', it]),
            'e' => self.out.push_str("\\x1B"),
            // The end, or a line break before it.
            'Z' if self.depth == 0 => self.out.push_str(r"(?:\n?\z)"),
            'R' if self.depth == 0 => {
                self.out.push_str(r"(?:\r\n|[\n\x0B\f\r\x{85}\x{2028}\x{2029}])");
            }
            'G' => return Err(LAST_MATCH.to_owned()),
            'c' => {
                let control = self.rest.next().map(|it| u32::from(it) ^ 64);
                self.code_point(control, it)?;
            }
            'u' => {
                let digits: String = self.rest.by_ref().take(4).collect();
                self.code_point(u32::from_str_radix(&digits, 16).ok(), it)?;
            }
            '0' => {
                let is_digit = |it: &char| it.is_digit(8);
                let digits = (0..3).map_while(|_| self.rest.next_if(is_digit));
                let digits: String = digits.collect();
                self.code_point(u32::from_str_radix(&digits, 8).ok(), it)?;
            }
            'p' | 'P' => self.property(it == 'P')?,
            '1'..='9' | 'k' => return Err(BACK_REFERENCE.to_owned()),
            it if it.is_ascii_alphabetic() => return Err(format!("it has no escape \\{it}")),
            other => self.literal(other),
        }
        Ok(())
    }

    fn code_point(&mut self, number: Option<u32>, escape: char) -> std::result::Result<(), String> {
        let character = number.and_then(char::from_u32);
        self.literal(character.ok_or_else(|| format!("\\{escape} names no character"))?);
        Ok(())
    }

    /// `\Q...\E` stands for itself.
    fn quotation(&mut self) {
        while let Some(it) = self.rest.next() {
            if it == '\\' && self.rest.next_if_eq(&'E').is_some() {
                return;
            }
            self.literal(it);
        }
    }

    /// `\p{Alpha}` and `\pL`.
    fn property(&mut self, mut negated: bool) -> std::result::Result<(), String> {
        let name: String = match self.rest.next() {
            Some('{') => self.rest.by_ref().take_while(|it| *it != '}').collect(),
            Some(letter) => letter.to_string(),
            None => return Err("it ends with a \\p".to_owned()),
        };
        let name = match name.strip_prefix('^') {
            Some(name) => {
                negated = !negated;
                name
            }
            None => &name,
        };
        let class = match name {
            "Alnum" => r"\p{Alphabetic}\p{Nd}",
            "Digit" => r"\p{Nd}",
            "Punct" => r"[:punct:]\p{P}",
            "Graph" => r"[:graph:]",
            "Print" => r"[:print:]",
            "Blank" => r" \t",
            "Cntrl" => r"\p{Cc}",
            "XDigit" => r"[:xdigit:]",
            "Word" => r"\w",
            other => {
                let name = other.strip_prefix("Is").unwrap_or(other);
                let letter = if negated { 'P' } else { 'p' };
                self.out.push_str(&format!("\\{letter}{{{name}}}"));
                return Ok(());
            }
        };
        self.out.push_str(if negated { "[^" } else { "[" });
        // A class of POSIX has brackets of its own.
        self.out.push_str(&class.replace("[:", "[[:").replace(":]", ":]]"));
        self.out.push(']');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_java_become_those_of_rust() {
        for (java, text, matches) in [
            (r"\Qa.b\E+", "a.bb", true),
            (r"\Qa.b\E", "axb", false),
            (r"^\<a\>$", "<a>", true),
            (r"\u0041\x42\0103", "ABC", true),
            (r"^[\b]$", "\u{8}", true),
            (r"^\p{Alnum}+$", "a1é", true),
            (r"^\p{Punct}$", "+", true),
            (r"^\P{Alpha}$", "1", true),
            (r"^\p{^Alpha}$", "a", false),
            (r"^\p{XDigit}+$", "fF0", true),
            (r"^[\p{Punct}a]+$", "a.+", true),
            (r"^\p{IsLatin}\pL\p{Lu}$", "abC", true),
            (r"^[]a]+$", "]a", true),
            (r"^[a~~b]+$", "~ab", true),
            (r"^[+--]+$", "+,-", true),
            (r"a{2}?", "aa", true),
            (r"(?<n>a)(?:b)(?i)C", "abc", true),
            (r"[a-z&&[^b]]", "b", false),
            (r"\/\-\:\ ", "/-: ", true),
            (r"^a\Z", "a\n", true),
            (r"^a\Z", "a\nb", false),
            (r"^a\Rb\R\Rc$", "a\r\nb\n\u{2028}c", true),
        ] {
            let rust = of_java(java).unwrap();
            assert_eq!(Regex::new(&rust).unwrap().is_match(text), matches, "{java}: {rust}");
        }
    }

    #[test]
    fn a_batch_may_have_many_patterns_but_not_many_large_ones() {
        let mut patterns = Patterns { left: [2, 1], ..Patterns::default() };
        for row in 0..1000 {
            patterns.get(&format!("{row}[a-z]+(x|y)*")).unwrap();
        }
        patterns.get(r"\w+:\w+").unwrap();
        patterns.get(r"(\w{50})+").unwrap();
        let is_refused =
            |found: Result<&Regex>| found.is_err_and(|it| it.to_string().contains(MANY_LARGE));
        assert!(is_refused(patterns.get(r"1(\w{50})+")));
        patterns.get(r"1\w+").unwrap();
        assert!(is_refused(patterns.get(r"2\w+")));
        patterns.get(r"2[0-9a-z]+").unwrap();
    }

    #[test]
    fn what_rust_has_not_is_said() {
        for (java, why) in [
            ("a(?=b)", LOOK_AROUND),
            ("(?<!b)a", LOOK_AROUND),
            (r"(a)\1", BACK_REFERENCE),
            (r"(?<n>a)\k<n>", BACK_REFERENCE),
            ("a++", POSSESSIVE),
            ("a{2}+", POSSESSIVE),
            ("(?>a)", POSSESSIVE),
            (r"\y", r"it has no escape \y"),
            (r"\Ga", LAST_MATCH),
        ] {
            assert_eq!(of_java(java).unwrap_err(), why, "{java}");
        }
        assert!(of_java(r"a\++").is_ok());
        assert!(of_java("[+]+").is_ok());
    }
}

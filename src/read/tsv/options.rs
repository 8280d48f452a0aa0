//! `readOptions`, resolved to what the service's reader (Apache Spark 3.1) makes of them.

use super::encoding::Encoding;
use crate::model::{Error, ReadOptions, Result};

/// How the bytes of a file become lines and fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What separates fields: one character or several, never empty.
    pub sep: String,
    /// What quotes a field, where it is the field's first character.
    pub quote: char,
    /// What escapes a quote inside a quoted field.
    pub escape: char,
    /// What begins a comment, as the first character of a line.
    pub comment: Option<char>,
    /// Whether the first line that is neither blank nor a comment is dropped.
    pub header: bool,
    /// What ends a line: LF, CR and CRLF where it is none.
    pub line_sep: Option<String>,
    /// The character encoding.
    pub encoding: Encoding,
    /// Which of the options that decide most were given.
    pub given: Given,
}

/// What the read options say themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Whether there are read options at all, be they empty: they replace the importer's own.
    pub any: bool,
    /// Whether they have `sep`.
    pub sep: bool,
    /// Whether they have `header`.
    pub header: bool,
    /// Members that speak of writing and change nothing.
    pub writer_only: Vec<&'static str>,
}

/// Characters that `lineSep` has at most.
const MAX_LINE_SEP: usize = 2;

impl Dialect {
    /// Resolves read options. Without any the importer says header and TAB itself; with any, be
    /// they empty, the defaults of Spark hold: comma and no header.
    pub fn new(options: Option<&ReadOptions>) -> Result<Self> {
        let Some(options) = options else {
            return Ok(Self { sep: "\t".to_owned(), header: true, ..Self::of_spark() });
        };
        let character = |member, value: &Option<String>, default| match value {
            Some(text) => character(member, text),
            None => Ok(default),
        };
        let spark = Self::of_spark();
        let encoding = match &options.encoding {
            Some(name) => Encoding::named(name)?,
            None => spark.encoding,
        };
        let line_sep = options.line_sep.as_deref().map(line_separator).transpose()?;
        let writer_only =
            [("quoteAll", options.quote_all), ("escapeQuotes", options.escape_quotes)];
        Ok(Self {
            sep: options.sep.as_deref().map_or(Ok(spark.sep), separator)?,
            quote: character("quote", &options.quote, spark.quote)?,
            escape: character("escape", &options.escape, spark.escape)?,
            comment: options
                .comment
                .as_deref()
                .map(|it| self::character("comment", it))
                .transpose()?,
            header: options.header.unwrap_or(spark.header),
            line_sep,
            encoding,
            given: Given {
                any: true,
                sep: options.sep.is_some(),
                header: options.header.is_some(),
                writer_only: writer_only
                    .into_iter()
                    .filter_map(|(name, value)| value.map(|_| name))
                    .collect(),
            },
        })
    }

    fn of_spark() -> Self {
        Self {
            sep: ",".to_owned(),
            quote: '"',
            escape: '\\',
            comment: None,
            header: false,
            line_sep: None,
            encoding: Encoding::Utf8,
            given: Given::default(),
        }
    }

    /// The separator, where it is one byte.
    pub(super) fn single_byte_sep(&self) -> Option<u8> {
        match self.sep.as_bytes() {
            [byte] if byte.is_ascii() => Some(*byte),
            _ => None,
        }
    }

    /// The bytes that end a line in the file, where the options say.
    pub(super) fn line_end(&self) -> Option<Vec<u8>> {
        self.line_sep.as_deref().map(|it| self.encoding.encode(it))
    }
}

/// One character of the basic plane: the reader counts in UTF-16.
fn character(member: &str, text: &str) -> Result<char> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(it), None) if it.len_utf16() == 1 => Ok(it),
        _ => Err(invalid(member, text, "but has to be one character").with_help(format!(
            "give readOptions.{member} one character, for example {}",
            match member {
                "quote" => "`\"`",
                "escape" => "`\\`",
                _ => "`#`",
            }
        ))),
    }
}

/// Resolves the escapes of `sep`.
fn separator(text: &str) -> Result<String> {
    let help = "write a TAB as `\\t` or as itself, and a backslash as `\\\\`";
    let mut sep = String::new();
    let mut chars = text.chars();
    while let Some(it) = chars.next() {
        sep.push(match it {
            '\\' => match chars.next() {
                Some('t') => '\t',
                Some('r') => '\r',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some(same @ ('"' | '\'' | '\\')) => same,
                Some(_) => {
                    return Err(invalid(
                        "sep",
                        text,
                        "which has an escape that the service does not know",
                    )
                    .with_help(help));
                }
                None => {
                    return Err(invalid("sep", text, "but a lone backslash is no separator")
                        .with_help(help));
                }
            },
            '\n' => {
                return Err(
                    invalid("sep", text, "but fields are separated within a line").with_help(help)
                );
            }
            other => other,
        });
    }
    if sep.is_empty() {
        return Err(invalid("sep", text, "but has to have a character").with_help(help));
    }
    Ok(sep)
}

fn line_separator(text: &str) -> Result<String> {
    if (1..=MAX_LINE_SEP).contains(&text.encode_utf16().count()) {
        return Ok(text.to_owned());
    }
    Err(invalid("lineSep", text, "but the service takes one character, or at most two")
        .with_help("leave readOptions.lineSep out: lines then end in LF, CR or CRLF"))
}

fn invalid(member: &str, text: &str, what: &str) -> Error {
    let shown: String = text.chars().take(20).flat_map(char::escape_debug).collect();
    Error::invalid(format!("readOptions.{member} is `{shown}`, {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_options_replace_the_defaults_wholesale() {
        let none = Dialect::new(None).unwrap();
        assert_eq!((none.sep.as_str(), none.header), ("\t", true));
        let empty = Dialect::new(Some(&ReadOptions::default())).unwrap();
        assert_eq!((empty.sep.as_str(), empty.header), (",", false));
        let only_header = ReadOptions { header: Some(true), ..ReadOptions::default() };
        let given = Dialect::new(Some(&only_header)).unwrap();
        assert_eq!((given.sep.as_str(), given.header, given.given.sep), (",", true, false));
    }

    #[test]
    fn separators_have_escapes() {
        for (text, sep) in
            [("\\t", "\t"), ("||", "||"), ("\\t|\\\\", "\t|\\"), ("\\\"", "\""), (" ", " ")]
        {
            assert_eq!(separator(text).unwrap(), sep);
        }
        for text in ["\\", "\\n", "a\\", "\n", "", "\\x"] {
            let error = separator(text).unwrap_err();
            assert!(
                error.message().contains("readOptions.sep") && error.help().is_some(),
                "{error}"
            );
        }
    }

    #[test]
    fn characters_are_one() {
        assert_eq!(character("quote", "ä").unwrap(), 'ä');
        for text in ["", "ab", "🧬"] {
            assert!(character("quote", text).is_err());
        }
        assert!(line_separator("\r\n").is_ok() && line_separator("abc").is_err());
    }
}

//! A line becomes fields: fast where it has no quote, by the automaton elsewhere.

use std::ops::Range;

use super::automaton::{Automaton, Fields, Repair};
use super::options::Dialect;

/// Splits lines into fields.
pub struct FieldSplitter {
    /// The separator, where lines without quotes can be split by it alone.
    fast: Option<u8>,
    /// The first byte of the quote.
    quote: u8,
    /// Whether a NUL may end a row.
    nul_ends: bool,
    automaton: Units,
    fields: Fields,
    chars: Vec<char>,
    /// Where each field stands in the line; on the fast path its content too.
    places: Vec<(u32, u32)>,
    repairs: Vec<(Repair, usize, usize)>,
    content_in_line: bool,
}

/// The automaton over bytes where every special character is ASCII.
enum Units {
    Bytes(Automaton<u8>),
    Chars(Automaton<char>),
}

impl FieldSplitter {
    /// A splitter of a dialect.
    pub fn new(dialect: &Dialect) -> Self {
        let ascii = dialect.sep.is_ascii() && dialect.quote.is_ascii() && dialect.escape.is_ascii();
        let quote = dialect.quote.encode_utf8(&mut [0; 4]).as_bytes()[0];
        Self {
            fast: dialect.single_byte_sep().filter(|it| *it != quote),
            quote,
            nul_ends: dialect.line_sep.is_some(),
            automaton: if ascii {
                Units::Bytes(Automaton::new(dialect))
            } else {
                Units::Chars(Automaton::new(dialect))
            },
            fields: Fields::default(),
            chars: Vec::new(),
            places: Vec::new(),
            repairs: Vec::new(),
            content_in_line: true,
        }
    }

    /// Whether all lines of a text may take the fast path.
    pub fn is_plain(&self, text: &[u8]) -> bool {
        self.fast.is_some()
            && memchr::memchr(self.quote, text).is_none()
            && (!self.nul_ends || memchr::memchr(0, text).is_none())
    }

    /// Splits a line, which may not be empty. `plain` says that it may take the fast path; else
    /// that is looked up.
    pub fn split(&mut self, line: &[u8], plain: bool) {
        self.places.clear();
        self.repairs.clear();
        match self.fast {
            Some(sep) if plain || self.is_plain(line) => {
                self.content_in_line = true;
                split_at(line, sep, &mut self.places);
            }
            _ => self.run(line),
        }
    }

    /// Splits a line by the automaton whatever it has.
    fn run(&mut self, line: &[u8]) {
        self.content_in_line = false;
        match &self.automaton {
            Units::Bytes(automaton) => {
                automaton.split(line, &mut self.fields);
                let sep = automaton.sep_len();
                place(&self.fields, sep, |it| it, &mut self.places);
                self.repairs.append(&mut self.fields.repairs);
            }
            Units::Chars(automaton) => {
                self.chars.clear();
                self.chars.extend(String::from_utf8_lossy(line).chars());
                automaton.split(&self.chars, &mut self.fields);
                let mut offsets = vec![0];
                offsets.extend(self.chars.iter().scan(0, |at, it| {
                    *at += it.len_utf8();
                    Some(*at)
                }));
                let byte = |unit: usize| offsets.get(unit).copied().unwrap_or(line.len());
                place(&self.fields, automaton.sep_len(), byte, &mut self.places);
                self.repairs.extend(self.fields.repairs.iter().map(|it| (it.0, it.1, byte(it.2))));
            }
        }
    }

    /// How many fields there are.
    #[inline]
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Where a field stands in the line, quotes and all.
    #[inline]
    pub fn place(&self, index: usize) -> Range<usize> {
        let (start, end) = self.places[index];
        start as usize..end as usize
    }

    /// The content of a field.
    #[inline]
    pub fn content<'a>(&'a self, line: &'a [u8], index: usize) -> &'a [u8] {
        if self.content_in_line {
            &line[self.place(index)]
        } else {
            &self.fields.text[self.fields.content(index)]
        }
    }

    /// What was repaired: what, in which field, and at which byte of the line.
    pub fn repairs(&self) -> &[(Repair, usize, usize)] {
        &self.repairs
    }

    /// Whether the line went through the automaton.
    #[inline]
    pub fn saw_quotes(&self) -> bool {
        !self.content_in_line
    }
}

/// Turns units of the line into bytes.
fn place(fields: &Fields, sep: usize, byte: impl Fn(usize) -> usize, places: &mut Vec<(u32, u32)>) {
    for index in 0..fields.count() {
        let start = fields.starts[index];
        // Behind an unescaped quote a field may begin without a whole separator before it.
        let end = fields.starts.get(index + 1).map_or(fields.read, |it| it.saturating_sub(sep));
        places.push((narrow(byte(start)), narrow(byte(end.max(start)))));
    }
}

/// A line has at most 64 MiB.
fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/// Splits at every separator, eight bytes at a time: fields are short, and a search for each would
/// cost more than it skips.
fn split_at(line: &[u8], sep: u8, places: &mut Vec<(u32, u32)>) {
    let pattern = u64::from_ne_bytes([sep; 8]);
    let mut start = 0;
    let mut at = 0;
    let mut words = line.chunks_exact(8);
    for word in &mut words {
        let mut eight = [0; 8];
        eight.copy_from_slice(word);
        let differs = u64::from_le_bytes(eight) ^ pattern;
        // The high bit of each byte that is zero, hence a separator; exact, without false hits from
        // a borrow.
        let mut hits = !(((differs & LOW) + LOW) | differs | LOW);
        while hits != 0 {
            let end = at + hits.trailing_zeros() / 8;
            places.push((start, end));
            start = end + 1;
            hits &= hits - 1;
        }
        at += 8;
    }
    for byte in words.remainder() {
        if *byte == sep {
            places.push((start, at));
            start = at + 1;
        }
        at += 1;
    }
    places.push((start, at));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::ReadOptions;

    fn contents(splitter: &FieldSplitter, line: &[u8]) -> Vec<(Vec<u8>, Range<usize>)> {
        (0..splitter.count())
            .map(|it| (splitter.content(line, it).to_vec(), splitter.place(it)))
            .collect()
    }

    #[test]
    fn fields_that_end_at_a_part_of_a_long_separator_stay_in_their_line() {
        let options = ReadOptions { sep: Some("\0-UUUUUUUUUUUU".into()), ..ReadOptions::default() };
        let mut splitter = FieldSplitter::new(&Dialect::new(Some(&options)).unwrap());
        let line = b"\"*\"\x071b\0";
        splitter.split(line, false);
        for (_, place) in contents(&splitter, line) {
            assert!(place.start <= place.end && place.end <= line.len(), "{place:?}");
        }
    }

    proptest! {
        #[test]
        fn the_fast_path_equals_the_automaton(
            line in "[a-c,; #\\\\\u{e9}\t]{1,40}",
            sep in "[,;\t a]",
        ) {
            let options = ReadOptions { sep: Some(sep), ..ReadOptions::default() };
            let mut splitter = FieldSplitter::new(&Dialect::new(Some(&options)).unwrap());
            splitter.split(line.as_bytes(), true);
            prop_assert!(!splitter.saw_quotes());
            let fast = contents(&splitter, line.as_bytes());
            splitter.places.clear();
            splitter.run(line.as_bytes());
            prop_assert_eq!(fast, contents(&splitter, line.as_bytes()));
        }

        #[test]
        fn bytes_and_characters_give_the_same(
            line in "[a,|\" \\\\']{1,30}",
            sep in "[,|]{1,2}",
            escape in "[\\\\\"']",
        ) {
            let (sep, escape) = (Some(sep), Some(escape));
            let options = ReadOptions { sep, escape, ..ReadOptions::default() };
            let dialect = Dialect::new(Some(&options)).unwrap();
            let mut bytes = FieldSplitter::new(&dialect);
            let mut chars = FieldSplitter::new(&dialect);
            chars.automaton = Units::Chars(Automaton::new(&dialect));
            bytes.run(line.as_bytes());
            chars.run(line.as_bytes());
            prop_assert_eq!(contents(&bytes, line.as_bytes()), contents(&chars, line.as_bytes()));
            prop_assert_eq!(bytes.repairs(), chars.repairs());
        }
    }
}

//! What the service's tokenizer (univocity-parsers 2.9.1, as Spark 3.1 sets it up) makes of one
//! line.
//!
//! Its rules are not those of RFC 4180. A quote opens a field only as its first character; a quote
//! inside a quoted field that nothing escapes turns the field back into raw text, opening quote
//! included, up to the next separator; blanks after a closing quote are dropped; the end of the
//! line closes an open quote. Where the two disagree this follows the tokenizer, step by step: the
//! method names say which step, and the order of the tests in each matters. Separators of several
//! characters go through steps of their own, which differ from those of a single character in more
//! than the comparison.
//!
//! The line's end is an event that may come in the middle of any step. It is [`LineEnd`] here,
//! passed up with `?`; what was being looked at (`ch`) and seen before it (`prev`) at that moment
//! decides what becomes of the last field.

mod long;
mod output;
mod unit;

pub use output::{Fields, Repair};
pub use unit::Unit;

use super::options::Dialect;

/// Splits lines of one dialect.
#[derive(Debug)]
pub struct Automaton<U> {
    /// The separator's units.
    sep: Vec<U>,
    quote: U,
    escape: U,
    /// What escapes an escape before a closing quote; NUL where nothing does.
    escape_escape: U,
    /// What ends a line inside the tokenizer.
    newline: U,
}

/// The line has no further unit.
struct LineEnd;

type Step<T = ()> = Result<T, LineEnd>;

/// One line under way.
struct Run<'a, U> {
    rules: &'a Automaton<U>,
    line: &'a [U],
    /// The unit to read next.
    at: usize,
    /// The unit that is being looked at.
    ch: U,
    /// The one before it, as far as it matters for quotes; NUL for none.
    prev: U,
    /// Whether the field had a quote that nothing escaped.
    unescaped: bool,
    /// Whether a quote is open.
    open: bool,
    /// Units of the separator that have been seen.
    matched: usize,
    /// Where the field began in the line.
    field_start: usize,
    fields: &'a mut Fields,
}

impl<U: Unit> Automaton<U> {
    /// The automaton of a dialect.
    pub fn new(dialect: &Dialect) -> Self {
        let nul = U::ascii(0);
        Self {
            sep: dialect.sep.chars().map(U::of).collect(),
            quote: U::of(dialect.quote),
            escape: U::of(dialect.escape),
            escape_escape: if dialect.quote == dialect.escape {
                nul
            } else {
                U::of(dialect.escape)
            },
            newline: if dialect.line_sep.is_some() { nul } else { U::ascii(b'\n') },
        }
    }

    /// Splits a line, which has to have a unit, into `fields`.
    pub fn split(&self, line: &[U], fields: &mut Fields) {
        fields.clear();
        let nul = U::ascii(0);
        let mut run = Run {
            rules: self,
            line,
            at: 0,
            ch: nul,
            prev: nul,
            unescaped: false,
            open: false,
            matched: 0,
            field_start: 0,
            fields,
        };
        if run.record().is_err() {
            run.end_of_line();
        }
        let read = run.at;
        fields.read = read;
    }

    /// Units of the separator.
    pub fn sep_len(&self) -> usize {
        self.sep.len()
    }

    fn is_single(&self) -> bool {
        self.sep.len() == 1
    }
}

impl<U: Unit> Run<'_, U> {
    fn next(&mut self) -> Step<U> {
        let unit = self.line.get(self.at).copied().ok_or(LineEnd)?;
        self.at += 1;
        Ok(unit)
    }

    /// Looks at the next unit. At the end of the line, what was being looked at stays.
    fn step(&mut self) -> Step {
        self.ch = self.next()?;
        Ok(())
    }

    fn push(&mut self, unit: U) {
        unit.push_to(&mut self.fields.text);
    }

    fn content_start(&self) -> usize {
        self.fields.ends.last().copied().unwrap_or(0)
    }

    /// Whether the field has no content yet.
    fn is_empty(&self) -> bool {
        self.fields.text.len() == self.content_start()
    }

    fn end_field(&mut self) {
        self.fields.starts.push(self.field_start);
        self.fields.ends.push(self.fields.text.len());
        self.open = false;
    }

    fn repaired(&mut self, what: Repair, at: usize) {
        let field = self.fields.ends.len();
        if !self.fields.repairs.iter().any(|it| it.1 == field && it.0 == what) {
            self.fields.repairs.push((what, field, at));
        }
    }

    /// What a single separator is; NUL where the separator has several units, as in the tokenizer.
    fn delimiter(&self) -> U {
        if self.rules.is_single() { self.rules.sep[0] } else { U::ascii(0) }
    }

    fn ends_field(&self) -> bool {
        self.ch == self.delimiter() || self.ch == self.rules.newline
    }

    fn record(&mut self) -> Step {
        while self.fields.ends.is_empty() {
            self.step()?;
            while self.ch != self.rules.newline {
                self.field_start = self.at - 1;
                if self.rules.is_single() {
                    self.field()?;
                } else {
                    self.field_before_long_separator()?;
                }
                if self.ch != self.rules.newline {
                    self.field_start = self.at;
                    self.step()?;
                    if self.ch == self.rules.newline {
                        self.end_field();
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self) -> Step {
        if self.ch != self.delimiter() {
            self.begin_value();
            if self.ch == self.rules.quote {
                self.open = true;
                self.quoted_value()?;
            } else {
                self.unquoted_value()?;
            }
        }
        self.end_field();
        Ok(())
    }

    fn begin_value(&mut self) {
        self.unescaped = false;
        self.prev = U::ascii(0);
    }

    /// Takes what comes up to the separator. A NUL ends the line only in its last field.
    fn unquoted_value(&mut self) -> Step {
        let (delimiter, from) = (self.delimiter(), self.at - 1);
        match self.line[from..].iter().position(|it| *it == delimiter) {
            Some(length) => {
                for index in from..from + length {
                    self.push(self.line[index]);
                }
                self.at = from + length;
                self.step()
            }
            None => self.append_until_end_of_field(),
        }
    }

    fn append_until_end_of_field(&mut self) -> Step {
        let (delimiter, newline) = (self.delimiter(), self.rules.newline);
        self.append_until(|it| it == delimiter || it == newline)
    }

    /// Appends from the unit that is being looked at. That one stays where the line ends first.
    fn append_until(&mut self, stops: impl Fn(U) -> bool) -> Step {
        let mut unit = self.ch;
        while !stops(unit) {
            self.push(unit);
            unit = self.next()?;
        }
        self.ch = unit;
        Ok(())
    }

    /// Appends what stands inside quotes, and looks behind the quote or escape that ends it.
    fn quoted_stretch(&mut self) -> Step {
        let rules = self.rules;
        if self.prev == rules.escape && rules.escape != U::ascii(0) {
            self.push(rules.escape);
        }
        let (quote, escape, twice) = (rules.quote, rules.escape, rules.escape_escape);
        self.append_until(|it| it == quote || it == escape || it == twice)?;
        self.prev = self.ch;
        self.step()
    }

    fn quoted_value(&mut self) -> Step {
        self.step()?;
        while self.prev != self.rules.quote || !(self.ch.is_blank() || self.ends_field()) {
            if self.ch != self.rules.quote && self.ch != self.rules.escape {
                if self.prev == self.rules.quote {
                    return self.unescaped_quote();
                }
                self.quoted_stretch()?;
            } else {
                self.quote_or_escape_in_quotes()?;
                if self.unescaped && self.ends_field() {
                    return Ok(());
                }
            }
        }
        self.open = false;
        if self.ends_field() {
            return Ok(());
        }
        let blanks = self.at - 1;
        loop {
            self.step()?;
            if self.ch == self.rules.newline {
                return Ok(());
            }
            if !self.ch.is_blank() || self.ch == self.delimiter() {
                break;
            }
        }
        if self.ch == self.delimiter() { Ok(()) } else { self.text_behind_blanks(blanks) }
    }

    /// More than blanks behind a closing quote: the quote was none.
    fn text_behind_blanks(&mut self, blanks: usize) -> Step {
        self.repaired(Repair::UnescapedQuote, blanks - 1);
        self.push(self.rules.quote);
        for index in blanks..self.at - 1 {
            self.push(self.line[index]);
        }
        self.push(self.ch);
        self.prev = self.ch;
        self.rest_of_raw_value()
    }

    /// The opening quote comes back, and everything up to the separator is taken as it is.
    fn rest_of_raw_value(&mut self) -> Step {
        self.put_quote_in_front();
        self.step()?;
        self.append_until_end_of_field()
    }

    fn put_quote_in_front(&mut self) {
        let mut quote = Vec::with_capacity(4);
        self.rules.quote.push_to(&mut quote);
        let start = self.content_start();
        self.fields.text.splice(start..start, quote);
        self.open = false;
    }

    /// Something behind a quote that neither closes the field nor is escaped.
    fn unescaped_quote(&mut self) -> Step {
        self.repaired(Repair::UnescapedQuote, self.at - 2);
        self.unescaped = true;
        self.push(self.rules.quote);
        self.push(self.ch);
        self.prev = self.ch;
        if self.rules.is_single() {
            self.rest_of_raw_value()
        } else {
            self.rest_before_long_separator()
        }
    }

    /// Deals with a quote or an escape inside quotes; true where the value turns out to be text,
    /// with escapes.
    fn quote_or_escape(&mut self) -> bool {
        let nul = U::ascii(0);
        let Automaton { quote, escape, escape_escape, .. } = *self.rules;
        if self.ch == escape && self.prev == escape_escape && escape_escape != nul {
            self.push(escape);
            self.ch = nul;
        } else if self.prev == escape {
            if self.ch == quote {
                self.push(quote);
                self.ch = nul;
            } else {
                self.push(self.prev);
            }
        } else if self.ch == quote && self.prev == quote {
            self.repaired(Repair::DoubledQuote, self.at - 2);
            self.push(quote);
        } else if self.prev == quote {
            self.repaired(Repair::UnescapedQuote, self.at - 2);
            self.push(quote);
            self.prev = self.ch;
            return true;
        }
        false
    }

    /// A value whose quote turned out to be text, behind which an escape follows. The tokenizer
    /// calls itself for each such quote, and each of those calls that returns reads on behind the
    /// separator at which it did: `depth` counts them.
    fn value_with_escapes(&mut self) -> Step {
        let mut depth = 0_usize;
        loop {
            if self.ends_field() {
                if depth == 0 {
                    return Ok(());
                }
                depth -= 1;
            } else if self.ch != self.rules.quote && self.ch != self.rules.escape {
                if self.prev == self.rules.quote {
                    self.push(self.rules.quote);
                    self.prev = self.ch;
                    continue;
                }
                self.push(self.ch);
            } else if self.quote_or_escape() {
                depth += 1;
                continue;
            }
            self.prev = self.ch;
            self.step()?;
        }
    }

    /// Takes a quote or an escape inside a quoted value, and what follows up to its end.
    fn quote_or_escape_in_quotes(&mut self) -> Step {
        if self.quote_or_escape() {
            self.value_with_escapes()?;
        }
        self.prev = self.ch;
        self.step()
    }

    /// The line ended in the middle of a step, and with it the last field.
    fn end_of_line(&mut self) {
        let closed = self.ch == self.rules.quote && self.prev == self.rules.quote;
        if !closed {
            if self.ch == self.rules.quote && !self.unescaped {
                self.push(self.rules.quote);
            }
            if self.open {
                self.repaired(Repair::Unclosed, self.field_start);
            }
            self.save_matched();
        }
        self.end_field();
    }
}

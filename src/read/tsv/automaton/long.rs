//! The steps where the separator has several units. They are not those of a single one with a
//! longer comparison: the tokenizer drops and takes in other things behind a closing quote.

use super::{Repair, Run, Step, Unit};

impl<U: Unit> Run<'_, U> {
    pub(super) fn field_before_long_separator(&mut self) -> Step {
        if !self.at_separator()? {
            self.begin_value();
            if self.ch == self.rules.quote && self.is_empty() {
                self.open = true;
                self.quoted_before_long_separator()?;
            } else {
                self.append_until_separator()?;
            }
        }
        self.end_field();
        Ok(())
    }

    /// Whether the separator begins here: then the last of its units is being looked at. What
    /// matched in part is text.
    fn at_separator(&mut self) -> Step<bool> {
        if self.match_separator()? {
            return Ok(true);
        }
        self.save_matched();
        Ok(false)
    }

    /// Whether the separator begins here; what matched in part stays pending.
    fn match_separator(&mut self) -> Step<bool> {
        while self.ch == self.rules.sep[self.matched] {
            self.matched += 1;
            if self.matched == self.rules.sep.len() {
                self.matched = 0;
                return Ok(true);
            }
            self.step()?;
        }
        Ok(false)
    }

    pub(super) fn save_matched(&mut self) {
        for index in 0..self.matched {
            self.push(self.rules.sep[index]);
        }
        self.matched = 0;
    }

    fn append_until_separator(&mut self) -> Step {
        while self.ch != self.rules.newline {
            if self.rules.sep[self.matched] == self.ch {
                self.matched += 1;
                if self.matched == self.rules.sep.len() {
                    self.matched = 0;
                    return Ok(());
                }
            } else if self.matched > 0 {
                self.save_matched();
                continue;
            } else {
                self.push(self.ch);
            }
            self.step()?;
        }
        self.save_matched();
        Ok(())
    }

    fn quoted_before_long_separator(&mut self) -> Step {
        self.step()?;
        while self.prev != self.rules.quote
            || !(self.ch.is_blank() || self.ch == self.rules.newline)
        {
            if self.prev == self.rules.quote && self.at_separator()? {
                self.open = false;
                return Ok(());
            }
            if self.ch != self.rules.quote && self.ch != self.rules.escape {
                if self.prev == self.rules.quote {
                    return self.unescaped_quote();
                }
                self.quoted_stretch()?;
            } else {
                self.quote_or_escape_in_quotes()?;
                if self.unescaped && (self.ch == self.rules.newline || self.at_separator()?) {
                    return Ok(());
                }
            }
        }
        self.open = false;
        self.behind_long_value()
    }

    pub(super) fn rest_before_long_separator(&mut self) -> Step {
        self.put_quote_in_front();
        self.step()?;
        self.append_until_separator()?;
        // As in the tokenizer, although the separator has been read: its last unit may be a blank.
        self.behind_long_value()
    }

    /// Drops blanks behind a closing quote. Text behind those takes in the rest of the line,
    /// separators too.
    fn behind_long_value(&mut self) -> Step {
        let blank = self.ch != self.rules.newline && self.ch.is_blank();
        if !blank || self.match_separator()? {
            return Ok(());
        }
        let quote_at = self.at.saturating_sub(2);
        let mut held = Vec::new();
        loop {
            self.ch.push_to(&mut held);
            self.step()?;
            if self.ch == self.rules.newline || self.match_separator()? {
                return Ok(());
            }
            if !self.ch.is_blank() {
                break;
            }
        }
        if self.match_separator()? {
            return Ok(());
        }
        self.repaired(Repair::UnescapedQuote, quote_at);
        self.push(self.rules.quote);
        self.fields.text.extend_from_slice(&held);
        self.push(self.ch);
        self.prev = self.ch;
        self.rest_of_raw_value()
    }
}

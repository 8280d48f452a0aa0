//! The matches in a text, in the order in which Trino finds them.

use regex::{Captures, Match, Regex};

/// A walk from match to match. One may begin where another ended, and behind an empty one the next
/// begins a character later: Rust's own would pass over the empty one behind another.
pub struct Search<'r, 't> {
    regex: &'r Regex,
    text: &'t str,
    /// None behind the end.
    at: Option<usize>,
}

impl<'r, 't> Search<'r, 't> {
    /// Over a whole text.
    pub fn of(regex: &'r Regex, text: &'t str) -> Self {
        Self::from(regex, text, 0)
    }

    /// From a place on.
    pub fn from(regex: &'r Regex, text: &'t str, at: usize) -> Self {
        Self { regex, text, at: Some(at) }
    }

    /// The next match with its groups.
    pub fn captures(&mut self) -> Option<Captures<'t>> {
        let found = self.regex.captures_at(self.text, self.at?);
        self.pass(found.as_ref().and_then(|it| it.get(0)));
        found
    }

    fn pass(&mut self, found: Option<Match<'t>>) {
        self.at = found.and_then(|it| match self.text[it.end()..].chars().next() {
            _ if !it.is_empty() => Some(it.end()),
            Some(next) => Some(it.end() + next.len_utf8()),
            None => None,
        });
    }
}

impl<'t> Iterator for Search<'_, 't> {
    type Item = Match<'t>;

    fn next(&mut self) -> Option<Match<'t>> {
        let found = self.regex.find_at(self.text, self.at?);
        self.pass(found);
        found
    }
}

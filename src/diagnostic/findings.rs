//! A list of findings that counts every one but keeps only so many.

use super::Rule;
use crate::model::Location;

/// One fault at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// Where.
    pub at: Location,
    /// The offending text as it stands in the file, cut to 100 bytes.
    pub value: String,
    /// What is wrong, lower case, without a full stop.
    pub message: String,
    /// The line around the value, where there is one.
    pub excerpt: Option<Excerpt>,
}

/// A stretch of a line, to show a finding in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// The text, with control characters replaced. An ellipsis marks a cut end.
    pub text: String,
    /// Where the value begins in `text`, in bytes.
    pub start: usize,
    /// Where the value ends in `text`, in bytes.
    pub end: usize,
}

/// How often a rule spoke, and where first.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The rule.
    pub rule: &'static Rule,
    /// How often.
    pub count: u64,
    /// Where first.
    pub first: Location,
    /// How often on which line, until [`Findings::take_lines`].
    lines: Vec<(u64, u64)>,
}

/// On which lines a rule spoke.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleLines {
    /// The rule.
    pub rule: &'static Rule,
    /// Lines, and how often it spoke there. A line may come several times.
    pub lines: Vec<(u64, u64)>,
}

/// Findings in file order: the first ones whole, and the first of each rule; all of them counted.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    pub(super) kept: Vec<Finding>,
    /// Those beyond, where they are wanted too: without excerpts, until [`Findings::take_beyond`].
    beyond: Vec<Finding>,
    pub(super) tallies: Vec<Tally>,
    pub(super) keep: Keep,
    pub(super) hidden: Vec<Hidden>,
}

/// Findings of a rule that a report leaves out. They count for what the service would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The rule.
    pub rule: &'static Rule,
    /// How many.
    pub count: u64,
    /// On whose word: a flag, or a setting and its file.
    pub by: String,
}

/// Which findings of a list are kept whole: the first ones, whatever their rules, and of each rule
/// the first few, so that a flood of one does not hide the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    first: usize,
    of_each_rule: u64,
    /// Whether those that are not kept are handed on, rather than counted alone.
    hands_on: bool,
}

/// Findings of each rule that are kept whatever came before them.
const OF_EACH_RULE: usize = 20;

/// What part of those that are kept may be of a rule that came too late, where that is more.
const PART_OF_EACH_RULE: usize = 50;

impl Keep {
    /// The first `limit` findings; of each rule as many as a fiftieth of that, and 20 at least, or
    /// `limit` where that is less.
    pub fn up_to(limit: usize) -> Self {
        let of_each_rule = limit.min(OF_EACH_RULE.max(limit / PART_OF_EACH_RULE));
        Self { first: limit, of_each_rule: of_each_rule as u64, hands_on: false }
    }

    /// Those, while all others are handed on to whoever takes them: [`Findings::take_beyond`].
    #[must_use]
    pub fn handing_on(self) -> Self {
        Self { hands_on: true, ..self }
    }

    /// Whether those that are not kept are handed on.
    pub fn hands_on(self) -> bool {
        self.hands_on
    }

    /// Of each rule as many as this, and no others.
    #[must_use]
    pub fn of_rules_alone(self) -> Self {
        Self { first: 0, ..self }
    }

    /// Whether a finding is kept, where so many are and so many of its rule came before it.
    pub fn takes(self, kept: usize, of_rule: u64) -> bool {
        kept < self.first || of_rule < self.of_each_rule
    }
}

/// The first findings up to a limit, as [`Keep::up_to`] says.
impl From<usize> for Keep {
    fn from(limit: usize) -> Self {
        Self::up_to(limit)
    }
}

/// How many findings of each rule came so far.
#[derive(Default)]
pub struct Seen(Vec<(&'static Rule, u64)>);

impl Seen {
    /// How many came before the next one of a rule.
    pub fn next(&mut self, rule: &'static Rule) -> u64 {
        let known = self.0.iter().position(|it| it.0 == rule);
        let at = known.unwrap_or_else(|| {
            self.0.push((rule, 0));
            self.0.len() - 1
        });
        self.0[at].1 += 1;
        self.0[at].1 - 1
    }
}

/// Bytes of a line that an excerpt keeps before the value.
const BEFORE: usize = 2048;
/// Bytes of a line that an excerpt keeps after the value.
const AFTER: usize = 80;
/// Bytes of a value that a finding keeps.
const VALUE_LIMIT: usize = 100;

impl Findings {
    /// An empty list that keeps the first `limit` findings whole, and the first of each rule.
    pub fn keeping(limit: usize) -> Self {
        Keep::up_to(limit).into()
    }

    /// Adds a finding about a part of a line. `line` is the whole line, `range` the bytes of the
    /// value in it. The message is made only for a finding that is kept.
    pub fn add(
        &mut self,
        rule: &'static Rule,
        line_number: u64,
        line: &[u8],
        range: std::ops::Range<usize>,
        message: impl FnOnce() -> String,
    ) {
        self.add_shown(rule, Location::at(line_number, range.start), line, range, message);
    }

    /// Adds a finding about a part of a line that is shown in another encoding than the file's, so
    /// that its place in the file has to be given, too.
    pub fn add_shown(
        &mut self,
        rule: &'static Rule,
        at: Location,
        line: &[u8],
        range: std::ops::Range<usize>,
        message: impl FnOnce() -> String,
    ) {
        let of_rule = self.count(rule, at, 1);
        if self.keep.takes(self.kept.len(), of_rule) {
            let value = printable(line.get(range.clone()).unwrap_or_default(), VALUE_LIMIT);
            let excerpt = Some(Excerpt::around(line, range));
            self.kept.push(Finding { rule, at, value, message: message(), excerpt });
        } else if self.keep.hands_on {
            let value = printable(line.get(range).unwrap_or_default(), VALUE_LIMIT);
            self.beyond.push(Finding { rule, at, value, message: message(), excerpt: None });
        }
    }

    /// Adds a finding about the file as a whole or a line that cannot be shown.
    pub fn add_at(
        &mut self,
        rule: &'static Rule,
        at: Location,
        value: &str,
        message: impl Into<String>,
    ) {
        let of_rule = self.count(rule, at, 1);
        let is_kept = self.keep.takes(self.kept.len(), of_rule);
        if is_kept || self.keep.hands_on {
            let value = printable(value.as_bytes(), VALUE_LIMIT);
            let message = message.into();
            let list = if is_kept { &mut self.kept } else { &mut self.beyond };
            list.push(Finding { rule, at, value, message, excerpt: None });
        }
    }

    /// Counts findings of a rule without keeping any.
    pub fn add_counted(&mut self, rule: &'static Rule, first: Location, count: u64) {
        self.count(rule, first, count);
    }

    /// Appends the findings of the next stretch of the file, whose lines were counted from 1,
    /// moved down by `lines`. On which lines they are is not kept: a file may have too many.
    pub fn append(&mut self, next: Self, lines: u64) {
        if !next.kept.is_empty() {
            let mut seen = Seen(self.tallies.iter().map(|it| (it.rule, it.count)).collect());
            for mut it in next.kept {
                // A stretch keeps all that the whole does: fewer findings came before them there.
                it.at = moved(it.at, lines);
                self.keep_or_hand_on(seen.next(it.rule), it);
            }
        }
        if self.keep.hands_on {
            let beyond = next.beyond.into_iter();
            self.beyond.extend(beyond.map(|it| Finding { at: moved(it.at, lines), ..it }));
        }
        for tally in next.tallies {
            self.tally(tally.rule, moved(tally.first, lines)).count += tally.count;
        }
    }

    /// Puts other findings about the same stretch among these, in the order of their lines: behind
    /// those of the same line.
    pub fn merge(&mut self, other: Self) {
        for mut tally in other.tallies {
            let own = self.tally(tally.rule, tally.first);
            own.count += tally.count;
            own.lines.append(&mut tally.lines);
        }
        if !other.kept.is_empty() {
            let mut all = std::mem::take(&mut self.kept);
            all.extend(other.kept);
            all.sort_by_key(|it| it.at.line);
            let mut seen = Seen::default();
            for it in all {
                self.keep_or_hand_on(seen.next(it.rule), it);
            }
        }
        if self.keep.hands_on {
            self.beyond.extend(other.beyond);
        }
        self.tallies.sort_by_key(|it| it.first.line);
    }

    /// Keeps a finding, before which so many of its rule came, or hands it on.
    fn keep_or_hand_on(&mut self, of_rule: u64, it: Finding) {
        if self.keep.takes(self.kept.len(), of_rule) {
            self.kept.push(it);
        } else if self.keep.hands_on {
            self.beyond.push(Finding { excerpt: None, ..it });
        }
    }

    /// The findings since the last call that are not kept, where these are handed on, in any order;
    /// those that were counted alone are not among them.
    pub fn take_beyond(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.beyond)
    }

    /// Which findings are kept whole.
    pub fn keep(&self) -> Keep {
        self.keep
    }

    /// Whether no further finding is kept but the first of each rule.
    pub fn is_full(&self) -> bool {
        self.kept.len() >= self.keep.first
    }

    /// The findings that were kept, in file order.
    pub fn kept(&self) -> &[Finding] {
        &self.kept
    }

    /// Every rule that spoke, in the order in which they first did.
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// How many findings there are, kept or not.
    pub fn total(&self) -> u64 {
        self.tallies.iter().map(|it| it.count).sum()
    }

    /// How many findings there are whose rule fits.
    pub fn count_where(&self, fits: impl Fn(&Rule) -> bool) -> u64 {
        self.tallies.iter().filter(|it| fits(it.rule)).map(|it| it.count).sum()
    }

    /// The lines on which findings were added, rule by rule; they are not kept any longer.
    pub fn take_lines(&mut self) -> Vec<RuleLines> {
        let lines = self.tallies.iter_mut().map(|it| {
            let lines = std::mem::take(&mut it.lines);
            RuleLines { rule: it.rule, lines }
        });
        lines.filter(|it| !it.lines.is_empty()).collect()
    }

    /// Counts findings of a rule, and says how many of it there were before.
    fn count(&mut self, rule: &'static Rule, at: Location, count: u64) -> u64 {
        let tally = self.tally(rule, at);
        tally.count += count;
        match tally.lines.last_mut() {
            Some((line, on_it)) if *line == at.line => *on_it += count,
            _ if at.line == 0 => {}
            _ => tally.lines.push((at.line, count)),
        }
        tally.count - count
    }

    /// The tally of a rule; where there is none yet, it begins at a place.
    fn tally(&mut self, rule: &'static Rule, first: Location) -> &mut Tally {
        let known = self.tallies.iter().position(|it| it.rule == rule);
        let at = known.unwrap_or_else(|| {
            self.tallies.push(Tally { rule, count: 0, first, lines: Vec::new() });
            self.tallies.len() - 1
        });
        &mut self.tallies[at]
    }
}

/// An empty list that keeps these findings.
impl From<Keep> for Findings {
    fn from(keep: Keep) -> Self {
        Self { keep, ..Self::default() }
    }
}

fn moved(at: Location, lines: u64) -> Location {
    Location { line: if at.line == 0 { 0 } else { at.line + lines }, ..at }
}

impl Excerpt {
    fn around(line: &[u8], range: std::ops::Range<usize>) -> Self {
        let end_of_value = range.end.min(whole(line, range.start + VALUE_LIMIT));
        let start_of_value = range.start.min(end_of_value);
        let from = whole(line, start_of_value.saturating_sub(BEFORE));
        let to = whole(line, end_of_value + AFTER);
        let piece = |range: std::ops::Range<usize>| {
            printable(line.get(range).unwrap_or_default(), usize::MAX)
        };
        let mut text = if from > 0 { "…".to_owned() } else { String::new() };
        text.push_str(&piece(from..start_of_value));
        let start = text.len();
        text.push_str(&piece(start_of_value..end_of_value));
        let end = text.len();
        text.push_str(&piece(end_of_value..to));
        if to < line.len() {
            text.push('…');
        }
        Self { text, start, end }
    }
}

/// The last place up to `limit` where a text can be cut: not within a character.
fn whole(text: &[u8], limit: usize) -> usize {
    if limit >= text.len() {
        return text.len();
    }
    // No character has more than four bytes; what has, is not UTF-8.
    let begins = |at: &usize| text[*at] & 0xc0 != 0x80;
    (limit.saturating_sub(3)..=limit).rev().find(begins).unwrap_or(limit)
}

/// Text that is safe to show: tabs become an arrow, other control characters and bidirectional
/// marks their escapes, and what is longer than `limit` bytes is cut.
pub(crate) fn printable(bytes: &[u8], limit: usize) -> String {
    let end = whole(bytes, limit);
    let cut = end < bytes.len();
    let text = String::from_utf8_lossy(&bytes[..end]);
    let mut shown = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\t' => shown.push('→'),
            it if it.is_control() || is_bidi(it) => shown.extend(it.escape_unicode()),
            it => shown.push(it),
        }
    }
    if cut {
        shown.push('…');
    }
    shown
}

fn is_bidi(it: char) -> bool {
    matches!(it, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::rules::vcf_record::{BLANK_LINE, UNKNOWN_BASE};

    #[test]
    fn what_is_not_kept_is_handed_on_once() {
        let keep = Keep::up_to(3).handing_on();
        let mut whole = Findings::from(keep);
        for stretch in 0..4 {
            let mut part = Findings::from(if stretch > 0 { keep.of_rules_alone() } else { keep });
            for line in 1..=5 {
                part.add(&UNKNOWN_BASE, line, b"xQy", 1..2, || line.to_string());
            }
            let mut other = Findings::from(part.keep());
            other.add_at(&BLANK_LINE, Location { line: 2, column: 1 }, "", "blank");
            part.merge(other);
            whole.append(part, stretch * 5);
        }
        let beyond = whole.take_beyond();
        assert!(beyond.iter().all(|it| it.excerpt.is_none()));
        assert_eq!((whole.total(), whole.take_beyond().len()), (24, 0));
        let mut lines: Vec<_> =
            whole.kept().iter().chain(&beyond).map(|it| (it.at.line, it.rule.code)).collect();
        lines.sort_unstable();
        let mut expected: Vec<_> = (1..=20).map(|it| (it, UNKNOWN_BASE.code)).collect();
        expected.extend([2, 7, 12, 17].map(|it| (it, BLANK_LINE.code)));
        expected.sort_unstable();
        assert_eq!(lines, expected);
    }

    #[test]
    fn texts_are_cut_between_characters() {
        // Of two bytes, of which the limit would keep one.
        let text = format!("{}é rest", "x".repeat(VALUE_LIMIT - 1));
        let shown = printable(text.as_bytes(), VALUE_LIMIT);
        assert_eq!(shown, format!("{}…", "x".repeat(VALUE_LIMIT - 1)));
        let shown = Excerpt::around(text.as_bytes(), 0..text.len());
        assert_eq!(&shown.text[shown.start..shown.end], &text[..VALUE_LIMIT - 1]);
        assert!(!shown.text.contains('\u{fffd}'), "{}", shown.text);
        // What is no text anyway is cut where it is.
        assert_eq!(printable(&[0x80; 9], 5), "\u{fffd}".repeat(5) + "…");
        assert_eq!(printable("é".as_bytes(), 2), "é");
    }
}

//! Findings that are known only long after their line.

use std::collections::BTreeMap;

use crate::diagnostic::places::Places;
use crate::diagnostic::{Findings, Keep, Rule, Seen};
use crate::model::Location;

/// Findings about the file so far, in any order: the first ones whole, and the first of each rule;
/// all of them counted.
pub struct Late {
    keep: Keep,
    kept: Vec<(u64, &'static Rule, String)>,
    /// How many may be there before those that are too many go.
    room: usize,
    /// By the code of the rule: the first line and the number of those that were not kept.
    dropped: BTreeMap<&'static str, (&'static Rule, u64, u64)>,
    /// Where all of them are.
    places: Places,
}

impl Late {
    /// Keeps the first `limit` findings whole, and the first of each rule.
    pub fn keeping(limit: usize) -> Self {
        let keep = Keep::up_to(limit);
        Self {
            keep,
            kept: Vec::new(),
            room: 2 * limit,
            dropped: BTreeMap::new(),
            places: Places::default(),
        }
    }

    /// Adds a finding about a line.
    pub fn add(&mut self, rule: &'static Rule, line: u64, message: impl FnOnce() -> String) {
        self.place(rule, line, 1);
        if self.room == 0 {
            return self.drop(rule, line, 1);
        }
        self.kept.push((line, rule, message()));
        if self.kept.len() >= self.room {
            self.shrink();
            self.room = self.room.max(2 * self.kept.len());
        }
    }

    /// Counts findings that need not be kept, the first of which is about this line.
    pub fn count(&mut self, rule: &'static Rule, first: u64, count: u64) {
        self.place(rule, first, count);
        self.drop(rule, first, count);
    }

    fn place(&mut self, rule: &'static Rule, line: u64, count: u64) {
        let rule = self.places.of(rule);
        self.places.add_on_line(rule, line, count);
    }

    fn drop(&mut self, rule: &'static Rule, first: u64, count: u64) {
        let entry = self.dropped.entry(rule.code).or_insert((rule, first, 0));
        entry.1 = entry.1.min(first);
        entry.2 += count;
    }

    fn shrink(&mut self) {
        let mut all = std::mem::take(&mut self.kept);
        all.sort_by_key(|it| (it.0, it.1.code));
        let mut seen = Seen::default();
        for (line, rule, message) in all {
            if self.keep.takes(self.kept.len(), seen.next(rule)) {
                self.kept.push((line, rule, message));
            } else {
                self.drop(rule, line, 1);
            }
        }
    }

    /// All of them, in the order of their lines, and where they are.
    pub fn finish(mut self) -> (Findings, Places) {
        self.shrink();
        let mut findings = Findings::from(self.keep);
        for (line, rule, message) in self.kept {
            findings.add_at(rule, Location { line, column: 1 }, "", message);
        }
        for (rule, first, count) in self.dropped.into_values() {
            findings.add_counted(rule, Location { line: first, column: 1 }, count);
        }
        // They are placed already, also those that are only counted.
        findings.take_lines();
        (findings, self.places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::rules::gff_hierarchy::{PARENT_CYCLE, UNRESOLVED_PARENT};

    #[test]
    fn the_first_lines_are_kept_and_all_are_counted() {
        let mut late = Late::keeping(2);
        for line in [9, 3, 7, 1, 8] {
            late.add(&UNRESOLVED_PARENT, line, || line.to_string());
        }
        late.add(&PARENT_CYCLE, 5, String::new);
        let (findings, places) = late.finish();
        assert_eq!(findings.kept().iter().map(|it| it.at.line).collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!(findings.total(), 6);
        let lines = places.rules()[0].lines.bins().filter(|it| it.2 > 0).map(|it| it.0);
        assert_eq!(lines.collect::<Vec<_>>(), [1, 3, 7, 8, 9]);
        let tallies: Vec<_> =
            findings.tallies().iter().map(|it| (it.rule.code, it.first.line, it.count)).collect();
        assert_eq!(tallies, [("GFF301", 1, 5), ("GFF302", 5, 1)]);
    }
}

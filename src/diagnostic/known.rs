//! Findings that are known already, told apart by what is wrong and not by where it stands.

use std::collections::{BTreeMap, HashMap};

use super::{Finding, Findings, Hidden};

/// What is wrong, without its place: the rule, the value, and the message without the numbers of
/// the lines that it names. Lines that move change none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KnownFault {
    /// [`Finding::value`]
    pub value: String,
    /// [`Finding::message`], in which lines and records have no numbers.
    pub message: String,
}

impl KnownFault {
    /// What is wrong by a value and a message.
    pub fn new(value: &str, message: &str) -> Self {
        Self { value: value.to_owned(), message: without_places(message) }
    }

    fn of(finding: &Finding) -> Self {
        Self::new(&finding.value, &finding.message)
    }
}

/// A message in which the numbers behind `line` and `record` are left out.
fn without_places(message: &str) -> String {
    let mut rest = message;
    let mut kept = String::with_capacity(message.len());
    while let Some(at) =
        ["line ", "record "].iter().filter_map(|it| rest.find(it).map(|at| at + it.len())).min()
    {
        let (before, behind) = rest.split_at(at);
        kept.push_str(before);
        rest = behind.trim_start_matches(|it: char| it.is_ascii_digit());
    }
    kept + rest
}

/// The known findings of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// By the code of the rule, of which this version may know nothing.
    pub rules: BTreeMap<String, KnownOfRule>,
}

/// The known findings of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownOfRule {
    /// Those that are told apart, and how often each came.
    pub faults: BTreeMap<KnownFault, u64>,
    /// How many others there were, of which only the number is known.
    pub others: u64,
}

/// What became of the findings of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its code.
    pub rule: String,
    /// How many there were.
    pub was: u64,
    /// How many there are now.
    pub now: u64,
    /// How many of those were not there.
    pub new: u64,
    /// How many of those that were there are not any longer.
    pub gone: u64,
    /// Whether all were told apart, then and now; else some were compared by their number alone.
    pub is_exact: bool,
}

impl Change {
    /// Whether anything changed.
    pub fn is_any(&self) -> bool {
        self.new > 0 || self.gone > 0
    }
}

impl KnownOfRule {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.faults.values().fold(self.others, |sum, it| sum.saturating_add(*it))
    }
}

impl Known {
    /// All findings of a list, of which those that were not kept whole are counted.
    pub fn of(findings: &Findings) -> Self {
        let mut known = Self::default();
        for tally in findings.tallies() {
            known.add_count(tally.rule.code, tally.count);
        }
        for finding in findings.kept() {
            known.tell_apart(finding.rule.code, KnownFault::of(finding), 1);
        }
        known
    }

    /// Adds findings of a rule, of which only the number is known.
    pub fn add_count(&mut self, code: &str, count: u64) {
        let others = &mut self.rules.entry(code.to_owned()).or_default().others;
        *others = others.saturating_add(count);
    }

    /// Says what is wrong with some of those of which only the number was known.
    pub fn tell_apart(&mut self, code: &str, fault: KnownFault, count: u64) {
        let rule = self.rules.entry(code.to_owned()).or_default();
        rule.others = rule.others.saturating_sub(count);
        let known = rule.faults.entry(fault).or_default();
        *known = known.saturating_add(count);
    }

    /// Whether a finding may be one of those that are known.
    pub fn may_have(&self, finding: &Finding) -> bool {
        let of_rule = self.rules.get(finding.rule.code);
        of_rule.is_some_and(|it| it.others > 0 || it.faults.contains_key(&KnownFault::of(finding)))
    }

    /// Leaves out of a list what is known, on somebody's word, and says what became of each rule.
    /// Of faults that are more than were known, the last ones stay.
    pub fn hide_from(&self, findings: &mut Findings, by: &str) -> Vec<Change> {
        let tallies: Vec<_> = findings.tallies().iter().map(|it| (it.rule, it.count)).collect();
        let nothing = KnownOfRule::default();
        let mut changes = Vec::new();
        for (rule, count) in &tallies {
            let known = self.rules.get(rule.code).unwrap_or(&nothing);
            let kept = findings.kept().iter().filter(|it| it.rule == *rule);
            let held = Held::against(known, kept, *count);
            let hidden = count - held.change.new;
            changes.push(Change { rule: rule.code.to_owned(), ..held.change });
            let mut is_known = held.is_known.into_iter();
            let hidden = Hidden { rule, count: hidden, by: by.to_owned() };
            findings.hide(hidden, |_| is_known.next().unwrap_or_default());
        }
        for (code, known) in &self.rules {
            if !tallies.iter().any(|it| it.0.code == code) {
                let was = known.count();
                let (rule, is_exact) = (code.clone(), known.others == 0);
                changes.push(Change { rule, was, now: 0, new: 0, gone: was, is_exact });
            }
        }
        changes.sort_by(|left, right| left.rule.cmp(&right.rule));
        changes
    }
}

/// The findings of a rule, held against those that are known of it.
struct Held {
    /// Without the rule.
    change: Change,
    /// For each finding that was kept whole, whether it is known.
    is_known: Vec<bool>,
}

impl Held {
    fn against<'a>(known: &KnownOfRule, kept: impl Iterator<Item = &'a Finding>, now: u64) -> Self {
        let mut left: HashMap<&KnownFault, u64> =
            known.faults.iter().map(|it| (it.0, *it.1)).collect();
        let mut is_known: Vec<bool> = kept
            .map(|finding| match left.get_mut(&KnownFault::of(finding)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    true
                }
                _ => false,
            })
            .collect();
        // Those of which only the number is known, now, may be any that are left, and then any of
        // which only the number was known.
        let counted = now.saturating_sub(is_known.len() as u64);
        let left = left.values().fold(0, |sum: u64, it| sum.saturating_add(*it));
        let of_left = counted.min(left);
        let of_others = (counted - of_left).min(known.others);
        let mut others = known.others - of_others;
        for it in is_known.iter_mut().filter(|it| !**it) {
            if others == 0 {
                break;
            }
            others -= 1;
            *it = true;
        }
        let unknown = is_known.iter().filter(|it| !**it).count() as u64;
        let new = unknown + (counted - of_left - of_others);
        let was = known.count();
        let gone = was.saturating_sub(now - new);
        let is_exact = counted == 0 && known.others == 0;
        Self { change: Change { rule: String::new(), was, now, new, gone, is_exact }, is_known }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::rules::vcf_record::{BLANK_LINE, UNDECLARED_INFO_KEY};
    use crate::model::Location;

    /// Findings of two rules, with these values, of which only some are kept whole.
    fn findings(values: &[u8], limit: usize) -> Findings {
        let mut findings = Findings::keeping(limit);
        for (line, value) in (1..).zip(values) {
            let rule = if value % 2 == 0 { &BLANK_LINE } else { &UNDECLARED_INFO_KEY };
            let message = format!("as in line {}", line * 7);
            findings.add_at(rule, Location::at(line, 0), &value.to_string(), message);
        }
        findings
    }

    #[test]
    fn places_are_no_part_of_a_fault() {
        for (message, kept) in [
            ("as in line 12", "as in line "),
            ("record 7 of line 3 has 4", "record  of line  has 4"),
            ("the line is blank", "the line is blank"),
            ("line ", "line "),
        ] {
            assert_eq!(without_places(message), kept);
        }
    }

    #[test]
    fn one_more_of_a_known_fault_is_new() {
        let known = Known::of(&findings(&[1, 1, 3, 2], 100));
        let mut now = findings(&[1, 1, 1, 5, 2], 100);
        let changes = known.hide_from(&mut now, "it");
        let lines: Vec<_> = now.kept().iter().map(|it| it.at.line).collect();
        assert_eq!((lines.as_slice(), now.total()), ([3, 4].as_slice(), 2));
        let of_rules: Vec<_> = changes.iter().filter(|it| it.is_any()).collect();
        let rule = UNDECLARED_INFO_KEY.code.to_owned();
        let expected = Change { rule, was: 3, now: 4, new: 2, gone: 1, is_exact: true };
        assert_eq!(of_rules, [&expected]);
    }

    proptest! {
        #[test]
        fn all_of_a_list_is_known_to_it_and_nothing_else(
            values in proptest::collection::vec(0..6_u8, 0..40),
            more in proptest::collection::vec(10..16_u8, 0..10),
            limits in (0..50_usize, 0..50_usize),
        ) {
            let known = Known::of(&findings(&values, limits.0));
            let mut same = findings(&values, limits.1);
            let changes = known.hide_from(&mut same, "it");
            prop_assert_eq!((same.total(), same.kept().len()), (0, 0));
            prop_assert!(changes.iter().all(|it| !it.is_any()));
            prop_assert_eq!(same.total_hidden(), values.len() as u64);

            let mut moved = more.clone();
            moved.extend(&values);
            let mut now = findings(&moved, 1000);
            let all = Known::of(&findings(&values, 1000));
            let changes = all.hide_from(&mut now, "it");
            let value = |it: &Finding| it.value.parse::<u8>().unwrap();
            let left: Vec<_> = now.kept().iter().map(value).collect();
            prop_assert_eq!(left, more.clone());
            prop_assert_eq!(now.total(), more.len() as u64);
            prop_assert_eq!(changes.iter().map(|it| it.new).sum::<u64>(), more.len() as u64);
            prop_assert!(changes.iter().all(|it| it.gone == 0 && it.is_exact));
        }

        #[test]
        fn what_was_and_what_is_now_add_up(
            was in proptest::collection::vec(0..6_u8, 0..40),
            now in proptest::collection::vec(0..6_u8, 0..40),
            limits in (0..50_usize, 0..50_usize),
        ) {
            let mut list = findings(&now, limits.1);
            for it in Known::of(&findings(&was, limits.0)).hide_from(&mut list, "it") {
                prop_assert_eq!(it.was - it.gone, it.now - it.new, "{:?}", it);
            }
            prop_assert_eq!(list.total() + list.total_hidden(), now.len() as u64);
            prop_assert!(list.kept().len() as u64 <= list.total());
        }
    }
}

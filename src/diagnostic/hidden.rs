//! What a report leaves out, because somebody asked for it.

use super::{Finding, Findings, Hidden, Keep, Rule, Seen};

impl Findings {
    /// Leaves out findings of a rule: of those that were kept whole, the ones for which `goes`
    /// holds, each asked once, in file order.
    pub fn hide(&mut self, hidden: Hidden, mut goes: impl FnMut(&Finding) -> bool) {
        let rule = hidden.rule;
        self.kept.retain(|it| it.rule != rule || !goes(it));
        let first = self.kept.iter().find(|it| it.rule == rule).map(|it| it.at);
        for tally in self.tallies.iter_mut().filter(|it| it.rule == rule) {
            tally.count = tally.count.saturating_sub(hidden.count);
            tally.first = first.unwrap_or(tally.first);
        }
        self.tallies.retain(|it| it.count > 0);
        if hidden.count > 0 {
            self.hidden.push(hidden);
        }
    }

    /// Leaves out each rule for which there is a reason.
    pub fn hide_rules(&mut self, reason: impl Fn(&Rule) -> Option<String>) {
        let spoke: Vec<_> = self.tallies.iter().map(|it| (it.rule, it.count)).collect();
        for (rule, count) in spoke {
            if let Some(by) = reason(rule) {
                self.hide(Hidden { rule, count, by }, |_| true);
            }
        }
    }

    /// Keeps no more findings whole than these, and gives the others.
    pub fn keep_only(&mut self, keep: Keep) -> Vec<Finding> {
        let mut seen = Seen::default();
        let mut others = Vec::new();
        for it in std::mem::take(&mut self.kept) {
            let is_kept = keep.takes(self.kept.len(), seen.next(it.rule));
            if is_kept { &mut self.kept } else { &mut others }.push(it);
        }
        self.keep = keep;
        others
    }

    /// What was left out.
    pub fn hidden(&self) -> &[Hidden] {
        &self.hidden
    }

    /// How many findings were left out.
    pub fn total_hidden(&self) -> u64 {
        self.hidden.iter().map(|it| it.count).sum()
    }

    /// How many were left out on whose word, in the order in which that was found.
    pub fn hidden_by(&self) -> Vec<(&str, u64)> {
        let mut all: Vec<(&str, u64)> = Vec::new();
        for it in &self.hidden {
            match all.iter_mut().find(|known| known.0 == it.by) {
                Some(known) => known.1 += it.count,
                None => all.push((&it.by, it.count)),
            }
        }
        all
    }

    /// How many findings there are whose rule fits, with those that were left out.
    pub fn count_all_where(&self, fits: impl Fn(&Rule) -> bool) -> u64 {
        let hidden = self.hidden.iter().filter(|it| fits(it.rule)).map(|it| it.count);
        hidden.sum::<u64>() + self.count_where(&fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::rules::vcf_record::{BLANK_LINE, UNDECLARED_INFO_KEY};
    use crate::model::Location;

    fn findings() -> Findings {
        let mut findings = Findings::keeping(10);
        for line in 1..=3 {
            findings.add_at(&BLANK_LINE, Location::at(line, 0), &line.to_string(), "blank");
            findings.add_at(&UNDECLARED_INFO_KEY, Location::at(line, 4), "", "undeclared");
        }
        findings
    }

    #[test]
    fn what_is_hidden_goes_and_is_counted() {
        let mut findings = findings();
        findings.hide_rules(|it| (*it == UNDECLARED_INFO_KEY).then(|| "--ignore X".to_owned()));
        let some = Hidden { rule: &BLANK_LINE, count: 2, by: "it".to_owned() };
        findings.hide(some, |it| it.value != "3");
        assert_eq!((findings.total(), findings.kept().len()), (1, 1));
        assert_eq!(findings.tallies()[0].first.line, 3);
        assert_eq!(findings.hidden_by(), [("--ignore X", 3), ("it", 2)]);
        assert_eq!(findings.total_hidden(), 5);
        assert_eq!(findings.count_all_where(|it| *it == BLANK_LINE), 3);
        assert_eq!(findings.count_all_where(|_| true), 6);
    }

    #[test]
    fn fewer_are_kept_where_less_is_asked_for() {
        let mut findings = findings();
        let others = findings.keep_only(Keep::up_to(1));
        assert_eq!(others.iter().map(|it| it.at.line).collect::<Vec<_>>(), [2, 2, 3, 3]);
        assert_eq!((findings.kept().len(), findings.total()), (2, 6));
    }
}

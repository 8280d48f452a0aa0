//! Where in a file its findings are, all of them, in little memory.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::Rule;
use super::strip::Strip;

/// Where the findings of a file are, along its lines and along its contigs.
#[derive(Clone, Debug, Default)]
pub struct Places {
    rules: Vec<RulePlaces>,
    contigs: Vec<ContigLength>,
    numbers: HashMap<Vec<u8>, usize, FxBuildHasher>,
    /// The contig that was asked for last: findings come in its runs.
    last: Option<(Vec<u8>, usize)>,
}

/// A contig that has findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContigLength {
    /// Its name.
    pub name: String,
    /// Its length in bases, where the header tells it.
    pub length: Option<u64>,
}

/// Where the findings of a rule are.
#[derive(Clone, Debug)]
pub struct RulePlaces {
    /// The rule.
    pub rule: &'static Rule,
    /// Along the lines, counted from 1. Findings about the file as a whole have no place.
    pub lines: Strip,
    /// Along contigs, each by its number in [`Places::contigs`], positions counted from 1.
    pub contigs: Vec<(usize, Strip)>,
}

impl Places {
    /// Contigs that are told apart: those that have findings first.
    pub const MAX_CONTIGS: usize = 100;

    /// The place of a rule among [`Places::rules`].
    pub fn of(&mut self, rule: &'static Rule) -> usize {
        self.rules.iter().position(|it| it.rule == rule).unwrap_or_else(|| {
            let (lines, contigs) = (Strip::default(), Vec::new());
            self.rules.push(RulePlaces { rule, lines, contigs });
            self.rules.len() - 1
        })
    }

    /// Adds findings of a rule, by its place, on a line.
    pub fn add_on_line(&mut self, rule: usize, line: u64, count: u64) {
        if let Some(rule) = self.rules.get_mut(rule) {
            rule.lines.add(line, count);
        }
    }

    /// Adds findings of a rule, by its place, at a position of a contig. Those of contigs past the
    /// bound are left out.
    pub fn add_on_contig(&mut self, rule: usize, contig: &[u8], position: u64, count: u64) {
        let Some(number) = self.number(contig) else { return };
        let Some(rule) = self.rules.get_mut(rule) else { return };
        let known = rule.contigs.iter().rposition(|it| it.0 == number);
        let known = known.unwrap_or_else(|| {
            rule.contigs.push((number, Strip::default()));
            rule.contigs.len() - 1
        });
        rule.contigs[known].1.add(position, count);
    }

    fn number(&mut self, contig: &[u8]) -> Option<usize> {
        if let Some((name, number)) = &self.last
            && name == contig
        {
            return Some(*number);
        }
        let number = self.numbers.get(contig).copied().or_else(|| {
            let number = self.contigs.len();
            (number < Self::MAX_CONTIGS).then(|| {
                let name = String::from_utf8_lossy(contig).into_owned();
                self.contigs.push(ContigLength { name, length: None });
                self.numbers.insert(contig.to_vec(), number);
                number
            })
        })?;
        self.last = Some((contig.to_vec(), number));
        Some(number)
    }

    /// Adds findings that were placed along lines alone.
    pub fn merge_lines(&mut self, other: &Self) {
        for it in &other.rules {
            let rule = self.of(it.rule);
            self.rules[rule].lines.merge(&it.lines);
        }
    }

    /// Forgets the places of all rules but some.
    pub fn retain(&mut self, keeps: impl Fn(&Rule) -> bool) {
        self.rules.retain(|it| keeps(it.rule));
    }

    /// Says how long a contig is.
    pub fn set_length(&mut self, contig: &[u8], length: u64) {
        if let Some(number) = self.numbers.get(contig) {
            self.contigs[*number].length = Some(length);
        }
    }

    /// The rules that spoke.
    pub fn rules(&self) -> &[RulePlaces] {
        &self.rules
    }

    /// The contigs that have findings, in the order in which those came.
    pub fn contigs(&self) -> &[ContigLength] {
        &self.contigs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::rules::vcf_record::{BLANK_LINE, DUPLICATE_RECORD};

    #[test]
    fn findings_are_placed_by_rule_line_and_contig() {
        let mut places = Places::default();
        let rule = places.of(&BLANK_LINE);
        places.add_on_line(rule, 7, 2);
        for contig in 0..Places::MAX_CONTIGS + 3 {
            places.add_on_contig(rule, contig.to_string().as_bytes(), 5, 1);
        }
        places.add_on_contig(rule, b"0", 5, 4);
        places.set_length(b"1", 90);
        assert_eq!(places.contigs().len(), Places::MAX_CONTIGS);
        assert_eq!(places.contigs()[1], ContigLength { name: "1".to_owned(), length: Some(90) });
        let mut late = Places::default();
        let other = late.of(&DUPLICATE_RECORD);
        late.add_on_line(other, 3, 1);
        places.merge_lines(&late);
        let totals: Vec<_> = places.rules().iter().map(|it| it.lines.total()).collect();
        assert_eq!(totals, [2, 1]);
        assert_eq!(places.rules()[0].contigs[0].1.total(), 5);
    }
}

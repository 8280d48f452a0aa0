//! Puts the findings of a file where they are, along its lines and along its contigs.

use crate::diagnostic::places::Places;
use crate::diagnostic::{Findings, RuleLines};
use crate::read::CheckScope;

/// Where a record lies.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// Its line within the chunk, from 1.
    pub line: u64,
    /// Its contig.
    pub contig: &'a [u8],
    /// Its position, from 1.
    pub position: u64,
}

/// Places the findings of a file, chunk by chunk. Those on a line that is no record, or none that
/// can be stored, lie on the contigs where the record above them does.
#[derive(Default)]
pub struct Placing {
    /// What was placed so far.
    pub places: Places,
    /// Contig and position of the record above; an empty contig before the first.
    above: (Vec<u8>, u64),
}

impl Placing {
    /// Places findings whose lines count from the first line of the file.
    pub fn add_to_lines(&mut self, findings: &mut Findings) {
        for RuleLines { rule, lines } in findings.take_lines() {
            let rule = self.places.of(rule);
            for (line, count) in lines {
                self.places.add_on_line(rule, line, count);
            }
        }
    }

    /// Places the findings of a chunk, before which the file has `before` lines. The sites are
    /// those of its records, in the order of their lines.
    pub fn add<'a>(
        &mut self,
        findings: &mut Findings,
        before: u64,
        mut sites: impl DoubleEndedIterator<Item = Site<'a>>,
    ) {
        let rules = findings.take_lines();
        let last = if rules.is_empty() {
            sites.next_back()
        } else {
            let sites: Vec<Site<'_>> = sites.collect();
            for rule in rules {
                self.add_rule(rule, before, &sites);
            }
            sites.last().copied()
        };
        if let Some(last) = last {
            self.above.0.clear();
            self.above.0.extend_from_slice(last.contig);
            self.above.1 = last.position;
        }
    }

    /// Where the findings are, with those that only the whole file shows.
    pub fn finish(mut self, scope: &CheckScope) -> Places {
        self.places.merge_lines(&scope.places);
        for (contig, length) in &scope.contig_lengths {
            self.places.set_length(contig.as_bytes(), *length);
        }
        self.places
    }

    fn add_rule(&mut self, RuleLines { rule, mut lines }: RuleLines, before: u64, sites: &[Site]) {
        // They come in order but where findings of the whole file were put among them.
        lines.sort_unstable_by_key(|it| it.0);
        let rule = self.places.of(rule);
        let mut next = 0;
        for (line, count) in lines {
            self.places.add_on_line(rule, before + line, count);
            next += passed(&sites[next..], line);
            let (contig, position) = match next.checked_sub(1) {
                Some(above) => (sites[above].contig, sites[above].position),
                None if self.above.0.is_empty() => continue,
                None => (self.above.0.as_slice(), self.above.1),
            };
            self.places.add_on_contig(rule, contig, position, count);
        }
    }
}

/// How many of the sites are on a line or above it. Mostly it is the very next one.
fn passed(sites: &[Site<'_>], line: u64) -> usize {
    const NEAR: usize = 8;
    match sites.iter().take(NEAR).position(|it| it.line > line) {
        Some(place) => place,
        None => sites.partition_point(|it| it.line <= line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::rules::vcf_record::BLANK_LINE;
    use crate::model::Location;

    #[test]
    fn findings_lie_where_their_record_does_or_the_one_above() {
        let site = |line, contig: &'static str, position| {
            let contig = contig.as_bytes();
            Site { line, contig, position }
        };
        let mut placing = Placing::default();
        let mut add = |lines: &[u64], before, sites: &[Site<'static>]| {
            let mut findings = Findings::keeping(0);
            for line in lines {
                findings.add_at(&BLANK_LINE, Location { line: *line, column: 0 }, "", "");
            }
            placing.add(&mut findings, before, sites.iter().copied());
        };
        add(&[1], 0, &[]);
        add(&[1, 2, 2], 5, &[site(2, "1", 1), site(3, "2", 7)]);
        add(&[], 9, &[site(1, "3", 40)]);
        add(&[2, 1], 10, &[site(2, "3", 90)]);
        let places = placing.places;
        let names: Vec<_> = places.contigs().iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["1", "3"]);
        let rule = &places.rules()[0];
        let bins = |strip: &crate::diagnostic::strip::Strip| {
            strip.bins().filter(|it| it.2 > 0).map(|it| (it.0, it.2)).collect::<Vec<_>>()
        };
        assert_eq!(bins(&rule.lines), [(1, 1), (6, 1), (7, 2), (11, 1), (12, 1)]);
        // The line above all records has no contig.
        assert_eq!(bins(&rule.contigs[0].1), [(1, 2)]);
        assert_eq!(bins(&rule.contigs[1].1), [(40, 1), (90, 1)]);
    }
}

//! The phase of a CDS, worked out from the parts before it.

use super::chunk::{FeatureChunk, FeatureRow};
use super::late::Late;
use crate::diagnostic::rules::gff_hierarchy as rule;

/// Parts of CDS that are kept until a `###`, 32 bytes each.
const MAX_PARTS: usize = 2_000_000;

/// The parts of the CDS since the last `###`.
#[derive(Default)]
pub struct Phases {
    parts: Vec<CdsPart>,
    stopped_at: Option<u64>,
}

/// A part of a CDS, under one of its Parents.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct CdsPart {
    parent: u64,
    id: u64,
    start: u32,
    end: u32,
    line: u32,
    phase: u8,
    forward: bool,
}

/// A phase that does not follow: its line, the phase, and what it should be.
type Wrong = (u32, u8, u8);

impl Phases {
    /// From which line on phases were not worked out.
    pub fn stopped_at(&self) -> Option<u64> {
        self.stopped_at
    }

    /// Takes a feature, before whose chunk the file has `lines` lines.
    pub fn feature(&mut self, late: &mut Late, chunk: &FeatureChunk, row: &FeatureRow, lines: u64) {
        let stranded = matches!(row.strand, b'+' | b'-');
        if !row.is_cds || !stranded || self.stopped_at.is_some() {
            return;
        }
        let narrow = |it: Option<i64>| u32::try_from(it?).ok();
        let phase = row.phase.and_then(|it| u8::try_from(it).ok()).filter(|it| *it < 3);
        let line = u32::try_from(lines + row.line);
        let (Some(start), Some(end), Some(phase), Ok(line)) =
            (narrow(row.start), narrow(row.end), phase, line)
        else {
            return;
        };
        let forward = row.strand == b'+';
        let part = |parent| CdsPart { parent, id: row.id.hash, start, end, line, phase, forward };
        let parents = chunk.parents(row);
        if parents.is_empty() && row.id.hash != 0 {
            self.parts.push(part(0));
        }
        self.parts.extend(parents.iter().map(|it| part(it.hash)));
        if self.parts.len() >= MAX_PARTS {
            self.end_scope(late);
            self.stopped_at = Some(u64::from(line) + 1);
        }
    }

    /// Works out the phases of the parts so far, and lets go of them.
    pub fn end_scope(&mut self, late: &mut Late) {
        self.parts.sort_unstable();
        let mut wrong = Vec::new();
        for siblings in self.parts.chunk_by(|one, next| one.parent == next.parent) {
            judge_siblings(siblings, &mut wrong);
        }
        wrong.sort_unstable();
        // A part with several Parents may be wrong under each.
        wrong.dedup_by_key(|it| it.0);
        for (line, phase, expected) in wrong {
            late.add(&rule::WRONG_CDS_PHASE, u64::from(line), || {
                format!("phase is {phase}, but {expected} follows from the parts before it")
            });
        }
        self.parts.clear();
    }
}

/// Parts of one ID belong together. Where a part has an ID of its own, or none, those of one Parent
/// do.
fn judge_siblings(siblings: &[CdsPart], wrong: &mut Vec<Wrong>) {
    let mut single = Vec::new();
    for parts in siblings.chunk_by(|one, next| one.id == next.id) {
        let of_parent = parts[0].id == 0 || parts.len() == 1 && parts[0].parent != 0;
        if of_parent {
            single.extend_from_slice(parts);
        } else {
            judge(parts, wrong);
        }
    }
    single.sort_unstable_by_key(|it| (it.start, it.end));
    judge(&single, wrong);
}

/// Finds the parts whose phase does not follow from the part before. The parts are in the order of
/// the landmark.
fn judge(parts: &[CdsPart], wrong: &mut Vec<Wrong>) {
    let fits = |it: &[CdsPart]| it[0].end <= it[1].start && it[0].forward == it[1].forward;
    // Parts that overlap are of several products, or slip: nothing follows from one to the next.
    if !parts.windows(2).all(fits) {
        return;
    }
    for pair in parts.windows(2) {
        let (before, it) = if pair[0].forward { (pair[0], pair[1]) } else { (pair[1], pair[0]) };
        let length = i64::from(before.end) - i64::from(before.start);
        let expected = (i64::from(before.phase) - length).rem_euclid(3);
        if i64::from(it.phase) != expected {
            wrong.push((it.line, it.phase, u8::try_from(expected).unwrap_or_default()));
        }
    }
}

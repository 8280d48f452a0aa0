//! Features held to the `##sequence-region` of their landmark.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxBuildHasher;

use super::chunk::{Declared, FeatureChunk, FeatureRow};
use super::late::Late;
use crate::diagnostic::rules::gff_file as rule;

/// Regions that are looked at. They take some 60 MB.
const MAX_REGIONS: usize = 900_000;

/// The regions of a file.
pub struct Regions {
    by_seqid: HashMap<u64, Bounds, FxBuildHasher>,
    /// Landmarks with a feature that is circular.
    circular: HashSet<u64, FxBuildHasher>,
    /// Features past the end of a region, for as long as the landmark may turn out to be circular:
    /// line, landmark, message.
    outside: Vec<(u64, u64, String)>,
    /// Those that were not kept, by landmark: how many, and the line of the first.
    not_kept: HashMap<u64, (u64, u64), FxBuildHasher>,
    max_findings: usize,
    stopped_at: Option<u64>,
}

struct Bounds {
    line: u64,
    start: i64,
    end: Option<i64>,
}

impl Regions {
    /// Keeps `max_findings` findings whole.
    pub fn new(max_findings: usize) -> Self {
        Self {
            by_seqid: HashMap::default(),
            circular: HashSet::default(),
            outside: Vec::new(),
            not_kept: HashMap::default(),
            max_findings,
            stopped_at: None,
        }
    }

    /// From which line on regions were not looked at.
    pub fn stopped_at(&self) -> Option<u64> {
        self.stopped_at
    }

    /// Takes a directive, before whose chunk the file has `lines` lines.
    pub fn declare(
        &mut self,
        late: &mut Late,
        chunk: &FeatureChunk,
        region: &Declared,
        lines: u64,
    ) {
        let line = lines + region.line;
        if let Some(first) = self.by_seqid.get(&region.seqid.hash) {
            late.add(&rule::DUPLICATE_SEQUENCE_REGION, line, || {
                let seqid = chunk.text(region.seqid);
                format!("`{seqid}` has a ##sequence-region on line {} already", first.line)
            });
        } else if self.by_seqid.len() < MAX_REGIONS {
            let bounds = Bounds { line, start: region.start, end: region.end };
            self.by_seqid.insert(region.seqid.hash, bounds);
        } else {
            self.stopped_at.get_or_insert(line);
        }
    }

    /// Takes a feature.
    pub fn feature(&mut self, chunk: &FeatureChunk, row: &FeatureRow, lines: u64) {
        let seqid = row.seqid.hash;
        if row.is_circular && self.circular.len() < MAX_REGIONS {
            self.circular.insert(seqid);
        }
        let bounds = self.by_seqid.get(&seqid);
        let (Some(bounds), Some(start), Some(end)) = (bounds, row.start, row.end) else { return };
        let Some(last) = bounds.end else { return };
        if start.saturating_add(1) >= bounds.start && end <= last || self.circular.contains(&seqid)
        {
            return;
        }
        let line = lines + row.line;
        if self.outside.len() < self.max_findings {
            let message = format!(
                "the feature lies from {} to {end}, outside of {}:{}-{last}, the region of line {}",
                start.saturating_add(1),
                chunk.text(row.seqid),
                bounds.start,
                bounds.line
            );
            self.outside.push((line, seqid, message));
        } else {
            self.not_kept.entry(seqid).or_insert((0, line)).0 += 1;
        }
    }

    /// Reports the features outside of regions whose landmark is not circular.
    pub fn finish(&mut self, late: &mut Late) {
        let rule = &rule::OUTSIDE_SEQUENCE_REGION;
        for (line, seqid, message) in std::mem::take(&mut self.outside) {
            if !self.circular.contains(&seqid) {
                late.add(rule, line, || message);
            }
        }
        for (seqid, (count, first)) in std::mem::take(&mut self.not_kept) {
            if !self.circular.contains(&seqid) {
                late.count(rule, first, count);
            }
        }
    }
}

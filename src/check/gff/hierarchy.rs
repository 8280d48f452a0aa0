//! `ID` and `Parent`: what is named but nowhere to be found, and lines of one ID that are not one
//! feature.
//!
//! Names are compared by their hashes, so that a feature takes some 40 bytes of memory. Where the
//! features are too many all the same, the check ends, and the report says at which line.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::chunk::{FeatureChunk, FeatureRow, Named};
use super::cycle;
use super::late::Late;
use crate::diagnostic::rules::gff_hierarchy as rule;

/// IDs that are kept: what a table of four million places takes, some 140 MB.
const MAX_IDS: usize = 3_670_016;
/// Parents that are kept until they are found. They take some 60 MB.
const MAX_PENDING: usize = 400_000;
/// Links that are kept to look for cycles, 16 bytes each.
const MAX_LINKS: usize = 2_000_000;

/// The features of a file so far.
#[derive(Default)]
pub struct Hierarchy {
    ids: HashMap<u64, KnownFeature, FxBuildHasher>,
    /// Parents that have not come yet, with the first row that names each.
    pending: HashMap<u64, Pending, FxBuildHasher>,
    /// From feature to Parent, for rows that may be a part of a cycle: one needs a Parent that
    /// comes later.
    links: Vec<(u64, u64)>,
    /// How many `###` came before.
    scope: u32,
    stopped_at: Option<u64>,
}

/// The first line of an ID.
struct KnownFeature {
    /// Its line; a file of more than four billion lines has more IDs than are kept.
    line: u32,
    kind: u32,
    seqid: u32,
    /// A hash of the Parents, whatever their order.
    parents: u32,
    scope: u32,
}

struct Pending {
    line: u64,
    seqid: u32,
    name: String,
}

impl Hierarchy {
    /// From which line on IDs were not looked up.
    pub fn stopped_at(&self) -> Option<u64> {
        self.stopped_at
    }

    /// Takes a feature, before whose chunk the file has `lines` lines.
    pub fn feature(&mut self, late: &mut Late, chunk: &FeatureChunk, row: &FeatureRow, lines: u64) {
        if self.stopped_at.is_some() {
            return;
        }
        let line = lines + row.line;
        let in_doubt = !self.pending.is_empty();
        if row.id.hash != 0 {
            self.define(late, chunk, row, line);
        }
        for parent in chunk.parents(row) {
            self.parent(late, chunk, row, *parent, line, in_doubt);
        }
        if in_doubt && self.pending.is_empty() {
            self.find_cycles(late);
        }
        let full = self.ids.len() >= MAX_IDS
            || self.pending.len() >= MAX_PENDING
            || self.links.len() >= MAX_LINKS;
        if full {
            // What is still pending may come later, where nobody looks any more.
            *self = Self { stopped_at: Some(line + 1), ..Self::default() };
        }
    }

    fn parent(
        &mut self,
        late: &mut Late,
        chunk: &FeatureChunk,
        row: &FeatureRow,
        parent: Named,
        line: u64,
        in_doubt: bool,
    ) {
        if parent.hash == row.id.hash {
            return late.add(&rule::PARENT_CYCLE, line, || {
                format!("feature `{}` is its own Parent", chunk.text(parent))
            });
        }
        self.refer(late, chunk, row, parent, line);
        if row.id.hash != 0 && (in_doubt || !self.pending.is_empty()) {
            self.links.push((row.id.hash, parent.hash));
        }
    }

    fn define(&mut self, late: &mut Late, chunk: &FeatureChunk, row: &FeatureRow, line: u64) {
        let seqid = row.seqid.narrow();
        if let Some(child) = self.pending.remove(&row.id.hash).filter(|it| it.seqid != seqid) {
            late.add(&rule::PARENT_ON_OTHER_SEQID, child.line, || {
                format!("Parent `{}` lies on another seqid, on line {line}", child.name)
            });
        }
        let parents = chunk.parents(row).iter();
        let new = KnownFeature {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            kind: row.kind,
            seqid,
            parents: parents.fold(0, |sum: u32, it| sum.wrapping_add(it.narrow())),
            scope: self.scope,
        };
        let Some(first) = self.ids.get_mut(&row.id.hash) else {
            self.ids.insert(row.id.hash, new);
            return;
        };
        let (rule, what) = if first.scope != new.scope {
            (&rule::ID_ACROSS_TERMINATOR, "and a ### stands between them")
        } else if first.kind != new.kind {
            (&rule::ID_ON_SEVERAL_TYPES, "with another type")
        } else if first.seqid != new.seqid {
            (&rule::ID_ON_SEVERAL_SEQIDS, "on another seqid")
        } else if first.parents != new.parents {
            (&rule::ID_WITH_DIFFERENT_PARENTS, "with other Parents")
        } else {
            return;
        };
        late.add(rule, line, || {
            format!("ID `{}` stands on line {} too, {what}", chunk.text(row.id), first.line)
        });
        first.scope = new.scope;
    }

    fn refer(
        &mut self,
        late: &mut Late,
        chunk: &FeatureChunk,
        row: &FeatureRow,
        parent: Named,
        line: u64,
    ) {
        let seqid = row.seqid.narrow();
        let Some(known) = self.ids.get_mut(&parent.hash) else {
            let pending = || Pending { line, seqid, name: chunk.text(parent) };
            self.pending.entry(parent.hash).or_insert_with(pending);
            return;
        };
        if known.scope != self.scope {
            late.add(&rule::ID_ACROSS_TERMINATOR, line, || {
                let name = chunk.text(parent);
                format!("Parent `{name}` stands on line {}, before a ###", known.line)
            });
            known.scope = self.scope;
        } else if known.seqid != seqid {
            late.add(&rule::PARENT_ON_OTHER_SEQID, line, || {
                let name = chunk.text(parent);
                format!("Parent `{name}` lies on another seqid, on line {}", known.line)
            });
        }
    }

    /// Ends what a `###` at a line ends, or the file.
    pub fn end_scope(&mut self, late: &mut Late, terminator: Option<u64>) {
        for pending in std::mem::take(&mut self.pending).into_values() {
            late.add(&rule::UNRESOLVED_PARENT, pending.line, || match terminator {
                Some(line) => format!(
                    "Parent `{}` is not the ID of a feature before the ### on line {line}",
                    pending.name
                ),
                None => format!("Parent `{}` is the ID of no feature", pending.name),
            });
        }
        self.find_cycles(late);
        self.scope = self.scope.wrapping_add(1);
    }

    fn find_cycles(&mut self, late: &mut Late) {
        for members in cycle::find(&mut self.links) {
            let lines = members.iter().filter_map(|it| self.ids.get(it)).map(|it| it.line);
            let (Some(first), Some(last)) = (lines.clone().min(), lines.max()) else { continue };
            late.add(&rule::PARENT_CYCLE, u64::from(last), || {
                format!("the feature is a part of itself, by way of line {first}")
            });
        }
        self.links.clear();
    }
}

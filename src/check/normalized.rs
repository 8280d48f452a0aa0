//! Records that are the same once they are normalized: what only the whole file shows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rustc_hash::FxBuildHasher;

use crate::diagnostic::Findings;
use crate::diagnostic::report::SkippedCheck;
use crate::diagnostic::rules::reference as rule;
use crate::model::Location;
use crate::normalize::NormalizedForm;

/// Records that are compared with all others. Their hashes take some 150 MB.
const MAX_COMPARED: usize = 7_000_000;

/// The normalized forms of the records so far.
#[derive(Default)]
pub struct NormalizedDuplicates {
    /// By hash, whether the file has a record in another form.
    seen: HashMap<u64, bool, FxBuildHasher>,
    stopped_at: Option<u64>,
}

impl NormalizedDuplicates {
    /// Adds the forms of a chunk, before which the file has `lines` lines, and puts what they show
    /// among the chunk's findings.
    pub fn add(&mut self, forms: &[NormalizedForm], lines: u64, findings: &mut Findings) {
        if forms.is_empty() {
            return;
        }
        let mut found = Findings::from(findings.keep());
        for form in forms {
            if self.stopped_at.is_some() {
                break;
            }
            if self.seen.len() >= MAX_COMPARED {
                self.stopped_at = Some(lines + form.line);
                self.seen = HashMap::default();
                break;
            }
            // Records that are the same in the file already are no matter of normalization.
            let is_new = match self.seen.entry(form.hash) {
                Entry::Vacant(entry) => {
                    entry.insert(form.changed);
                    true
                }
                Entry::Occupied(entry) => !(form.changed || *entry.get()),
            };
            if !is_new {
                let message = "normalized, the record is the same as one further up";
                let at = Location { line: form.line, column: 1 };
                found.add_at(&rule::DUPLICATE_ONCE_NORMALIZED, at, "", message);
            }
        }
        findings.merge(found);
    }

    /// The check, where it was not made to the end.
    pub fn skipped(&self) -> Option<SkippedCheck> {
        let line = self.stopped_at?;
        let why = format!("from line {line} on, records are not compared with each other");
        Some(SkippedCheck { rule: &rule::DUPLICATE_ONCE_NORMALIZED, why: why.into() })
    }
}

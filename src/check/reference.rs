//! Records held against a reference: what only the whole file shows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rustc_hash::FxBuildHasher;

use crate::diagnostic::report::SkippedCheck;
use crate::diagnostic::rules::reference as rule;
use crate::diagnostic::{Findings, Rule, Subject};
use crate::model::Location;
use crate::normalize::Summary;
use crate::read::Parsed;

/// Records that are compared with all others. Their hashes take some 150 MB.
const MAX_COMPARED: usize = 7_000_000;

/// The normalized forms of the records so far.
#[derive(Default)]
pub struct Duplicates {
    /// By hash, whether the file has a record in another form.
    seen: HashMap<u64, bool, FxBuildHasher>,
    stopped_at: Option<u64>,
}

impl Duplicates {
    /// Adds a chunk, before which the file has `lines` lines, and puts what it shows among the chunk's findings.
    pub fn add<T>(&mut self, parsed: &mut Parsed<(Summary, T)>, lines: u64) {
        let forms = std::mem::take(&mut parsed.output.0.forms);
        if forms.is_empty() {
            return;
        }
        let mut findings = Findings::keeping(parsed.findings.limit());
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
                Entry::Vacant(it) => {
                    it.insert(form.changed);
                    true
                }
                Entry::Occupied(it) => !(form.changed || *it.get()),
            };
            if !is_new {
                let message = "normalized, the record is the same as one further up";
                let at = Location { line: form.line, column: 1 };
                findings.add_at(&rule::DUPLICATE_ONCE_NORMALIZED, at, "", message);
            }
        }
        parsed.findings.merge(findings);
    }

    /// What the records were held against, once all were added.
    pub fn against(&self) -> Against {
        Against::Reference { stopped_at: self.stopped_at }
    }
}

/// What records were held against, beside the header.
#[derive(Clone, Copy, Debug)]
pub enum Against {
    /// Nothing: nobody named a reference.
    Nothing,
    /// A reference, by an import that normalizes.
    Import,
    /// No reference, but the rows are to be normalized.
    Request,
    /// A reference, and each other up to this line, if there are too many.
    Reference {
        /// The line from which on they were not compared any more.
        stopped_at: Option<u64>,
    },
}

impl Against {
    /// Whether what a rule looks for can have been found.
    pub fn looks_for(self, it: &Rule) -> bool {
        match self {
            Self::Reference { .. } => true,
            Self::Import => *it != rule::NOT_NORMALIZED && *it != rule::DUPLICATE_ONCE_NORMALIZED,
            Self::Request => it.subject != Subject::Reference,
            Self::Nothing => !matches!(it.subject, Subject::Reference | Subject::TsvNormalization),
        }
    }

    /// The check that was not made to the end.
    pub fn skipped(self) -> Option<SkippedCheck> {
        let Self::Reference { stopped_at: Some(line) } = self else { return None };
        let why = format!("from line {line} on, records are not compared with each other");
        Some(SkippedCheck { rule: &rule::DUPLICATE_ONCE_NORMALIZED, why: why.into() })
    }
}

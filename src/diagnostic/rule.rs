//! A rule: a code that never changes its meaning, and its manual page.

use std::fmt;

/// How loudly a finding speaks. Follows the effect in the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The service accepts what a user would not want.
    Warning,
    /// The service would fail the job, drop the row or lose the value.
    Error,
}

/// What the service's import would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Fails the whole job.
    FailsJob,
    /// Drops the row without a word.
    DropsRow,
    /// Loses or changes a value without a word.
    LosesValue,
    /// Takes it as it is.
    Accepted,
}

/// What our own import does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Keeps everything.
    Stored,
    /// Keeps it in another form, which the page describes.
    StoredChanged,
    /// Cannot store the line (or, for a header rule, the file).
    Rejected,
}

/// A rule and its manual page, which `annostore rule CODE` prints.
#[derive(Debug)]
pub struct Rule {
    /// Letters for what it looks at and three digits. Never reused.
    pub code: &'static str,
    /// A name in kebab case.
    pub name: &'static str,
    /// How loudly it speaks.
    pub severity: Severity,
    /// What the service would do.
    pub effect: Effect,
    /// What our import does.
    pub outcome: Outcome,
    /// One sentence: what it finds.
    pub summary: &'static str,
    /// What happens in the service and here, and why, in full sentences.
    pub explanation: &'static str,
    /// What to do, as an imperative sentence; findings repeat it.
    pub help: &'static str,
    /// Where the rule comes from: a section of a specification, or the service's behaviour.
    pub source: &'static str,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

impl Severity {
    /// The word for people and for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl Effect {
    /// The word for people and for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FailsJob => "fails-job",
            Self::DropsRow => "drops-row",
            Self::LosesValue => "loses-value",
            Self::Accepted => "accepted",
        }
    }
}

impl Outcome {
    /// The word for people and for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::StoredChanged => "stored-changed",
            Self::Rejected => "rejected",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// There is an empty line among the records.
pub static BLANK_LINE: Rule = Rule {
    code: "VCF103",
    name: "blank-line",
    subject: Subject::VcfRecord,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "There is an empty line among the records.",
    explanation: "At the end of a file the specification's own example files have empty lines, too. The service takes it for a record without columns and fails the job. annostore passes over it: it holds nothing.",
    help: "remove the line",
    source: "VCF 4.2, section 1.4; service: not enough columns",
};

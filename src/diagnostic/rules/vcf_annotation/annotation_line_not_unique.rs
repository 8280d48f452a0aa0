use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// More than one line of the header begins like the definition of VEP's INFO key.
pub static ANNOTATION_LINE_NOT_UNIQUE: Rule = Rule {
    code: "VCF203",
    name: "annotation-line-not-unique",
    subject: Subject::VcfAnnotation,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "More than one line of the header begins like the definition of VEP's INFO key.",
    explanation: "The service looks for the definition by the beginning of the line, and fails the job where it finds two: for CSQ the line of CSQ2 is one as well. annostore compares whole keys and reads the right one.",
    help: "rename or remove the other INFO key",
    source: "service: a duplicate VEP header is an error of the user",
};

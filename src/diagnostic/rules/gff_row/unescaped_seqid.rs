use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A seqid has a character that is to be escaped.
pub static UNESCAPED_SEQID: Rule = Rule {
    code: "GFF113",
    name: "unescaped-seqid",
    subject: Subject::GffRow,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "A seqid has a character that is to be escaped.",
    explanation: "A seqid may have letters, digits and `.:^*$@!+_?-|`; anything else, blanks above all, is to be percent-encoded. Most programs read it all the same, so that only the policy `strict` calls it an error. The service stores the text as it is. So does annostore.",
    help: "write the character as `%` and its two hexadecimal digits, or choose another name",
    source: "GFF3 1.26, Column 1",
};

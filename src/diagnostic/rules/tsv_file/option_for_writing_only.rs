use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A read option is given that changes nothing.
pub static OPTION_FOR_WRITING_ONLY: Rule = Rule {
    code: "TSV011",
    name: "option-for-writing-only",
    subject: Subject::TsvFile,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Silent,
    otherwise: Severity::Note,
    summary: "A read option is given that changes nothing.",
    explanation: "`quoteAll` and `escapeQuotes` say how Spark writes files. An import reads.",
    help: "leave the option out",
    source: "service: readOptions are the options of Spark's CSV source",
};

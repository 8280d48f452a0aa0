use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The first line is dropped as the header, but looks like a row.
pub static FIRST_ROW_READ_AS_HEADER: Rule = Rule {
    code: "TSV014",
    name: "first-row-read-as-header",
    subject: Subject::TsvFile,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Silent,
    otherwise: Severity::Warning,
    summary: "The first line is dropped as the header, but looks like a row.",
    explanation: "With `header`, which also holds where no read options are given, the first line that is neither blank nor a comment is dropped unread. In a file without a header, such as most BED files, that is the first row. annostore stores what the service would.",
    help: "give readOptions.header false, and readOptions.sep with it, or put a line with the names on top",
    source: "service: without read options the importer says header and tab",
};

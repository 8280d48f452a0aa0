use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The last line does not end in a newline.
pub static NO_FINAL_NEWLINE: Rule = Rule {
    code: "FILE002",
    name: "no-final-newline",
    subject: Subject::File,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The last line does not end in a newline.",
    explanation: "Real files have this, and the service reads the line. But a file that was cut while it was copied looks the same, with the last value shortened, and plain text has no checksum that would tell.",
    help: "compare the file with its origin; if it is whole, end it with a newline",
    source: "POSIX text files; reading cut files",
};

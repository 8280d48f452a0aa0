use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// In VCF 4.3 and 4.4: the last line does not end in a newline.
pub static UNTERMINATED_LAST_LINE: Rule = Rule {
    code: "VCF183",
    name: "unterminated-last-line",
    subject: Subject::VcfRecord,
    effect: Effect::Accepted,
    outcome: Outcome::Stored,
    specification: Specification::Discourages,
    otherwise: Severity::Warning,
    summary: "In VCF 4.3 and 4.4: the last line does not end in a newline.",
    explanation: "The service reads the line. But a file that was cut while it was copied looks the same, with the last value shortened.",
    help: "compare the file with its origin; if it is whole, end it with a newline",
    source: "VCF 4.3, section 1.1: lines end in LF or CRLF; EBI vcf-validator",
};

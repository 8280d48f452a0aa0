use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// The extension says another compression than the content has.
pub static COMPRESSION_AND_NAME_DISAGREE: Rule = Rule {
    code: "FILE001",
    name: "compression-and-name-disagree",
    subject: Subject::File,
    effect: Effect::FailsJob,
    outcome: Outcome::Stored,
    specification: Specification::Allows,
    otherwise: Severity::Warning,
    summary: "The extension says another compression than the content has.",
    explanation: "The service picks the decompressor by the file's extension, not by its content: gzip bytes under a name without `.gz` or `.bgz` are read as text, and plain text under `.gz` does not inflate. Either way the job fails with a generic sentence. annostore goes by the content.",
    help: "rename the file so that the extension tells the compression (.gz for gzip, .gz or .bgz for BGZF, neither for plain text)",
    source: "service: codecs are chosen by file extension",
};

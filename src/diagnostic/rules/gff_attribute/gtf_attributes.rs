use crate::diagnostic::{Effect, Outcome, Rule, Severity, Specification, Subject};

/// A row has the attributes of GTF or GFF2.
pub static GTF_ATTRIBUTES: Rule = Rule {
    code: "GFF210",
    name: "gtf-attributes",
    subject: Subject::GffAttribute,
    effect: Effect::LosesValue,
    outcome: Outcome::StoredChanged,
    specification: Specification::Forbids,
    otherwise: Severity::Warning,
    summary: "A row has the attributes of GTF or GFF2.",
    explanation: "Those formats write `gene_id \"G1\"; transcript_id \"T1\"`. The service does not understand them: id, name, parent and all other columns of attributes are null. annostore stores tags and values in `information`, without the quotes.",
    help: "convert the file to GFF3, for example with AGAT or gffread",
    source: "GFF3 1.26, Column 9; service: attributes are split at `;` and `=`",
};

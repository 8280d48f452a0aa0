//! A rule: a code that never changes its meaning, and its manual page.

use std::fmt;

use crate::model::StoreFormat;

/// How loudly a finding speaks. A rule and a policy tell it: [`Rule::severity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// No error by the policy, but hardly what a user would want.
    Warning,
    /// An error by the policy.
    Error,
}

/// What counts as an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Policy {
    /// What makes the service fail the job, drop a row or lose a value.
    #[default]
    Service,
    /// What the specification of the format forbids.
    Spec,
    /// That, and what validators ask for beyond it.
    Strict,
}

/// What the specification of the format says to what a rule finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Specification {
    /// It forbids it.
    Forbids,
    /// It allows it, or leaves it open, but validators hold files to more.
    Discourages,
    /// It allows it.
    Allows,
    /// The format has none. The effect in the service decides under every policy.
    Silent,
}

/// What a rule looks at. The manual lists rules in this order, and then by their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Files as such, whatever their format.
    File,
    /// Variants held against a reference.
    Reference,
    /// Rows of TSV that an import is to normalize.
    TsvNormalization,
    /// The JSON of a request.
    Request,
    /// A GFF3 file as a whole: directives and sequences.
    GffFile,
    /// The first eight columns of a GFF3 row.
    GffRow,
    /// The attributes of a GFF3 row.
    GffAttribute,
    /// What holds the rows of a GFF3 file together: `ID` and `Parent`.
    GffHierarchy,
    /// A TSV file as such: options, schema and header.
    TsvFile,
    /// The rows of a TSV file.
    TsvRow,
    /// The header of a VCF file.
    VcfHeader,
    /// The records of a VCF file.
    VcfRecord,
    /// The annotations of VEP and `SnpEff` in INFO.
    VcfAnnotation,
    /// The samples of a VCF file.
    VcfSample,
}

/// What the service's import would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Refuses the request, so that there is no job.
    RefusesRequest,
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

/// How it is known what the service does to what a rule finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// Read in the importer that AWS published, or in htsjdk and Glow, which it reads VCF with.
    PublishedImporter,
    /// Said by the service's documentation, or by its model of the API.
    Documentation,
    /// Seen in runs of the Spark that the published importer runs on.
    Seen,
    /// Nothing that was read or seen looks at it.
    Inferred,
}

/// A rule and its manual page, which `annostore rule CODE` prints.
#[derive(Debug)]
pub struct Rule {
    /// Letters for the format or the thing that it is about, and three digits. Never reused.
    pub code: &'static str,
    /// A name in kebab case.
    pub name: &'static str,
    /// What it looks at.
    pub subject: Subject,
    /// What the service would do.
    pub effect: Effect,
    /// What our import does.
    pub outcome: Outcome,
    /// What the specification says.
    pub specification: Specification,
    /// How loudly it speaks where it is no error: as a warning or a note.
    pub otherwise: Severity,
    /// One sentence: what it finds.
    pub summary: &'static str,
    /// What happens in the service and here, and why, in full sentences.
    pub explanation: &'static str,
    /// What to do, as an imperative sentence; findings repeat it.
    pub help: &'static str,
    /// Where the rule comes from: a section of a specification, or the service's behaviour.
    pub source: &'static str,
    /// Where the effect was read, and what stands there: `htsjdk VCFCodec.parseFilters: ...`.
    /// Empty where the service's documentation or a probe says it.
    pub service: &'static str,
    /// What `annostore fix` does about it, as an imperative sentence; empty where only a person can
    /// say what is right.
    pub fix: &'static str,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Rule {}

impl Rule {
    /// How loudly the rule speaks under a policy.
    pub fn severity(&self, policy: Policy) -> Severity {
        let is_error = match (policy, self.specification) {
            (Policy::Service, _) | (_, Specification::Silent) => self.effect != Effect::Accepted,
            (_, Specification::Forbids) => true,
            (_, Specification::Discourages) => policy == Policy::Strict,
            (_, Specification::Allows) => false,
        };
        if is_error { Severity::Error } else { self.otherwise }
    }

    /// How it is known what the service does: by `service` and `source`.
    pub fn evidence(&self) -> Evidence {
        if !self.service.is_empty() {
            return Evidence::PublishedImporter;
        }
        match self.source.split_once("service: ").map(|it| it.1) {
            Some("API model") => Evidence::Documentation,
            Some(told) if RUN_IN_SPARK.iter().any(|it| told.contains(it)) => Evidence::Seen,
            Some(_) => Evidence::PublishedImporter,
            None if self.subject == Subject::Request && self.effect != Effect::Accepted => {
                Evidence::Documentation
            }
            None => Evidence::Inferred,
        }
    }
}

/// What the importer leaves to Spark and what that runs on, which can be run here.
const RUN_IN_SPARK: [&str; 4] = ["Spark", "Hadoop", "Java", "univocity"];

impl Subject {
    /// Whether files of a format have it.
    pub fn is_about(self, format: StoreFormat) -> bool {
        match self {
            Self::File => true,
            // Features of GFF3 have no alleles.
            Self::Reference => format != StoreFormat::Gff,
            Self::Request => false,
            Self::GffFile | Self::GffRow | Self::GffAttribute | Self::GffHierarchy => {
                format == StoreFormat::Gff
            }
            Self::TsvFile | Self::TsvRow | Self::TsvNormalization => format == StoreFormat::Tsv,
            Self::VcfHeader | Self::VcfRecord | Self::VcfAnnotation | Self::VcfSample => {
                format == StoreFormat::Vcf
            }
        }
    }
}

impl Policy {
    /// Every policy, the mildest first.
    pub const ALL: [Self; 3] = [Self::Service, Self::Spec, Self::Strict];

    /// The word for people and for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Spec => "spec",
            Self::Strict => "strict",
        }
    }
}

impl Specification {
    /// The word for people and for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forbids => "forbids",
            Self::Discourages => "discourages",
            Self::Allows => "allows",
            Self::Silent => "silent",
        }
    }
}

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
            Self::RefusesRequest => "refuses-request",
            Self::FailsJob => "fails-job",
            Self::DropsRow => "drops-row",
            Self::LosesValue => "loses-value",
            Self::Accepted => "accepted",
        }
    }
}

impl Evidence {
    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PublishedImporter => "published-importer",
            Self::Documentation => "documentation",
            Self::Seen => "seen",
            Self::Inferred => "inferred",
        }
    }

    /// The words for people, behind what the service does.
    pub fn told(self) -> &'static str {
        match self {
            Self::PublishedImporter => "by its published importer",
            Self::Documentation => "by its documentation",
            Self::Seen => "as seen in its Spark",
            Self::Inferred => "as far as is known",
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

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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

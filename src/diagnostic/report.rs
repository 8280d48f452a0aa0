//! What there is to say about one file.

use std::borrow::Cow;

use super::places::Places;
use super::profile::Profile;
use super::{Change, Findings, Outcome, Policy, Rule, Severity};
use crate::model::{Location, StoreFormat};

/// The findings about one file, with what was looked at.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The path as given.
    pub file: String,
    /// How it was read.
    pub format: StoreFormat,
    /// `none`, `gzip` or `bgzf`, by content.
    pub compression: &'static str,
    /// Lines of the header of a BCF file, whose records have no lines of their own: the next line
    /// is that of record 1. None for a file of text.
    pub bcf_header: Option<u64>,
    /// Lines of the file, or of the text that it stands for.
    pub lines: u64,
    /// Records that an import stores.
    pub records: u64,
    /// Lines that an import cannot store.
    pub rejected_lines: u64,
    /// Rules whose lines are stored although they reject them, because somebody asked for it.
    pub stored_anyway: Vec<&'static Rule>,
    /// What counts as an error.
    pub policy: Policy,
    /// What is wrong.
    pub findings: Findings,
    /// Where the findings are; nowhere in the report of an import.
    pub places: Places,
    /// The rules that were looked at.
    pub checks: Vec<&'static Rule>,
    /// The rules that were not, and why.
    pub skipped: Vec<SkippedCheck>,
    /// What is in the file, where that was asked for.
    pub profile: Option<Profile>,
    /// What the report leaves out, and why.
    pub choice: Choice,
}

/// By what a report was cut to what somebody wants to be told of.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The file of settings, where there was one.
    pub settings: Option<String>,
    /// What the findings were held against.
    pub held_against: Option<HeldAgainst>,
}

/// Earlier findings, and what is new since then. Those that were known are left out.
#[derive(Clone, Debug)]
pub struct HeldAgainst {
    /// The path of the baseline or of the earlier report.
    pub file: String,
    /// Whether they are those of a baseline.
    pub is_baseline: bool,
    /// What became of each rule that spoke then or now.
    pub changes: Vec<Change>,
}

/// A rule that was not looked at.
#[derive(Clone, Debug)]
pub struct SkippedCheck {
    /// The rule.
    pub rule: &'static Rule,
    /// Why not.
    pub why: Cow<'static, str>,
}

/// The findings about the JSON of a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestReport {
    /// The path as given.
    pub file: String,
    /// What is wrong.
    pub findings: Findings,
    /// What becomes of the request where nothing is.
    pub verdict: &'static str,
}

impl RequestReport {
    /// How many findings stand for something that annostore refuses, too.
    pub fn rejections(&self) -> u64 {
        self.findings.count_where(|it| it.outcome == Outcome::Rejected)
    }
}

/// Whatever has findings, and says how loudly they speak.
pub trait Judged {
    /// The path of the file, as given.
    fn file(&self) -> &str;

    /// What is wrong with it.
    fn findings(&self) -> &Findings;

    /// How loudly a rule speaks.
    fn severity(&self, rule: &Rule) -> Severity;

    /// The number of the record at a place, counted from 1, where the file has records and no
    /// lines: BCF.
    fn record(&self, _: Location) -> Option<u64> {
        None
    }

    /// Whether the places of the file are records, and not lines.
    fn has_records(&self) -> bool {
        false
    }

    /// The file and a place in it: `FILE:12:3`, or `FILE: record 5`.
    fn place(&self, at: Location) -> String {
        match self.record(at) {
            Some(record) => format!("{}: record {record}", self.file()),
            None => format!("{}:{at}", self.file()),
        }
    }

    /// What annostore does about a rule.
    fn outcome(&self, rule: &Rule) -> Outcome {
        rule.outcome
    }

    /// How many findings are of a severity.
    fn count(&self, severity: Severity) -> u64 {
        self.findings().count_where(|it| self.severity(it) == severity)
    }

    /// How many findings are of a severity, with those that the report leaves out: what the service
    /// does depends on all.
    fn count_all(&self, severity: Severity) -> u64 {
        self.findings().count_all_where(|it| self.severity(it) == severity)
    }
}

impl Judged for Report {
    fn file(&self) -> &str {
        &self.file
    }

    fn findings(&self) -> &Findings {
        &self.findings
    }

    fn severity(&self, rule: &Rule) -> Severity {
        rule.severity(self.policy)
    }

    fn has_records(&self) -> bool {
        self.bcf_header.is_some()
    }

    fn record(&self, at: Location) -> Option<u64> {
        at.line.checked_sub(self.bcf_header?).filter(|it| *it > 0)
    }

    fn outcome(&self, rule: &Rule) -> Outcome {
        if self.stored_anyway.contains(&rule) { Outcome::Stored } else { rule.outcome }
    }
}

/// The service alone decides about requests.
impl Judged for RequestReport {
    fn file(&self) -> &str {
        &self.file
    }

    fn findings(&self) -> &Findings {
        &self.findings
    }

    fn severity(&self, rule: &Rule) -> Severity {
        rule.severity(Policy::Service)
    }
}

impl Report {
    /// This report under another policy. TSV files have no specification: there, what the
    /// service does always decides.
    #[must_use]
    pub fn under(mut self, policy: Policy) -> Self {
        self.policy = if self.format == StoreFormat::Tsv { Policy::Service } else { policy };
        self
    }

    /// How loudly a rule speaks in this report.
    pub fn severity(&self, rule: &Rule) -> Severity {
        rule.severity(self.policy)
    }

    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> u64 {
        Judged::count(self, severity)
    }

    /// How many findings stand for something that an import rejects.
    pub fn rejections(&self) -> u64 {
        self.findings.count_where(|it| self.outcome(it) == Outcome::Rejected)
    }
}

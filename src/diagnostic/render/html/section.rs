//! What the page shows of one file.

use super::Figure;
use super::findings::{self, RuleFindings};
use super::{contents, places};
use crate::diagnostic::render::number::grouped;
use crate::diagnostic::render::{choice, text};
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::diagnostic::{Findings, Severity};
use crate::model::{Error, visible};

/// A file, or the JSON of a request.
pub struct Section {
    /// What links lead to.
    pub id: String,
    /// The path as given.
    pub name: String,
    /// What becomes of it.
    pub verdict: String,
    /// `good`, `warning` or `error`.
    pub tone: &'static str,
    /// The figures below the verdict.
    pub facts: Vec<(&'static str, String)>,
    /// The kinds of findings, the worst first.
    pub kinds: Vec<RuleFindings>,
    /// What is said of findings and kinds that are not shown.
    pub told: String,
    /// Where the findings are.
    pub places: Vec<Figure>,
    /// What is in the file.
    pub contents: Vec<Figure>,
    /// What of the contents no plot shows.
    pub undeclared: Vec<String>,
    /// Checks that were made: codes and names.
    pub checks: Vec<(&'static str, &'static str)>,
    /// Checks that were not: code, name and why.
    pub skipped: Vec<[String; 3]>,
}

impl Section {
    /// How many checks were made, for people.
    pub fn checks_made(&self) -> String {
        grouped(self.checks.len() as u64)
    }
}

fn tone(errors: u64, warnings: u64) -> &'static str {
    match (errors, warnings) {
        (0, 0) => "good",
        (0, _) => "warning",
        _ => "error",
    }
}

fn begun(id: String, report: &dyn Judged, verdict: String) -> Section {
    let count = |severity| report.count(severity);
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let (kinds, mut told) = findings::kinds(report);
    let hidden = choice::hidden(report.findings());
    if !hidden.is_empty() {
        let apart = if told.is_empty() { "" } else { "; " };
        told += &format!("{apart}{}", visible(hidden.trim_end()));
    }
    // As the verdict, and not as what is told, says how it is.
    let (all_errors, all_warnings) =
        (report.count_all(Severity::Error), report.count_all(Severity::Warning));
    Section {
        id,
        name: visible(report.file()).into_owned(),
        verdict,
        tone: tone(all_errors, all_warnings),
        facts: [("errors", errors), ("warnings", warnings), ("notes", count(Severity::Note))]
            .map(|(name, count)| (name, grouped(count)))
            .to_vec(),
        kinds,
        told,
        places: Vec::new(),
        contents: Vec::new(),
        undeclared: Vec::new(),
        checks: Vec::new(),
        skipped: Vec::new(),
    }
}

/// What the page shows of the JSON of a request.
pub fn of_request(id: String, report: &RequestReport) -> Section {
    begun(id, report, text::request_verdict(report).to_owned())
}

/// What the page shows of a file.
pub fn of_file(id: String, report: &Report) -> Section {
    let verdict = format!("{}{}", text::verdict(report), text::reservation(report));
    let mut section = begun(id, report, verdict);
    section.facts.splice(0..0, facts(report));
    section.places = places::figures(report);
    if let Some(profile) = &report.profile {
        section.contents = contents::figures(profile, report.records);
        section.undeclared = contents::undeclared(profile);
    }
    section.checks = report.checks.iter().map(|it| (it.code, it.name)).collect();
    let skipped = report.skipped.iter();
    section.skipped = skipped
        .map(|it| [it.rule.code.to_owned(), it.rule.name.to_owned(), it.why.to_string()])
        .collect();
    section
}

fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let coding = if report.bcf_header.is_some() { " (BCF)" } else { "" };
    let mut facts = vec![
        ("format", format!("{}{coding}", report.format)),
        ("compression", report.compression.to_owned()),
        ("lines", grouped(report.lines)),
        ("records", grouped(report.records)),
        ("rejected lines", grouped(report.rejected_lines)),
    ];
    if let Some(samples) = report.profile.as_ref().and_then(|it| it.samples.as_ref()) {
        facts.push(("samples", grouped(samples.len() as u64)));
    }
    facts.push(("held to", report.policy.to_string()));
    if let Some(settings) = &report.choice.settings {
        facts.push(("settings", visible(settings).into_owned()));
    }
    facts
}

/// What the page shows of a file that could not be checked.
pub fn of_unchecked(id: String, file: &str, why: &Error) -> Section {
    let nothing =
        RequestReport { file: file.to_owned(), findings: Findings::default(), verdict: "" };
    let mut section = begun(id, &nothing, format!("not checked: {why}"));
    (section.tone, section.facts) = ("error", Vec::new());
    why.help().unwrap_or_default().clone_into(&mut section.told);
    section
}

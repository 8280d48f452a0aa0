//! A report of the kind that GitLab calls Code Quality, for the changes of a merge request.

use std::io::{self, Write};
use std::mem;

use serde_json::{Value, json};

use super::consequence::consequence;
use super::fingerprint::Fingerprints;
use super::form::{Form, Renderer, Style};
use super::json::write_pretty;
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::diagnostic::{Effect, Rule, Severity};
use crate::model::Error;

/// For merge requests of GitLab.
pub static FORM: Form = Form {
    name: "gitlab",
    summary: "A Code Quality report of GitLab",
    is_binary: false,
    begin: |_: Style| Box::new(Issues::default()),
};

#[derive(Default)]
struct Issues {
    issues: Vec<Value>,
    fingerprints: Fingerprints,
}

impl Issues {
    fn add(&mut self, report: &dyn Judged) {
        for it in report.findings().kept() {
            let record = report.record(it.at);
            let place = record.map(|it| format!("record {it}: ")).unwrap_or_default();
            let (message, told) = (&it.message, consequence(it.rule, report.outcome(it.rule)));
            // A line there has to be: that of a record, or of the file as a whole, is the first.
            let line = if record.is_some() { 1 } else { it.at.line.max(1) };
            self.issues.push(json!({
                "description": format!("{place}{message}; {told}"),
                "check_name": format!("{} {}", it.rule.code, it.rule.name),
                "fingerprint": self.fingerprints.next(report.file(), it),
                "severity": severity(report, it.rule),
                "location": location(report.file(), line),
            }));
        }
    }
}

impl Renderer for Issues {
    fn request(&mut self, report: &RequestReport, _: &mut dyn Write) -> io::Result<()> {
        self.add(report);
        Ok(())
    }

    fn file(&mut self, report: &Report, _: &mut dyn Write) -> io::Result<()> {
        self.add(report);
        Ok(())
    }

    fn unchecked(&mut self, file: &str, why: &Error, _: &mut dyn Write) -> io::Result<()> {
        self.issues.push(json!({
            "description": format!("not checked: {why}"),
            "check_name": "not checked",
            "fingerprint": self.fingerprints.of(&format!("{file}\0not checked")),
            "severity": "blocker",
            "location": location(file, 1),
        }));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write_pretty(&Value::Array(mem::take(&mut self.issues)), out)
    }
}

/// GitLab wants paths without a full stop at their beginning.
fn location(file: &str, line: u64) -> Value {
    let path = file.strip_prefix("./").unwrap_or(file);
    json!({ "path": path, "lines": { "begin": line } })
}

/// GitLab's word, by what is lost.
fn severity(report: &dyn Judged, rule: &Rule) -> &'static str {
    match (report.severity(rule), rule.effect) {
        (Severity::Error, Effect::FailsJob | Effect::RefusesRequest) => "blocker",
        (Severity::Error, Effect::DropsRow | Effect::LosesValue) => "critical",
        (Severity::Error, Effect::Accepted) => "major",
        (Severity::Warning, _) => "minor",
        (Severity::Note, _) => "info",
    }
}

//! A report as JSON. `schema_version` rises whenever a member changes its meaning or goes away; new
//! members may come at any time. A file that could not be checked has the members `file` and
//! `error` alone.

use std::io::{self, Write};
use std::mem;

use serde_json::{Value, json};

use super::choice;
use super::form::{Form, Renderer};
use super::profile;
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::diagnostic::{Finding, Rule, Severity, Tally};
use crate::model::{Error, Location};

/// The version of the form below.
pub const SCHEMA_VERSION: u32 = 1;

/// For programs.
pub static FORM: Form = Form {
    name: "json",
    summary: "For programs; `schema_version` tells its form",
    is_binary: false,
    begin: |_| Box::new(Json::default()),
};

/// Collects the reports of a run, which are one document.
#[derive(Default)]
struct Json {
    requests: Vec<Value>,
    files: Vec<Value>,
}

impl Renderer for Json {
    fn request(&mut self, report: &RequestReport, _: &mut dyn Write) -> io::Result<()> {
        self.requests.push(request(report));
        Ok(())
    }

    fn file(&mut self, report: &Report, _: &mut dyn Write) -> io::Result<()> {
        self.files.push(file(report));
        Ok(())
    }

    fn unchecked(&mut self, file: &str, why: &Error, _: &mut dyn Write) -> io::Result<()> {
        self.files.push(unchecked(file, why));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let document = document(mem::take(&mut self.requests), mem::take(&mut self.files));
        write_pretty(&document, out)
    }
}

/// Writes a value in lines, straight to the output: many times as fast as its `Display`.
pub(super) fn write_pretty(value: &Value, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    writeln!(out)
}

/// Writes a value as one line.
pub(super) fn write_line(value: &Value, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}

/// The reports about some files.
pub fn render(reports: &[Report]) -> Value {
    document(Vec::new(), reports.iter().map(file).collect())
}

/// The document; requests are a member of their own, if there are any.
pub(super) fn document(requests: Vec<Value>, files: Vec<Value>) -> Value {
    let mut value = json!({ "schema_version": SCHEMA_VERSION });
    if !requests.is_empty() {
        value["requests"] = Value::Array(requests);
    }
    value["files"] = Value::Array(files);
    value
}

/// A file about which there is no report.
pub(super) fn unchecked(file: &str, why: &Error) -> Value {
    let error = json!({
        "kind": why.kind().as_str(),
        "message": why.to_string(),
        "help": why.help(),
    });
    json!({ "file": file, "error": error })
}

fn request(report: &RequestReport) -> Value {
    let mut value = request_head(report);
    add_findings(&mut value, report);
    value
}

fn file(report: &Report) -> Value {
    let mut value = file_head(report);
    add_findings(&mut value, report);
    let skipped = report.skipped.iter();
    value["checks"] = report.checks.iter().map(|it| it.code).collect();
    value["skipped_checks"] =
        skipped.map(|it| json!({ "rule": it.rule.code, "why": it.why })).collect();
    if let Some(it) = &report.profile {
        value["profile"] = profile::json(it);
    }
    value
}

/// What there is to say about a request beside its findings.
pub(super) fn request_head(report: &RequestReport) -> Value {
    let mut value = json!({ "file": report.file });
    add_counts(&mut value, report);
    value
}

/// What there is to say about a file beside its findings, its checks and what is in it.
pub(super) fn file_head(report: &Report) -> Value {
    let mut value = json!({
        "file": report.file,
        "format": report.format.as_str(),
        "compression": report.compression,
        "lines": report.lines,
        "records": report.records,
        "rejected_lines": report.rejected_lines,
        "policy": report.policy.as_str(),
    });
    if report.bcf_header.is_some() {
        value["coding"] = json!("bcf");
    }
    add_counts(&mut value, report);
    choice::add_choice(&mut value, &report.choice);
    value
}

fn add_counts(value: &mut Value, report: &dyn Judged) {
    let findings = report.findings();
    value["errors"] = json!(report.count(Severity::Error));
    value["warnings"] = json!(report.count(Severity::Warning));
    value["notes"] = json!(report.count(Severity::Note));
    value["rules"] = findings.tallies().iter().map(|it| tally(report, it)).collect();
    value["findings_kept"] = json!(findings.kept().len());
    value["findings_total"] = json!(findings.total());
    choice::add_hidden(value, findings);
}

fn add_findings(value: &mut Value, report: &dyn Judged) {
    value["findings"] = report.findings().kept().iter().map(|it| finding(report, it)).collect();
}

fn tally(report: &dyn Judged, tally: &Tally) -> Value {
    let mut value = rule(report, tally.rule);
    value["count"] = json!(tally.count);
    place(&mut value, report, tally.first, ["first_line", "first_record"]);
    value["help"] = json!(tally.rule.help);
    if !tally.rule.fix.is_empty() {
        value["fix"] = json!(tally.rule.fix);
    }
    value
}

/// A finding.
pub(super) fn finding(report: &dyn Judged, finding: &Finding) -> Value {
    let mut value = rule(report, finding.rule);
    place(&mut value, report, finding.at, ["line", "record"]);
    value["column"] = if finding.at.column == 0 { Value::Null } else { json!(finding.at.column) };
    value["value"] = json!(finding.value);
    value["message"] = json!(finding.message);
    value["help"] = json!(finding.rule.help);
    value
}

fn rule(report: &dyn Judged, rule: &Rule) -> Value {
    json!({
        "rule": rule.code,
        "name": rule.name,
        "severity": report.severity(rule).as_str(),
        "effect": rule.effect.as_str(),
        "evidence": rule.evidence().as_str(),
        "outcome": report.outcome(rule).as_str(),
        "specification": rule.specification.as_str(),
    })
}

/// Adds the line of a place, and the record where the file has records and no lines.
fn place(value: &mut Value, report: &dyn Judged, at: Location, [line, record]: [&str; 2]) {
    let number = report.record(at);
    let is_of_line = at.line > 0 && number.is_none();
    value[line] = if is_of_line { json!(at.line) } else { Value::Null };
    if let Some(number) = number {
        value[record] = json!(number);
    }
}

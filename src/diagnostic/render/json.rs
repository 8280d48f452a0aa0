//! A report as JSON. `schema_version` rises whenever a member changes its meaning or goes away; new members may come at any time.

use serde_json::{Value, json};

use super::profile;
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::diagnostic::{Finding, Rule, Severity, Tally};
use crate::model::Location;

/// The version of the form below.
pub const SCHEMA_VERSION: u32 = 1;

/// The reports of one run.
pub fn render(reports: &[Report]) -> Value {
    render_with_requests(reports, &[])
}

/// The same, and the reports about requests in a member of their own, if there are any.
pub fn render_with_requests(reports: &[Report], requests: &[RequestReport]) -> Value {
    let mut value = json!({ "schema_version": SCHEMA_VERSION });
    if !requests.is_empty() {
        value["requests"] = requests.iter().map(request).collect();
    }
    value["files"] = reports.iter().map(file).collect();
    value
}

fn request(report: &RequestReport) -> Value {
    let mut value = json!({ "file": report.file });
    add_findings(&mut value, report);
    value
}

fn file(report: &Report) -> Value {
    let mut value = json!({
        "file": report.file,
        "format": report.format.as_str(),
        "compression": report.compression,
        "lines": report.lines,
        "records": report.records,
        "rejected_lines": report.rejected_lines,
        "policy": report.policy.as_str(),
    });
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

fn add_findings(value: &mut Value, report: &dyn Judged) {
    let findings = report.findings();
    value["errors"] = json!(report.count(Severity::Error));
    value["warnings"] = json!(report.count(Severity::Warning));
    value["notes"] = json!(report.count(Severity::Note));
    value["rules"] = findings.tallies().iter().map(|it| tally(report, it)).collect();
    value["findings"] = findings.kept().iter().map(|it| finding(report, it)).collect();
    value["findings_kept"] = json!(findings.kept().len());
    value["findings_total"] = json!(findings.total());
}

fn tally(report: &dyn Judged, tally: &Tally) -> Value {
    let mut value = rule(report, tally.rule);
    value["count"] = json!(tally.count);
    value["first_line"] = line(tally.first);
    value["help"] = json!(tally.rule.help);
    value
}

fn finding(report: &dyn Judged, finding: &Finding) -> Value {
    let mut value = rule(report, finding.rule);
    value["line"] = line(finding.at);
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
        "outcome": report.outcome(rule).as_str(),
        "specification": rule.specification.as_str(),
    })
}

fn line(at: Location) -> Value {
    if at.line == 0 { Value::Null } else { json!(at.line) }
}

//! A report as JSON. `schema_version` rises whenever a member changes its meaning or goes away; new members may come at any time.

use serde_json::{Value, json};

use super::profile;
use crate::diagnostic::report::Report;
use crate::diagnostic::{Finding, Rule, Severity, Tally};
use crate::model::Location;

/// The version of the form below.
pub const SCHEMA_VERSION: u32 = 1;

/// The reports of one run.
pub fn render(reports: &[Report]) -> Value {
    json!({ "schema_version": SCHEMA_VERSION, "files": reports.iter().map(file).collect::<Vec<_>>() })
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
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "notes": report.count(Severity::Note),
        "rules": report.findings.tallies().iter().map(|it| tally(report, it)).collect::<Vec<_>>(),
        "findings": report.findings.kept().iter().map(|it| finding(report, it)).collect::<Vec<_>>(),
        "findings_kept": report.findings.kept().len(),
        "findings_total": report.findings.total(),
        "checks": report.checks.iter().map(|it| it.code).collect::<Vec<_>>(),
        "skipped_checks": report.skipped.iter().map(|it| json!({ "rule": it.rule.code, "why": it.why })).collect::<Vec<_>>(),
    });
    if let Some(it) = &report.profile {
        value["profile"] = profile::json(it);
    }
    value
}

fn tally(report: &Report, tally: &Tally) -> Value {
    let mut value = rule(report, tally.rule);
    value["count"] = json!(tally.count);
    value["first_line"] = line(tally.first);
    value["help"] = json!(tally.rule.help);
    value
}

fn finding(report: &Report, finding: &Finding) -> Value {
    let mut value = rule(report, finding.rule);
    value["line"] = line(finding.at);
    value["column"] = if finding.at.column == 0 { Value::Null } else { json!(finding.at.column) };
    value["value"] = json!(finding.value);
    value["message"] = json!(finding.message);
    value["help"] = json!(finding.rule.help);
    value
}

fn rule(report: &Report, rule: &Rule) -> Value {
    json!({
        "rule": rule.code,
        "name": rule.name,
        "severity": report.severity(rule).as_str(),
        "effect": rule.effect.as_str(),
        "outcome": rule.outcome.as_str(),
        "specification": rule.specification.as_str(),
    })
}

fn line(at: Location) -> Value {
    if at.line == 0 { Value::Null } else { json!(at.line) }
}

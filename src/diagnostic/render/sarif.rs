//! A report as SARIF 2.1.0 (OASIS), for code scanning and editors: the rules that spoke with their
//! pages, each finding that is kept with its place, and for each file its counts.

use std::io::{self, Write};
use std::mem;

use serde_json::{Map, Value, json};

use super::choice;
use super::consequence::consequence;
use super::fingerprint::Fingerprints;
use super::form::{Form, Renderer, Style};
use super::json::write_line;
use super::place::span;
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::diagnostic::{Finding, Policy, Rule, Severity};
use crate::model::Error;

/// For code scanning and editors.
pub static FORM: Form = Form {
    name: "sarif",
    summary: "SARIF 2.1.0, for code scanning and editors",
    is_binary: false,
    begin: |_: Style| Box::new(Log::default()),
};

/// Where the schema is.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The one run of a log.
#[derive(Default)]
struct Log {
    rules: Vec<&'static Rule>,
    artifacts: Vec<Value>,
    results: Vec<Value>,
    /// Why files could not be read.
    notifications: Vec<Value>,
    fingerprints: Fingerprints,
}

impl Log {
    fn add(&mut self, report: &dyn Judged, mut about: Value) {
        let findings = report.findings();
        for severity in [Severity::Error, Severity::Warning, Severity::Note] {
            about[format!("{severity}s")] = json!(report.count(severity));
        }
        let counts = findings.tallies().iter();
        about["findings"] = counts
            .map(|it| (it.rule.code.to_owned(), json!(it.count)))
            .collect::<Map<_, _>>()
            .into();
        about["findingsKept"] = json!(findings.kept().len());
        choice::add_hidden_by(&mut about, findings);
        let artifact = self.artifacts.len();
        self.artifacts.push(json!({
            "location": { "uri": uri(report.file()) },
            "properties": about,
        }));
        for it in findings.kept() {
            let result = self.result(report, it, artifact);
            self.results.push(result);
        }
    }

    fn result(&mut self, report: &dyn Judged, finding: &Finding, artifact: usize) -> Value {
        let rule = finding.rule;
        let known = self.rules.iter().position(|it| *it == rule);
        let index = known.unwrap_or_else(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        });
        let told = consequence(rule, report.outcome(rule));
        json!({
            "ruleId": rule.code,
            "ruleIndex": index,
            "kind": "fail",
            "level": level(report.severity(rule)),
            "message": { "text": format!("{}; {told}", finding.message) },
            "locations": [location(report, finding, artifact)],
            "partialFingerprints": {
                "annostore/v1": self.fingerprints.next(report.file(), finding),
            },
            "properties": {
                "value": finding.value,
                "effect": rule.effect.as_str(),
                "outcome": report.outcome(rule).as_str(),
                "evidence": rule.evidence().as_str(),
            },
        })
    }
}

impl Renderer for Log {
    fn request(&mut self, report: &RequestReport, _: &mut dyn Write) -> io::Result<()> {
        self.add(report, json!({}));
        Ok(())
    }

    fn file(&mut self, report: &Report, _: &mut dyn Write) -> io::Result<()> {
        let about = json!({
            "format": report.format.as_str(),
            "policy": report.policy.as_str(),
            "lines": report.lines,
            "records": report.records,
            "rejectedLines": report.rejected_lines,
        });
        self.add(report, about);
        Ok(())
    }

    fn unchecked(&mut self, file: &str, why: &Error, _: &mut dyn Write) -> io::Result<()> {
        let help = why.help().map(|it| format!("; {it}")).unwrap_or_default();
        self.notifications.push(json!({
            "level": "error",
            "message": { "text": format!("not checked: {why}{help}") },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(file) } } }],
        }));
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let is_whole = self.notifications.is_empty();
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "annostore",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": "https://docs.rs/annostore",
                    "rules": self.rules.iter().map(|it| descriptor(it)).collect::<Vec<_>>(),
                } },
                "invocations": [{
                    "executionSuccessful": is_whole,
                    "toolExecutionNotifications": mem::take(&mut self.notifications),
                }],
                "columnKind": "unicodeCodePoints",
                "artifacts": mem::take(&mut self.artifacts),
                "results": mem::take(&mut self.results),
            }],
        });
        write_line(&log, out)
    }
}

/// A rule with its page, and how sure it is what the service does.
fn descriptor(rule: &Rule) -> Value {
    let told = consequence(rule, rule.outcome);
    let mut about = json!({
        "tags": [rule.effect.as_str(), rule.evidence().as_str()],
        "effect": rule.effect.as_str(),
        "outcome": rule.outcome.as_str(),
        "specification": rule.specification.as_str(),
        "evidence": rule.evidence().as_str(),
        "source": rule.source,
    });
    if !rule.service.is_empty() {
        about["readIn"] = json!(rule.service);
    }
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.explanation },
        "help": { "text": format!("{}. {told}.", rule.help) },
        "defaultConfiguration": { "level": level(rule.severity(Policy::default())) },
        "properties": about,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A span of a line; in a file of records, which have no lines, the record.
fn location(report: &dyn Judged, finding: &Finding, artifact: usize) -> Value {
    let artifact = json!({ "uri": uri(report.file()), "index": artifact });
    let mut location = json!({ "physicalLocation": { "artifactLocation": artifact } });
    if let Some(it) = span(report, finding) {
        let mut region = json!({ "startLine": it.line });
        if let Some((first, behind)) = it.columns {
            region["startColumn"] = json!(first);
            region["endColumn"] = json!(behind);
        }
        if let Some(excerpt) = &finding.excerpt {
            region["snippet"] = json!({ "text": excerpt.text[excerpt.start..excerpt.end] });
        }
        location["physicalLocation"]["region"] = region;
    }
    if let Some(record) = report.record(finding.at) {
        let name = format!("record {record}");
        location["logicalLocations"] = json!([{ "fullyQualifiedName": name, "kind": "record" }]);
    }
    location
}

/// A reference to a file: a path relative to where the program ran stays so, as code scanning
/// wants.
fn uri(file: &str) -> String {
    if file.contains("://") {
        return file.to_owned();
    }
    let mut uri = String::new();
    if file.starts_with('/') {
        uri.push_str("file://");
    }
    for it in file.strip_prefix("./").unwrap_or(file).bytes() {
        match it {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(it));
            }
            it => uri += &format!("%{it:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("./a b/é:1.vcf"), "a%20b/%C3%A9%3A1.vcf");
        assert_eq!(uri("/data/x%y.vcf"), "file:///data/x%25y.vcf");
        assert_eq!(uri("s3://bucket/x.vcf"), "s3://bucket/x.vcf");
    }
}

//! What an earlier report said, read from its JSON, to be held against a new one.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Known;
use super::known::KnownFault;
use super::render::json::SCHEMA_VERSION;
use crate::model::{Error, Result};

/// The findings of an earlier run.
#[derive(Clone, Debug, Default)]
pub struct EarlierReport {
    files: BTreeMap<String, Known>,
}

#[derive(Deserialize)]
struct ReportOnDisk {
    schema_version: u32,
    #[serde(default)]
    requests: Vec<FileOnDisk>,
    files: Vec<FileOnDisk>,
}

/// A file that could not be checked has no rules and no findings.
#[derive(Deserialize)]
struct FileOnDisk {
    file: String,
    rules: Option<Vec<TallyOnDisk>>,
    #[serde(default)]
    findings: Vec<FindingOnDisk>,
    #[serde(default)]
    hidden: Vec<TallyOnDisk>,
}

#[derive(Deserialize)]
struct TallyOnDisk {
    rule: String,
    count: u64,
}

#[derive(Deserialize)]
struct FindingOnDisk {
    rule: String,
    value: String,
    message: String,
}

impl EarlierReport {
    /// Reads what `annostore check --output json` wrote.
    pub fn parse(text: &str) -> Result<Self> {
        let help = "give what `annostore check FILE... --output json` wrote";
        let report: ReportOnDisk = serde_json::from_str(text).map_err(|error| {
            let line = error.line();
            Error::invalid("this is no report of annostore in JSON")
                .with("line", line)
                .with_source(error)
                .with_help(help)
        })?;
        if report.schema_version != SCHEMA_VERSION {
            let (found, known) = (report.schema_version, SCHEMA_VERSION);
            let message = format!("the report has the form {found}, not {known}");
            return Err(Error::invalid(message).with_help(help));
        }
        let files = report.requests.into_iter().chain(report.files);
        Ok(Self { files: files.filter_map(known).collect() })
    }

    /// What was found in a file, of which there are so many now. One file is held against one file
    /// whatever their names are; among several, it is found by its path, else by a name that only
    /// one file has.
    pub fn of_file(&self, file: &str, now: usize) -> Option<&Known> {
        let only = || self.files.values().next().filter(|_| now == 1 && self.files.len() == 1);
        let by_name = || {
            let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
            let mut same = self.files.iter().filter(|it| name(it.0) == name(file));
            same.next().filter(|_| same.next().is_none()).map(|it| it.1)
        };
        self.files.get(file).or_else(only).or_else(by_name)
    }

    /// The files that were checked.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

fn known(file: FileOnDisk) -> Option<(String, Known)> {
    let rules = file.rules?;
    let mut known = Known::default();
    // What the report left out was there, too.
    for it in rules.iter().chain(&file.hidden) {
        known.add_count(&it.rule, it.count);
    }
    for it in &file.findings {
        known.tell_apart(&it.rule, KnownFault::new(&it.value, &it.message), 1);
    }
    Some((file.file, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(files: &[&str]) -> EarlierReport {
        let files: Vec<_> = files
            .iter()
            .map(|it| {
                serde_json::json!({
                    "file": it,
                    "rules": [{ "rule": "VCF102", "count": 3, "name": "new member" }],
                    "findings": [{ "rule": "VCF102", "value": "x", "message": "in line 3" }],
                    "hidden": [{ "rule": "VCF101", "count": 2, "by": "--ignore VCF101" }],
                })
            })
            .collect();
        let text = serde_json::json!({ "schema_version": SCHEMA_VERSION, "files": files });
        EarlierReport::parse(&text.to_string()).unwrap()
    }

    #[test]
    fn findings_are_told_apart_and_the_others_counted() {
        let report = report(&["a.vcf"]);
        let known = report.of_file("a.vcf", 1).unwrap();
        assert_eq!((known.rules["VCF102"].count(), known.rules["VCF102"].others), (3, 2));
        assert_eq!((known.rules["VCF101"].count(), known.rules["VCF101"].others), (2, 2));
    }

    #[test]
    fn a_file_is_found_by_its_path_its_name_or_as_the_only_one() {
        let report_of_two = report(&["old/a.vcf", "old/b.vcf"]);
        for (file, is_found) in [("old/a.vcf", true), ("new/a.vcf", true), ("c.vcf", false)] {
            assert_eq!(report_of_two.of_file(file, 1).is_some(), is_found, "{file}");
        }
        assert!(report(&["old/a.vcf"]).of_file("c.vcf", 1).is_some());
        assert!(report(&["old/a.vcf"]).of_file("c.vcf", 2).is_none());
        assert!(report(&["1/a.vcf", "2/a.vcf"]).of_file("3/a.vcf", 1).is_none());
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for (text, told) in [
            ("", "no report"),
            ("{\"schema_version\": 1}", "no report"),
            ("{\"schema_version\": 9, \"files\": []}", "the form 9, not 1"),
        ] {
            let error = EarlierReport::parse(text).unwrap_err();
            assert!(error.to_string().contains(told), "{text}: {error}");
        }
        let unread = "{\"schema_version\": 1, \"files\": [{\"file\": \"a\", \"error\": {}}]}";
        assert_eq!(EarlierReport::parse(unread).unwrap().files().count(), 0);
    }
}

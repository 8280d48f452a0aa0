//! A baseline: the findings of some files that are known, and no news. Its form is JSON, which is
//! to be kept beside the files, and is the same for the same findings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Known;
use super::known::KnownFault;
use crate::model::{Error, Result};

/// The version of the form below.
const SCHEMA_VERSION: u32 = 1;

/// Findings that are told apart in each file, and 400 of each rule that comes behind so many. Of
/// the others a baseline has the number.
pub const MAX_TOLD_APART: usize = 20_000;

/// The known findings of some files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// By the path of the file, seen from the folder of the baseline.
    pub files: BTreeMap<String, Known>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineOnDisk {
    schema_version: u32,
    files: BTreeMap<String, BTreeMap<String, RuleOnDisk>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleOnDisk {
    /// Of all.
    count: u64,
    findings: Vec<FaultOnDisk>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultOnDisk {
    value: String,
    message: String,
    count: u64,
}

#[derive(Deserialize)]
struct Version {
    schema_version: u32,
}

impl Baseline {
    /// Reads the text of a baseline.
    pub fn parse(text: &str) -> Result<Self> {
        let made_anew = "write it anew with `annostore check FILE... --write-baseline`";
        let wrong = |error: serde_json::Error| {
            let line = error.line();
            Error::invalid("this is no baseline of annostore")
                .with("line", line)
                .with_source(error)
                .with_help(made_anew)
        };
        let Version { schema_version } = serde_json::from_str(text).map_err(wrong)?;
        if schema_version != SCHEMA_VERSION {
            let message =
                format!("the baseline has the form {schema_version}, not {SCHEMA_VERSION}");
            return Err(Error::invalid(message).with_help(made_anew));
        }
        let BaselineOnDisk { files, .. } = serde_json::from_str(text).map_err(wrong)?;
        let files = files.into_iter().map(|(file, rules)| (file, known(rules))).collect();
        Ok(Self { files })
    }

    /// The text of the baseline, with a line break at its end.
    pub fn to_json(&self) -> String {
        let files = self.files.iter().map(|(file, known)| (file.clone(), rules(known))).collect();
        let form = BaselineOnDisk { schema_version: SCHEMA_VERSION, files };
        // Texts and numbers under texts: nothing that JSON could not hold.
        serde_json::to_string_pretty(&form).unwrap_or_default() + "\n"
    }
}

fn known(rules: BTreeMap<String, RuleOnDisk>) -> Known {
    let mut known = Known::default();
    for (code, rule) in rules {
        known.add_count(&code, rule.count);
        for it in rule.findings {
            known.tell_apart(&code, KnownFault { value: it.value, message: it.message }, it.count);
        }
    }
    known
}

fn rules(known: &Known) -> BTreeMap<String, RuleOnDisk> {
    let rules = known.rules.iter().map(|(code, rule)| {
        let findings = rule.faults.iter().map(|(fault, count)| {
            let KnownFault { value, message } = fault.clone();
            FaultOnDisk { value, message, count: *count }
        });
        (code.clone(), RuleOnDisk { count: rule.count(), findings: findings.collect() })
    });
    rules.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_is_read_as_it_was_written() {
        let mut known = Known::default();
        known.add_count("VCF102", 7);
        known.tell_apart("VCF102", KnownFault::new("x\"\n", "POS is in line 3"), 2);
        known.add_count("NEW001", 1);
        let files = [("a.vcf".to_owned(), known), ("é/b".to_owned(), Known::default())];
        let baseline = Baseline { files: files.into() };
        assert_eq!(Baseline::parse(&baseline.to_json()).unwrap(), baseline);
        assert_eq!(baseline.to_json(), baseline.clone().to_json());
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_its_line() {
        for (text, told) in [
            ("", "no baseline"),
            ("{}", "no baseline"),
            ("{\"schema_version\": 2}", "the form 2, not 1"),
            ("{\"schema_version\": 1,\n\"files\": 3}", "line 2"),
            ("{\"schema_version\": 1, \"files\": {}, \"x\": 1}", "no baseline"),
            (
                "{\"schema_version\": 1, \"files\": {\"a\": {\"R\": {\"count\": -1}}}}",
                "no baseline",
            ),
        ] {
            let error = Baseline::parse(text).unwrap_err();
            assert!(error.to_string().contains(told), "{text}: {error}");
            assert!(error.help().is_some());
        }
    }
}

//! Names that the service's table has for FORMAT keys.

use std::collections::HashMap;

use super::definition::Line;
use crate::diagnostic::rules::vcf_header as rule;
use crate::read::vcf::members::Member;

/// The columns that a record has beside its samples, in lower case.
const COLUMNS: [&str; 12] = [
    "contigname",
    "start",
    "end",
    "names",
    "referenceallele",
    "alternatealleles",
    "qual",
    "original_filters",
    "attributes",
    "splitfrommultiallelic",
    "annotations",
    "sampleid",
];

/// The columns of keys that do not keep their names.
fn columns(key: &str) -> Option<&'static [&'static str]> {
    Some(match key {
        "GT" => &["phased", "calls"],
        "DP" => &["depth"],
        "FT" => &["filters"],
        "GL" => &["genotypelikelihoods"],
        "PL" => &["phredlikelihoods"],
        "GP" => &["posteriorprobabilities"],
        "GQ" => &["conditionalquality"],
        "HQ" => &["haplotypequalities"],
        "EC" => &["expectedallelecounts"],
        "MQ" => &["mappingquality"],
        "AD" => &["alleledepths"],
        _ => return None,
    })
}

/// The names of the FORMAT keys so far, each with its key.
#[derive(Default)]
pub struct FormatNames(HashMap<String, String>);

impl FormatNames {
    /// Checks the name of the next definition.
    pub fn check(&mut self, line: &mut Line<'_>, id: &Member<'_>) {
        let key = &id.value;
        let names = match columns(key) {
            Some(names) => names.iter().map(|it| (*it).to_owned()).collect(),
            None => vec![key.to_lowercase()],
        };
        for name in names {
            let other = match self.0.get(&name) {
                Some(key) => format!("FORMAT {key}"),
                None if COLUMNS.contains(&name.as_str()) => format!("the column {name}"),
                None => {
                    self.0.insert(name, key.clone());
                    continue;
                }
            };
            let range = id.range(line.at);
            return line.findings.add(
                &rule::FORMAT_NAME_TAKEN,
                line.number,
                line.text,
                range,
                || format!("the service cannot tell FORMAT {key} from {other}"),
            );
        }
    }
}

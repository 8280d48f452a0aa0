//! Which columns and keys of INFO go out.

use std::collections::BTreeSet;

use crate::model::{Error, Result};
use crate::query::nearest;

/// What was named, resolved; all where nothing was.
#[derive(Debug)]
pub struct Selection {
    columns: Option<BTreeSet<String>>,
    keys: Option<BTreeSet<String>>,
}

/// What VCF calls columns that have another name here.
const COLUMNS_OF_VCF: [(&str, &str); 7] = [
    ("CHROM", "contigname"),
    ("POS", "start"),
    ("ID", "names"),
    ("REF", "referenceallele"),
    ("ALT", "alternatealleles"),
    ("QUAL", "qual"),
    ("FILTER", "filters"),
];

/// The error of a name that is none of these, with those that are near.
pub fn unknown<'a>(what: &str, name: &str, all: impl Iterator<Item = &'a str> + Clone) -> Error {
    let error = Error::invalid(format!("there is no {what} `{name}`"));
    let meant = COLUMNS_OF_VCF.iter().find(|it| it.0.eq_ignore_ascii_case(name));
    match meant.filter(|it| all.clone().any(|known| known == it.1)) {
        Some((of_vcf, column)) => error.with_help(format!("{of_vcf} is `{column}` here")),
        None => error.with_help(format!("there are {}", nearest(name, all))),
    }
}

impl Selection {
    /// The columns and keys that are named, of those that there are; a key has its name in the
    /// header and that of its column. An error, with near names, for one that is neither.
    pub fn of<'a>(
        named: &[String],
        columns: impl IntoIterator<Item = &'a str>,
        keys: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self> {
        if named.is_empty() {
            return Ok(Self { columns: None, keys: None });
        }
        let columns: BTreeSet<&str> = columns.into_iter().collect();
        let keys: Vec<(&str, &str)> = keys.into_iter().collect();
        let mut selection = Self { columns: Some(BTreeSet::new()), keys: Some(BTreeSet::new()) };
        for name in named {
            let bare = name.strip_prefix("info.").unwrap_or(name);
            let key = keys.iter().find(|it| it.0 == bare);
            let key = key.or_else(|| keys.iter().find(|it| it.1 == bare));
            if let Some((key, _)) = key {
                selection.keys.get_or_insert_default().insert((*key).to_owned());
            } else if columns.contains(name.as_str()) {
                selection.columns.get_or_insert_default().insert(name.clone());
            } else {
                let all = columns.iter().copied().chain(keys.iter().map(|it| it.0));
                return Err(unknown("column or INFO key", name, all));
            }
        }
        Ok(selection)
    }

    /// Whether everything goes out.
    pub fn is_all(&self) -> bool {
        self.columns.is_none()
    }

    /// Whether a column goes out.
    pub fn has(&self, column: &str) -> bool {
        self.columns.as_ref().is_none_or(|it| it.contains(column))
    }

    /// Whether a key of INFO goes out.
    pub fn has_key(&self, key: &str) -> bool {
        self.keys.as_ref().is_none_or(|it| it.contains(key))
    }

    /// The keys of INFO that go out; none where all do.
    pub fn keys(&self) -> Option<BTreeSet<String>> {
        self.keys.clone()
    }
}

//! INFO keys that differ in case only. SQL knows no case, so that each has a field of its own, with
//! a name that may be another key.

use std::collections::BTreeMap;

use super::InfoColumn;

/// Groups of keys that a message tells of.
const SHOWN: usize = 20;

/// Which field of `info` holds which of the keys that differ in case only, or whose name such a key
/// has taken, for a person to read; none where there are no such keys. A key is taken once.
#[must_use]
pub fn fields_by_case(columns: &[&InfoColumn]) -> Option<String> {
    let mut groups: BTreeMap<String, BTreeMap<&str, &str>> = BTreeMap::new();
    for column in columns {
        let group = groups.entry(column.key.to_lowercase()).or_default();
        group.insert(&column.name, &column.key);
    }
    groups.retain(|base, fields| {
        fields.len() > 1 || fields.keys().any(|name| *name != base.as_str())
    });
    let told = |fields: &BTreeMap<&str, &str>| {
        let parts = fields.iter().map(|(name, key)| format!("`info.{name}` holds {key}"));
        parts.collect::<Vec<_>>().join(", ")
    };
    let mut all: Vec<String> = groups.values().take(SHOWN).map(told).collect();
    if let more @ 1.. = groups.len().saturating_sub(SHOWN) {
        all.push(format!("and {more} more such keys"));
    }
    (!groups.is_empty()).then(|| all.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::ValueType;
    use super::super::info::assign_columns;
    use super::*;

    #[test]
    fn fields_are_told_with_their_keys() {
        let declared = |key: &str| (key.to_owned(), ValueType::Float, false);
        let known = assign_columns(&[], &["af", "DP"].map(declared)).unwrap();
        assert_eq!(fields_by_case(&known.iter().collect::<Vec<_>>()), None);
        let file = assign_columns(&known, &["AF", "af"].map(declared)).unwrap();
        let all: Vec<_> = known.iter().chain(&file).collect();
        let told = fields_by_case(&all).unwrap();
        assert_eq!(told, "`info.af` holds af, `info.af_2` holds AF");
        let file = assign_columns(&[], &["AF", "Af", "af_2"].map(declared)).unwrap();
        let told = fields_by_case(&file.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(told, "`info.af` holds AF, `info.af_2` holds Af; `info.af_2_2` holds af_2");
    }
}

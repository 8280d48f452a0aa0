//! The profile of a file, for people and as JSON.

use serde_json::{Map, Value, json};

use super::number::{counted, grouped};
use crate::diagnostic::profile::{Alleles, Bin, Counts, FieldProfile, Profile, Qualities};

/// Names that a line of the text shows.
const NAMES: usize = 8;
/// Fields that the text shows.
const FIELDS: usize = 20;

/// The profile as a few lines of text, where there is anything to tell of `records` records.
pub fn text(profile: &Profile, records: u64) -> String {
    if records == 0 {
        return String::new();
    }
    let mut text = String::new();
    let mut line = |head: &str, content: String| {
        if !content.is_empty() {
            text += &format!("{head:<12}{content}\n");
        }
    };
    line("contigs", names(&profile.contigs));
    if let Some(alleles) = &profile.alleles {
        line("alleles", kinds(alleles));
        line("", sites(alleles, records));
    }
    if let Some(filters) = &profile.filters {
        line("filters", names(filters));
    }
    if let Some(samples) = profile.samples.as_ref().filter(|it| !it.is_empty()) {
        line("samples", grouped(samples.len() as u64));
    }
    line("undeclared", names(&profile.undeclared));
    text.push_str(&fields(&profile.fields, records));
    text
}

/// `chr20 449,369, chr21 259,735, and 3 more`
fn names(counts: &Counts) -> String {
    let mut shown: Vec<String> = counts
        .entries()
        .iter()
        .take(NAMES)
        .map(|(name, count)| format!("{} {}", shortened(name), grouped(*count)))
        .collect();
    let more = counts.entries().len().saturating_sub(NAMES);
    match (more, counts.others()) {
        (0, 0) => (),
        (more, 0) => shown.push(format!("and {} more", grouped(more as u64))),
        (more, others) => shown.push(format!(
            "and {} more, besides names past the first {} in {}",
            grouped(more as u64),
            grouped(Counts::MAX_NAMES as u64),
            counted(others, "record")
        )),
    }
    shown.join(", ")
}

fn shortened(name: &str) -> String {
    crate::diagnostic::printable(name.as_bytes(), 40)
}

fn kinds(alleles: &Alleles) -> String {
    let mut shown = Vec::new();
    for (kind, count) in alleles.kinds().into_iter().filter(|it| it.1 > 0) {
        let ratio = alleles.transition_ratio().filter(|_| kind == "snv");
        let ratio = ratio.map_or_else(String::new, |it| format!(" (ts/tv {it:.2})"));
        shown.push(format!("{kind} {}{ratio}", grouped(count)));
    }
    shown.join(", ")
}

fn sites(alleles: &Alleles, records: u64) -> String {
    let mut shown = Vec::new();
    let mut add = |count: u64, what: &str| {
        if count > 0 {
            let share = percent(count, records);
            shown.push(format!("{} ({share}) {what}", counted(count, "record")));
        }
    };
    add(alleles.multiallelic_records, "with several alternate alleles");
    add(alleles.records_without_alternate, "without any");
    shown.join(", ")
}

/// A table of names, how often they are filled, and ranges.
fn fields(fields: &[FieldProfile], records: u64) -> String {
    let used: Vec<&FieldProfile> = fields.iter().filter(|it| it.filled > 0).collect();
    let widths = used.iter().take(FIELDS).map(|it| shortened(&it.name).chars().count());
    let Some(width) = widths.max().map(|it| it.max("name".len())) else { return String::new() };
    let mut text = format!("{:<12}{:<width$}   filled  range\n", "fields", "name");
    for it in used.iter().take(FIELDS) {
        let range = it.range.map_or_else(String::new, |(least, greatest)| {
            format!("{} to {}", number(least), number(greatest))
        });
        let share = percent(it.filled, records);
        let line = format!("{:<12}{:<width$}  {share:>7}  {range}", "", shortened(&it.name));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    if used.len() > FIELDS {
        let more = grouped((used.len() - FIELDS) as u64);
        text += &format!("{:<12}and {more} more; `--output json` has all\n", "");
    }
    if used.len() < fields.len() {
        let unused = grouped((fields.len() - used.len()) as u64);
        text += &format!("{:<12}{unused} more without any value\n", "");
    }
    text
}

/// A share that is 0 % or 100 % only where it is exactly.
#[allow(clippy::cast_precision_loss)] // three digits are shown
pub(super) fn percent(count: u64, of: u64) -> String {
    let share = 100.0 * count as f64 / of as f64;
    match share {
        _ if count == of => "100 %".to_owned(),
        share if share > 99.9 => ">99.9 %".to_owned(),
        share if share < 0.1 => "<0.1 %".to_owned(),
        share => format!("{share:.1} %"),
    }
}

/// The shortest text that reads back to the number, without a fraction where there is none.
pub(super) fn number(value: f64) -> String {
    if value.is_finite() && value.abs() < 1e15 && value.fract() == 0.0 {
        return format!("{value:.0}");
    }
    match value {
        f64::INFINITY => "Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        value => ryu::Buffer::new().format(value).to_owned(),
    }
}

/// The profile as JSON; what the format does not have is left out.
pub fn json(profile: &Profile) -> Value {
    let mut value = Map::new();
    value.insert("contigs".to_owned(), counts(&profile.contigs));
    if let Some(it) = &profile.alleles {
        value.insert("alleles".to_owned(), alleles(it));
    }
    if let Some(it) = &profile.filters {
        value.insert("filters".to_owned(), counts(it));
    }
    if let Some(it) = &profile.quality {
        value.insert("quality".to_owned(), quality(it));
    }
    if let Some(it) = &profile.frequencies {
        let json = json!({ "outside": it.outside, "bins": bins(it.bins()) });
        value.insert("allele_frequencies".to_owned(), json);
    }
    if let Some(it) = &profile.samples {
        value.insert("samples".to_owned(), json!(it));
    }
    let fields: Vec<Value> = profile.fields.iter().map(field).collect();
    value.insert("fields".to_owned(), Value::Array(fields));
    if !profile.undeclared.entries().is_empty() {
        value.insert("undeclared".to_owned(), counts(&profile.undeclared));
    }
    Value::Object(value)
}

fn counts(counts: &Counts) -> Value {
    let list: Vec<Value> = counts
        .entries()
        .iter()
        .map(|(name, count)| json!({ "name": name, "records": count }))
        .collect();
    json!({ "values": list, "records_of_other_values": counts.others() })
}

fn alleles(alleles: &Alleles) -> Value {
    let kinds: Map<String, Value> =
        alleles.kinds().into_iter().map(|(kind, count)| (kind.to_owned(), json!(count))).collect();
    json!({
        "total": alleles.total(),
        "kinds": kinds,
        "transitions": alleles.transitions,
        "transversions": alleles.transversions,
        "multiallelic_records": alleles.multiallelic_records,
        "records_without_alternate": alleles.records_without_alternate,
        "indel_lengths": bins(alleles.indel_lengths.bins()),
    })
}

fn quality(quality: &Qualities) -> Value {
    json!({
        "missing": quality.missing,
        "negative": quality.negative,
        "bins": bins(quality.bins()),
    })
}

/// The bins that have something; a bin without an end has no `from`, or no `to`.
fn bins(bins: impl IntoIterator<Item = Bin>) -> Value {
    let filled = bins.into_iter().filter(|it| it.count > 0);
    filled.map(|it| json!({ "from": it.from, "to": it.to, "count": it.count })).collect()
}

fn field(field: &FieldProfile) -> Value {
    let mut value = json!({ "name": field.name, "filled": field.filled });
    if let Some((least, greatest)) = field.range {
        // JSON has no infinities.
        let bound = |it: f64| if it.is_finite() { json!(it) } else { json!(number(it)) };
        value["min"] = bound(least);
        value["max"] = bound(greatest);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_only_where_they_are_exact() {
        assert_eq!(percent(1_000_000, 1_000_000), "100 %");
        assert_eq!(percent(999_999, 1_000_000), ">99.9 %");
        assert_eq!(percent(1, 1_000_000), "<0.1 %");
        assert_eq!(percent(1, 8), "12.5 %");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(152_000.0), "152000");
        assert_eq!(number(-0.5), "-0.5");
        assert_eq!(number(6.5877e-6), "6.5877e-6");
        assert_eq!(number(f64::NEG_INFINITY), "-Inf");
    }
}

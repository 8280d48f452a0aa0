//! What is in a file, as plots with their numbers.

use std::cmp::Reverse;

use super::plot::{self, Bar, float};
use super::{Figure, Numbers};
use crate::diagnostic::printable;
use crate::diagnostic::profile::{
    Alleles, Bin, Counts, FieldProfile, Frequencies, IndelLengths, Profile, Qualities,
};
use crate::diagnostic::render::number::{counted, grouped};
use crate::diagnostic::render::profile::{number, percent};

/// Names that have a bar.
const BARS: usize = 30;
/// Names that have a row in a table.
const ROWS: usize = 200;

/// The plots of a profile over so many records.
pub fn figures(profile: &Profile, records: u64) -> Vec<Figure> {
    if records == 0 {
        return Vec::new();
    }
    let alleles = profile.alleles.as_ref();
    let figures = [
        by_name("Records by contig", "contig", &profile.contigs, records),
        alleles.and_then(kinds),
        alleles.and_then(substitutions),
        alleles.and_then(|it| indels(&it.indel_lengths)),
        profile.quality.as_ref().and_then(|it| qualities(it, records)),
        profile.frequencies.as_ref().and_then(frequencies),
        profile.filters.as_ref().and_then(|it| by_name("Filters", "filter", it, records)),
        missing(&profile.fields, records),
    ];
    figures.into_iter().flatten().collect()
}

/// The INFO keys that the header does not declare, with their records.
pub fn undeclared(profile: &Profile) -> Vec<String> {
    let keys = profile.undeclared.entries().iter().take(ROWS);
    keys.map(|(key, count)| format!("{} ({})", shown(key), counted(*count, "record"))).collect()
}

fn shown(name: &str) -> String {
    printable(name.as_bytes(), 80)
}

fn by_name(
    heading: &'static str,
    what: &'static str,
    counts: &Counts,
    records: u64,
) -> Option<Figure> {
    let entries = counts.entries();
    let bars: Vec<Bar> = entries.iter().take(BARS).map(|it| counted_bar(&it.0, it.1)).collect();
    let row = |(name, count): &(String, u64)| {
        vec![shown(name), grouped(*count), percent(*count, records)]
    };
    let names = entries.len() as u64;
    let told = if entries.len() > BARS {
        format!("The first {BARS} of {}.", counted(names, what))
    } else {
        format!("{}.", counted(names, what))
    };
    let numbers = Numbers {
        head: vec![what, "records", "share"],
        rows: entries.iter().take(ROWS).map(row).collect(),
        more: match (names.saturating_sub(ROWS as u64), counts.others()) {
            (0, 0) => String::new(),
            (more, 0) => format!("and {} more", grouped(more)),
            (more, others) => format!(
                "and {} more, besides names past the first {} in {}",
                grouped(more),
                grouped(Counts::MAX_NAMES as u64),
                counted(others, "record")
            ),
        },
    };
    let figure = Figure { heading, told, svg: plot::bars(heading, &bars), numbers };
    (names > 0).then_some(figure)
}

fn counted_bar(name: &str, count: u64) -> Bar {
    Bar { name: shown(name), value: float(count), shown: grouped(count) }
}

fn kinds(alleles: &Alleles) -> Option<Figure> {
    let kinds = alleles.kinds().into_iter().filter(|it| it.1 > 0);
    let kinds: Vec<(&str, u64)> = kinds.collect();
    let bars: Vec<Bar> = kinds.iter().map(|it| counted_bar(it.0, it.1)).collect();
    let total = alleles.total();
    let row = |it: &(&str, u64)| vec![it.0.to_owned(), grouped(it.1), percent(it.1, total)];
    let numbers = Numbers {
        head: vec!["kind", "alleles", "share"],
        rows: kinds.iter().map(row).collect(),
        more: String::new(),
    };
    let heading = "Kinds of alleles";
    let told = format!(
        "{}; {} with several of them, {} without any.",
        counted(total, "alternate allele"),
        counted(alleles.multiallelic_records, "record"),
        grouped(alleles.records_without_alternate)
    );
    let figure = Figure { heading, told, svg: plot::bars(heading, &bars), numbers };
    (!kinds.is_empty()).then_some(figure)
}

fn substitutions(alleles: &Alleles) -> Option<Figure> {
    let kinds = [("transitions", alleles.transitions), ("transversions", alleles.transversions)];
    let heading = "Transitions and transversions";
    let numbers = Numbers {
        head: vec!["kind", "alleles", "share"],
        rows: kinds
            .map(|it| vec![it.0.to_owned(), grouped(it.1), percent(it.1, alleles.snvs().max(1))])
            .to_vec(),
        more: String::new(),
    };
    let told = match alleles.transition_ratio() {
        Some(ratio) => format!("ts/tv {ratio:.2}."),
        None => "No transversion, so there is no ts/tv.".to_owned(),
    };
    let svg = plot::bars(heading, &kinds.map(|it| counted_bar(it.0, it.1)));
    (alleles.snvs() > 0).then_some(Figure { heading, told, svg, numbers })
}

/// The bins that have something, as a table.
fn table(what: &'static str, counted: &'static str, bins: &[Bin]) -> Numbers {
    let total = bins.iter().map(|it| it.count).sum();
    let filled = bins.iter().filter(|it| it.count > 0);
    let row = |it: &Bin| vec![it.name.clone(), grouped(it.count), percent(it.count, total)];
    Numbers {
        head: vec![what, counted, "share"],
        rows: filled.map(row).collect(),
        more: String::new(),
    }
}

fn indels(lengths: &IndelLengths) -> Option<Figure> {
    let bins: Vec<Bin> = lengths.bins().collect();
    let heading = "Indel lengths";
    let half = bins.len() / 2;
    let length =
        |it: usize| float(it as u64) - float(half as u64) + if it < half { 0.0 } else { 1.0 };
    let bars: Vec<_> = bins
        .iter()
        .enumerate()
        .map(|(place, it)| (length(place) - 0.5, length(place) + 0.5, it.count))
        .collect();
    let told = format!(
        "Bases that go (to the left) and that come (to the right), in alleles; the outermost bars \
         are {} bases and more.",
        IndelLengths::LONGEST + 1
    );
    let svg = plot::histogram(heading, &bars, 11, &|it| plot::short(*it));
    let total: u64 = bins.iter().map(|it| it.count).sum();
    let numbers = table("bases", "alleles", &bins);
    (total > 0).then_some(Figure { heading, told, svg, numbers })
}

/// A histogram of bins side by side, all as wide as each other; labels stand where bins meet.
fn of_bins(
    heading: &'static str,
    bins: &[Bin],
    labels: usize,
    label: impl Fn(f64) -> String,
) -> String {
    let place = |it: usize| float(it as u64);
    let bars: Vec<_> =
        bins.iter().enumerate().map(|(at, it)| (place(at), place(at + 1), it.count)).collect();
    let edge = |at: &f64| {
        let bin = bins.iter().enumerate().find(|it| (place(it.0) - at).abs() < 1e-6);
        let end = bins.last().filter(|_| (place(bins.len()) - at).abs() < 1e-6);
        let edge = bin.map_or_else(|| end.and_then(|it| it.to), |it| it.1.from);
        edge.map(&label).unwrap_or_default()
    };
    plot::histogram(heading, &bars, labels, &edge)
}

fn qualities(quality: &Qualities, records: u64) -> Option<Figure> {
    let bins = quality.bins();
    let heading = "QUAL";
    let mut told = format!("{} without a number", percent_of(quality.missing, records));
    if quality.negative > 0 {
        told += &format!(", {} below zero", counted(quality.negative, "record"));
    }
    told += if bins.last().is_some_and(|it| it.to.is_none()) {
        "; the last bar has all that is greater."
    } else {
        "."
    };
    let svg = of_bins(heading, &bins, 8, plot::short);
    let numbers = table("QUAL", "records", &bins);
    (!bins.is_empty()).then_some(Figure { heading, told, svg, numbers })
}

fn percent_of(count: u64, records: u64) -> String {
    match count {
        0 => "No record".to_owned(),
        count => format!("{} ({})", counted(count, "record"), percent(count, records)),
    }
}

fn frequencies(frequencies: &Frequencies) -> Option<Figure> {
    let bins = frequencies.bins();
    let heading = "Allele frequencies";
    let mut told = format!("INFO AF of {}", counted(frequencies.total(), "allele"));
    if frequencies.outside > 0 {
        told += &format!(", besides {} outside of 0 to 1", grouped(frequencies.outside));
    }
    told += "; the bars below 0.1 are narrower, to tell rare alleles apart.";
    let svg = of_bins(heading, &bins, 15, rare);
    let numbers = table("AF", "alleles", &bins);
    (frequencies.total() > 0).then_some(Figure { heading, told, svg, numbers })
}

/// A frequency in few letters.
fn rare(frequency: f64) -> String {
    match frequency {
        it if it > 0.0 && it < 0.001 => format!("{it:e}"),
        it if it > 0.0 && it < 1.0 => it.to_string().trim_start_matches('0').to_owned(),
        it => it.to_string(),
    }
}

fn missing(fields: &[FieldProfile], records: u64) -> Option<Figure> {
    let mut used: Vec<&FieldProfile> = fields.iter().filter(|it| it.filled > 0).collect();
    let unused = fields.len() - used.len();
    used.sort_by_key(|it| Reverse(records.saturating_sub(it.filled)));
    let absent = |it: &FieldProfile| records.saturating_sub(it.filled);
    let bar = |it: &&FieldProfile| Bar {
        name: shown(&it.name),
        value: 100.0 * float(absent(it)) / float(records),
        shown: share(absent(it), records),
    };
    let lacking = used.iter().filter(|it| absent(it) > 0).count();
    let bars: Vec<Bar> = used.iter().take(lacking.min(BARS)).map(bar).collect();
    let heading = "Missing values by field";
    let shown_of =
        if lacking > BARS { format!("{BARS} of {lacking}") } else { lacking.to_string() };
    let told = format!(
        "The share of records without a value, of {shown_of} fields that lack some; {} in every \
         record, {} in none.",
        counted((used.len() - lacking) as u64, "field"),
        grouped(unused as u64)
    );
    let numbers = Numbers {
        head: vec!["field", "missing in", "share", "least", "greatest"],
        rows: used.iter().take(ROWS).map(|it| row_of_field(it, records)).collect(),
        more: match used.len().saturating_sub(ROWS) {
            0 => String::new(),
            more => format!("and {} more", grouped(more as u64)),
        },
    };
    (!used.is_empty()).then_some(Figure { heading, told, svg: plot::bars(heading, &bars), numbers })
}

fn share(count: u64, records: u64) -> String {
    if count == 0 { "0 %".to_owned() } else { percent(count, records) }
}

fn row_of_field(field: &FieldProfile, records: u64) -> Vec<String> {
    let absent = records.saturating_sub(field.filled);
    let bound = |it: Option<f64>| it.map_or_else(|| "–".to_owned(), number);
    vec![
        shown(&field.name),
        grouped(absent),
        share(absent, records),
        bound(field.range.map(|it| it.0)),
        bound(field.range.map(|it| it.1)),
    ]
}

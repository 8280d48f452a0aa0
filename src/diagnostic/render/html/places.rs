//! Where the findings are: along the lines of the file, and along its contigs.

use std::cmp::Reverse;

use super::plot::{self, StripRow, Tone};
use super::{Figure, Numbers};
use crate::diagnostic::Severity;
use crate::diagnostic::places::RulePlaces;
use crate::diagnostic::render::number::{counted, grouped};
use crate::diagnostic::report::Report;
use crate::diagnostic::strip::Strip;

/// Rules that have a row.
const RULES: usize = 20;
/// Contigs that have a row.
const CONTIGS: usize = 30;

/// The plots; none where no finding has a place.
pub fn figures(report: &Report) -> Vec<Figure> {
    [along_lines(report), along_contigs(report)].into_iter().flatten().collect()
}

fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Error,
        Severity::Warning => Tone::Warning,
        Severity::Note => Tone::Note,
    }
}

fn along_lines(report: &Report) -> Option<Figure> {
    let mut rules: Vec<&RulePlaces> =
        report.places.rules().iter().filter(|it| it.lines.total() > 0).collect();
    rules.sort_by_key(|it| (Reverse(report.severity(it.rule)), it.rule.code));
    let (all, length) = (rules.len(), report.lines.max(1) + 1);
    rules.truncate(RULES);
    let row = |it: &&RulePlaces| {
        let tone = tone(report.severity(it.rule));
        let bins = it.lines.bins();
        let stretches = bins.map(|(from, to, count)| (from, to.min(length), count, tone));
        StripRow { name: it.rule.code.to_owned(), length, stretches: stretches.collect() }
    };
    let rows: Vec<StripRow> = rules.iter().map(row).collect();
    let numbers = rules.iter().map(|it| {
        let mut row = vec![it.rule.code.to_owned(), grouped(it.lines.total())];
        row.extend(densest(&it.lines));
        row
    });
    let numbers = Numbers {
        head: vec!["rule", "findings on lines", "most of them on lines", "there"],
        rows: numbers.collect(),
        more: left_out(all, RULES, "rule"),
    };
    let figure = Figure {
        heading: "Along the file",
        told: "A row for each rule, from the first line to the last; more colour is more findings."
            .to_owned(),
        svg: plot::strips("Findings by rule along the lines of the file", &rows),
        numbers,
    };
    (all > 0).then_some(figure)
}

/// The bin that has most, and how much.
fn densest(strip: &Strip) -> [String; 2] {
    // Of several that have as much, the first.
    let most = strip.bins().max_by_key(|it| (it.2, Reverse(it.0)));
    let (from, to, count) = most.unwrap_or_default();
    [format!("{} to {}", grouped(from.max(1)), grouped(to - 1)), grouped(count)]
}

fn left_out(all: usize, shown: usize, what: &str) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!("and {}", counted(more as u64, &format!("more {what}"))),
    }
}

/// The findings on one contig, by how loudly they speak: notes, warnings, errors.
#[derive(Default)]
struct OnContig {
    strips: [Strip; 3],
}

fn on_contigs(report: &Report) -> Vec<OnContig> {
    let known = report.places.contigs().iter();
    let mut contigs: Vec<OnContig> = known.map(|_| OnContig::default()).collect();
    for rule in report.places.rules() {
        let tone = tone(report.severity(rule.rule)) as usize;
        for (contig, strip) in &rule.contigs {
            contigs[*contig].strips[tone].merge(strip);
        }
    }
    contigs
}

fn along_contigs(report: &Report) -> Option<Figure> {
    let (known, mut contigs) = (report.places.contigs(), on_contigs(report));
    let all = contigs.len();
    contigs.truncate(CONTIGS);
    let rows: Vec<StripRow> =
        contigs.iter().zip(known).map(|(it, of)| row(it, &of.name, of.length)).collect();
    let numbers = contigs.iter().zip(known).map(|(it, contig)| {
        let [notes, warnings, errors] = it.strips.each_ref().map(|it| grouped(it.total()));
        vec![contig.name.clone(), errors, warnings, notes]
    });
    let numbers = Numbers {
        head: vec!["contig", "errors", "warnings", "notes"],
        rows: numbers.collect(),
        more: left_out(all, CONTIGS, "contig"),
    };
    let figure = Figure {
        heading: "Along the contigs",
        told: "A row for each contig with findings, by position: errors lie above warnings, and \
               those above notes. A line that is no record counts where the record above it lies."
            .to_owned(),
        svg: plot::strips("Findings by position along the contigs", &rows),
        numbers,
    };
    (all > 0).then_some(figure)
}

fn row(contig: &OnContig, name: &str, length: Option<u64>) -> StripRow {
    let mut stretches = Vec::new();
    for (strip, tone) in contig.strips.iter().zip([Tone::Note, Tone::Warning, Tone::Error]) {
        stretches.extend(strip.bins().map(|(from, to, count)| (from, to, count, tone)));
    }
    let end = stretches.iter().filter(|it| it.2 > 0).map(|it| it.1).max().unwrap_or(1);
    StripRow { name: name.to_owned(), length: length.unwrap_or(end).max(1), stretches }
}

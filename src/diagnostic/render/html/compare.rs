//! Several files side by side.

use std::collections::HashMap;

use crate::diagnostic::Severity;
use crate::diagnostic::printable;
use crate::diagnostic::profile::Profile;
use crate::diagnostic::render::number::grouped;
use crate::diagnostic::render::profile::percent;
use crate::diagnostic::render::text;
use crate::diagnostic::report::{Judged, Report};
use crate::model::visible;

/// Files that have a column.
const FILES: usize = 40;
/// Rows of a group.
const ROWS: usize = 150;

/// What is compared of one file.
pub struct Facts {
    file: String,
    /// Group, name and value.
    facts: Vec<(Group, String, String)>,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Group {
    File,
    Findings,
    Alleles,
    Filters,
    Contigs,
    Fields,
}

impl Group {
    fn heading(self) -> &'static str {
        match self {
            Self::File => "The file",
            Self::Findings => "Findings by rule",
            Self::Alleles => "Alternate alleles",
            Self::Filters => "Records by filter",
            Self::Contigs => "Records by contig",
            Self::Fields => "Records that have a field",
        }
    }
}

/// A table with a column for each file.
pub struct Comparison {
    /// The files.
    pub files: Vec<String>,
    /// What is said of files that have no column.
    pub told: String,
    /// The rows, by what they are about.
    pub groups: Vec<RowGroup>,
}

/// Rows about one thing.
pub struct RowGroup {
    /// What about.
    pub heading: &'static str,
    /// The rows.
    pub rows: Vec<ComparedRow>,
}

/// A row.
pub struct ComparedRow {
    /// What is compared.
    pub name: String,
    /// The value of each file.
    pub cells: Vec<String>,
    /// Whether not all are alike.
    pub differs: bool,
}

/// What is compared of a file.
pub fn facts(report: &Report) -> Facts {
    let mut facts = Vec::new();
    let mut add = |name: &str, value: String| {
        facts.push((Group::File, name.to_owned(), value));
    };
    add("verdict", text::verdict(report).to_owned());
    add("format", report.format.to_string());
    add("records", grouped(report.records));
    add("rejected lines", grouped(report.rejected_lines));
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        add(&format!("{severity}s"), grouped(Judged::count(report, severity)));
    }
    let mut tallies: Vec<_> = report.findings.tallies().iter().collect();
    tallies.sort_by_key(|it| it.rule.code);
    for it in tallies {
        let name = format!("{} {}", it.rule.code, it.rule.name);
        facts.push((Group::Findings, name, grouped(it.count)));
    }
    if let Some(profile) = &report.profile {
        add_contents(&mut facts, profile, report.records);
    }
    Facts { file: visible(&report.file).into_owned(), facts }
}

fn add_contents(facts: &mut Vec<(Group, String, String)>, profile: &Profile, records: u64) {
    if let Some(samples) = &profile.samples {
        facts.push((Group::File, "samples".to_owned(), grouped(samples.len() as u64)));
    }
    if let Some(alleles) = &profile.alleles {
        let kinds = alleles.kinds().into_iter().filter(|it| it.1 > 0);
        facts.extend(kinds.map(|it| (Group::Alleles, it.0.to_owned(), grouped(it.1))));
        if let Some(ratio) = alleles.transition_ratio() {
            facts.push((Group::Alleles, "ts/tv".to_owned(), format!("{ratio:.2}")));
        }
    }
    let mut add = |group, name: &str, count: u64| {
        let value = format!("{} ({})", grouped(count), percent(count, records.max(1)));
        facts.push((group, printable(name.as_bytes(), 80), value));
    };
    for (name, count) in profile.filters.iter().flat_map(|it| it.entries().iter().take(ROWS)) {
        add(Group::Filters, name, *count);
    }
    for (name, count) in profile.contigs.entries().iter().take(ROWS) {
        add(Group::Contigs, name, *count);
    }
    for it in profile.fields.iter().filter(|it| it.filled > 0).take(ROWS) {
        add(Group::Fields, &it.name, it.filled);
    }
}

impl Comparison {
    /// Of these files; none where there is nothing to compare.
    pub fn of(files: &[Facts]) -> Option<Self> {
        if files.len() < 2 {
            return None;
        }
        let shown = &files[..files.len().min(FILES)];
        let mut places: HashMap<(Group, &str), usize> = HashMap::new();
        let mut rows: Vec<(Group, ComparedRow)> = Vec::new();
        for (column, file) in shown.iter().enumerate() {
            for (group, name, value) in &file.facts {
                let place = *places.entry((*group, name)).or_insert_with(|| {
                    let cells = vec!["–".to_owned(); shown.len()];
                    rows.push((*group, ComparedRow { name: name.clone(), cells, differs: false }));
                    rows.len() - 1
                });
                rows[place].1.cells[column].clone_from(value);
            }
        }
        // Rows of a group stay in the order in which files have them.
        rows.sort_by_key(|it| it.0);
        let groups = rows.chunk_by_mut(|a, b| a.0 == b.0).map(group).collect();
        let told = match files.len() - shown.len() {
            0 => String::new(),
            more => format!("{more} more files are further down, without a column."),
        };
        Some(Self { files: shown.iter().map(|it| it.file.clone()).collect(), told, groups })
    }
}

fn group(rows: &mut [(Group, ComparedRow)]) -> RowGroup {
    let heading = rows.first().map_or("", |it| it.0.heading());
    let rows = rows.iter_mut().take(ROWS).map(|(_, row)| {
        let (name, cells) = (std::mem::take(&mut row.name), std::mem::take(&mut row.cells));
        let differs = cells.windows(2).any(|it| it[0] != it[1]);
        ComparedRow { name, cells, differs }
    });
    RowGroup { heading, rows: rows.collect() }
}

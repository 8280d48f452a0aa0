//! GFF3: what only the whole file shows. Each chunk gives a summary of its features, and those are put together in file order, so
//! that neither threads nor chunks show in the result.

mod cycle;
mod hierarchy;
mod late;
mod phase;
mod region;
mod summary;

use super::Tallied;
use super::order::Order;
use super::reference::Against;
use crate::diagnostic::report::{Report, SkippedCheck};
use crate::diagnostic::rules::{file, gff_attribute, gff_file, gff_hierarchy};
use crate::diagnostic::{Findings, Rule};
use crate::model::{Result, StoreFormat};
use crate::read::Pipe;
use crate::read::gff::{Reader, Tag};
use crate::read::source::{Compression, Source};

use hierarchy::Hierarchy;
use late::Late;
use phase::Phases;
use region::Regions;
use summary::{Item, Once, Row, Summary};

/// Checks a GFF3 file at a path, or standard input for `-`.
pub fn check_gff(path: &str, pipe: &Pipe, max_findings: usize) -> Result<Report> {
    let source = Source::open(path, &pipe.meter)?;
    let compression = source.compression();
    let reader = Reader::open(source, pipe, max_findings)?;
    let mut tally = Tallied::for_gff(&reader);
    let mut whole = WholeFile::new(max_findings);
    let mut records = reader.records(Summary::default);
    while let Some(parsed) = records.next() {
        let lines = tally.lines;
        whole.add(&tally.add(parsed?), lines);
        if tally.is_full() {
            records.count_only();
        }
    }
    let (findings, stops) = whole.finish();
    tally.findings.merge(findings);
    let mut skipped = skipped_checks(path);
    skipped.extend(stops);
    Ok(tally.finish(path, compression, skipped))
}

impl Tallied {
    /// Begins with what the first line of a GFF3 file gave.
    pub fn for_gff(reader: &Reader) -> Self {
        Self {
            format: StoreFormat::Gff,
            findings: reader.findings.clone(),
            order: Order::default(),
            header_readable: true,
            lines: 0,
            records: 0,
            rejected_lines: 0,
            left_out_lines: 0,
            against: Against::Nothing,
            stored_anyway: &[],
        }
    }

    /// Ends a GFF3 file that was read without looking at it as a whole, as an import does.
    pub fn report_of_features(self, path: &str, compression: Compression) -> Report {
        let mut skipped = skipped_checks(path);
        let whole = HIERARCHY.into_iter().chain(WHOLE_FILE);
        skipped.extend(
            whole.map(|rule| SkippedCheck { rule, why: "`annostore check` looks for it".into() }),
        );
        self.finish(path, compression, skipped)
    }
}

/// Those about IDs and Parents, which only the whole file shows.
const HIERARCHY: [&Rule; 7] = [
    &gff_hierarchy::UNRESOLVED_PARENT,
    &gff_hierarchy::PARENT_CYCLE,
    &gff_hierarchy::PARENT_ON_OTHER_SEQID,
    &gff_hierarchy::ID_ON_SEVERAL_TYPES,
    &gff_hierarchy::ID_ON_SEVERAL_SEQIDS,
    &gff_hierarchy::ID_WITH_DIFFERENT_PARENTS,
    &gff_hierarchy::ID_ACROSS_TERMINATOR,
];

/// The others that only the whole file shows.
const WHOLE_FILE: [&Rule; 5] = [
    &gff_file::DUPLICATE_SEQUENCE_REGION,
    &gff_file::OUTSIDE_SEQUENCE_REGION,
    &gff_attribute::ESCAPES_NOT_DECODED,
    &gff_attribute::TAG_IN_INFORMATION,
    &gff_hierarchy::WRONG_CDS_PHASE,
];

fn skipped_checks(path: &str) -> Vec<SkippedCheck> {
    if path != "-" {
        return Vec::new();
    }
    let why = "standard input has no name".into();
    vec![SkippedCheck { rule: &file::COMPRESSION_AND_NAME_DISAGREE, why }]
}

/// What the chunks so far say together.
struct WholeFile {
    late: Late,
    regions: Regions,
    hierarchy: Hierarchy,
    phases: Phases,
    escapes_told: bool,
    tags_told: [bool; 2],
}

impl WholeFile {
    fn new(max_findings: usize) -> Self {
        Self {
            late: Late::keeping(max_findings),
            regions: Regions::new(max_findings),
            hierarchy: Hierarchy::default(),
            phases: Phases::default(),
            escapes_told: false,
            tags_told: [false; 2],
        }
    }

    /// Adds a chunk, before which the file has `lines` lines.
    fn add(&mut self, chunk: &Summary, lines: u64) {
        self.tell_once(&chunk.once, lines);
        for item in &chunk.items {
            match item {
                Item::Row(row) => self.row(chunk, row, lines),
                Item::Region(region) => self.regions.declare(&mut self.late, chunk, region, lines),
                Item::Terminator { line } => {
                    self.hierarchy.end_scope(&mut self.late, Some(lines + line));
                    self.phases.end_scope(&mut self.late);
                }
            }
        }
    }

    fn row(&mut self, chunk: &Summary, row: &Row, lines: u64) {
        self.regions.feature(chunk, row, lines);
        self.hierarchy.feature(&mut self.late, chunk, row, lines);
        self.phases.feature(&mut self.late, chunk, row, lines);
    }

    fn tell_once(&mut self, once: &Once, lines: u64) {
        if let Some(line) = once.escapes.filter(|_| !self.escapes_told) {
            self.escapes_told = true;
            self.late.add(&gff_attribute::ESCAPES_NOT_DECODED, lines + line, || {
                "the file has escapes from here on, which the service does not decode".to_owned()
            });
        }
        let tags = [(Tag::OntologyTerm, once.ontology_term), (Tag::DerivesFrom, once.derives_from)];
        for ((tag, line), told) in tags.into_iter().zip(&mut self.tags_told) {
            let Some(line) = line.filter(|_| !*told) else { continue };
            *told = true;
            self.late.add(&gff_attribute::TAG_IN_INFORMATION, lines + line, || {
                format!("the service keeps {} in `information`, not in its column", tag.as_str())
            });
        }
    }

    /// The findings that came late, and the checks that were not made to the end.
    fn finish(mut self) -> (Findings, Vec<SkippedCheck>) {
        self.hierarchy.end_scope(&mut self.late, None);
        self.phases.end_scope(&mut self.late);
        self.regions.finish(&mut self.late);
        let mut stops = Vec::new();
        let mut stop = |rule, at: Option<u64>, what: &str| {
            if let Some(line) = at {
                let why = format!("from line {line} on, {what}").into();
                stops.push(SkippedCheck { rule, why });
            }
        };
        for rule in HIERARCHY {
            stop(rule, self.hierarchy.stopped_at(), "IDs are not looked up: they are too many");
        }
        let what = "regions are not looked at: they are too many";
        for rule in [&gff_file::OUTSIDE_SEQUENCE_REGION, &gff_file::DUPLICATE_SEQUENCE_REGION] {
            stop(rule, self.regions.stopped_at(), what);
        }
        let what = "phases are not worked out: too many parts of CDS come without a ###";
        stop(&gff_hierarchy::WRONG_CDS_PHASE, self.phases.stopped_at(), what);
        (self.late.finish(), stops)
    }
}

//! GFF3: what only the whole file shows. Each chunk gives a summary of its features, and those are
//! put together in file order, so that neither threads nor chunks show in the result.

mod chunk;
mod cycle;
mod hierarchy;
mod late;
mod phase;
mod region;

use super::{CheckOptions, Checked, Site, Variants, WholeFile};
use crate::diagnostic::Findings;
use crate::diagnostic::report::SkippedCheck;
use crate::diagnostic::rules::{gff_attribute, gff_file, gff_hierarchy};
use crate::model::{Error, Result};
use crate::read::gff::{GffReading, HIERARCHY, Reader, Tag};
use crate::read::{CheckScope, Parsed, Records};

use chunk::{FeatureChunk, FeatureRow, Item, Once};
use hierarchy::Hierarchy;
use late::Late;
use phase::Phases;
use region::Regions;

impl Checked for GffReading {
    type Chunk = FeatureChunk;
    type WholeFile = WholeGff;

    fn check_variants(&self, variants: &Variants) -> Result<()> {
        match variants {
            Variants::Against(_) => {
                let message = "features of GFF3 have no alleles to hold against a reference";
                Err(Error::invalid(message).with_help(
                    "leave --reference out, or say --store-format VCF if it is a VCF file",
                ))
            }
            Variants::AsTheyAre | Variants::Normalized => Ok(()),
        }
    }

    fn look(reader: Reader, options: &CheckOptions) -> (Records<FeatureChunk>, WholeGff) {
        let all = if reader.keep().hands_on() { MOST_LATE } else { 0 };
        (reader.records(FeatureChunk::default), WholeGff::new(options.max_findings.max(all)))
    }
}

/// Findings that only the end of a file shows and that wait for it, where all are wanted.
const MOST_LATE: usize = 100_000;

/// What the chunks of a GFF3 file say together.
pub struct WholeGff {
    late: Late,
    regions: Regions,
    hierarchy: Hierarchy,
    phases: Phases,
    escapes_told: bool,
    commas_told: bool,
    tags_told: [bool; 2],
}

impl WholeGff {
    fn new(max_findings: usize) -> Self {
        Self {
            late: Late::keeping(max_findings),
            regions: Regions::new(max_findings),
            hierarchy: Hierarchy::default(),
            phases: Phases::default(),
            escapes_told: false,
            commas_told: false,
            tags_told: [false; 2],
        }
    }

    fn row(&mut self, chunk: &FeatureChunk, row: &FeatureRow, lines: u64) {
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
        if let Some(line) = once.escaped_comma.filter(|_| !self.commas_told) {
            self.commas_told = true;
            self.late.add(&gff_attribute::ESCAPED_COMMA_IN_TEXT, lines + line, || {
                "a comma written as %2C becomes a comma, which separates values elsewhere"
                    .to_owned()
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
}

impl WholeFile for WholeGff {
    type Chunk = FeatureChunk;

    fn add(&mut self, parsed: &mut Parsed<FeatureChunk>) {
        let (chunk, lines) = (&parsed.output, parsed.lines_before);
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

    fn sites(chunk: &FeatureChunk) -> impl DoubleEndedIterator<Item = Site<'_>> {
        chunk.items.iter().filter_map(|item| {
            let Item::Row(row) = item else { return None };
            let position = u64::try_from(row.start?).ok()?.saturating_add(1);
            Some(Site { line: row.line, contig: chunk.bytes(row.seqid), position })
        })
    }

    fn finish(mut self, findings: &mut Findings) -> CheckScope {
        self.hierarchy.end_scope(&mut self.late, None);
        self.phases.end_scope(&mut self.late);
        self.regions.finish(&mut self.late);
        let mut skipped = Vec::new();
        let mut stop = |rule, at: Option<u64>, what: &str| {
            if let Some(line) = at {
                let why = format!("from line {line} on, {what}").into();
                skipped.push(SkippedCheck { rule, why });
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
        let (late, places) = self.late.finish();
        findings.merge(late);
        CheckScope { skipped, places, ..CheckScope::default() }
    }
}

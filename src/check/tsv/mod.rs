//! TSV: what only the whole file shows, and what is in it.

mod chunk;
mod duplicates;
mod lengths;
mod style;

use std::sync::Arc;

use super::normalized::NormalizedDuplicates;
use super::profile::TsvProfile;
use super::{CheckOptions, Checked, Site, Variants, WholeFile};
use crate::diagnostic::report::SkippedCheck;
use crate::diagnostic::rules::tsv_row as rule;
use crate::diagnostic::{Findings, Rule};
use crate::model::{AnnotationType as Kind, Location, Result, SchemaColumn};
use crate::normalize::{Normalized, TsvNormalizers, tsv_records};
use crate::read::tsv::{Reader, TsvReading};
use crate::read::{CheckScope, Parsed, Records};

use chunk::{Expected, RowChunk, SeenStyle};
use duplicates::{DuplicateRows, Repeats};
use lengths::Lengths;

/// What the chunks of a TSV file say together.
pub struct WholeTsv {
    duplicates: DuplicateRows,
    styles: Vec<SeenStyle>,
    lengths: Lengths,
    /// Whether positions begin at 0, where rows have a start and an end.
    is_zero_based: Option<bool>,
    normalized: NormalizedDuplicates,
    profile: TsvProfile,
    columns: Vec<SchemaColumn>,
    reference_rules: Vec<&'static Rule>,
}

impl Checked for TsvReading {
    type Chunk = (Normalized, RowChunk);
    type WholeFile = WholeTsv;

    fn check_variants(&self, variants: &Variants) -> Result<()> {
        match variants {
            Variants::Against(_) => self.check_alleles(),
            Variants::AsTheyAre | Variants::Normalized => Ok(()),
        }
    }

    fn look(reader: Reader, options: &CheckOptions) -> (Records<Self::Chunk>, WholeTsv) {
        let normalizers = match &options.variants {
            Variants::AsTheyAre => None,
            Variants::Normalized => Some(TsvNormalizers::looking(None)),
            Variants::Against(reference) => {
                Some(TsvNormalizers::looking(Some(Arc::clone(reference))))
            }
        };
        let reading = reader.file.reading();
        let expected = Expected::of(&reader.file);
        let whole = WholeTsv {
            duplicates: DuplicateRows::default(),
            styles: Vec::new(),
            lengths: Lengths::default(),
            is_zero_based: match reading.store.annotation_type {
                Kind::ChrStartEndZeroBase | Kind::ChrStartEndRefAltZeroBase => Some(true),
                Kind::ChrStartEndOneBase | Kind::ChrStartEndRefAltOneBase => Some(false),
                Kind::Generic | Kind::ChrPos | Kind::ChrPosRefAlt => None,
            },
            normalized: NormalizedDuplicates::default(),
            profile: TsvProfile::default(),
            columns: reading.columns(),
            reference_rules: normalizers.as_ref().map(TsvNormalizers::rules).unwrap_or_default(),
        };
        (tsv_records(reader, normalizers, move || RowChunk::new(expected.clone())), whole)
    }
}

impl WholeFile for WholeTsv {
    type Chunk = (Normalized, RowChunk);

    fn add(&mut self, parsed: &mut Parsed<Self::Chunk>) {
        let (normalized, chunk) = &mut parsed.output;
        let (lines, findings) = (parsed.lines_before, &mut parsed.findings);
        // A list of its own, since what it has may come before findings that are kept, and after
        // the last that has room.
        let mut found = Findings::from(findings.keep());
        self.rows(chunk, lines, &mut found);
        self.lengths.merge(&chunk.lengths, lines);
        for seen in std::mem::take(&mut chunk.styles) {
            self.style(&mut found, seen);
        }
        findings.merge(found);
        self.normalized.add(&normalized.forms, lines, findings);
        self.profile.add(&chunk.profile);
    }

    fn sites(chunk: &Self::Chunk) -> impl DoubleEndedIterator<Item = Site<'_>> {
        chunk.1.rows.iter().filter_map(|row| {
            let (contig, start) = chunk.1.place(row)?;
            // As it is stored, from zero on.
            let position = u64::try_from(start).ok()?.saturating_add(1);
            Some(Site { line: row.line, contig, position })
        })
    }

    fn finish(self, findings: &mut Findings) -> CheckScope {
        let contradiction = self.is_zero_based.and_then(|it| self.lengths.contradiction(it));
        if let Some((line, message)) = contradiction {
            let at = Location { line, column: 1 };
            findings.add_at(&rule::OTHER_FIRST_POSITION, at, "", message);
        }
        let repeated = self.duplicates.stopped_at().map(|line| {
            let why = format!("from line {line} on, rows are compared with their neighbours only");
            SkippedCheck { rule: &rule::DUPLICATE_ROW, why: why.into() }
        });
        CheckScope {
            reference_rules: self.reference_rules,
            skipped: repeated.into_iter().chain(self.normalized.skipped()).collect(),
            profile: Some(self.profile.finish(self.columns)),
            ..CheckScope::default()
        }
    }
}

impl WholeTsv {
    /// Compares the rows of a chunk, before which the file has `lines` lines, with those before
    /// them.
    fn rows(&mut self, chunk: &mut RowChunk, lines: u64, findings: &mut Findings) {
        let hashes = std::mem::take(&mut chunk.hashes);
        for (index, row) in chunk.rows.iter().enumerate() {
            let (place, line) = (chunk.place(row), lines + row.line);
            let repeats = self.duplicates.row(place, hashes[index], line, &hashes[..index]);
            if row.is_header {
                let at = Location { line: row.line, column: 1 };
                let message = "the header is repeated here, and is a row";
                findings.add_at(&rule::HEADER_REPEATED, at, "", message);
                continue;
            }
            let message = match repeats {
                Some(Repeats::Previous) => "the row is the same as the one before",
                Some(Repeats::Earlier) => "the row stands further up, too",
                None => continue,
            };
            let at = Location { line: row.line, column: 1 };
            findings.add_at(&rule::DUPLICATE_ROW, at, "", message);
        }
        self.duplicates.keep(hashes);
    }

    fn style(&mut self, findings: &mut Findings, seen: SeenStyle) {
        if self.styles.iter().any(|it| it.style == seen.style) {
            return;
        }
        if let Some(first) = self.styles.first() {
            let message = format!(
                "contig `{}` is named in another style than `{}` further up",
                seen.name, first.name
            );
            let at = Location { line: seen.line, column: 1 };
            findings.add_at(&rule::SEVERAL_CONTIG_STYLES, at, &seen.name, message);
        }
        self.styles.push(seen);
    }
}

//! Which columns give the place of a row, by their names and values.

use std::collections::BTreeMap;

use super::evidence::Evidence;
use super::names::essence;
use super::notes::Notes;
use crate::model::{AnnotationType, ColumnType, HeaderKey};

const CONTIGS: [&str; 14] = [
    "chrom",
    "chr",
    "chromosome",
    "seqnames",
    "seqname",
    "seqid",
    "contig",
    "contigname",
    "chrid",
    "chromid",
    "chromosomename",
    "chromname",
    "chrname",
    "refseqid",
];
/// Those of a build come last, the newest first.
const POSITIONS: [&str; 16] = [
    "pos",
    "position",
    "bp",
    "pos1based",
    "chrpos",
    "chrompos",
    "basepairlocation",
    "basepairposition",
    "genomicposition",
    "positionvcf",
    "grch38pos",
    "hg38pos",
    "poshg38",
    "grch37pos",
    "hg19pos",
    "poshg19",
];
const STARTS: [&str; 9] = [
    "start",
    "startposition",
    "startpos",
    "chrstart",
    "begin",
    "posstart",
    "genomicstart",
    "chromstart",
    "txstart",
];
const ENDS: [&str; 9] =
    ["end", "stop", "endposition", "endpos", "chrend", "posend", "genomicend", "chromend", "txend"];
/// Names that come from UCSC's tables, where positions begin at 0.
const ZERO_BASED: [&str; 2] = ["chromstart", "txstart"];
const REFERENCES: [&str; 7] = [
    "ref",
    "reference",
    "refallele",
    "referenceallele",
    "refbase",
    "referencebases",
    "referenceallelevcf",
];
const ALTERNATES: [&str; 8] = [
    "alt",
    "alternate",
    "altallele",
    "alternateallele",
    "alternativeallele",
    "altbase",
    "alternatebases",
    "alternateallelevcf",
];

/// What the rows stand for.
pub struct Roles {
    /// How they give their place.
    pub annotation_type: AnnotationType,
    /// The column of each role.
    pub columns: BTreeMap<HeaderKey, usize>,
}

impl Roles {
    /// Whether the store adds a column `end`.
    pub fn adds_end(&self) -> bool {
        matches!(self.annotation_type, AnnotationType::ChrPos | AnnotationType::ChrPosRefAlt)
    }
}

/// Columns that hold names of contigs, of which the first ones may look like numbers.
pub fn holds_contigs(header: &str) -> bool {
    let is_word = |it: &str| matches!(it, "chr" | "chrom" | "chromosome" | "contig");
    CONTIGS.contains(&essence(header).as_str())
        || header
            .to_ascii_lowercase()
            .split(|it: char| !it.is_ascii_alphabetic())
            .next_back()
            .is_some_and(is_word)
}

/// Finds the roles of columns with these names and values. `is_bed` says that positions begin at 0
/// whatever they are called.
pub fn find(headers: &[String], evidence: &[Evidence], is_bed: bool, notes: &mut Notes) -> Roles {
    let mut finder = Finder {
        essences: headers.iter().map(|it| essence(it)).collect(),
        headers,
        evidence,
        notes,
    };
    let roles = finder.roles(is_bed);
    finder.explain(&roles);
    roles
}

struct Finder<'a> {
    essences: Vec<String>,
    headers: &'a [String],
    evidence: &'a [Evidence],
    notes: &'a mut Notes,
}

impl Finder<'_> {
    /// The column of the first of these names that there is.
    fn named(&mut self, names: &[&str]) -> Option<usize> {
        let name = names.iter().find(|it| self.essences.iter().any(|own| own == *it))?;
        let mut found = (0..self.essences.len()).filter(|it| self.essences[*it] == *name);
        let first = found.next()?;
        if found.next().is_some() {
            self.notes.add(format!(
                "several columns are called `{}`; the first one is taken",
                self.headers[first]
            ));
        }
        Some(first)
    }

    /// The column that has one of these names, where it has whole numbers.
    fn position(&mut self, names: &[&str]) -> Option<usize> {
        let column = self.named(names)?;
        let evidence = &self.evidence[column];
        if matches!(evidence.data_type(false), ColumnType::Long) {
            return Some(column);
        }
        let why = match evidence.marker.as_ref().or(evidence.altered.as_ref()) {
            Some(value) => format!("has `{value}`"),
            None => "does not hold whole numbers".to_owned(),
        };
        self.notes
            .add(format!("column `{}` is a position by its name, but {why}", self.headers[column]));
        None
    }

    /// The column that has one of these names, where it has alleles.
    fn allele(&mut self, names: &[&str]) -> Option<usize> {
        self.named(names).filter(|it| !self.evidence[*it].has_other_than_alleles)
    }

    fn roles(&mut self, is_bed: bool) -> Roles {
        let generic = Roles { annotation_type: AnnotationType::Generic, columns: BTreeMap::new() };
        let Some(contig) = self.named(&CONTIGS) else { return generic };
        let alleles = self.allele(&REFERENCES).zip(self.allele(&ALTERNATES));
        let span = self.span(is_bed);
        let position =
            if span.is_some() && alleles.is_none() { None } else { self.position(&POSITIONS) };
        let mut columns = BTreeMap::from([(HeaderKey::Chr, contig)]);
        if let Some((reference, alternate)) = alleles {
            columns.extend([(HeaderKey::Ref, reference), (HeaderKey::Alt, alternate)]);
        }
        let kind = match (position, span) {
            (Some(position), _) => {
                columns.insert(HeaderKey::Pos, position);
                if alleles.is_some() {
                    AnnotationType::ChrPosRefAlt
                } else {
                    AnnotationType::ChrPos
                }
            }
            (None, Some((start, end, zero_based))) => {
                columns.extend([(HeaderKey::Start, start), (HeaderKey::End, end)]);
                match (alleles.is_some(), zero_based) {
                    (false, false) => AnnotationType::ChrStartEndOneBase,
                    (false, true) => AnnotationType::ChrStartEndZeroBase,
                    (true, false) => AnnotationType::ChrStartEndRefAltOneBase,
                    (true, true) => AnnotationType::ChrStartEndRefAltZeroBase,
                }
            }
            (None, None) => return self.only_start(contig, columns).unwrap_or(generic),
        };
        Roles { annotation_type: kind, columns }
    }

    /// Start and end, and whether they begin at 0.
    fn span(&mut self, is_bed: bool) -> Option<(usize, usize, bool)> {
        let start = STARTS.iter().any(|it| self.essences.iter().any(|own| own == it));
        let end = ENDS.iter().any(|it| self.essences.iter().any(|own| own == it));
        if !start || !end {
            return None;
        }
        let (start, end) = self.position(&STARTS).zip(self.position(&ENDS))?;
        let by_name = ZERO_BASED.contains(&self.essences[start].as_str());
        Some((start, end, is_bed || by_name || self.evidence[start].has_zero))
    }

    /// A start without an end is a position, unless it begins at 0.
    fn only_start(
        &mut self,
        contig: usize,
        mut columns: BTreeMap<HeaderKey, usize>,
    ) -> Option<Roles> {
        debug_assert_eq!(columns.get(&HeaderKey::Chr), Some(&contig));
        let start = self.position(&STARTS)?;
        if ZERO_BASED.contains(&self.essences[start].as_str()) || self.evidence[start].has_zero {
            self.notes.add(format!(
                "column `{}` begins at 0 and has no end beside it, so it gives no place",
                self.headers[start]
            ));
            return None;
        }
        columns.insert(HeaderKey::Pos, start);
        let with_alleles = columns.contains_key(&HeaderKey::Alt);
        let annotation_type =
            if with_alleles { AnnotationType::ChrPosRefAlt } else { AnnotationType::ChrPos };
        Some(Roles { annotation_type, columns })
    }

    /// Says what is a guess.
    fn explain(&mut self, roles: &Roles) {
        use AnnotationType as Kind;
        let kind = roles.annotation_type.as_str();
        let start = roles.columns.get(&HeaderKey::Start).or(roles.columns.get(&HeaderKey::Pos));
        let column = start.map_or("", |it| self.headers[*it].as_str());
        let has_zero = start.is_some_and(|it| self.evidence[*it].has_zero);
        match roles.annotation_type {
            Kind::Generic => self
                .notes
                .add("no columns give the place of a row by their names, so the type is GENERIC"),
            Kind::ChrPos | Kind::ChrPosRefAlt if has_zero => {
                self.notes.add(format!(
                    "column `{column}` has the position 0, \
                     which {kind} does not know: it counts from 1"
                ));
            }
            Kind::ChrPos | Kind::ChrPosRefAlt => {
                self.notes.add(format!(
                    "{kind} is a guess from the names: it takes `{column}` to count from 1"
                ));
            }
            Kind::ChrStartEndOneBase | Kind::ChrStartEndRefAltOneBase => {
                self.notes.add(format!(
                    "{kind} is a guess: nothing shows whether `{column}` counts from 1 or from 0"
                ));
            }
            Kind::ChrStartEndZeroBase | Kind::ChrStartEndRefAltZeroBase => {
                self.notes.add(format!(
                    "{kind} is a guess from the names or from a position 0 in `{column}`"
                ));
            }
        }
        if roles.annotation_type != Kind::Generic {
            self.notes.add(
                "a store of this type needs a reference as well: \
                 give `store create` its --reference-arn",
            );
        }
    }
}

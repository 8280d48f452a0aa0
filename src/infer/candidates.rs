//! The columns that may be a part of the place of a row, by their names and values, and those of
//! them that belong together.

use super::evidence::Evidence;
use super::synonyms::{MADE_UP, Part, begins_at_0, sense};
use crate::model::ColumnType;

/// Columns of a part that are held against those of the others.
const MOST: usize = 16;
/// What it costs if only one of two names says what its column is about.
const HALF_SAID: usize = 10;
/// What it costs if two columns are about different things.
const OF_ANOTHER: usize = 10_000;
/// What it costs if some rows have no value, or a band for a contig.
const MARKED: usize = 50;

/// A column that may be a part of a place.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The column.
    pub column: usize,
    /// The lower, the likelier.
    pub rank: usize,
    about: String,
}

/// The bases that a row begins and ends with, or the one where it is.
#[derive(Clone, Debug)]
pub enum Stretch {
    /// A position.
    At(Candidate),
    /// Start and end.
    From(Candidate, Candidate),
}

impl Candidate {
    fn misfit(&self, other: &Self) -> usize {
        match (self.about.as_str(), other.about.as_str()) {
            (a, b) if a == b => 0,
            ("", _) | (_, "") => HALF_SAID,
            _ => OF_ANOTHER,
        }
    }
}

impl Stretch {
    /// The lower, the likelier.
    fn rank(&self) -> usize {
        match self {
            Self::At(position) => position.rank,
            Self::From(start, end) => start.rank + end.rank + start.misfit(end),
        }
    }

    /// Whether its names are only made up of known words.
    fn is_made_up(&self) -> bool {
        match self {
            Self::At(it) | Self::From(it, _) => it.rank >= MADE_UP,
        }
    }

    /// Whether a column is about something else than this.
    pub fn is_of_another(&self, column: &Candidate) -> bool {
        self.misfit(column) >= OF_ANOTHER
    }

    fn misfit(&self, other: &Candidate) -> usize {
        match self {
            Self::At(it) | Self::From(it, _) => it.misfit(other),
        }
    }
}

/// The columns of a part by their names, the likeliest first.
pub fn named(headers: &[String], part: Part) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = headers
        .iter()
        .enumerate()
        .filter_map(|(column, header)| {
            let sense = sense(header, part)?;
            Some(Candidate { column, rank: sense.rank, about: sense.about })
        })
        .collect();
    found.sort_by_key(|it| (it.rank, it.column));
    found.truncate(MOST);
    found
}

/// Whether a column has whole numbers and nothing else.
pub fn has_positions(evidence: &Evidence) -> bool {
    evidence.data_type(false) == ColumnType::Long
}

/// The columns of a part that hold what it needs.
fn fitting(headers: &[String], evidence: &[Evidence], part: Part) -> Vec<Candidate> {
    let fits = |it: &Candidate| {
        let values = &evidence[it.column];
        match part {
            Part::Position | Part::Start | Part::End => has_positions(values),
            Part::Reference | Part::Alternate => values.alleles.are_there(),
            // Names that are made up may be those of counts.
            Part::Contig => it.rank < MADE_UP || values.data_type(true) != ColumnType::Double,
        }
    };
    let is_marked = |it: &Candidate| {
        let values = &evidence[it.column];
        match part {
            Part::Reference | Part::Alternate => {
                values.has_empty() || values.alleles.mark.is_some()
            }
            Part::Contig => values.band.is_some(),
            Part::Position | Part::Start | Part::End => false,
        }
    };
    let mut found = named(headers, part);
    found.retain(fits);
    for it in &mut found {
        it.rank += MARKED * usize::from(is_marked(it));
    }
    found
}

/// REF and ALT.
pub fn alleles(headers: &[String], evidence: &[Evidence]) -> Option<(Candidate, Candidate)> {
    let references = fitting(headers, evidence, Part::Reference);
    let alternates = fitting(headers, evidence, Part::Alternate);
    let pairs = references.iter().flat_map(|a| alternates.iter().map(move |b| (a, b)));
    let together = pairs.filter(|(a, b)| a.misfit(b) < OF_ANOTHER);
    let best = together.min_by_key(|(a, b)| a.rank + b.rank + a.misfit(b))?;
    Some((best.0.clone(), best.1.clone()))
}

/// The contig and the stretch of a row, which belong to its alleles where it has some.
pub fn place(
    headers: &[String],
    evidence: &[Evidence],
    reference: Option<&Candidate>,
) -> Option<(Candidate, Stretch)> {
    let contigs = fitting(headers, evidence, Part::Contig);
    // A position that begins at 0 is a start, and needs an end.
    let is_start = |it: &Candidate| begins_at_0(&headers[it.column]) == Some(true);
    let (zero, positions): (Vec<_>, Vec<_>) =
        fitting(headers, evidence, Part::Position).into_iter().partition(is_start);
    let (mut starts, ends) =
        (fitting(headers, evidence, Part::Start), fitting(headers, evidence, Part::End));
    starts.extend(zero);
    let spans = starts
        .iter()
        .flat_map(|start| ends.iter().map(|end| Stretch::From(start.clone(), end.clone())));
    let is_one = |it: &Stretch| !matches!(it, Stretch::From(a, b) if a.column == b.column);
    let all = positions.into_iter().map(Stretch::At).chain(spans).filter(is_one);
    let pairs = all.flat_map(|it| contigs.iter().map(move |contig| (contig, it.clone())));
    let together = pairs.filter(|(contig, it)| it.rank() + it.misfit(contig) < OF_ANOTHER);
    // Rows with alleles are at a position, others take a stretch, unless a name says it better.
    let is_other = |it: &Stretch| matches!(it, Stretch::At(_)) != reference.is_some();
    let best = together.min_by_key(|(contig, it)| {
        let beside = reference.map_or(0, |reference| it.misfit(reference));
        let cost = contig.rank + it.rank() + it.misfit(contig) + beside;
        (cost >= OF_ANOTHER, it.is_made_up(), is_other(it), cost)
    })?;
    Some((best.0.clone(), best.1))
}

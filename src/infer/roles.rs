//! Which columns give the place of a row, by their names and values.

use std::collections::BTreeMap;

use super::candidates::{Stretch, alleles, has_positions, named, place};
use super::counting::{Length, adjoining, slashed_alleles, votes};
use super::evidence::Evidence;
use super::names::{essence, words};
use super::notes::Notes;
use super::synonyms::{Part, begins_at_0, holds_contigs, speaks_of};
use crate::model::{AnnotationType, HeaderKey};

/// Names of columns that say how long a row is.
const LENGTHS: [&str; 5] = ["length", "len", "width", "size", "lengthbp"];

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

/// The columns whose roles are looked for.
pub struct Columns<'a> {
    /// Their names.
    pub headers: &'a [String],
    /// What their values say.
    pub evidence: &'a [Evidence],
    /// The first rows.
    pub rows: &'a [Vec<String>],
    /// Whether they are those of a BED file, where the first three give the place from 0.
    pub is_bed: bool,
}

/// Where positions begin, and what says so.
enum Base {
    /// The rows show it.
    Shown { zero: bool, how: &'static str },
    /// Something speaks for it.
    Guessed { zero: bool, why: &'static str },
}

impl Base {
    fn is_zero(&self) -> bool {
        let (Self::Shown { zero, .. } | Self::Guessed { zero, .. }) = self;
        *zero
    }
}

impl Columns<'_> {
    /// Finds the roles.
    pub fn roles(&self, notes: &mut Notes) -> Roles {
        let found = self.found(notes);
        if let Some(roles) = &found {
            notes.add(
                "a store of this type has a reference, too: the API asks for its ARN, and \
                 `store create` makes one where none is given",
            );
            self.tell_marks(roles, notes);
        }
        let generic =
            || Roles { annotation_type: AnnotationType::Generic, columns: BTreeMap::new() };
        found.unwrap_or_else(|| {
            notes.add("no columns give the place of a row, so the type is GENERIC");
            self.tell_near_misses(notes);
            generic()
        })
    }

    fn name(&self, column: usize) -> &str {
        &self.headers[column]
    }

    fn found(&self, notes: &mut Notes) -> Option<Roles> {
        let alleles = alleles(self.headers, self.evidence);
        let found = place(self.headers, self.evidence, alleles.as_ref().map(|it| &it.0));
        let (contig, stretch) = match found {
            Some((contig, stretch)) => (contig.column, stretch),
            None if self.is_bed => return self.of_bed(notes),
            None => return self.only_start(notes),
        };
        let mut columns = BTreeMap::from([(HeaderKey::Chr, contig)]);
        let alleles = alleles.filter(|it| !stretch.is_of_another(&it.0));
        if let Some((reference, alternate)) = &alleles {
            let pair = [(HeaderKey::Ref, reference.column), (HeaderKey::Alt, alternate.column)];
            columns.extend(pair);
        }
        if let Some(band) = &self.evidence[contig].band {
            notes.add(format!(
                "column `{}` has `{band}`, which is a band and not the name of a contig",
                self.name(contig)
            ));
        }
        Some(match stretch {
            Stretch::At(position) => match self.end_of(position.column, &columns) {
                Some(end) => self.from((position.column, end), columns, notes),
                None => self.at(position.column, columns, notes),
            },
            Stretch::From(start, end) => self.from((start.column, end.column), columns, notes),
        })
    }

    /// The end beside a position, where the rows show that it begins at 0.
    fn end_of(&self, position: usize, columns: &BTreeMap<HeaderKey, usize>) -> Option<usize> {
        let ends = named(self.headers, Part::End).into_iter().map(|it| it.column);
        let mut ends = ends.filter(|it| *it != position && has_positions(&self.evidence[*it]));
        ends.find(|end| {
            let votes = votes(&self.whole_rows(), (position, *end), self.alleles(columns));
            votes.zero > 0 && votes.one == 0
        })
    }

    /// The rows that have all columns.
    fn whole_rows(&self) -> Vec<&Vec<String>> {
        self.rows.iter().filter(|it| it.len() == self.headers.len()).collect()
    }

    /// The alleles that say how long rows are: those that were found, or others.
    fn alleles(&self, columns: &BTreeMap<HeaderKey, usize>) -> Option<Length> {
        let named = || {
            let mut columns = named(self.headers, Part::Reference).into_iter().map(|it| it.column);
            columns.find(|it| self.evidence[*it].alleles.are_there())
        };
        let reference = columns.get(&HeaderKey::Ref).copied().or_else(named);
        let alternate = columns.get(&HeaderKey::Alt).copied();
        let slashed = || slashed_alleles(&self.whole_rows()).map(|it| Length::Alleles(it, None));
        reference.map(|it| Length::Alleles(it, alternate)).or_else(slashed)
    }

    /// Rows at a position.
    fn at(
        &self,
        position: usize,
        mut columns: BTreeMap<HeaderKey, usize>,
        notes: &mut Notes,
    ) -> Roles {
        columns.insert(HeaderKey::Pos, position);
        let with_alleles = columns.contains_key(&HeaderKey::Alt);
        let annotation_type =
            if with_alleles { AnnotationType::ChrPosRefAlt } else { AnnotationType::ChrPos };
        let (kind, name) = (annotation_type.as_str(), self.name(position));
        if self.evidence[position].has_zero() {
            notes.add(format!(
                "column `{name}` has the position 0, which {kind} does not know: it counts from 1"
            ));
        } else if begins_at_0(name) != Some(false) {
            notes.add(format!(
                "{kind} is a guess from the names: it takes `{name}` to count from 1"
            ));
        }
        self.tell_twins(&columns, notes);
        if !with_alleles {
            self.tell_other_alleles(notes);
        }
        Roles { annotation_type, columns }
    }

    /// Rows from a start to an end.
    fn from(
        &self,
        (start, end): (usize, usize),
        mut columns: BTreeMap<HeaderKey, usize>,
        notes: &mut Notes,
    ) -> Roles {
        let base = self.base((start, end), self.alleles(&columns));
        columns.extend([(HeaderKey::Start, start), (HeaderKey::End, end)]);
        let with_alleles = columns.contains_key(&HeaderKey::Alt);
        let annotation_type = match (with_alleles, base.is_zero()) {
            (false, false) => AnnotationType::ChrStartEndOneBase,
            (false, true) => AnnotationType::ChrStartEndZeroBase,
            (true, false) => AnnotationType::ChrStartEndRefAltOneBase,
            (true, true) => AnnotationType::ChrStartEndRefAltZeroBase,
        };
        let (kind, name) = (annotation_type.as_str(), self.name(start));
        let first = u8::from(!base.is_zero());
        match base {
            Base::Shown { how, .. } => {
                notes.add(format!("{kind}: {how} that `{name}` counts from {first}"));
            }
            Base::Guessed { why, .. } => {
                notes.add(format!("{kind} is a guess: {why} whether `{name}` counts from {first}"));
            }
        }
        self.tell_twins(&columns, notes);
        if !with_alleles {
            self.tell_other_alleles(notes);
        }
        Roles { annotation_type, columns }
    }

    /// Where positions begin.
    fn base(&self, ends: (usize, usize), alleles: Option<Length>) -> Base {
        let rows = self.whole_rows();
        let by_alleles = votes(&rows, ends, alleles);
        let lengths = self.headers.iter().position(|it| LENGTHS.contains(&essence(it).as_str()));
        let by_lengths = lengths.map(|it| votes(&rows, ends, Some(Length::Column(it))));
        // A length may be that of something else, unless all rows have it.
        let by_lengths = by_lengths.filter(|it| it.zero.max(it.one) == rows.len());
        let how = match by_alleles.zero + by_alleles.one {
            0 => "the bins of UCSC show",
            _ if by_alleles.zero > 0 && by_alleles.one > 0 => {
                "the lengths of alleles show in most rows"
            }
            _ => "the lengths of alleles show",
        };
        let by_lengths = by_lengths.and_then(|it| it.zero_based());
        let shown = by_alleles.zero_based().map(|zero| (zero, how));
        let shown = shown.or_else(|| by_lengths.map(|zero| (zero, "the column of lengths shows")));
        let adjoin = || adjoining(&rows, ends).map(|zero| (zero, "rows that adjoin show"));
        if let Some((zero, how)) = shown.or_else(adjoin) {
            return Base::Shown { zero, how };
        }
        let start = self.name(ends.0);
        let zero = |why| Base::Guessed { zero: true, why };
        match begins_at_0(start) {
            _ if self.is_bed => zero("it is that of BED files, and nothing shows"),
            Some(true) => zero("the name is one of a column that begins at 0, and nothing shows"),
            _ if self.evidence[ends.0].has_zero() => {
                zero("it has the position 0, but no row shows")
            }
            Some(false) => Base::Guessed { zero: false, why: "its name says so, but no row shows" },
            None if by_alleles.equal > 0 => Base::Guessed {
                zero: false,
                why: "some rows end where they start, but nothing else shows",
            },
            None => Base::Guessed { zero: false, why: "nothing shows" },
        }
    }

    /// The first three columns of a BED file, whatever they are called.
    fn of_bed(&self, notes: &mut Notes) -> Option<Roles> {
        let are_places = self.evidence.len() > 2 && self.evidence[1..3].iter().all(has_positions);
        let columns = BTreeMap::from([(HeaderKey::Chr, 0)]);
        are_places.then(|| self.from((1, 2), columns, notes))
    }

    /// A start without an end is a position, unless it begins at 0.
    fn only_start(&self, notes: &mut Notes) -> Option<Roles> {
        let contig = named(self.headers, Part::Contig).first()?.column;
        let is_start = |it: &usize| begins_at_0(self.name(*it)) == Some(true);
        let zero = named(self.headers, Part::Position).into_iter().map(|it| it.column);
        let starts = named(self.headers, Part::Start).into_iter().map(|it| it.column);
        let mut starts = starts.chain(zero.filter(is_start));
        let start = starts.find(|it| has_positions(&self.evidence[*it]))?;
        let name = self.name(start);
        if begins_at_0(name) == Some(true) || self.evidence[start].has_zero() {
            notes.add(format!(
                "column `{name}` begins at 0 and has no end beside it, so it gives no place"
            ));
            return None;
        }
        let mut columns = BTreeMap::from([(HeaderKey::Chr, contig)]);
        if let Some((reference, alternate)) = alleles(self.headers, self.evidence) {
            let pair = [(HeaderKey::Ref, reference.column), (HeaderKey::Alt, alternate.column)];
            columns.extend(pair);
        }
        Some(self.at(start, columns, notes))
    }

    /// Says which columns have the name of one that was taken.
    fn tell_twins(&self, columns: &BTreeMap<HeaderKey, usize>, notes: &mut Notes) {
        for column in columns.values() {
            let name = essence(self.name(*column));
            if self.headers.iter().filter(|it| essence(it) == name).count() > 1 {
                notes.add(format!(
                    "several columns are called `{}`; the first one is taken",
                    self.name(*column)
                ));
            }
        }
    }

    /// Says where marks of absence stand among alleles.
    fn tell_marks(&self, roles: &Roles, notes: &mut Notes) {
        for key in [HeaderKey::Ref, HeaderKey::Alt] {
            let column = roles.columns.get(&key).copied();
            let mark = column.and_then(|it| self.evidence[it].alleles.mark.as_ref().zip(Some(it)));
            if let Some((mark, column)) = mark {
                notes.add(format!(
                    "column `{}` has `{mark}`, which is no allele: leave it empty there, \
                     or no variant equals that row",
                    self.name(column)
                ));
            }
        }
    }

    /// Says which columns hold alleles of which nothing tells the reference.
    fn tell_other_alleles(&self, notes: &mut Notes) {
        let is_allele = |it: &&String| words(it).iter().any(|it| it == "allele" || it == "alleles");
        let found = self.headers.iter().filter(is_allele).map(|it| format!("`{it}`"));
        notes.list("alleles of which no name says that they are REF and ALT", found);
        for part in [Part::Reference, Part::Alternate] {
            for it in named(self.headers, part) {
                let Some(mark) = self.evidence[it.column].alleles.odd() else { continue };
                notes.add(format!(
                    "column `{}` is one of alleles by its name, but has `{mark}`",
                    self.name(it.column)
                ));
            }
        }
    }

    /// Says which columns look like a part of a place, and why they are none.
    fn tell_near_misses(&self, notes: &mut Notes) {
        for part in [Part::Position, Part::Start, Part::End] {
            let columns = named(self.headers, part).into_iter().map(|it| it.column);
            for column in columns.filter(|it| !has_positions(&self.evidence[*it])).take(1) {
                let evidence = &self.evidence[column];
                let values = [&evidence.marker, &evidence.altered, &evidence.fraction];
                let why = match values.into_iter().flatten().next() {
                    Some(value) => format!("has `{value}`"),
                    None => "has no value".to_owned(),
                };
                notes.add(format!(
                    "column `{}` is a position by its name, but {why}",
                    self.name(column)
                ));
            }
        }
        let speak = |it: &[Part]| {
            let speaks = |name: &&String| it.iter().any(|it| speaks_of(name, *it));
            self.headers.iter().filter(speaks).map(|it| format!("`{it}`")).collect::<Vec<_>>()
        };
        let has_contig = self.headers.iter().any(|it| holds_contigs(it));
        let places = [Part::Position, Part::Start, Part::Contig];
        let why = match (has_contig, speak(&places[..2]).is_empty()) {
            (false, _) => "no column has the name of one of contigs",
            (true, true) => "no column has the name of one of positions",
            (true, false) => "their names or values do not say which belong together",
        };
        notes.list(
            &format!("columns that look like a place, but {why}"),
            speak(&places).into_iter(),
        );
        let whole = self.headers.iter().zip(self.evidence).filter(|it| it.1.are_places());
        notes.list(
            "contig and position stand in one column, which a store cannot take apart: \
             give them a column each",
            whole.map(|it| format!("`{}`", it.0)),
        );
    }
}

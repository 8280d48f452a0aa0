//! Which columns give the place of a row, by their names and values.

use std::collections::BTreeMap;

use super::candidates::{Stretch, alleles, has_positions, named, place};
use super::counting::{slashed_alleles, votes};
use super::evidence::Evidence;
use super::names::{essence, words};
use super::notes::Notes;
use super::synonyms::{Part, begins_at_0, holds_contigs, speaks_of_places};
use crate::model::{AnnotationType, HeaderKey};

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
                "a store of this type needs a reference as well: \
                 give `store create` its --reference-arn",
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
        Some(match stretch {
            Stretch::At(position) => self.at(position.column, columns, notes),
            Stretch::From(start, end) => self.from((start.column, end.column), columns, notes),
        })
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
        let base = self.base((start, end), columns.get(&HeaderKey::Ref).copied());
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
    fn base(&self, ends: (usize, usize), reference: Option<usize>) -> Base {
        let width = self.headers.len();
        let rows: Vec<&Vec<String>> = self.rows.iter().filter(|it| it.len() == width).collect();
        let named = || {
            let mut columns = named(self.headers, Part::Reference).into_iter().map(|it| it.column);
            columns.find(|it| self.evidence[*it].alleles.are_there())
        };
        let alleles = reference.or_else(named).or_else(|| slashed_alleles(&rows));
        let votes = votes(&rows, ends, alleles);
        if let Some(zero) = votes.zero_based() {
            let how = match votes.zero + votes.one {
                0 => "the bins of UCSC show",
                _ if votes.zero > 0 && votes.one > 0 => "the lengths of alleles show in most rows",
                _ => "the lengths of alleles show",
            };
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
            None if votes.equal > 0 => Base::Guessed {
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
        let mut starts = named(self.headers, Part::Start).into_iter().map(|it| it.column);
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
                let Some(mark) = &self.evidence[it.column].alleles.mark else { continue };
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
                let why = match evidence.marker.as_ref().or(evidence.altered.as_ref()) {
                    Some(value) => format!("has `{value}`"),
                    None => "does not hold whole numbers".to_owned(),
                };
                notes.add(format!(
                    "column `{}` is a position by its name, but {why}",
                    self.name(column)
                ));
            }
        }
        let has_contig = self.headers.iter().any(|it| holds_contigs(it));
        let is_position = |it: Part| !named(self.headers, it).is_empty();
        let why = match (has_contig, is_position(Part::Position) || is_position(Part::Start)) {
            (false, _) => "no column has the name of one of contigs",
            (true, false) => "no column has the name of one of positions",
            (true, true) => "their names or values do not say which belong together",
        };
        let speaking = self.headers.iter().filter(|it| speaks_of_places(it));
        notes.list(
            &format!("columns that look like a place, but {why}"),
            speaking.map(|it| format!("`{it}`")),
        );
        let whole = self.headers.iter().zip(self.evidence).filter(|it| it.1.are_places());
        notes.list(
            "contig and position stand in one column, which a store cannot take apart: \
             give them a column each",
            whole.map(|it| format!("`{}`", it.0)),
        );
    }
}

//! Compares the rows of a piece: those that are the same at the same place first, the rest by key.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, UInt32Array};
use arrow::compute::take;
use arrow::row::{Row, Rows};

use super::columns::{Flat, as_keys};
use super::same::ColumnPair;
use super::types::internal;
use crate::merge::RowPlace;
use crate::model::Result;

/// The most pairs of rows of one key that are looked at one by one for such as are the same.
const FEW_PAIRS: usize = 64;
/// Rows that are held against each other at once.
const STRETCH: usize = 1024;

/// A difference: rows by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// Only the version before has the row.
    Removed(u32),
    /// Only the version after has it.
    Added(u32),
    /// Both have a row of the key, with other values in these columns.
    Changed(u32, u32, Vec<usize>),
}

/// What a piece showed.
#[derive(Debug, Default)]
pub struct PieceDifferences {
    /// The differences, in the order of places and keys.
    pub differences: Vec<Difference>,
    /// How many rows are the same.
    pub same: u64,
}

/// Compares rows of two versions that have the same columns, of which some are the key. Places are
/// those of sorted rows; there are none where rows come in any order.
pub fn compare(
    sides: [&Flat; 2],
    places: [&[RowPlace]; 2],
    key: &[usize],
) -> Result<PieceDifferences> {
    let columns = sides[0].columns.iter().zip(&sides[1].columns);
    let columns: Vec<ColumnPair> =
        columns.map(|(one, other)| ColumnPair::new(one, other)).collect::<Result<_>>()?;
    let apart = Apart::of(&columns, sides.map(|it| it.rows), places);
    let [rows, others] = &apart.rows;
    let keys = |side: usize| keys(sides[side], places[side], key, &apart.rows[side]);
    let (keys, other_keys) = (keys(0)?, keys(1)?);
    let found = PieceDifferences { same: apart.same, ..PieceDifferences::default() };
    let mut matching = Matching { sides, columns: &columns, key, found };
    matching.merge((&keys, rows), (&other_keys, others))?;
    Ok(matching.found)
}

/// The rows of both sides that are not the same as those that come next on the other.
#[derive(Default)]
struct Apart {
    rows: [Vec<u32>; 2],
    same: u64,
}

impl Apart {
    /// Walks along both sides. Which rows stand beside each other, their places tell: a row that
    /// only one side has makes its rows go one further.
    fn of(columns: &[ColumnPair], counts: [usize; 2], places: [&[RowPlace]; 2]) -> Self {
        let mut apart = Self::default();
        let mut at = [0, 0];
        // Columns without any value are the same.
        let columns: Vec<&ColumnPair> = columns.iter().filter(|it| !it.is_nothing()).collect();
        while let ([Some(one), Some(other)], [row, other_row]) =
            ([places[0].get(at[0]), places[1].get(at[1])], at)
        {
            let order = one.cmp(other);
            if order.is_eq() {
                let same = same_rows(&columns, places, at);
                apart.same += same as u64;
                at = at.map(|it| it + same);
                if same > 0 {
                    continue;
                }
            }
            if order.is_le() {
                apart.add(0, row..row + 1);
                at[0] += 1;
            }
            if order.is_ge() {
                apart.add(1, other_row..other_row + 1);
                at[1] += 1;
            }
        }
        for side in [0, 1] {
            apart.add(side, at[side]..counts[side]);
        }
        apart
    }

    fn add(&mut self, side: usize, rows: std::ops::Range<usize>) {
        self.rows[side].extend(rows.map(|it| u32::try_from(it).unwrap_or(u32::MAX)));
    }
}

/// How many rows are the same from a row of each side on, as far as one looks.
fn same_rows(columns: &[&ColumnPair], places: [&[RowPlace]; 2], [row, other]: [usize; 2]) -> usize {
    let beside = places[0][row..].iter().zip(&places[1][other..]).take(STRETCH);
    let mut count = beside.take_while(|(one, other)| one == other).count();
    for column in columns {
        if count == 0 {
            break;
        }
        count = column.same_rows(row, other, count);
    }
    count
}

/// The keys of some rows, with their places before them.
fn keys(rows: &Flat, places: &[RowPlace], key: &[usize], of: &[u32]) -> Result<Rows> {
    let mut columns: Vec<ArrayRef> = Vec::new();
    if !places.is_empty() {
        let places = || of.iter().map(|it| places[*it as usize]);
        columns.push(Arc::new(places().map(|it| it.0).collect::<UInt32Array>()));
        columns.push(Arc::new(places().map(|it| it.1).collect::<Int64Array>()));
    }
    columns.extend(taken_of(&rows.of(key), of)?);
    as_keys(&columns)
}

/// Some rows of columns.
fn taken_of(columns: &[ArrayRef], rows: &[u32]) -> Result<Vec<ArrayRef>> {
    let rows = UInt32Array::from(rows.to_vec());
    columns.iter().map(|it| take(it, &rows, None).map_err(internal)).collect()
}

/// The numbers of keys in their order.
fn in_order(keys: &Rows) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.num_rows()).collect();
    if !order.is_sorted_by_key(|it| keys.row(*it)) {
        order.sort_by(|a, b| keys.row(*a).cmp(&keys.row(*b)));
    }
    order
}

/// Rows by their keys.
struct Matching<'a> {
    sides: [&'a Flat; 2],
    columns: &'a [ColumnPair],
    key: &'a [usize],
    found: PieceDifferences,
}

impl Matching<'_> {
    /// Goes through keys and rows of both sides in the order of keys.
    fn merge(
        &mut self,
        (keys, rows): (&Rows, &[u32]),
        (other_keys, other_rows): (&Rows, &[u32]),
    ) -> Result<()> {
        let (order, other_order) = (in_order(keys), in_order(other_keys));
        let (mut rest, mut other_rest) = (&order[..], &other_order[..]);
        loop {
            let next = rest.first().map(|it| keys.row(*it));
            let other_next = other_rest.first().map(|it| other_keys.row(*it));
            let order = match (next, other_next) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(key), Some(other)) => key.cmp(&other),
            };
            let of_key = if order.is_le() { taken(&mut rest, keys) } else { &[] };
            let others_of_key =
                if order.is_ge() { taken(&mut other_rest, other_keys) } else { &[] };
            self.pair(
                of_key.iter().map(|it| rows[*it]).collect(),
                others_of_key.iter().map(|it| other_rows[*it]).collect(),
            )?;
        }
    }

    /// Pairs rows of one key: first those that are the same, then the others as they come.
    fn pair(&mut self, mut rows: Vec<u32>, mut others: Vec<u32>) -> Result<()> {
        let pairs = rows.len() * others.len();
        if pairs > FEW_PAIRS {
            (rows, others) = self.pair_many(rows, others)?;
        } else if pairs > 1 {
            rows.retain(|row| {
                let same = others.iter().position(|other| self.changed(*row, *other).is_empty());
                if let Some(same) = same {
                    others.remove(same);
                    self.found.same += 1;
                }
                same.is_none()
            });
        }
        let common = rows.len().min(others.len());
        for (row, other) in rows.iter().zip(&others) {
            let changed = self.changed(*row, *other);
            if changed.is_empty() {
                self.found.same += 1;
            } else {
                self.found.differences.push(Difference::Changed(*row, *other, changed));
            }
        }
        let removed = rows[common..].iter().map(|it| Difference::Removed(*it));
        let added = others[common..].iter().map(|it| Difference::Added(*it));
        self.found.differences.extend(removed.chain(added));
        Ok(())
    }

    /// Takes out rows that are the same, by what they look like as bytes.
    fn pair_many(&mut self, rows: Vec<u32>, others: Vec<u32>) -> Result<(Vec<u32>, Vec<u32>)> {
        let [one, other] = self.sides;
        let texts = as_keys(&taken_of(&one.columns, &rows)?)?;
        let other_texts = as_keys(&taken_of(&other.columns, &others)?)?;
        let mut same_as: HashMap<Row<'_>, Vec<usize>> = HashMap::new();
        for at in (0..others.len()).rev() {
            same_as.entry(other_texts.row(at)).or_default().push(at);
        }
        let mut is_paired = vec![false; others.len()];
        let mut left = Vec::new();
        for (at, row) in rows.into_iter().enumerate() {
            match same_as.get_mut(&texts.row(at)).and_then(Vec::pop) {
                Some(same) => is_paired[same] = true,
                None => left.push(row),
            }
        }
        self.found.same += is_paired.iter().filter(|it| **it).count() as u64;
        let others = others.into_iter().zip(is_paired).filter(|it| !it.1).map(|it| it.0);
        Ok((left, others.collect()))
    }

    /// The columns in which two rows of one key differ.
    fn changed(&self, row: u32, other: u32) -> Vec<usize> {
        let columns = self.columns.iter().enumerate();
        let changed = columns.filter(|(_, it)| !it.is_same(row as usize, other as usize));
        changed.map(|it| it.0).filter(|it| !self.key.contains(it)).collect()
    }
}

/// Takes the first keys off, as long as they are the same.
fn taken<'a>(rest: &mut &'a [usize], keys: &Rows) -> &'a [usize] {
    let is_first = |it: &usize, first: Row<'_>| keys.row(*it) == first;
    let count = rest.first().map_or(0, |first| {
        let first = keys.row(*first);
        rest.iter().take_while(|it| is_first(it, first)).count()
    });
    let (taken, left) = rest.split_at(count);
    *rest = left;
    taken
}

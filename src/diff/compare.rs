//! Compares the rows of a piece: by key first, then column by column.

use std::cmp::Ordering;

use arrow::array::{Array, ArrayRef, UInt32Array};
use arrow::row::{Row, Rows};

use super::columns::Flat;
use crate::model::Result;

/// The most pairs of rows of one key that are looked at for such as are the same.
const MAX_PAIRS: usize = 10_000;

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
    /// The differences, in the order of keys.
    pub differences: Vec<Difference>,
    /// How many rows are the same.
    pub same: u64,
}

/// Compares rows of two versions that have the same columns, of which some are the key.
pub fn compare(before: &Flat, after: &Flat, key: &[usize]) -> Result<PieceDifferences> {
    let (keys, others) = (before.keys(key)?, after.keys(key)?);
    let (order, other_order) = (in_order(&keys), in_order(&others));
    let mut matching = Matching { before, after, steps: Vec::new() };
    let (mut rest, mut other_rest) = (&order[..], &other_order[..]);
    while let (Some(row), Some(other)) = (rest.first(), other_rest.first()) {
        match at(&keys, *row).cmp(&at(&others, *other)) {
            Ordering::Less => matching.steps.push(RowMatch::Removed(take(&mut rest, 1)[0])),
            Ordering::Greater => matching.steps.push(RowMatch::Added(take(&mut other_rest, 1)[0])),
            Ordering::Equal => {
                let key = at(&keys, *row);
                let count = rest.iter().take_while(|it| at(&keys, **it) == key).count();
                let others_of = |it: &&u32| at(&others, **it) == key;
                let other_count = other_rest.iter().take_while(others_of).count();
                matching.pair(take(&mut rest, count), take(&mut other_rest, other_count));
            }
        }
    }
    matching.steps.extend(rest.iter().map(|it| RowMatch::Removed(*it)));
    matching.steps.extend(other_rest.iter().map(|it| RowMatch::Added(*it)));
    matching.found(key)
}

fn at(keys: &Rows, row: u32) -> Row<'_> {
    keys.row(row as usize)
}

/// Takes the first elements off.
fn take<'a>(rest: &mut &'a [u32], count: usize) -> &'a [u32] {
    let (taken, left) = rest.split_at(count);
    *rest = left;
    taken
}

/// The numbers of rows in the order of their keys.
fn in_order(keys: &Rows) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(keys.num_rows()).unwrap_or(u32::MAX)).collect();
    if !order.is_sorted_by_key(|it| at(keys, *it)) {
        order.sort_by(|a, b| at(keys, *a).cmp(&at(keys, *b)));
    }
    order
}

/// Rows of one side, or of both with one key.
enum RowMatch {
    Removed(u32),
    Added(u32),
    Both(u32, u32),
}

struct Matching<'a> {
    before: &'a Flat,
    after: &'a Flat,
    steps: Vec<RowMatch>,
}

impl Matching<'_> {
    /// Pairs rows of one key: first those that are the same, then the others as they come.
    fn pair(&mut self, rows: &[u32], others: &[u32]) {
        let (mut rows, mut others) = (rows.to_vec(), others.to_vec());
        let is_single = rows.len() == 1 && others.len() == 1;
        if !is_single && rows.len() * others.len() <= MAX_PAIRS {
            rows.retain(|row| {
                let same = others.iter().position(|other| self.are_same(*row, *other));
                if let Some(same) = same {
                    self.steps.push(RowMatch::Both(*row, others.remove(same)));
                }
                same.is_none()
            });
        }
        let common = rows.len().min(others.len());
        self.steps
            .extend(rows.iter().zip(&others).map(|(row, other)| RowMatch::Both(*row, *other)));
        self.steps.extend(rows[common..].iter().map(|it| RowMatch::Removed(*it)));
        self.steps.extend(others[common..].iter().map(|it| RowMatch::Added(*it)));
    }

    fn are_same(&self, row: u32, other: u32) -> bool {
        let columns = self.before.columns.iter().zip(&self.after.columns);
        let value = |array: &ArrayRef, at: u32| array.slice(at as usize, 1);
        columns.into_iter().all(|(a, b)| value(a, row) == value(b, other))
    }

    /// Compares the columns of all pairs at once.
    fn found(self, key: &[usize]) -> Result<PieceDifferences> {
        let both = self.steps.iter().filter_map(|it| match it {
            RowMatch::Both(row, other) => Some((*row, *other)),
            _ => None,
        });
        let (rows, others): (Vec<u32>, Vec<u32>) = both.unzip();
        let (rows, others) = (UInt32Array::from(rows), UInt32Array::from(others));
        let mut changed: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
        for column in (0..self.before.columns.len()).filter(|it| !key.contains(it)) {
            let values = self.before.taken(column, &rows)?;
            let others = self.after.taken(column, &others)?;
            other_values(&values, &others, 0, &mut |row| changed[row].push(column));
        }
        let mut found = PieceDifferences::default();
        let mut changed = changed.into_iter();
        for step in self.steps {
            found.differences.push(match step {
                RowMatch::Removed(row) => Difference::Removed(row),
                RowMatch::Added(row) => Difference::Added(row),
                RowMatch::Both(row, other) => match changed.next() {
                    Some(columns) if !columns.is_empty() => {
                        Difference::Changed(row, other, columns)
                    }
                    _ => {
                        found.same += 1;
                        continue;
                    }
                },
            });
        }
        Ok(found)
    }
}

/// Hands on the rows in which two columns differ, found by halves: mostly, all are the same.
fn other_values(a: &ArrayRef, b: &ArrayRef, from: usize, each: &mut impl FnMut(usize)) {
    if a == b {
        return;
    }
    let length = a.len();
    if length == 1 {
        return each(from);
    }
    let half = length / 2;
    other_values(&a.slice(0, half), &b.slice(0, half), from, each);
    let (rest, others) = (a.slice(half, length - half), b.slice(half, length - half));
    other_values(&rest, &others, from + half, each);
}

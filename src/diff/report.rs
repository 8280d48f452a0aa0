//! Differences as rows, and how many there are.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ListBuilder, MapBuilder, RecordBatch, StringArray, StringBuilder,
};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::columns::{BothColumns, Flat, formatter};
use super::compare::{Difference, PieceDifferences};
use super::types::internal;
use crate::model::Result;

/// Differences of a piece of the versions.
pub struct Differences {
    /// A row for each: how it differs, its key, and the columns with their values before and after.
    pub rows: RecordBatch,
    /// How many there are.
    pub summary: Summary,
}

/// How many rows differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that only the version after has.
    pub added: u64,
    /// Rows that only the version before has.
    pub removed: u64,
    /// Rows of one key with other values.
    pub changed: u64,
    /// Rows that both have.
    pub same: u64,
    /// Rows that changed in each column, in the order of the columns.
    pub columns: Vec<u64>,
}

impl Summary {
    /// Adds what another piece showed.
    pub fn add(&mut self, other: &Self) {
        self.added += other.added;
        self.removed += other.removed;
        self.changed += other.changed;
        self.same += other.same;
        self.columns.resize(self.columns.len().max(other.columns.len()), 0);
        self.columns.iter_mut().zip(&other.columns).for_each(|(sum, it)| *sum += it);
    }

    /// Whether the versions differ.
    pub fn differ(&self) -> bool {
        self.added + self.removed + self.changed > 0
    }

    fn count(&mut self, difference: &Difference) {
        match difference {
            Difference::Removed(_) => self.removed += 1,
            Difference::Added(_) => self.added += 1,
            Difference::Changed(_, _, columns) => {
                self.changed += 1;
                for column in columns {
                    self.columns[*column] += 1;
                }
            }
        }
    }
}

/// The columns of differences: how a row differs, its key, and what changed.
pub fn schema(columns: &BothColumns) -> SchemaRef {
    let mut fields = vec![Field::new("difference", DataType::Utf8, false)];
    fields.extend(columns.key().iter().map(|it| {
        let (name, data_type) = columns.column(*it);
        Field::new(name, data_type.clone(), true)
    }));
    let names = names_builder().finish();
    let values = values_builder().finish();
    fields.push(Field::new("columns", names.data_type().clone(), true));
    for name in ["before", "after"] {
        fields.push(Field::new(name, values.data_type().clone(), true));
    }
    Arc::new(Schema::new(fields))
}

fn names_builder() -> ListBuilder<StringBuilder> {
    ListBuilder::new(StringBuilder::new())
}

fn values_builder() -> MapBuilder<StringBuilder, StringBuilder> {
    MapBuilder::new(None, StringBuilder::new(), StringBuilder::new())
}

/// The counts of the differences of a piece.
pub fn summary(columns: &BothColumns, found: &PieceDifferences) -> Summary {
    let columns = vec![0; columns.names().count()];
    let mut summary = Summary { same: found.same, columns, ..Summary::default() };
    found.differences.iter().for_each(|it| summary.count(it));
    summary
}

/// The differences of a piece as rows. Where they are to be `whole`, rows that only one version has
/// show all their values, not their key alone.
pub fn rows(
    columns: &BothColumns,
    sides: [&Flat; 2],
    found: &PieceDifferences,
    whole: bool,
) -> Result<RecordBatch> {
    let kinds: StringArray = found.differences.iter().map(|it| Some(kind(it))).collect();
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(kinds)];
    let places: Vec<(usize, usize)> = found.differences.iter().map(place).collect();
    for column in columns.key() {
        let values = sides.map(|it| it.columns[*column].as_ref());
        arrays.push(interleave(&values, &places).map_err(internal)?);
    }
    arrays.push(changed_columns(columns, &found.differences));
    for (side, rows) in sides.into_iter().enumerate() {
        arrays.push(shown_values(columns, (side, rows), &found.differences, whole)?);
    }
    RecordBatch::try_new(schema(columns), arrays).map_err(internal)
}

/// How a row differs, in a word.
pub fn kind(difference: &Difference) -> &'static str {
    match difference {
        Difference::Removed(_) => "removed",
        Difference::Added(_) => "added",
        Difference::Changed(..) => "changed",
    }
}

/// The side and the row that shows the key.
fn place(difference: &Difference) -> (usize, usize) {
    match difference {
        Difference::Removed(row) | Difference::Changed(row, _, _) => (0, *row as usize),
        Difference::Added(row) => (1, *row as usize),
    }
}

fn changed_columns(columns: &BothColumns, differences: &[Difference]) -> ArrayRef {
    let mut names = names_builder();
    for difference in differences {
        let changed = match difference {
            Difference::Changed(_, _, changed) => changed.as_slice(),
            _ => &[],
        };
        for column in changed {
            names.values().append_value(columns.column(*column).0);
        }
        names.append(!changed.is_empty());
    }
    Arc::new(names.finish())
}

/// The values of one side in the columns that changed, as text; of a row that only it has all that
/// there are, where rows are to be whole.
fn shown_values(
    columns: &BothColumns,
    (side, rows): (usize, &Flat),
    differences: &[Difference],
    whole: bool,
) -> Result<ArrayRef> {
    let formatters: Vec<_> =
        rows.columns.iter().map(|it| formatter(it.as_ref())).collect::<Result<_>>()?;
    let beside_key: Vec<usize> =
        (0..rows.columns.len()).filter(|it| !columns.key().contains(it)).collect();
    let mut values = values_builder();
    for difference in differences {
        let (row, shown) = match difference {
            Difference::Changed(before, after, changed) => {
                (Some([*before, *after][side]), changed.as_slice())
            }
            Difference::Removed(row) => ((whole && side == 0).then_some(*row), &beside_key[..]),
            Difference::Added(row) => ((whole && side == 1).then_some(*row), &beside_key[..]),
        };
        let is_changed = matches!(difference, Difference::Changed(..));
        for column in row.iter().flat_map(|_| shown) {
            let place = row.unwrap_or_default() as usize;
            let is_there = rows.columns[*column].is_valid(place);
            if is_there || is_changed {
                let text = is_there.then(|| formatters[*column].value(place).to_string());
                values.keys().append_value(columns.column(*column).0);
                values.values().append_option(text);
            }
        }
        values.append(row.is_some()).map_err(internal)?;
    }
    Ok(Arc::new(values.finish()))
}

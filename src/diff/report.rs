//! Differences as rows, and how many there are.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ListBuilder, MapBuilder, RecordBatch, StringArray, StringBuilder,
};
use arrow::compute::interleave;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::columns::{BothColumns, Flat, formatter, internal};
use super::compare::{Difference, PieceDifferences};
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

/// The differences of a piece as rows, and their counts.
pub fn report(
    columns: &BothColumns,
    sides: [&Flat; 2],
    found: &PieceDifferences,
) -> Result<Differences> {
    let mut summary = Summary {
        same: found.same,
        columns: vec![0; sides[0].columns.len()],
        ..Summary::default()
    };
    found.differences.iter().for_each(|it| summary.count(it));
    let kinds: StringArray = found.differences.iter().map(|it| Some(kind(it))).collect();
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(kinds)];
    let places: Vec<(usize, usize)> = found.differences.iter().map(place).collect();
    for column in columns.key() {
        let values = sides.map(|it| it.columns[*column].as_ref());
        arrays.push(interleave(&values, &places).map_err(internal)?);
    }
    arrays.push(changed_columns(columns, &found.differences));
    for (side, rows) in sides.into_iter().enumerate() {
        arrays.push(changed_values(columns, side, rows, &found.differences)?);
    }
    let rows = RecordBatch::try_new(schema(columns), arrays).map_err(internal)?;
    Ok(Differences { rows, summary })
}

fn kind(difference: &Difference) -> &'static str {
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

/// The values of one side in the columns that changed, as text.
fn changed_values(
    columns: &BothColumns,
    side: usize,
    rows: &Flat,
    differences: &[Difference],
) -> Result<ArrayRef> {
    let formatters: Vec<_> =
        rows.columns.iter().map(|it| formatter(it.as_ref())).collect::<Result<_>>()?;
    let mut values = values_builder();
    for difference in differences {
        let is_changed = matches!(difference, Difference::Changed(..));
        if let Difference::Changed(before, after, changed) = difference {
            let row = [*before, *after][side] as usize;
            for column in changed {
                values.keys().append_value(columns.column(*column).0);
                if rows.columns[*column].is_null(row) {
                    values.values().append_null();
                } else {
                    values.values().append_value(formatters[*column].value(row).to_string());
                }
            }
        }
        values.append(is_changed).map_err(internal)?;
    }
    Ok(Arc::new(values.finish()))
}

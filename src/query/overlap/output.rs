//! Rows of a join, made of rows of its sides.

use std::sync::Arc;

use arrow::array::{Array, new_null_array};
use arrow::array::{ArrayRef, AsArray, BooleanArray, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::SchemaRef;
use datafusion::common::{JoinSide, Result};
use datafusion::logical_expr::JoinType;
use datafusion::physical_plan::joins::utils::{ColumnIndex, JoinFilter};

use super::build::Chunk;
use super::index::Place;

/// Pairs of a kept row and one of the other side.
#[derive(Default)]
pub struct Pairs {
    /// The kept rows.
    pub left: Vec<Place>,
    /// The rows of a batch of the other side.
    pub right: Vec<u32>,
}

impl Pairs {
    /// Takes all away.
    pub fn clear(&mut self) {
        self.left.clear();
        self.right.clear();
    }

    /// Keeps those that the other conditions of the join are true for.
    pub fn retain(&mut self, filter: &JoinFilter, kept: &Chunk, batch: &RecordBatch) -> Result<()> {
        // A side without rows has no batch that columns could be taken of.
        if self.left.is_empty() {
            return Ok(());
        }
        let rows = UInt32Array::from(self.right.clone());
        let column = |it: &ColumnIndex| match it.side {
            JoinSide::Left => kept.column(it.index, &self.left),
            _ => Ok(take(batch.column(it.index), &rows, None)?),
        };
        let columns = filter.column_indices().iter().map(column).collect::<Result<Vec<_>>>()?;
        let both = with_rows(filter.schema(), columns, self.left.len())?;
        let truth = filter.expression().evaluate(&both)?.into_array(both.num_rows())?;
        let truth = truth.as_boolean();
        let is_true = |at: usize| truth.is_valid(at) && truth.value(at);
        let (mut at, mut also_at) = (0..truth.len(), 0..truth.len());
        self.left.retain(|_| at.next().is_some_and(is_true));
        self.right.retain(|_| also_at.next().is_some_and(is_true));
        Ok(())
    }
}

/// What the rows of a join consist of.
#[derive(Debug)]
pub struct Output {
    /// The columns.
    pub schema: SchemaRef,
    /// Where each comes from; from no side what tells whether a row met another.
    pub columns: Vec<ColumnIndex>,
    /// What becomes of rows.
    pub join_type: JoinType,
}

impl Output {
    /// Whether a row is made of each pair.
    pub fn has_pairs(&self) -> bool {
        use JoinType::{Full, Inner, Left, Right};
        matches!(self.join_type, Inner | Left | Right | Full)
    }

    /// Whether it matters which kept rows met another.
    pub fn marks_left(&self) -> bool {
        use JoinType::{Full, Left, LeftAnti, LeftMark, LeftSemi};
        matches!(self.join_type, Left | Full | LeftSemi | LeftAnti | LeftMark)
    }

    /// Whether it matters which rows of the other side met a kept one.
    pub fn marks_right(&self) -> bool {
        use JoinType::{Full, Right, RightAnti, RightMark, RightSemi};
        matches!(self.join_type, Right | Full | RightSemi | RightAnti | RightMark)
    }

    /// A row for each pair.
    pub fn of_pairs(
        &self,
        pairs: &Pairs,
        kept: &Chunk,
        batch: &RecordBatch,
    ) -> Result<RecordBatch> {
        let rows = UInt32Array::from(pairs.right.clone());
        let column = |it: &ColumnIndex, _| match it.side {
            JoinSide::Left => kept.column(it.index, &pairs.left),
            _ => Ok(take(batch.column(it.index), &rows, None)?),
        };
        self.batch(pairs.right.len(), column)
    }

    /// The rows of a batch of one side that depend on whether they met one of the other; none where
    /// there is none.
    pub fn of_side(
        &self,
        side: JoinSide,
        batch: &RecordBatch,
        met: impl Fn(usize) -> bool,
    ) -> Result<Option<RecordBatch>> {
        use JoinType::{LeftMark, LeftSemi, RightMark, RightSemi};
        let marks = matches!(self.join_type, LeftMark | RightMark);
        let wanted = matches!(self.join_type, LeftSemi | RightSemi);
        let rows = (0..batch.num_rows()).filter(|row| marks || met(*row) == wanted);
        let rows: UInt32Array =
            rows.filter_map(|it| u32::try_from(it).ok()).collect::<Vec<_>>().into();
        if rows.is_empty() {
            return Ok(None);
        }
        let column = |it: &ColumnIndex, at: usize| match it.side {
            JoinSide::None => {
                let mark = |row: &u32| Some(met(*row as usize));
                Ok(Arc::new(rows.values().iter().map(mark).collect::<BooleanArray>()) as ArrayRef)
            }
            of if of == side => Ok(take(batch.column(it.index), &rows, None)?),
            _ => Ok(new_null_array(self.schema.field(at).data_type(), rows.len())),
        };
        self.batch(rows.len(), column).map(Some)
    }

    fn batch(
        &self,
        rows: usize,
        column: impl Fn(&ColumnIndex, usize) -> Result<ArrayRef>,
    ) -> Result<RecordBatch> {
        let columns = self.columns.iter().zip(0..).map(|(it, at)| column(it, at));
        with_rows(&self.schema, columns.collect::<Result<Vec<_>>>()?, rows)
    }
}

/// A batch that has rows also where it has no column.
fn with_rows(schema: &SchemaRef, columns: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    Ok(RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options)?)
}

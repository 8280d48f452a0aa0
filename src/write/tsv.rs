//! Rows of a TSV file become columns, in the order of the store's schema.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Float32Type, Float64Type, Int32Type, Int64Type, SchemaRef};

use super::columns::{Booleans, Misfit, Numbers, Texts};
use super::order::CoordinateNames;
use super::room::{Buffers, Growing, Room};
use super::schema::tsv_schema;
use super::shared::JobIds;
use super::{Rows, unsound};
use crate::model::{ColumnType, Result, SchemaColumn};
use crate::read::tsv::{Sink, TsvReading};

/// What the sinks of one import share.
pub struct TsvLayout {
    /// The schema of the file's rows.
    pub schema: SchemaRef,
    /// The columns that give the place of a row; none for GENERIC stores.
    pub coordinates: Option<CoordinateNames>,
    columns: Vec<SchemaColumn>,
    job_ids: JobIds,
    room: Room,
}

impl TsvLayout {
    /// The layout of a file that is read in this way.
    pub fn new(reading: &TsvReading, job_id: &str) -> Self {
        let columns = reading.columns();
        let coordinates = CoordinateNames::tsv(&reading.store);
        let (job_ids, room) = (JobIds::new(job_id), Room::default());
        Self { schema: tsv_schema(&columns), coordinates, columns, job_ids, room }
    }
}

/// Appends rows to columns.
pub struct TsvRows {
    layout: Arc<TsvLayout>,
    rows: usize,
    values: Vec<Values>,
    misfit: Misfit,
}

enum Values {
    Int(Numbers<Int32Type>),
    Long(Numbers<Int64Type>),
    Float(Numbers<Float32Type>),
    Double(Numbers<Float64Type>),
    Boolean(Booleans),
    Text(Texts),
}

impl Values {
    fn new(data_type: ColumnType) -> Self {
        match data_type {
            ColumnType::Int => Self::Int(Numbers::default()),
            ColumnType::Long => Self::Long(Numbers::default()),
            ColumnType::Float => Self::Float(Numbers::default()),
            ColumnType::Double => Self::Double(Numbers::default()),
            ColumnType::Boolean => Self::Boolean(Booleans::default()),
            ColumnType::String => Self::Text(Texts::default()),
        }
    }

    fn finish(self, rows: usize) -> Result<ArrayRef> {
        match self {
            Self::Int(it) => Ok(it.finish(rows)),
            Self::Long(it) => Ok(it.finish(rows)),
            Self::Float(it) => Ok(it.finish(rows)),
            Self::Double(it) => Ok(it.finish(rows)),
            Self::Boolean(it) => Ok(it.finish(rows)),
            Self::Text(it) => it.finish(rows),
        }
    }
}

impl TsvRows {
    /// Empty columns.
    pub fn new(layout: &Arc<TsvLayout>) -> Self {
        let values = layout.columns.iter().map(|it| Values::new(it.data_type)).collect();
        let misfit = Misfit::default();
        let mut new = Self { layout: Arc::clone(layout), rows: 0, values, misfit };
        layout.room.make(&mut new);
        new
    }
}

impl Buffers for TsvRows {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        for values in &mut self.values {
            match values {
                Values::Int(it) => it.each_buffer(see),
                Values::Long(it) => it.each_buffer(see),
                Values::Float(it) => it.each_buffer(see),
                Values::Double(it) => it.each_buffer(see),
                Values::Boolean(_) => {}
                Values::Text(it) => it.each_buffer(see),
            }
        }
    }
}

/// Sets a value of the row under way in a column whose kind the parser knows from the same schema.
macro_rules! set {
    ($rows:expr, $column:expr, $kind:ident, $value:expr) => {
        match &mut $rows.values[$column] {
            Values::$kind(it) => it.set($rows.rows, $value),
            _ => $rows.misfit.note(&$rows.layout.columns[$column].name),
        }
    };
}

impl Sink for TsvRows {
    type Output = Rows;

    // A column that gets no value in a row has null there.
    fn null(&mut self, _: usize) {}

    fn int(&mut self, column: usize, value: i32) {
        set!(self, column, Int, value);
    }

    fn long(&mut self, column: usize, value: i64) {
        set!(self, column, Long, value);
    }

    fn float(&mut self, column: usize, value: f32) {
        set!(self, column, Float, value);
    }

    fn double(&mut self, column: usize, value: f64) {
        set!(self, column, Double, value);
    }

    fn boolean(&mut self, column: usize, value: bool) {
        set!(self, column, Boolean, value);
    }

    fn text(&mut self, column: usize, value: &[u8]) {
        set!(self, column, Text, value);
    }

    fn end_row(&mut self) {
        self.rows += 1;
    }

    fn finish(mut self) -> Result<Rows> {
        let layout = Arc::clone(&self.layout);
        layout.room.keep(&mut self);
        self.misfit.check()?;
        let rows = self.rows;
        let mut columns = Vec::with_capacity(self.values.len() + 1);
        for values in self.values {
            columns.push(values.finish(rows)?);
        }
        columns.push(Arc::new(layout.job_ids.rows(rows)));
        let schema = Arc::clone(&layout.schema);
        let batch = RecordBatch::try_new(schema, columns).map_err(unsound)?;
        Ok(Rows { batch, other_keys: BTreeSet::new() })
    }
}

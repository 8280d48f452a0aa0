//! The columns of both versions, side by side: fields of `info` each by itself.

use std::hash::{DefaultHasher, Hasher};

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array, new_null_array,
};
use arrow::compute::{cast, concat_batches, filter_record_batch, take};
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use arrow::row::{RowConverter, SortField};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::key::{Side, quoted};
use super::piece::DiffPiece;
use crate::model::{Error, Result};
use crate::query::Engine;

/// Columns that say nothing of a row: the job that it came with, and INFO as text, which `info` and
/// `info_other` hold.
const LEFT_OUT: [&str; 2] = ["importjobid", "attributes"];
/// The column whose fields are columns of their own here.
const INFO: &str = "info";

/// A column of one version, of the other, or of both.
struct Column {
    name: String,
    /// Its type in both, once they are brought together.
    data_type: DataType,
}

/// The columns that are compared.
pub struct BothColumns {
    /// What is read of each side.
    schemas: [SchemaRef; 2],
    all: Vec<Column>,
    key: Vec<usize>,
}

/// Rows of a piece, with all columns that are compared, whether their version has them or not.
pub struct Flat {
    /// The columns, in the order of [`BothColumns::names`].
    pub columns: Vec<ArrayRef>,
    /// How many rows there are.
    pub rows: usize,
}

impl BothColumns {
    /// The columns of two versions. An error where one has not all columns of the key.
    pub fn of(engine: &Engine, sides: &[Side; 2], key: Option<&[String]>) -> Result<Self> {
        let [before, after] = sides;
        let schemas = [schema(engine, before)?, schema(engine, after)?];
        let mut all: Vec<Column> = Vec::new();
        for (name, field) in schemas.iter().flat_map(|it| fields(it)) {
            match all.iter_mut().find(|it| it.name == name) {
                Some(known) if known.data_type != *field.data_type() => {
                    known.data_type = DataType::Utf8;
                }
                Some(_) => {}
                None => all.push(Column { name, data_type: field.data_type().clone() }),
            }
        }
        let mut columns = Self { schemas, all, key: Vec::new() };
        columns.key = match key {
            None => (0..columns.all.len()).collect(),
            Some(names) => {
                names.iter().map(|it| columns.place(it, sides)).collect::<Result<_>>()?
            }
        };
        Ok(columns)
    }

    /// Where a column of the key stands.
    fn place(&self, name: &str, sides: &[Side; 2]) -> Result<usize> {
        for (schema, side) in self.schemas.iter().zip(sides) {
            if !fields(schema).any(|it| it.0 == name) {
                let known: Vec<_> = self.names().take(30).collect();
                return Err(Error::invalid(format!("{} has no column `{name}`", side.name))
                    .with_help(format!("its columns are {}", known.join(", "))));
            }
        }
        let at = self.all.iter().position(|it| it.name == name);
        at.ok_or_else(|| Error::internal("a column of the key went missing"))
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|it| it.name.as_str())
    }

    /// A name and a type.
    pub fn column(&self, at: usize) -> (&str, &DataType) {
        (&self.all[at].name, &self.all[at].data_type)
    }

    /// The places of the columns of the key.
    pub fn key(&self) -> &[usize] {
        &self.key
    }

    /// Whether a column is one of the key.
    pub fn is_key(&self, name: &str) -> bool {
        self.key.iter().any(|it| self.all[*it].name == name)
    }

    /// Whether a column is one of integers, in both versions.
    pub fn is_integer(&self, name: &str) -> bool {
        self.all.iter().any(|it| it.name == name && it.data_type.is_integer())
    }

    /// Reads the rows of a piece from side 0 or 1.
    pub fn read(
        &self,
        engine: &Engine,
        side: &Side,
        at: usize,
        piece: &DiffPiece,
        regions: &[String],
    ) -> Result<RecordBatch> {
        let schema = &self.schemas[at];
        let names: Vec<_> = schema.fields().iter().map(|it| quoted(it.name())).collect();
        let condition = piece.condition();
        let sql = format!("SELECT {} FROM {}{condition}", names.join(", "), side.sql);
        let mut batches = Vec::new();
        for batch in engine.query(&sql, regions)? {
            let batch = batch?;
            batches.push(match piece.share() {
                Some(share) => {
                    let keep = self.in_share(&batch, at, share)?;
                    filter_record_batch(&batch, &keep).map_err(internal)?
                }
                None => batch,
            });
        }
        let schema = batches.first().map_or_else(|| schema.clone(), RecordBatch::schema);
        concat_batches(&schema, &batches).map_err(internal)
    }

    /// Which rows are in a share of all, by their keys.
    fn in_share(
        &self,
        batch: &RecordBatch,
        at: usize,
        (share, of): (u64, u64),
    ) -> Result<BooleanArray> {
        let rows = self.flat(batch, at)?;
        let keys = rows.keys(&self.key)?;
        let is_in = |key: &[u8]| {
            let mut hasher = DefaultHasher::new();
            hasher.write(key);
            hasher.finish() % of == share
        };
        Ok((0..rows.rows).map(|it| Some(is_in(keys.row(it).as_ref()))).collect())
    }

    /// The rows of side 0 or 1 with all columns.
    pub fn flat(&self, rows: &RecordBatch, at: usize) -> Result<Flat> {
        let own: Vec<_> = fields(&self.schemas[at]).map(|it| it.0).collect();
        let arrays: Vec<ArrayRef> = arrays(rows);
        let count = rows.num_rows();
        let column = |it: &Column| {
            let place = own.iter().position(|own| *own == it.name);
            match place.and_then(|it| arrays.get(it)) {
                None => Ok(new_null_array(&it.data_type, count)),
                Some(array) if *array.data_type() == it.data_type => Ok(array.clone()),
                Some(array) => cast(array, &it.data_type).map_err(internal),
            }
        };
        let columns = self.all.iter().map(column).collect::<Result<_>>()?;
        Ok(Flat { columns, rows: count })
    }
}

impl Flat {
    /// The keys of all rows, as bytes that compare as they do.
    pub fn keys(&self, key: &[usize]) -> Result<arrow::row::Rows> {
        let arrays: Vec<_> =
            key.iter().map(|it| plain(&self.columns[*it])).collect::<Result<_>>()?;
        let fields = arrays.iter().map(|it| SortField::new(it.data_type().clone())).collect();
        let converter = RowConverter::new(fields).map_err(internal)?;
        converter.convert_columns(&arrays).map_err(internal)
    }

    /// Some of the rows, of one column.
    pub fn taken(&self, column: usize, rows: &UInt32Array) -> Result<ArrayRef> {
        take(&self.columns[column], rows, None).map_err(internal)
    }
}

/// A column whose values can be ordered: maps are text.
fn plain(array: &ArrayRef) -> Result<ArrayRef> {
    if RowConverter::supports_fields(&[SortField::new(array.data_type().clone())]) {
        return Ok(array.clone());
    }
    let formatter = formatter(array.as_ref())?;
    let text = |it: usize| (!array.is_null(it)).then(|| formatter.value(it).to_string());
    Ok(std::sync::Arc::new((0..array.len()).map(text).collect::<arrow::array::StringArray>()))
}

/// What shows the values of a column.
pub fn formatter(array: &dyn Array) -> Result<ArrayFormatter<'_>> {
    ArrayFormatter::try_new(array, &FORMAT).map_err(internal)
}

const FORMAT: FormatOptions<'static> = FormatOptions::new().with_null("null");

/// What is read of a version.
fn schema(engine: &Engine, side: &Side) -> Result<SchemaRef> {
    let schema = engine.query(&format!("SELECT * FROM {} LIMIT 0", side.sql), &[])?.schema();
    let read = schema.fields().iter().filter(|it| !LEFT_OUT.contains(&it.name().as_str()));
    Ok(std::sync::Arc::new(Schema::new(read.cloned().collect::<Vec<FieldRef>>())))
}

/// The columns with their names, those of `info` as `info.FIELD`.
fn fields(schema: &Schema) -> impl Iterator<Item = (String, FieldRef)> {
    schema.fields().iter().flat_map(|field| match field.data_type() {
        DataType::Struct(fields) if field.name() == INFO => {
            fields.iter().map(|it| (format!("{INFO}.{}", it.name()), it.clone())).collect()
        }
        _ => vec![(field.name().clone(), field.clone())],
    })
}

/// The arrays of the columns that [`fields`] lists.
fn arrays(rows: &RecordBatch) -> Vec<ArrayRef> {
    let schema = rows.schema();
    let columns = rows.columns().iter().zip(schema.fields());
    let parts = columns.flat_map(|(array, field)| match array.as_struct_opt() {
        Some(info) if field.name() == INFO => info.columns().to_vec(),
        _ => vec![array.clone()],
    });
    parts.collect()
}

/// A failure of Arrow, which is none of the person's.
pub fn internal(error: arrow::error::ArrowError) -> Error {
    Error::internal("the versions cannot be compared").with_source(error)
}

//! The columns of both versions, side by side: fields of `info` each by itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, MapArray, RecordBatch, UInt32Array, new_null_array};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{concat_batches, prep_null_mask_filter, take};
use arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use arrow::row::{RowConverter, Rows, SortField};
use arrow::util::display::{ArrayFormatter, FormatOptions};

use super::same::in_order;
use super::types::{common_type, in_type, internal};
use super::undeclared::Undeclared;
use crate::merge::{ContigOrder, OpenVersion, RowsWanted, SortedRows};
use crate::model::{Error, Result};
use crate::query::Options;

/// Columns that say nothing of a row: the job that it came with, and INFO as text, which `info` and
/// `info_other` hold.
const LEFT_OUT: [&str; 2] = ["importjobid", "attributes"];
/// The column whose fields are columns of their own here.
const INFO: &str = "info";
/// What the names of those begin with.
const FIELD: &str = "info.";
/// The column with the texts of keys that have none.
const OTHER: &str = "info_other";

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
    /// Of each side, the keys that its headers may not declare; none where no row has such a key.
    undeclared: [Option<Undeclared>; 2],
}

/// Rows of a piece, with all columns that are compared, whether their version has them or not.
pub struct Flat {
    /// The columns, in the order of [`BothColumns::names`].
    pub columns: Vec<ArrayRef>,
    /// How many rows there are.
    pub rows: usize,
}

impl BothColumns {
    /// The columns of two versions, of which all rows are compared or those in regions. An error
    /// where one has not all columns of the key.
    pub fn of(
        sides: &[OpenVersion; 2],
        key: Option<&[String]>,
        in_regions: bool,
        options: &Options,
    ) -> Result<Self> {
        let [before, after] = sides;
        let nulls = match key {
            // With regions, a little is read, and all columns are part of a key of all columns.
            Some(key) if !in_regions => nulls_of_both(sides, key)?,
            _ => BTreeSet::new(),
        };
        let schemas = [schema(before, &nulls, options)?, schema(after, &nulls, options)?];
        let mut all: Vec<Column> = Vec::new();
        for (name, field) in schemas.iter().flat_map(|it| fields(it)) {
            match all.iter_mut().find(|it| it.name == name) {
                Some(known) => known.data_type = common_type(&known.data_type, field.data_type()),
                None => all.push(Column { name, data_type: field.data_type().clone() }),
            }
        }
        let undeclared = [(before, after), (after, before)];
        let undeclared = undeclared.map(|(own, other)| undeclared_of(&all, own, other));
        let mut columns = Self { schemas, all, key: Vec::new(), undeclared };
        columns.key = match key {
            None => (0..columns.all.len()).collect(),
            Some(names) => {
                names.iter().map(|it| columns.place(it, sides)).collect::<Result<_>>()?
            }
        };
        Ok(columns)
    }

    /// Where a column of the key stands.
    fn place(&self, name: &str, sides: &[OpenVersion; 2]) -> Result<usize> {
        for (schema, side) in self.schemas.iter().zip(sides) {
            if !fields(schema).any(|it| it.0 == name) {
                let known: Vec<_> = self.names().take(30).collect();
                return Err(Error::invalid(format!("{} has no column `{name}`", side.name()))
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

    /// The columns that are read of side 0 or 1, in SQL.
    pub fn read(&self, at: usize) -> Vec<String> {
        self.schemas[at].fields().iter().map(|it| quoted(it.name())).collect()
    }

    /// Rows of side 0 or 1, as [`SortedRows`] gives them, with all columns.
    pub fn flat(&self, rows: &[RecordBatch], at: usize) -> Result<Flat> {
        let schema = &self.schemas[at];
        let rows = match rows.first() {
            None => RecordBatch::new_empty(Arc::clone(schema)),
            Some(first) => concat_batches(&first.schema(), rows).map_err(internal)?,
        };
        let own: Vec<_> = fields(schema).map(|it| it.0).collect();
        let arrays: Vec<ArrayRef> = arrays(&rows);
        let count = rows.num_rows();
        let column = |it: &Column| {
            let place = own.iter().position(|own| *own == it.name);
            let array = match place.and_then(|it| arrays.get(it)) {
                None => new_null_array(&it.data_type, count),
                Some(array) => in_type(array, &it.data_type)?,
            };
            Ok(if it.name.starts_with(FIELD) { flags(array) } else { array })
        };
        let mut columns = self.all.iter().map(column).collect::<Result<Vec<_>>>()?;
        if let Some(undeclared) = &self.undeclared[at] {
            undeclared.lift(&mut columns)?;
        }
        Ok(Flat { columns, rows: count })
    }
}

impl Flat {
    /// Some of the columns.
    pub fn of(&self, columns: &[usize]) -> Vec<ArrayRef> {
        columns.iter().map(|it| Arc::clone(&self.columns[*it])).collect()
    }
}

/// Rows as bytes that compare as they do in these columns.
pub fn as_keys(columns: &[ArrayRef]) -> Result<Rows> {
    let arrays: Vec<_> = columns.iter().map(plain).collect::<Result<_>>()?;
    let fields = arrays.iter().map(|it| SortField::new(it.data_type().clone())).collect();
    let converter = RowConverter::new(fields).map_err(internal)?;
    converter.convert_columns(&arrays).map_err(internal)
}

/// A column whose values can be ordered: maps are text, with their keys in order.
fn plain(array: &ArrayRef) -> Result<ArrayRef> {
    if RowConverter::supports_fields(&[SortField::new(array.data_type().clone())]) {
        return Ok(array.clone());
    }
    let ordered = array.as_map_opt().map(in_key_order).transpose()?;
    let array = ordered.as_ref().unwrap_or(array);
    let formatter = formatter(array.as_ref())?;
    let text = |it: usize| (!array.is_null(it)).then(|| formatter.value(it).to_string());
    Ok(Arc::new((0..array.len()).map(text).collect::<arrow::array::StringArray>()))
}

/// Maps with the entries of each in the order of their keys.
fn in_key_order(map: &MapArray) -> Result<ArrayRef> {
    let offsets = map.value_offsets();
    let place = |it: i32| usize::try_from(it).unwrap_or_default();
    let rows = (0..map.len()).map(|row| place(offsets[row])..place(offsets[row + 1]));
    let order = rows.flat_map(|it| in_order(map.keys(), it));
    let order: UInt32Array = order.map(|it| u32::try_from(it).unwrap_or(u32::MAX)).collect();
    let entries = take(map.entries(), &order, None).map_err(internal)?;
    let DataType::Map(field, is_ordered) = map.data_type() else {
        return Err(Error::internal("a map is of another type"));
    };
    let first = offsets.first().copied().unwrap_or_default();
    let offsets = OffsetBuffer::new(offsets.iter().map(|it| it - first).collect());
    let (field, nulls) = (Arc::clone(field), map.nulls().cloned());
    let entries = entries.as_struct().clone();
    let map = MapArray::try_new(field, offsets, entries, nulls, *is_ordered);
    Ok(Arc::new(map.map_err(internal)?))
}

/// What shows the values of a column.
pub fn formatter(array: &dyn Array) -> Result<ArrayFormatter<'_>> {
    ArrayFormatter::try_new(array, &FORMAT).map_err(internal)
}

const FORMAT: FormatOptions<'static> = FormatOptions::new().with_null("null");

/// Flags of INFO, where a file that does not declare one has null, which is not set.
fn flags(array: ArrayRef) -> ArrayRef {
    match array.as_boolean_opt().filter(|it| it.null_count() > 0) {
        Some(flags) => Arc::new(prep_null_mask_filter(flags)),
        None => array,
    }
}

/// Where texts of keys that a version does not declare belong: to its own column of the key, else
/// to that of the other version.
fn undeclared_of(all: &[Column], own: &OpenVersion, other: &OpenVersion) -> Option<Undeclared> {
    let place = |name: &str| all.iter().position(|it| it.name == name);
    let columns = [other, own].into_iter().flat_map(|it| &it.snapshot.version.info_columns);
    let columns = columns
        .filter_map(|it| Some((it.key.clone(), place(&format!("{FIELD}{}", it.name))?)))
        .collect();
    Some(Undeclared::new(place(OTHER)?, columns))
}

/// The columns, none of the key, that are null in all rows of both versions: they do not differ.
fn nulls_of_both(sides: &[OpenVersion; 2], key: &[String]) -> Result<BTreeSet<String>> {
    let [before, after] = sides;
    let mut nulls = before.null_columns()?;
    if !nulls.is_empty() {
        let others = after.null_columns()?;
        nulls.retain(|it| others.contains(it) && !key.contains(it));
    }
    Ok(nulls)
}

/// What is read of a version.
fn schema(version: &OpenVersion, nulls: &BTreeSet<String>, options: &Options) -> Result<SchemaRef> {
    let order = Arc::new(ContigOrder::new([], []));
    let wanted = RowsWanted { columns: vec!["*".to_owned()], ..RowsWanted::default() };
    let schema = Arc::clone(SortedRows::new(version, order, wanted, options)?.schema());
    let read = schema.fields().iter().filter(|it| {
        let name = it.name();
        !LEFT_OUT.contains(&name.as_str()) && !name.starts_with('$') && !nulls.contains(name)
    });
    Ok(Arc::new(Schema::new(read.cloned().collect::<Vec<FieldRef>>())))
}

/// A name as SQL takes it whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
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

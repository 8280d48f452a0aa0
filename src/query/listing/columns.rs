//! What is known of one table.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::TableProvider;

use super::{listed, text, texts};
use crate::model::Result;
use crate::query::attributes::{INFO_COLUMN, header_key};
use crate::query::dialect::Pattern;
use crate::query::types::{quoted, sql_type};
use crate::query::version_table::VersionTable;

/// A table that a statement asks about.
pub enum Described {
    /// A version of a store.
    Version(Arc<VersionTable>),
    /// Another one, with its name: a file, or a view.
    Other(String, SchemaRef),
}

/// How far the values of a column reach; none of what is not known.
#[derive(Default)]
struct Reach {
    distinct: Option<f64>,
    low: Option<String>,
    high: Option<String>,
}

impl Described {
    fn schema(&self) -> SchemaRef {
        match self {
            Self::Version(table) => TableProvider::schema(table.as_ref()),
            Self::Other(_, schema) => Arc::clone(schema),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Version(table) => table.name(),
            Self::Other(name, _) => name,
        }
    }

    /// How far the values of a column reach, as far as it is a place.
    fn reach(&self, column: &str) -> Reach {
        let Self::Version(table) = self else { return Reach::default() };
        let bounds = || table.files().iter().flat_map(|it| &it.bounds);
        let contigs: BTreeSet<&str> = table.contigs().collect();
        match table.coordinates() {
            Some(names) if names.contig == column && !contigs.is_empty() => Reach {
                distinct: u32::try_from(contigs.len()).ok().map(f64::from),
                low: contigs.first().map(|it| (*it).to_owned()),
                high: contigs.last().map(|it| (*it).to_owned()),
            },
            Some(names) if names.start == column => {
                let low = bounds().map(|it| it.min_start).min();
                Reach { low: low.map(|it| it.to_string()), ..Reach::default() }
            }
            Some(names) if names.end == column => {
                let high = bounds().map(|it| it.max_end).max();
                Reach { high: high.map(|it| it.to_string()), ..Reach::default() }
            }
            _ => Reach::default(),
        }
    }

    fn rows(&self) -> Option<u64> {
        match self {
            Self::Version(table) => Some(table.files().iter().map(|it| it.rows).sum()),
            Self::Other(..) => None,
        }
    }
}

/// The columns of a table and their types; behind `info` its fields, with what headers say that
/// their keys mean.
pub fn columns(of: &Described, pattern: Option<&Pattern>) -> Result<RecordBatch> {
    let (mut names, mut types, mut comments) = (vec![], vec![], vec![]);
    let table = match of {
        Described::Version(table) => Some(table.as_ref()),
        Described::Other(..) => None,
    };
    for field in of.schema().fields() {
        if pattern.is_some_and(|it| !it.takes(field.name())) {
            continue;
        }
        names.push(field.name().clone());
        types.push(sql_type(field.data_type()));
        let table = table.filter(|_| field.name() == INFO_COLUMN);
        comments.push(table.and_then(VersionTable::keys_by_case).map(str::to_owned));
        if let (Some(table), DataType::Struct(keys)) = (table, field.data_type()) {
            let meanings = table.descriptions()?;
            for key in keys {
                names.push(format!("{INFO_COLUMN}.{}", key.name()));
                types.push(sql_type(key.data_type()));
                comments.push(meanings.get(header_key(key)).filter(|it| !it.is_empty()).cloned());
            }
        }
    }
    let columns: [(&str, ArrayRef, bool); 3] = [
        ("column", Arc::new(StringArray::from(names)), false),
        ("type", Arc::new(StringArray::from(types)), false),
        ("comment", Arc::new(StringArray::from(comments)), true),
    ];
    listed(RecordBatch::try_from_iter_with_nullable(columns))
}

/// The statement that would make a table with these columns.
pub fn create_table(of: &Described) -> Result<RecordBatch> {
    let schema = of.schema();
    let column = |it: &arrow::datatypes::FieldRef| {
        format!("   {} {}", quoted(it.name()), sql_type(it.data_type()))
    };
    let columns: Vec<_> = schema.fields().iter().map(column).collect();
    text("create_table", format!("CREATE TABLE {} (\n{}\n)", of.name(), columns.join(",\n")))
}

/// The statement that would make a view.
pub fn create_view(name: &str, sql: &str) -> Result<RecordBatch> {
    text("create_view", format!("CREATE VIEW {name} AS\n{sql}"))
}

/// What is known of the values of a table without reading them: its rows, and how far its places
/// reach. As in Trino, the last row is of the table, and the others of its columns.
pub fn stats(of: &Described) -> Result<RecordBatch> {
    let schema = of.schema();
    let names = schema.fields().iter().map(|it| Some(it.name().as_str())).chain([None]);
    let each: Vec<_> =
        names.map(|it| (it, it.map(|it| of.reach(it)).unwrap_or_default())).collect();
    let count = each.len();
    let unknown = || Arc::new(Float64Array::from(vec![None; count])) as ArrayRef;
    let mut rows = vec![None; count - 1];
    rows.push(of.rows().and_then(|it| i64::try_from(it).ok()));
    let distinct: Float64Array = each.iter().map(|(_, it)| it.distinct).collect();
    let low: StringArray = each.iter().map(|(_, it)| it.low.clone()).collect();
    let high: StringArray = each.iter().map(|(_, it)| it.high.clone()).collect();
    let columns: [(&str, ArrayRef, bool); 7] = [
        ("column_name", Arc::new(each.iter().map(|(it, _)| *it).collect::<StringArray>()), true),
        ("data_size", unknown(), true),
        ("distinct_values_count", Arc::new(distinct), true),
        ("nulls_fraction", unknown(), true),
        ("row_count", Arc::new(Int64Array::from(rows)), true),
        ("low_value", Arc::new(low), true),
        ("high_value", Arc::new(high), true),
    ];
    listed(RecordBatch::try_from_iter_with_nullable(columns))
}

/// The partitions of a table: it has none.
pub fn partitions() -> Result<RecordBatch> {
    texts(["partition"], [])
}

/// Facts about a table.
pub fn properties(of: &Described) -> Result<RecordBatch> {
    let facts = match of {
        Described::Version(table) => vec![
            ("table", table.name().to_owned()),
            ("rows", of.rows().unwrap_or_default().to_string()),
            ("files", table.files().len().to_string()),
        ],
        Described::Other(name, _) => vec![("table", name.clone())],
    };
    let facts = facts.into_iter().map(|(name, value)| [Some(name.to_owned()), Some(value)]);
    texts(["prpt_name", "prpt_value"], facts)
}

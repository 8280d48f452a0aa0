//! `SHOW TABLES` and `DESCRIBE`: what there is, in Trino's words.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray, UInt64Array};
use arrow::datatypes::{DataType, FieldRef};
use arrow::error::ArrowError;
use datafusion::catalog::memory::MemorySourceConfig;
use datafusion::common::DataFusionError;
use datafusion::execution::TaskContext;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};

use super::names::{View, table_name};
use super::version_table::VersionTable;
use super::{Running, error};
use crate::model::{Error, Result};

/// Every version of every store, and which of them the bare store name means.
pub fn tables(view: Box<dyn View>, runtime: &Arc<RuntimeEnv>) -> Result<Running> {
    let (mut names, mut defaults, mut formats, mut rows) = (vec![], vec![], vec![], vec![]);
    for store in view.stores()? {
        for version in &store.versions {
            names.push(table_name(&store, version));
            defaults.push(*version == store.default_version);
            formats.push(store.format.as_str());
            rows.push(view.open(&store, version)?.0.row_count);
        }
    }
    let columns: [(&str, ArrayRef); 4] = [
        ("table", Arc::new(StringArray::from(names))),
        ("is_default", Arc::new(BooleanArray::from(defaults))),
        ("format", Arc::new(StringArray::from(formats))),
        ("rows", Arc::new(UInt64Array::from(rows))),
    ];
    run(RecordBatch::try_from_iter(columns), view, runtime)
}

/// The columns of a table and their types.
pub fn columns(
    table: &VersionTable,
    view: Box<dyn View>,
    runtime: &Arc<RuntimeEnv>,
) -> Result<Running> {
    let schema = datafusion::catalog::TableProvider::schema(table);
    let names = schema.fields().iter().map(|it| it.name().as_str());
    let types = schema.fields().iter().map(|it| sql_type(it.data_type()));
    let columns: [(&str, ArrayRef); 2] = [
        ("column", Arc::new(StringArray::from_iter_values(names))),
        ("type", Arc::new(StringArray::from_iter_values(types))),
    ];
    run(RecordBatch::try_from_iter(columns), view, runtime)
}

/// A type as Trino spells it.
pub fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 => "varchar".to_owned(),
        DataType::Int32 => "integer".to_owned(),
        DataType::Int64 => "bigint".to_owned(),
        DataType::Float32 => "real".to_owned(),
        DataType::Float64 => "double".to_owned(),
        DataType::Boolean => "boolean".to_owned(),
        DataType::List(element) => format!("array({})", sql_type(element.data_type())),
        DataType::Struct(fields) => format!("row({})", members(fields)),
        DataType::Map(entry, _) => match entry.data_type() {
            DataType::Struct(fields) => {
                let parts: Vec<_> = fields.iter().map(|it| sql_type(it.data_type())).collect();
                format!("map({})", parts.join(", "))
            }
            other => other.to_string(),
        },
        other => other.to_string(),
    }
}

fn members<'a>(fields: impl IntoIterator<Item = &'a FieldRef>) -> String {
    let member = |it: &FieldRef| format!("{} {}", it.name(), sql_type(it.data_type()));
    fields.into_iter().map(member).collect::<Vec<_>>().join(", ")
}

fn run(
    batch: Result<RecordBatch, ArrowError>,
    view: Box<dyn View>,
    runtime: &Arc<RuntimeEnv>,
) -> Result<Running> {
    let batch = batch.map_err(|it| Error::internal("cannot list the tables").with_source(it))?;
    let start = || -> Result<_, DataFusionError> {
        let schema = batch.schema();
        let plan: Arc<dyn ExecutionPlan> =
            MemorySourceConfig::try_new_exec(&[vec![batch]], schema, None)?;
        let context = TaskContext::default().with_runtime(Arc::clone(runtime));
        Ok((execute_stream(Arc::clone(&plan), Arc::new(context))?, plan))
    };
    let (stream, plan) = start().map_err(|error| error::translate(&error, &[]))?;
    Ok(Running { stream, plan, sources: Vec::new(), view })
}

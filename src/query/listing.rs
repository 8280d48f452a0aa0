//! `SHOW TABLES` and `DESCRIBE`: what there is, in Trino's words.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray, UInt64Array};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;
use datafusion::catalog::memory::MemorySourceConfig;
use datafusion::common::DataFusionError;
use datafusion::execution::TaskContext;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};

use super::abandoned::Abandoned;
use super::attributes::{INFO_COLUMN, header_key};
use super::error;
use super::files::Told;
use super::names::{View, table_name};
use super::running::Running;
use super::types::sql_type;
use super::version_table::VersionTable;
use crate::model::{Error, Result};

/// Every version of every store, and which of them the bare store name means.
pub fn tables(view: &dyn View, runtime: &Arc<RuntimeEnv>) -> Result<Running> {
    let (mut names, mut defaults, mut formats, mut rows) = (vec![], vec![], vec![], vec![]);
    for store in view.stores()? {
        for version in &store.versions {
            names.push(table_name(&store, version));
            defaults.push(*version == store.default_version);
            formats.push(store.format.as_str());
        }
        rows.extend(view.row_counts(&store)?);
    }
    let columns: [(&str, ArrayRef); 4] = [
        ("table", Arc::new(StringArray::from(names))),
        ("is_default", Arc::new(BooleanArray::from(defaults))),
        ("format", Arc::new(StringArray::from(formats))),
        ("rows", Arc::new(UInt64Array::from(rows))),
    ];
    run(RecordBatch::try_from_iter(columns), runtime)
}

/// The columns of a table and their types; behind `info` its fields, with what headers say that
/// their keys mean.
pub fn columns(table: &VersionTable, runtime: &Arc<RuntimeEnv>) -> Result<Running> {
    let schema = datafusion::catalog::TableProvider::schema(table);
    let (mut names, mut types, mut comments) = (vec![], vec![], vec![]);
    for field in schema.fields() {
        names.push(field.name().clone());
        types.push(sql_type(field.data_type()));
        let is_info = field.name() == INFO_COLUMN;
        comments.push(is_info.then(|| table.keys_by_case().map(str::to_owned)).flatten());
        if let (true, DataType::Struct(keys)) = (is_info, field.data_type()) {
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
    run(RecordBatch::try_from_iter_with_nullable(columns), runtime)
}

fn run(batch: Result<RecordBatch, ArrowError>, runtime: &Arc<RuntimeEnv>) -> Result<Running> {
    let batch = batch.map_err(|it| Error::internal("cannot list the tables").with_source(it))?;
    let start = || -> Result<_, DataFusionError> {
        let schema = batch.schema();
        let plan: Arc<dyn ExecutionPlan> =
            MemorySourceConfig::try_new_exec(&[vec![batch]], schema, None)?;
        let context = TaskContext::default().with_runtime(Arc::clone(runtime));
        Ok((execute_stream(Arc::clone(&plan), Arc::new(context))?, plan))
    };
    let (stream, plan) = start().map_err(|error| error::translate(&error, &[]))?;
    Ok(Running {
        stream,
        plan,
        abandoned: Abandoned::default(),
        sources: Vec::new(),
        notes: Vec::new(),
        told: Told::default(),
    })
}

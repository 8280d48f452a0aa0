//! `SHOW`, `DESCRIBE` and `information_schema`: what there is, in Trino's words.

mod columns;
mod hidden;
mod schema;
mod tables;

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::error::ArrowError;
use datafusion::catalog::memory::MemorySourceConfig;
use datafusion::common::DataFusionError;
use datafusion::execution::TaskContext;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};

use super::abandoned::Abandoned;
use super::error;
use super::files::Told;
use super::running::Running;
use crate::model::{Error, Result};

pub use columns::{Described, columns, create_table, create_view, partitions, properties, stats};
pub use hidden::{beside, hidden};
pub use schema::{INFORMATION_SCHEMA, information_schema};
pub use tables::{catalogs, functions, schemas, tables, views};

/// A list as the answer of a statement.
pub fn run(batch: RecordBatch, runtime: &Arc<RuntimeEnv>) -> Result<Running> {
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

fn listed(batch: Result<RecordBatch, ArrowError>) -> Result<RecordBatch> {
    batch.map_err(|it| Error::internal("cannot list what there is").with_source(it))
}

/// Columns of texts.
fn texts<const N: usize>(
    names: [&str; N],
    rows: impl IntoIterator<Item = [Option<String>; N]>,
) -> Result<RecordBatch> {
    let mut columns: [Vec<Option<String>>; N] = std::array::from_fn(|_| Vec::new());
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let columns = names
        .into_iter()
        .zip(columns)
        .map(|(name, values)| (name, Arc::new(StringArray::from(values)) as ArrayRef, true));
    listed(RecordBatch::try_from_iter_with_nullable(columns))
}

/// One text as the answer of a statement.
pub fn text(name: &str, text: String) -> Result<RecordBatch> {
    texts([name], [[Some(text)]])
}

//! EXPLAIN: the plan of a query as a text.

use std::sync::Arc;

use arrow::array::{Array, BooleanArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::internal_err;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{ExecutionPlan, displayable};
use datafusion::sql::sqlparser::ast::{DescribeAlias, Statement};
use futures::StreamExt;
use serde_json::{Value, json};

use super::columns::without_marks;
use super::dialect::{Explain, ExplainKind};
use super::listing;
use super::prepared::Prepared;
use crate::model::{Error, Result};

/// The name of the only column.
const COLUMN: &str = "Query Plan";

/// The plan of a statement.
pub fn shown(prepared: &Prepared, how: &Explain) -> Result<RecordBatch> {
    let text = match (how.kind, how.json) {
        (ExplainKind::Validate, _) => {
            let valid: Arc<dyn Array> = Arc::new(BooleanArray::from(vec![true]));
            return RecordBatch::try_from_iter([("Valid", valid)])
                .map_err(|it| Error::internal("cannot show a plan").with_source(it));
        }
        (ExplainKind::Logical, false) => prepared.logical.display_indent().to_string(),
        (ExplainKind::Logical, true) => prepared.logical.display_pg_json().to_string(),
        (ExplainKind::Distributed, false) => {
            displayable(prepared.physical.as_ref()).indent(false).to_string()
        }
        (ExplainKind::Distributed, true) => {
            serde_json::to_string_pretty(&node(&prepared.physical)).unwrap_or_default()
        }
    };
    listing::text(COLUMN, without_marks(text.trim_end()))
}

fn node(plan: &Arc<dyn ExecutionPlan>) -> Value {
    let line = displayable(plan.as_ref()).one_line().to_string();
    let details = line.trim().strip_prefix(plan.name()).unwrap_or(&line);
    let children: Vec<_> = plan.children().into_iter().map(node).collect();
    json!({
        "name": plan.name(),
        "details": details.trim_start_matches(':').trim(),
        "children": children,
    })
}

/// The statement that runs a query and tells what each part of its plan took.
pub fn analyzed(statement: Statement) -> Statement {
    Statement::Explain {
        describe_alias: DescribeAlias::Explain,
        analyze: true,
        verbose: false,
        query_plan: false,
        estimate: false,
        statement: Box::new(statement),
        format: None,
        options: None,
    }
}

/// The plan alone, of what DataFusion tells of one that has run.
pub fn plan_alone(stream: SendableRecordBatchStream) -> SendableRecordBatchStream {
    let schema = Arc::new(Schema::new(vec![Field::new(COLUMN, DataType::Utf8, true)]));
    let named = Arc::clone(&schema);
    let plans = stream.map(move |batch| {
        let batch = batch?;
        let Some(plan) = batch.columns().last() else { return internal_err!("no plan") };
        let plan = arrow::compute::cast(plan, &DataType::Utf8)?;
        Ok(RecordBatch::try_new(Arc::clone(&named), vec![plan])?)
    });
    Box::pin(RecordBatchStreamAdapter::new(schema, plans))
}

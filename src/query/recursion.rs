//! WITH RECURSIVE, as deep as Trino lets it go.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::common::Result;
use datafusion::config::ConfigOptions;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::recursive_query::RecursiveQueryExec;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{ChildrenPropertiesMode, ExecutionPlan, ReplaceChildrenOptions};
use futures::StreamExt;

use super::faults::of_value;
use super::physical::{BottomUp, NodeRule, Passing, PassingExec};

/// How often the part that recurses may give rows: Trino's default for `max_recursion_depth`.
const MAX_DEPTH: usize = 10;

/// The plan with an end to its recursions.
pub fn bounded(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    BottomUp(Bounded).optimize(plan, &ConfigOptions::default())
}

#[derive(Debug)]
struct Bounded;

impl NodeRule for Bounded {
    const NAME: &'static str = "bounded_recursions";

    fn replaced(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(query) = node.downcast_ref::<RecursiveQueryExec>() else { return Ok(None) };
        let again = PassingExec::new(Arc::clone(query.recursive_term()), Depth::default());
        let terms = vec![Arc::clone(query.static_term()), Arc::new(again) as _];
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        Arc::clone(node).replace_children(terms, options).map(Some)
    }
}

/// Counts how often the part that recurses was run.
#[derive(Clone, Debug, Default)]
struct Depth(Arc<AtomicUsize>);

impl Passing for Depth {
    const NAME: &'static str = "RecursionDepthExec";

    fn rows(
        &self,
        input: &Arc<dyn ExecutionPlan>,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let depth = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let rows = input.execute(partition, context)?;
        if depth <= MAX_DEPTH {
            return Ok(rows);
        }
        let schema = rows.schema();
        let rows = rows.map(|batch| match batch {
            Ok(batch) if batch.num_rows() > 0 => {
                let fault = format!("WITH RECURSIVE gives rows after {MAX_DEPTH} recursions");
                Err(of_value(&fault, "end it earlier, with a condition in its second query"))
            }
            other => other,
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, rows)))
    }
}

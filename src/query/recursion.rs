//! WITH RECURSIVE, as deep as Trino lets it go.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, internal_err};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::recursive_query::RecursiveQueryExec;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties,
    ReplaceChildrenOptions,
};
use futures::StreamExt;

use super::faults::of_value;

/// How often the part that recurses may give rows: Trino's default for `max_recursion_depth`.
const MAX_DEPTH: usize = 10;

/// The plan with an end to its recursions.
pub fn bounded(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let bounded = |node: Arc<dyn ExecutionPlan>| {
        let Some(query) = node.downcast_ref::<RecursiveQueryExec>() else {
            return Ok(Transformed::no(node));
        };
        let first = Arc::clone(query.static_term());
        let again =
            Arc::new(Depth { input: Arc::clone(query.recursive_term()), count: Arc::default() });
        Ok(Transformed::yes(node.replace_children(
            vec![first, again],
            ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute),
        )?))
    };
    plan.transform_up(bounded).data()
}

/// Counts how often the part that recurses was run.
#[derive(Debug)]
struct Depth {
    input: Arc<dyn ExecutionPlan>,
    count: Arc<AtomicUsize>,
}

impl ExecutionPlan for Depth {
    fn name(&self) -> &'static str {
        "RecursionDepthExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.input.properties()
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Ok([input]) = <[_; 1]>::try_from(children) else {
            return internal_err!("a recursion has one input");
        };
        Ok(Arc::new(Self { input, count: Arc::clone(&self.count) }))
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, options)
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let depth = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let rows = self.input.execute(partition, context)?;
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

impl DisplayAs for Depth {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "RecursionDepthExec: at most {MAX_DEPTH}")
    }
}

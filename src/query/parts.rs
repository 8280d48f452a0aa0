//! UNNEST of few rows at a time.
//!
//! DataFusion makes one batch of all that the rows of a batch unnest to: of 8,192 arrays of 10,000
//! elements one of 82 million rows, whatever memory there is, and nobody can stop it meanwhile. It
//! is given as many rows at once as unnest to a batch, or one.

use std::fmt::{self, Formatter};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, internal_err};
use datafusion::config::ConfigOptions;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::coop::make_cooperative;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::unnest::UnnestExec;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties,
    ReplaceChildrenOptions,
};
use futures::{StreamExt, TryStreamExt, stream};

/// Gives UNNESTs few rows at a time.
#[derive(Debug)]
pub struct UnnestsInParts;

impl PhysicalOptimizerRule for UnnestsInParts {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            let Some(unnest) = node.downcast_ref::<UnnestExec>() else {
                return Ok(Transformed::no(node));
            };
            let lists = unnest.list_column_indices().iter().map(|it| it.index_in_input_schema);
            let input = Arc::clone(unnest.input());
            let parts = Arc::new(PartsExec { input, lists: lists.collect() });
            let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Keep);
            node.replace_children(vec![parts], options).map(Transformed::yes)
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "unnests_in_parts"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The rows of its input in batches whose lists have few elements together.
#[derive(Debug)]
struct PartsExec {
    input: Arc<dyn ExecutionPlan>,
    /// The columns of the lists.
    lists: Vec<usize>,
}

impl DisplayAs for PartsExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut Formatter) -> fmt::Result {
        f.write_str("PartsExec")
    }
}

impl ExecutionPlan for PartsExec {
    fn name(&self) -> &'static str {
        "PartsExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.input.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
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
            return internal_err!("one input was expected");
        };
        Ok(Arc::new(Self { input, lists: self.lists.clone() }))
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
        let most = context.session_config().batch_size();
        let lists = self.lists.clone();
        let parts = self
            .input
            .execute(partition, context)?
            .map_ok(move |batch| stream::iter(parts(&batch, &lists, most).into_iter().map(Ok)))
            .try_flatten();
        let stream = RecordBatchStreamAdapter::new(self.schema(), parts.boxed());
        Ok(make_cooperative(Box::pin(stream)))
    }
}

/// The rows of a batch in several, which unnest to so many rows each, or have one row.
fn parts(batch: &RecordBatch, lists: &[usize], most: usize) -> Vec<RecordBatch> {
    let lists: Vec<_> = lists.iter().map(|it| batch.column(*it)).collect();
    let mut parts = Vec::new();
    let (mut start, mut elements) = (0, 0);
    for row in 0..batch.num_rows() {
        let longest = lists.iter().map(|it| length(it, row)).max().unwrap_or(0).max(1);
        if row > start && longest.saturating_add(elements) > most {
            parts.push(batch.slice(start, row - start));
            (start, elements) = (row, 0);
        }
        elements = longest.saturating_add(elements);
    }
    parts.push(batch.slice(start, batch.num_rows() - start));
    parts
}

fn length(list: &dyn Array, row: usize) -> usize {
    if list.is_null(row) {
        return 0;
    }
    match list.data_type() {
        DataType::List(_) => list.as_list::<i32>().value_length(row).unsigned_abs() as usize,
        DataType::LargeList(_) => {
            usize::try_from(list.as_list::<i64>().value_length(row)).unwrap_or(usize::MAX)
        }
        DataType::FixedSizeList(_, length) => length.unsigned_abs() as usize,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array, ListArray};
    use arrow::datatypes::Int64Type;

    use super::*;

    #[test]
    fn rows_go_together_that_unnest_to_a_batch() {
        let list = |length: usize| Some((0..length).map(|_| Some(1)).collect::<Vec<_>>());
        let lists = [list(3), None, list(0), list(9), list(2), list(1), list(2)];
        let lists = ListArray::from_iter_primitive::<Int64Type, _, _>(lists);
        let rows = Int64Array::from_iter_values(0..7);
        let columns = [("row", Arc::new(rows) as ArrayRef), ("list", Arc::new(lists) as ArrayRef)];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let sizes = |most| -> Vec<usize> {
            parts(&batch, &[1], most).iter().map(RecordBatch::num_rows).collect()
        };
        assert_eq!(sizes(5), [3, 1, 3]);
        assert_eq!(sizes(4), [2, 1, 1, 2, 1]);
        assert_eq!(sizes(1000), [7]);
        assert_eq!(sizes(1), [1; 7]);
    }
}

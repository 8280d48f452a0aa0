//! UNNEST of few rows at a time.
//!
//! DataFusion makes one batch of all that the rows of a batch unnest to: of 8,192 arrays of 10,000
//! elements one of 82 million rows, whatever memory there is, and nobody can stop it meanwhile. It
//! is given as many rows at once as unnest to a batch, or one.

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::coop::make_cooperative;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::unnest::UnnestExec;
use datafusion::physical_plan::{ChildrenPropertiesMode, ExecutionPlan, ReplaceChildrenOptions};
use futures::{StreamExt, TryStreamExt, stream};

use super::physical::{NodeRule, Passing, PassingExec};

/// Gives UNNESTs few rows at a time.
#[derive(Debug)]
pub struct UnnestsInParts;

impl NodeRule for UnnestsInParts {
    const NAME: &'static str = "unnests_in_parts";

    fn replaced(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(unnest) = node.downcast_ref::<UnnestExec>() else { return Ok(None) };
        let lists = unnest.list_column_indices().iter().map(|it| it.index_in_input_schema);
        let parts = Parts { lists: lists.collect() };
        let parts = Arc::new(PassingExec::new(Arc::clone(unnest.input()), parts));
        let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Keep);
        Arc::clone(node).replace_children(vec![parts], options).map(Some)
    }
}

/// The rows of its input in batches whose lists have few elements together.
#[derive(Clone, Debug)]
struct Parts {
    /// The columns of the lists.
    lists: Vec<usize>,
}

impl Passing for Parts {
    const NAME: &'static str = "PartsExec";

    fn rows(
        &self,
        input: &Arc<dyn ExecutionPlan>,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let most = context.session_config().batch_size();
        let lists = self.lists.clone();
        let parts = input
            .execute(partition, context)?
            .map_ok(move |batch| stream::iter(parts(&batch, &lists, most).into_iter().map(Ok)))
            .try_flatten();
        let stream = RecordBatchStreamAdapter::new(input.schema(), parts.boxed());
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

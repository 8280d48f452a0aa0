//! Merges of sorted streams.
//!
//! A merge says that its rows are in the whole order of its streams, also where it compares by the
//! first keys of that order alone. DataFusion 55.2 makes such merges: it gives the sorts below a
//! LIMIT the further keys of an ORDER BY around it, which then has nothing left to do, and leaves
//! the merge between them as it was.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

use super::physical::NodeRule;

/// Has merges compare by all keys that their streams are sorted by.
#[derive(Debug)]
pub struct MergesInFull;

impl NodeRule for MergesInFull {
    const NAME: &'static str = "merges_in_full";

    fn replaced(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        Ok(in_full(node))
    }
}

fn in_full(node: &Arc<dyn ExecutionPlan>) -> Option<Arc<dyn ExecutionPlan>> {
    let merge = node.downcast_ref::<SortPreservingMergeExec>()?;
    let keys = merge.input().output_ordering()?;
    if keys.len() <= merge.expr().len() || !keys.starts_with(merge.expr()) {
        return None;
    }
    let merge = SortPreservingMergeExec::new(keys.clone(), Arc::clone(merge.input()))
        .with_fetch(merge.fetch());
    Some(Arc::new(merge))
}

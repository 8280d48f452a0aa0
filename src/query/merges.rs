//! Merges of sorted streams.
//!
//! A merge says that its rows are in the whole order of its streams, also where it compares by the
//! first keys of that order alone. DataFusion 55.2 makes such merges: it gives the sorts below a
//! LIMIT the further keys of an ORDER BY around it, which then has nothing left to do, and leaves
//! the merge between them as it was.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::config::ConfigOptions;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

/// Has merges compare by all keys that their streams are sorted by.
#[derive(Debug)]
pub struct MergesInFull;

impl PhysicalOptimizerRule for MergesInFull {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            Ok(match in_full(&node) {
                Some(merge) => Transformed::yes(merge),
                None => Transformed::no(node),
            })
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "merges_in_full"
    }

    fn schema_check(&self) -> bool {
        true
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

//! Rows of many columns: how large they may be, how many of them go together, and which sorts that
//! keep the first rows alone would need more memory for those than a sort of all, which spills.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::common::Result;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::limit::{GlobalLimitExec, LocalLimitExec};
use datafusion::physical_plan::sorts::sort::SortExec;

use super::physical::NodeRule;

/// The fewest rows of such a batch.
const LEAST: usize = 512;

/// How many bytes a row may take, as far as its types tell: texts, arrays and maps are taken for
/// short ones.
fn width<'a>(fields: impl IntoIterator<Item = &'a FieldRef>) -> usize {
    fields.into_iter().map(|it| width_of(it.data_type())).sum()
}

fn width_of(data_type: &DataType) -> usize {
    match data_type {
        DataType::Boolean | DataType::Null => 1,
        DataType::List(element) | DataType::LargeList(element) => {
            8 + 2 * width_of(element.data_type())
        }
        DataType::Struct(fields) => width(fields),
        DataType::Map(..) => 512,
        other => other.primitive_width().unwrap_or(24),
    }
}

/// How many rows a batch of a plan may have, where it gives, sorts or joins rows that are wide, and
/// is to have so many bytes.
pub fn batch_size(plan: &LogicalPlan, bytes: usize) -> Result<usize> {
    let mut widest = width(plan.schema().fields());
    plan.apply_with_subqueries(|node| {
        if matches!(node, LogicalPlan::Sort(_) | LogicalPlan::Join(_) | LogicalPlan::Window(_)) {
            widest = widest.max(width(node.schema().fields()));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok((bytes / widest.max(1)).max(LEAST))
}

/// Sorts all rows where the first ones, which are kept for each part of a scan, may need more than
/// there is: those of a sort of all go to a disk.
#[derive(Debug)]
pub struct SortsThatSpill {
    /// Bytes of memory.
    pub memory: usize,
}

impl NodeRule for SortsThatSpill {
    const NAME: &'static str = "sorts_that_spill";

    fn replaced(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        Ok(self.of_all(node))
    }
}

impl SortsThatSpill {
    fn of_all(&self, node: &Arc<dyn ExecutionPlan>) -> Option<Arc<dyn ExecutionPlan>> {
        let first = node.downcast_ref::<SortExec>()?;
        let rows = first.fetch()?;
        let in_parts = first.preserve_partitioning();
        let parts = first.input().properties().output_partitioning().partition_count();
        let kept = rows.saturating_mul(width(node.schema().fields())).saturating_mul(parts);
        if kept <= self.memory {
            return None;
        }
        let sort = SortExec::new(first.expr().clone(), Arc::clone(first.input()));
        let sort = Arc::new(sort.with_preserve_partitioning(in_parts));
        Some(if in_parts {
            Arc::new(LocalLimitExec::new(sort, rows))
        } else {
            Arc::new(GlobalLimitExec::new(sort, 0, Some(rows)))
        })
    }
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{Field, Schema};
    use datafusion::config::ConfigOptions;
    use datafusion::physical_expr::expressions::col;
    use datafusion::physical_expr::{LexOrdering, PhysicalSortExpr};
    use datafusion::physical_optimizer::PhysicalOptimizerRule;
    use datafusion::physical_plan::displayable;
    use datafusion::physical_plan::empty::EmptyExec;

    use super::*;
    use crate::query::physical::BottomUp;

    #[test]
    fn first_rows_are_kept_where_there_is_room_for_them() {
        let fields = ["a", "b"].map(|it| Field::new(it, DataType::Int64, true));
        let schema = Arc::new(Schema::new(fields.to_vec()));
        let key = PhysicalSortExpr::new_default(col("a", &schema).unwrap());
        let sorted = |memory, rows| {
            let order = LexOrdering::new([key.clone()]).unwrap();
            let sort = SortExec::new(order, Arc::new(EmptyExec::new(Arc::clone(&schema))));
            let rule = BottomUp(SortsThatSpill { memory });
            let sort = Arc::new(sort.with_fetch(Some(rows)));
            let plan = rule.optimize(sort, &ConfigOptions::default()).unwrap();
            displayable(plan.as_ref()).indent(false).to_string()
        };
        assert!(sorted(16_000, 1000).contains("TopK"));
        let all = sorted(15_999, 1000);
        assert!(all.starts_with("GlobalLimitExec: skip=0, fetch=1000") && !all.contains("TopK"));
    }
}

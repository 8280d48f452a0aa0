//! Names for the computed keys of joins.
//!
//! DataFusion computes such a key in a projection below the join and looks it up by the name that
//! it wrote down before; by then a column in it may have got the name of its table. A name of its
//! own is found.

use datafusion::common::Result;
use datafusion::common::tree_node::Transformed;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::{ApplyOrder, OptimizerConfig, OptimizerRule};

/// Gives each key of a join that is no column a name.
#[derive(Debug)]
pub struct JoinKeyNames;

impl OptimizerRule for JoinKeyNames {
    fn name(&self) -> &'static str {
        "join_key_names"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Join(mut join) = plan else { return Ok(Transformed::no(plan)) };
        let mut named = false;
        for key in join.on.iter_mut().flat_map(|(left, right)| [left, right]) {
            if !matches!(key, Expr::Column(_) | Expr::Alias(_)) {
                let name = format!("key {}", key.schema_name());
                *key = std::mem::take(key).alias(name);
                named = true;
            }
        }
        let plan = LogicalPlan::Join(join);
        Ok(if named { Transformed::yes(plan) } else { Transformed::no(plan) })
    }
}

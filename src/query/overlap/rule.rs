//! Where a join of intervals takes the place of one that compares each row with each.

use std::sync::Arc;

use datafusion::common::{NullEquality, Result};
use datafusion::logical_expr::JoinType;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::joins::utils::JoinFilter;
use datafusion::physical_plan::joins::{HashJoinExec, JoinOn, NestedLoopJoinExec};

use super::exec::OverlapJoinExec;
use super::form;
use crate::query::physical::{BottomUp, NodeRule};

/// The rule that settles which side of a join is kept: the smaller one.
const SETTLES_SIDES: &str = "join_selection";

/// DataFusion's rules, with ours once it is settled which side is kept, and before anything is
/// decided of streams and orders.
pub fn physical_rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let mut rules = PhysicalOptimizer::new().rules;
    let after = rules.iter().position(|it| it.name() == SETTLES_SIDES).map_or(0, |it| it + 1);
    rules.insert(after, Arc::new(BottomUp(OverlapJoins)));
    rules
}

/// Makes joins of intervals.
#[derive(Debug)]
pub struct OverlapJoins;

impl NodeRule for OverlapJoins {
    const NAME: &'static str = "overlap_joins";

    fn replaced(&self, node: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        Ok(Found::of(node).map(Found::join).transpose()?.flatten())
    }
}

/// A join of DataFusion that may be one of intervals.
struct Found<'a> {
    left: &'a Arc<dyn ExecutionPlan>,
    right: &'a Arc<dyn ExecutionPlan>,
    on: JoinOn,
    filter: &'a JoinFilter,
    join_type: JoinType,
    nulls_are_equal: bool,
    projection: Option<Vec<usize>>,
}

impl<'a> Found<'a> {
    fn of(plan: &'a Arc<dyn ExecutionPlan>) -> Option<Self> {
        if plan.fetch().is_some() {
            return None;
        }
        if let Some(join) = plan.downcast_ref::<HashJoinExec>() {
            return Some(Self {
                left: join.left(),
                right: join.right(),
                on: join.on().to_vec(),
                filter: join.filter().filter(|_| !join.null_aware)?,
                join_type: *join.join_type(),
                nulls_are_equal: join.null_equality() == NullEquality::NullEqualsNull,
                projection: join.projection.as_deref().map(<[usize]>::to_vec),
            });
        }
        let join = plan.downcast_ref::<NestedLoopJoinExec>()?;
        Some(Self {
            left: join.left(),
            right: join.right(),
            on: Vec::new(),
            filter: join.filter()?,
            join_type: *join.join_type(),
            nulls_are_equal: false,
            projection: join.projection().as_deref().map(<[usize]>::to_vec),
        })
    }

    fn join(self) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let (left, right) = (self.left.schema(), self.right.schema());
        let Some(form) = form::find(&self.on, self.filter, &left, &right)? else {
            return Ok(None);
        };
        Ok(Some(Arc::new(OverlapJoinExec::try_new(
            Arc::clone(self.left),
            Arc::clone(self.right),
            form,
            self.nulls_are_equal,
            self.join_type,
            self.projection,
        )?)))
    }
}

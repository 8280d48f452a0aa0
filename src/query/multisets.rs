//! `EXCEPT ALL` and `INTERSECT ALL`, which count how often each row is there. DataFusion only asks
//! whether it is there.

use datafusion::common::{Column, NullEquality, NullHandling, Result, UnnestOptions, plan_err};
use datafusion::functions::core::expr_fn::coalesce;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::functions_nested::range::range_udf;
use datafusion::logical_expr::planner::{
    PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning,
};
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, ident, lit, when};
use datafusion::sql::sqlparser::ast::{Join, JoinOperator, TableFactor, TableWithJoins};

use super::bounds::bounded;
use super::dialect::is_multiset;

/// Plans what the dialect has made of these operators.
#[derive(Debug)]
pub struct MultisetPlanner;

impl RelationPlanner for MultisetPlanner {
    fn plan_relation(
        &self,
        relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        let table = match relation {
            TableFactor::NestedJoin { table_with_joins, alias: None }
                if is_multiset(&table_with_joins) =>
            {
                *table_with_joins
            }
            other => return Ok(RelationPlanning::Original(Box::new(other))),
        };
        let TableWithJoins { relation: left, mut joins } = table;
        let Some(Join { relation: right, join_operator, .. }) = joins.pop() else {
            return plan_err!("EXCEPT ALL and INTERSECT ALL take two queries");
        };
        let (left, right) = (context.plan(left)?, context.plan(right)?);
        let both = matches!(join_operator, JoinOperator::Semi(_));
        let plan = Multisets { left, right, both }.plan()?;
        Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, None))))
    }
}

struct Multisets {
    left: LogicalPlan,
    right: LogicalPlan,
    /// Whether rows have to be on both sides.
    both: bool,
}

impl Multisets {
    fn plan(self) -> Result<LogicalPlan> {
        let Self { left, right, both } = self;
        let names: Vec<String> =
            left.schema().fields().iter().map(|it| it.name().clone()).collect();
        if names.len() != right.schema().fields().len() {
            let (one, other) = (names.len(), right.schema().fields().len());
            return plan_err!("the queries that are put together have {one} and {other} columns");
        }
        let left = counted(left, "left")?;
        let right = counted(right, "right")?;
        let count = names.len();
        let keys = |side: &str| -> Vec<Column> {
            (0..count).map(|it| Column::from_name(format!("$ {side} {it}"))).collect()
        };
        let kind = if both { JoinType::Inner } else { JoinType::Left };
        let (many, others) = (ident("$ left"), ident("$ right"));
        let times = if both {
            when(many.clone().lt(others.clone()), many).otherwise(others)?
        } else {
            many - coalesce(vec![others, lit(0_i64)])
        };
        let kept = keys("left").into_iter().map(Expr::Column);
        let range = bounded(range_udf()).call(vec![lit(0_i64), times, lit(1_i64)]);
        let options = UnnestOptions::new().with_null_handling(NullHandling::Drop);
        let renamed = keys("left").into_iter().zip(names);
        LogicalPlanBuilder::from(left)
            .join_detailed(
                right,
                kind,
                (keys("left"), keys("right")),
                None,
                NullEquality::NullEqualsNull,
            )?
            .project(kept.chain([range.alias("$ times")]))?
            .unnest_columns_with_options(vec![Column::from_name("$ times")], options)?
            .project(renamed.map(|(column, name)| Expr::Column(column).alias(name)))?
            .build()
    }
}

/// Each row once, with how often it is there.
fn counted(plan: LogicalPlan, side: &str) -> Result<LogicalPlan> {
    let columns = plan.schema().columns().into_iter().enumerate();
    let named = columns.map(|(place, it)| Expr::Column(it).alias(format!("$ {side} {place}")));
    let named: Vec<_> = named.collect();
    let keys: Vec<_> = (0..named.len()).map(|it| ident(format!("$ {side} {it}"))).collect();
    LogicalPlanBuilder::from(plan)
        .project(named)?
        .aggregate(keys, [count(lit(1_i64)).alias(format!("$ {side}"))])?
        .build()
}

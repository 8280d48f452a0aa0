//! A subquery that stands for one value and has no row is null.
//!
//! DataFusion 55.2 takes that value for one that cannot be null where the column of the subquery
//! cannot be (apache/datafusion, issue 24513): it fails on the null, or answers `IS NULL` and
//! `coalesce` without a look at it.

use datafusion::common::Result;
use datafusion::common::tree_node::Transformed;
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::optimizer::AnalyzerRule;

use super::columns::as_cast;
use super::plans::replace_expressions;

/// Says of subqueries that may have no row that they may be null.
#[derive(Debug)]
pub struct EmptySubqueries;

impl AnalyzerRule for EmptySubqueries {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        replace_expressions(plan, |expr, _| Ok(or_null(expr)))
    }

    fn name(&self) -> &'static str {
        "empty_subqueries"
    }
}

/// What a subquery that depends on the rows around it becomes is a join, which knows of nulls.
fn or_null(expr: Expr) -> Transformed<Expr> {
    let Expr::ScalarSubquery(subquery) = &expr else { return Transformed::no(expr) };
    let column = subquery.subquery.schema().fields().first();
    let is_nullable = column.is_none_or(|it| it.is_nullable());
    if is_nullable || !subquery.outer_ref_columns.is_empty() || has_a_row(&subquery.subquery) {
        return Transformed::no(expr);
    }
    Transformed::yes(as_cast().call(vec![expr]))
}

/// Whether a query gives a row whatever there is.
fn has_a_row(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Aggregate(it) => it.group_expr.is_empty(),
        LogicalPlan::Projection(it) => has_a_row(&it.input),
        LogicalPlan::SubqueryAlias(it) => has_a_row(&it.input),
        LogicalPlan::Sort(it) => it.fetch != Some(0) && has_a_row(&it.input),
        LogicalPlan::Values(_) => true,
        LogicalPlan::EmptyRelation(it) => it.produce_one_row,
        _ => false,
    }
}

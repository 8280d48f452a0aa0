//! Subqueries taken out of the expressions of a plan: its input gets columns in their place.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::logical_expr::{
    Aggregate, Expr, Filter, LogicalPlan, LogicalPlanBuilder, Projection, Window,
};

/// A wider input, and the expressions over it; none where nothing was taken out.
pub type Lifted = Option<(LogicalPlan, Vec<Expr>)>;

/// The plan over a wider input, which has the columns that it had; none where nothing was taken
/// out of its expressions, or its kind has none that subqueries are taken out of. What takes them
/// out keeps the names of expressions.
pub fn lifted(
    plan: &LogicalPlan,
    lift: impl FnOnce(&Arc<LogicalPlan>, &[Expr]) -> Result<Lifted>,
) -> Result<Option<LogicalPlan>> {
    match plan {
        LogicalPlan::Projection(it) => {
            let Some((input, exprs)) = lift(&it.input, &it.expr)? else { return Ok(None) };
            let projected = Projection::try_new(exprs, Arc::new(input))?;
            Ok(Some(LogicalPlan::Projection(projected)))
        }
        LogicalPlan::Filter(it) => {
            let condition = std::slice::from_ref(&it.predicate);
            let Some((input, mut exprs)) = lift(&it.input, condition)? else { return Ok(None) };
            let Some(condition) = exprs.pop() else { return Ok(None) };
            let filtered = Filter::try_new(condition.unalias(), Arc::new(input))?;
            with_columns_of(plan, LogicalPlan::Filter(filtered)).map(Some)
        }
        LogicalPlan::Aggregate(it) => {
            let all: Vec<_> = it.group_expr.iter().chain(&it.aggr_expr).cloned().collect();
            let Some((input, mut keys)) = lift(&it.input, &all)? else { return Ok(None) };
            let aggregates = keys.split_off(it.group_expr.len());
            let aggregate = Aggregate::try_new(Arc::new(input), keys, aggregates)?;
            Ok(Some(LogicalPlan::Aggregate(aggregate)))
        }
        LogicalPlan::Window(it) => {
            let Some((input, calls)) = lift(&it.input, &it.window_expr)? else { return Ok(None) };
            let window = Window::try_new(calls, Arc::new(input))?;
            with_columns_of(plan, LogicalPlan::Window(window)).map(Some)
        }
        LogicalPlan::Sort(it) => {
            let keys: Vec<_> = it.expr.iter().map(|it| it.expr.clone()).collect();
            let Some((input, keys)) = lift(&it.input, &keys)? else { return Ok(None) };
            let keys = it.expr.iter().zip(keys).map(|(it, key)| it.with_expr(key.unalias()));
            let keys = keys.collect::<Vec<_>>();
            let sorted = LogicalPlanBuilder::from(input).sort_with_limit(keys, it.fetch)?;
            with_columns_of(plan, sorted.build()?).map(Some)
        }
        _ => Ok(None),
    }
}

/// The columns that one plan has, of another one that has more.
pub fn with_columns_of(narrow: &LogicalPlan, wide: LogicalPlan) -> Result<LogicalPlan> {
    let columns = narrow.schema().columns().into_iter().map(Expr::Column).collect();
    Ok(LogicalPlan::Projection(Projection::try_new(columns, Arc::new(wide))?))
}

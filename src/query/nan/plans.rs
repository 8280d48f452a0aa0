//! Plans: what is joined, grouped, sorted and made distinct by floats.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TransformedResult};
use datafusion::common::{Column, DFSchema, DFSchemaRef, NullEquality, Result, internal_err};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr::{BinaryExpr, GroupingSet};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::{conjunction, merge_schema, split_conjunction_owned};
use datafusion::logical_expr::{
    Aggregate, Distinct, Expr, ExprSchemable, Filter, Join, JoinConstraint, LogicalPlan, Operator,
    Projection, Window,
};
use datafusion::optimizer::AnalyzerRule;

use super::expressions::{extreme, placed, rewritten, sort_key};
use super::functions::{Nan, float_of_rank, has_floats, is_placed};
use crate::query::plans::with_schema;

/// Rewrites comparisons of floats, once types are known.
#[derive(Debug)]
pub struct NanRule;

impl AnalyzerRule for NanRule {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        plan.transform_up_with_subqueries(|plan| Ok(Transformed::yes(rewritten_plan(plan)?))).data()
    }

    fn name(&self) -> &'static str {
        "nan"
    }
}

fn rewritten_plan(plan: LogicalPlan) -> Result<LogicalPlan> {
    if matches!(plan, LogicalPlan::TableScan(_)) {
        return Ok(plan);
    }
    let schema = merge_schema(&plan.inputs());
    let names = NamePreserver::new(&plan);
    let filtered = match &plan {
        LogicalPlan::Filter(filter) => Some(Arc::clone(&filter.input)),
        _ => None,
    };
    let is_stored =
        |column: &Column| filtered.as_ref().is_some_and(|input| is_stored(input, column));
    let plan = plan.map_expressions(|expr| {
        let name = names.save(&expr);
        Ok(Transformed::yes(name.restore(rewritten(expr, &schema, &is_stored)?)))
    })?;
    match plan.data {
        LogicalPlan::Filter(filter) if filter.predicate.contains_outer() => correlated(filter),
        LogicalPlan::Join(join) => Ok(LogicalPlan::Join(joined(join)?)),
        LogicalPlan::Aggregate(aggregate) => aggregated(aggregate, &schema),
        LogicalPlan::Window(window) => with_window(window, &schema),
        LogicalPlan::Distinct(Distinct::All(input)) => {
            Ok(LogicalPlan::Distinct(Distinct::All(distinct(input)?)))
        }
        LogicalPlan::Sort(mut sort) => {
            let keys = std::mem::take(&mut sort.expr).into_iter();
            sort.expr = keys.map(|it| sort_key(it, &schema)).collect::<Result<_>>()?;
            Ok(LogicalPlan::Sort(sort))
        }
        other => with_schema(other),
    }
}

/// Whether a column of the plan is one of a table, and not computed.
fn is_stored(plan: &LogicalPlan, column: &Column) -> bool {
    if !plan.schema().has_column(column) {
        return false;
    }
    match plan {
        LogicalPlan::TableScan(_) => true,
        LogicalPlan::SubqueryAlias(alias) => matches!(*alias.input, LogicalPlan::TableScan(_)),
        LogicalPlan::Filter(_) | LogicalPlan::Join(_) => {
            plan.inputs().iter().any(|it| is_stored(it, column))
        }
        _ => false,
    }
}

/// DataFusion makes joins of subqueries that ask whether a plain column equals one from outside:
/// what took the column's place is computed below the filter.
fn correlated(filter: Filter) -> Result<LogicalPlan> {
    let mut keys = Vec::new();
    let mut key = |expr: Expr, other: &Expr| {
        if expr.contains_outer() || !other.contains_outer() || !is_placed(&expr) {
            return expr;
        }
        let name = format!("key {}", expr.schema_name());
        let named = expr.alias(&name);
        if !keys.contains(&named) {
            keys.push(named);
        }
        Expr::Column(Column::from_name(name))
    };
    let with_keys = |part: Expr| match part {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            let new_left = key(*left.clone(), &right);
            new_left.eq(key(*right, &left))
        }
        other => other,
    };
    let parts = split_conjunction_owned(filter.predicate).into_iter().map(with_keys);
    let Some(predicate) = conjunction(parts.collect::<Vec<_>>()) else {
        return internal_err!("a filter without a condition");
    };
    if keys.is_empty() {
        return Ok(LogicalPlan::Filter(Filter::try_new(predicate, filter.input)?));
    }
    let before: Vec<Expr> = filter.input.schema().columns().into_iter().map(Expr::Column).collect();
    let with_keys = before.iter().cloned().chain(keys).collect();
    let keyed = LogicalPlan::Projection(Projection::try_new(with_keys, filter.input)?);
    let filter = LogicalPlan::Filter(Filter::try_new(predicate, Arc::new(keyed))?);
    Ok(LogicalPlan::Projection(Projection::try_new(before, Arc::new(filter))?))
}

/// Pairs of keys are equal as by `=`; those of INTERSECT and EXCEPT as in a set.
fn joined(mut join: Join) -> Result<Join> {
    let of_right = match join.null_equality {
        NullEquality::NullEqualsNothing => Nan::Lowest,
        NullEquality::NullEqualsNull => Nan::Highest,
    };
    let mut on = Vec::with_capacity(join.on.len());
    for (left, right) in std::mem::take(&mut join.on) {
        if has_floats(&left.get_type(join.left.schema())?) {
            // USING wants plain columns.
            join.join_constraint = JoinConstraint::On;
        }
        let left = placed(left, Nan::Highest, join.left.schema())?;
        on.push((left, placed(right, of_right, join.right.schema())?));
    }
    join.on = on;
    Ok(join)
}

fn distinct(input: Arc<LogicalPlan>) -> Result<Arc<LogicalPlan>> {
    let schema = Arc::clone(input.schema());
    if !schema.fields().iter().any(|it| has_floats(it.data_type())) {
        return Ok(input);
    }
    let columns = columns(&schema, |_, column| placed(column, Nan::Highest, &schema))?;
    Ok(Arc::new(LogicalPlan::Projection(Projection::try_new(columns, input)?)))
}

/// The columns of a schema by their places, each as something else under its name.
fn columns(schema: &DFSchema, other: impl Fn(usize, Expr) -> Result<Expr>) -> Result<Vec<Expr>> {
    let column = |(place, (relation, field))| {
        let column = Expr::Column(Column::from((relation, field)));
        Ok(same_name(&column.clone(), other(place, column)?))
    };
    schema.iter().enumerate().map(column).collect()
}

/// The second expression under the name of the first.
fn same_name(named: &Expr, expr: Expr) -> Expr {
    NamePreserver::new_for_projection().save(named).restore(expr)
}

fn aggregated(mut aggregate: Aggregate, schema: &DFSchema) -> Result<LogicalPlan> {
    let groups = std::mem::take(&mut aggregate.group_expr).into_iter();
    let groups = groups.map(|it| group_key(it, schema)).collect::<Result<_>>()?;
    let before = Arc::clone(&aggregate.schema);
    let (calls, ranked) = with_ranks(aggregate.aggr_expr, schema)?;
    let plan = LogicalPlan::Aggregate(Aggregate::try_new(aggregate.input, groups, calls)?);
    floats_of_ranks(plan, &before, &ranked)
}

fn group_key(key: Expr, schema: &DFSchema) -> Result<Expr> {
    let all = |keys: Vec<Expr>| keys.into_iter().map(|it| group_key(it, schema)).collect();
    let key = match key {
        Expr::GroupingSet(GroupingSet::Rollup(keys)) => GroupingSet::Rollup(all(keys)?),
        Expr::GroupingSet(GroupingSet::Cube(keys)) => GroupingSet::Cube(all(keys)?),
        Expr::GroupingSet(GroupingSet::GroupingSets(sets)) => {
            GroupingSet::GroupingSets(sets.into_iter().map(all).collect::<Result<_>>()?)
        }
        plain => {
            let value = placed(plain.clone().unalias(), Nan::Highest, schema)?;
            return Ok(same_name(&plain, value));
        }
    };
    Ok(Expr::GroupingSet(key))
}

fn with_window(window: Window, schema: &DFSchema) -> Result<LogicalPlan> {
    let before = Arc::clone(&window.schema);
    let (calls, ranked) = with_ranks(window.window_expr, schema)?;
    floats_of_ranks(LogicalPlan::Window(Window::try_new(calls, window.input)?), &before, &ranked)
}

/// The calls, where those that look for the lowest or highest float look for a rank, and which
/// these are. Among floats the engine's own finding depends on the order of rows where there is
/// NaN.
fn with_ranks(calls: Vec<Expr>, schema: &DFSchema) -> Result<(Vec<Expr>, Vec<bool>)> {
    let ranked = |call: Expr| {
        let mut plain = call.clone().unalias();
        let (name, arguments) = match &mut plain {
            Expr::AggregateFunction(it) => (it.func.name().to_owned(), &mut it.params.args),
            Expr::WindowFunction(it) => (it.fun.name().to_owned(), &mut it.params.args),
            _ => return Ok((call, false)),
        };
        let (Some(nan), [argument]) = (extreme(&name), arguments.as_mut_slice()) else {
            return Ok((call, false));
        };
        if !argument.get_type(schema)?.is_floating() {
            return Ok((call, false));
        }
        *argument = nan.rank(std::mem::take(argument));
        Ok((same_name(&call, plain), true))
    };
    calls.into_iter().map(ranked).collect()
}

/// Makes floats of the ranks among the last columns of a plan.
fn floats_of_ranks(
    plan: LogicalPlan,
    before: &DFSchemaRef,
    ranked: &[bool],
) -> Result<LogicalPlan> {
    if !ranked.contains(&true) {
        return Ok(plan);
    }
    let first = before.fields().len() - ranked.len();
    let float = |place: usize, column: Expr| {
        if !place.checked_sub(first).is_some_and(|it| ranked[it]) {
            return Ok(column);
        }
        float_of_rank(column).cast_to(before.field(place).data_type(), plan.schema())
    };
    let columns = columns(before, float)?;
    Ok(LogicalPlan::Projection(Projection::try_new(columns, Arc::new(plan))?))
}

//! Subqueries that depend on the rows around them by more than equal values, as `(SELECT count(*)
//! FROM genes g WHERE c.start BETWEEN g.start AND g."end")`, among the columns of a SELECT, in a
//! WHERE, or LATERAL. DataFusion only takes those apart that compare with `=`, and none that may
//! give several rows.
//!
//! The rows around get a number each, are joined to the rows of the subquery, and are put together
//! again by their numbers, with the aggregates of the subquery beside them.

mod limited;
mod numbered;
mod shape;

use std::cell::Cell;
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{Result, internal_err};
use datafusion::config::ConfigOptions;
use datafusion::functions_aggregate::expr_fn::{count, first_value, max};
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{
    Expr, ExprSchemable, Join, JoinType, LogicalPlan, LogicalPlanBuilder, ScalarFunctionArgs,
    ScalarUDF, Subquery, ident, lit,
};
use datafusion::optimizer::AnalyzerRule;

use self::numbered::{Numbered, as_columns, numbered};
use self::shape::Shape;
use crate::query::faults::of_value;
use crate::query::lifted::{Lifted, lifted};
use crate::query::scalar::{ScalarFunction, arrays};

/// Makes joins of these subqueries.
#[derive(Debug)]
pub struct CorrelatedSubqueries;

impl AnalyzerRule for CorrelatedSubqueries {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let count = Cell::new(0);
        let prefix = || {
            count.set(count.get() + 1);
            format!("$correlated {}", count.get())
        };
        plan.transform_up_with_subqueries(|plan| without(plan, &prefix)).data()
    }

    fn name(&self) -> &'static str {
        "correlated_subqueries"
    }
}

fn without(plan: LogicalPlan, prefix: &dyn Fn() -> String) -> Result<Transformed<LogicalPlan>> {
    let ours = match &plan {
        LogicalPlan::Join(join) => lateral(join, prefix)?,
        _ => lifted(&plan, |input, exprs| without_subqueries(input, exprs, prefix))?,
    };
    Ok(ours.map_or_else(|| Transformed::no(plan), Transformed::yes))
}

/// The input with a column for each subquery of these expressions, and the expressions with these
/// columns; none where there is no such subquery.
fn without_subqueries(
    input: &Arc<LogicalPlan>,
    exprs: &[Expr],
    prefix: &dyn Fn() -> String,
) -> Result<Lifted> {
    let mut plan: Option<LogicalPlan> = None;
    let preserver = NamePreserver::new_for_projection();
    let replaced = |expr: &Expr| {
        let name = preserver.save(expr);
        let replaced = expr.clone().transform_up(|part| {
            let Expr::ScalarSubquery(Subquery { subquery, .. }) = &part else {
                return Ok(Transformed::no(part));
            };
            let before = plan.as_ref().unwrap_or(input);
            let Some((after, mut values)) = joined(before, subquery, &prefix())? else {
                return Ok(Transformed::no(part));
            };
            let [value, _] = values.as_mut_slice() else { return Ok(Transformed::no(part)) };
            let value = std::mem::take(value);
            plan = Some(after);
            Ok(Transformed::yes(value))
        });
        Ok(name.restore(replaced.data()?))
    };
    let exprs = exprs.iter().map(replaced).collect::<Result<Vec<_>>>()?;
    Ok(plan.map(|plan| (plan, exprs)))
}

/// `FROM t CROSS JOIN LATERAL (SELECT ...)`, where that gives one row at most, or has a LIMIT.
fn lateral(join: &Join, prefix: &dyn Fn() -> String) -> Result<Option<LogicalPlan>> {
    let is_cross = join.on.is_empty()
        && join.filter.as_ref().is_none_or(|it| *it == lit(true))
        && matches!(join.join_type, JoinType::Inner | JoinType::Left);
    let subquery = match join.right.as_ref() {
        LogicalPlan::Subquery(it) => &it.subquery,
        LogicalPlan::SubqueryAlias(alias) => match alias.input.as_ref() {
            LogicalPlan::Subquery(it) => &it.subquery,
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    let Some(shape) = Shape::of(subquery).filter(|_| is_cross) else { return Ok(None) };
    let right = join.right.schema().columns();
    let mut columns: Vec<_> = join.left.schema().columns().into_iter().map(Expr::Column).collect();
    if shape.is_of_no_table() {
        for (value, column) in shape.outputs.into_iter().zip(right) {
            let Some(value) = as_columns(value, join.left.schema())? else { return Ok(None) };
            columns.push(value.alias_qualified(column.relation, column.name));
        }
        let plan = LogicalPlanBuilder::from(join.left.as_ref().clone());
        return plan.project(columns)?.build().map(Some);
    }
    if !shape.one_row {
        return limited::joined(join, shape, &prefix());
    }
    let drops = !shape.aggregates && join.join_type == JoinType::Inner;
    let Some((plan, mut values)) = joined(&join.left, subquery, &prefix())? else {
        return Ok(None);
    };
    let count = values.pop();
    for (value, column) in values.into_iter().zip(right) {
        columns.push(value.alias_qualified(column.relation, column.name));
    }
    let mut plan = LogicalPlanBuilder::from(plan);
    if let Some(count) = count.filter(|_| drops) {
        plan = plan.filter(count.gt(lit(0_i64)))?;
    }
    plan.project(columns)?.build().map(Some)
}

/// The rows around with the columns of a subquery beside them, and these columns, of which the last
/// counts the rows of the subquery; none where the subquery is not of this kind.
fn joined(around: &LogicalPlan, subquery: &LogicalPlan, prefix: &str) -> Result<Lifted> {
    let Some(mut shape) = Shape::of(subquery).filter(Shape::is_ours) else { return Ok(None) };
    let name = |what: &str, place: usize| format!("{prefix} {what} {place}");
    let Some(numbered) = numbered(around, &mut shape, prefix, JoinType::Left)? else {
        return Ok(None);
    };
    let Numbered { plan, row, met } = numbered;
    let mut aggregates = Aggregates { prefix, met, all: Vec::new() };
    let mut outputs = aggregates.outputs(&shape)?;
    outputs.push(aggregates.add(count(lit(1_i64)))?);
    let mut kept = Vec::new();
    for (place, column) in around.schema().columns().into_iter().enumerate() {
        let name = name("around", place);
        let value = Expr::Column(column.clone());
        let data_type = value.get_type(around.schema())?;
        let value = only_value(value, &data_type);
        aggregates.all.push(value.alias(&name));
        kept.push(ident(&name).alias_qualified(column.relation, column.name));
    }
    let values = (0..outputs.len()).map(|it| name("output", it));
    let values: Vec<String> = values.collect();
    // What an output says of the rows around is known again once these have their names.
    let inner: Vec<_> = aggregates.names().chain(kept).collect();
    let around_again = around.schema().columns().into_iter().map(Expr::Column);
    let outer: Vec<_> = around_again
        .chain(outputs.into_iter().zip(&values).map(|(it, name)| it.alias(name)))
        .collect();
    let plan = plan.aggregate([row], aggregates.all)?.project(inner)?.project(outer)?.build()?;
    Ok(Some((plan, values.iter().map(ident).collect())))
}

/// The value of a column that all rows of a group have alike. `max` keeps one for each group, where
/// `first_value` keeps half a kilobyte; but not all types have it.
fn only_value(column: Expr, data_type: &DataType) -> Expr {
    let is_plain =
        data_type.is_numeric() || matches!(data_type, DataType::Utf8 | DataType::Utf8View);
    if is_plain { max(column) } else { first_value(column, Vec::new()) }
}

/// The aggregates that the rows of a subquery are put together by.
struct Aggregates<'a> {
    prefix: &'a str,
    /// Set in the rows that the subquery has; the rows around it without any have a row of nulls.
    met: Expr,
    all: Vec<Expr>,
}

impl Aggregates<'_> {
    /// The outputs in terms of columns of aggregates.
    fn outputs(&mut self, shape: &Shape) -> Result<Vec<Expr>> {
        if shape.aggregates {
            return shape.outputs.iter().map(|it| self.output(it.clone())).collect();
        }
        let mut outputs = Vec::new();
        for value in &shape.outputs {
            let first = self.add(first_value(value.clone(), shape.keys.clone()))?;
            outputs.push(if shape.one_row {
                first
            } else {
                only().call(vec![first, self.add(count(lit(1_i64)))?])
            });
        }
        Ok(outputs)
    }

    fn output(&mut self, expr: Expr) -> Result<Expr> {
        let replaced = expr.transform_down(|part| match part {
            Expr::AggregateFunction(_) => Ok(Transformed::yes(self.add(part)?)),
            other => Ok(Transformed::no(other)),
        });
        replaced.data()
    }

    /// Adds an aggregate over the rows that the subquery has.
    fn add(&mut self, expr: Expr) -> Result<Expr> {
        let Expr::AggregateFunction(AggregateFunction { func, mut params }) = expr else {
            return internal_err!("an aggregate was expected");
        };
        params.filter = Some(Box::new(match params.filter {
            Some(filter) => self.met.clone().and(*filter),
            None => self.met.clone(),
        }));
        let name = format!("{} aggregate {}", self.prefix, self.all.len());
        self.all.push(Expr::AggregateFunction(AggregateFunction { func, params }).alias(&name));
        Ok(ident(name))
    }

    fn names(&self) -> impl Iterator<Item = Expr> {
        let is_ours = |it: &&Expr| matches!(it, Expr::Alias(it) if it.name.contains(" aggregate "));
        let ours: Vec<_> = self.all.iter().filter(is_ours).collect();
        let name = |it: &Expr| ident(it.schema_name().to_string());
        ours.into_iter().map(name).collect::<Vec<_>>().into_iter()
    }
}

/// A value of which there may be one: `$only(value, count)`.
fn only() -> Arc<ScalarUDF> {
    static UDF: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
        static FUNCTION: ScalarFunction = ScalarFunction {
            name: "$only",
            arguments: |given| Ok(given.to_vec()),
            result: |given| given.first().cloned().map_or_else(nothing, Ok),
            call: checked,
        };
        FUNCTION.udf()
    });
    Arc::clone(&UDF)
}

fn checked(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let columns = arrays(args)?;
    let [values, counts] = columns.as_slice() else { return nothing() };
    if counts.as_primitive::<Int64Type>().iter().flatten().any(|it| it > 1) {
        return Err(of_value(
            "a subquery that stands for one value gives several rows",
            "aggregate them, or add LIMIT 1",
        ));
    }
    Ok(Arc::clone(values))
}

fn nothing<T>() -> Result<T> {
    internal_err!("a value and a count were expected")
}

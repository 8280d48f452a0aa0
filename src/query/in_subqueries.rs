//! `x IN (SELECT ...)` as a value, which is null where `x` is in none of the rows and `x` or a row
//! is null; and `EXISTS (SELECT ...)` wherever an expression may stand.
//!
//! DataFusion 55.2 takes such a subquery for a condition. Where it is not one that rows have to
//! meet, but a part of another expression (`NOT ... OR ...`, `... IS NULL`, CASE), it marks rows
//! that meet it as true and all others as false; outside of WHERE it takes none.
//!
//! ```text
//! x IN (SELECT c ...)  →  CASE WHEN mark THEN true
//!                              WHEN x IS NULL AND (SELECT count(*) ...) > 0 THEN null
//!                              WHEN (SELECT count(*) ... WHERE c IS NULL) > 0 THEN null
//!                              ELSE false END
//! ```
//!
//! What rows have to meet stays a condition: there null is as good as false.

use std::cell::Cell;
use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{Column, Result, Spans, TableReference};
use datafusion::config::ConfigOptions;
use datafusion::functions_aggregate::expr_fn::count;
use datafusion::logical_expr::expr::{Exists, InSubquery};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable, FetchType, Filter, Join, JoinType, LogicalPlan,
    LogicalPlanBuilder, Operator, SkipType, Subquery, lit, not, when,
};
use datafusion::optimizer::AnalyzerRule;
use datafusion::scalar::ScalarValue;

use super::lifted::{Lifted, lifted, with_columns_of};

/// Gives such subqueries their value.
#[derive(Debug)]
pub struct InSubqueries;

impl AnalyzerRule for InSubqueries {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let numbers = Cell::new(0);
        plan.transform_up_with_subqueries(|plan| match lifted_plan(&plan, &numbers)? {
            Some(lifted) => Ok(Transformed::yes(lifted)),
            None => Ok(Transformed::no(plan)),
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "in_subqueries"
    }
}

fn lifted_plan(plan: &LogicalPlan, numbers: &Cell<usize>) -> Result<Option<LogicalPlan>> {
    if let LogicalPlan::Join(join) = plan {
        return of_join(join, numbers);
    }
    let place = match plan {
        LogicalPlan::Filter(_) => Standing::Condition,
        LogicalPlan::Projection(_) => Standing::Value,
        _ => Standing::Key,
    };
    lifted(plan, |input, exprs| lift(input, exprs, place, numbers))
}

fn lift(
    input: &LogicalPlan,
    exprs: &[Expr],
    place: Standing,
    numbers: &Cell<usize>,
) -> Result<Lifted> {
    let depends = |it: &Expr| place == Standing::Key && has(it, is_dependent_value);
    if !exprs.iter().any(|it| has_subquery(it) || depends(it)) {
        return Ok(None);
    }
    let mut lifting = Lifting { input: input.clone(), place, numbers };
    let preserver = NamePreserver::new_for_projection();
    let mut all = Vec::with_capacity(exprs.len());
    for expr in exprs {
        let name = preserver.save(expr);
        all.push(name.restore(lifting.at(expr.clone(), place)?));
    }
    Ok((all != exprs).then_some((lifting.input, all)))
}

fn has_subquery(expr: &Expr) -> bool {
    has(expr, |it| matches!(it, Expr::InSubquery(_) | Expr::Exists(_)))
}

/// Whether it is a subquery that stands for one value, another for each row around it.
fn is_dependent_value(expr: &Expr) -> bool {
    matches!(expr, Expr::ScalarSubquery(it) if depends(it))
}

fn has(expr: &Expr, is_wanted: impl Fn(&Expr) -> bool) -> bool {
    expr.exists(|it| Ok(is_wanted(it))).unwrap_or(true)
}

/// The conditions of a join with such subqueries: those of an inner join are met above it, and the
/// others get a column of the side that they speak of.
fn of_join(join: &Join, numbers: &Cell<usize>) -> Result<Option<LogicalPlan>> {
    let Some(filter) = join.filter.as_ref().filter(|it| has_subquery(it)) else { return Ok(None) };
    let conditions = split_conjunction_owned(filter.clone());
    let mut other = join.clone();
    if join.join_type == JoinType::Inner {
        let (above, rest): (Vec<_>, Vec<_>) = conditions.into_iter().partition(has_subquery);
        other.filter = conjunction(rest);
        let Some(condition) = conjunction(above) else { return Ok(None) };
        let filter = Filter::try_new(condition, Arc::new(LogicalPlan::Join(other)))?;
        let filter = LogicalPlan::Filter(filter);
        return Ok(Some(lifted_plan(&filter, numbers)?.unwrap_or(filter)));
    }
    let mut all = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let columns = condition.column_refs();
        let side = [&mut other.left, &mut other.right]
            .into_iter()
            .find(|side| columns.iter().all(|it| side.schema().has_column(it)));
        let lifted = match side {
            Some(side) => lift(side, std::slice::from_ref(&condition), Standing::Key, numbers)?
                .map(|(input, exprs)| (side, input, exprs)),
            None => None,
        };
        match lifted {
            Some((side, input, exprs)) => {
                *side = Arc::new(input);
                all.extend(exprs.into_iter().map(Expr::unalias));
            }
            None => all.push(condition),
        }
    }
    let Join { left, right, on, join_type, join_constraint, null_equality, null_aware, .. } = other;
    let wide = Join::try_new(
        left,
        right,
        on,
        conjunction(all),
        join_type,
        join_constraint,
        null_equality,
        null_aware,
    )?;
    with_columns_of(&LogicalPlan::Join(join.clone()), LogicalPlan::Join(wide)).map(Some)
}

/// Where a subquery stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Rows have to meet it.
    Condition,
    /// It is one of several that rows have to meet.
    Alternative,
    /// It matters whether it is null or false.
    Value,
    /// The same, where DataFusion takes no subquery that depends on the rows around it.
    Key,
}

/// Whether DataFusion keeps the nulls of a NOT IN in mind: where it makes a join of it that has the
/// value and the column for its one key. A constant is no key.
fn is_null_aware(it: &InSubquery) -> bool {
    !depends(&it.subquery) && !it.expr.column_refs().is_empty()
}

struct Lifting<'a> {
    /// The input, with a column for each subquery.
    input: LogicalPlan,
    /// Where the expressions stand.
    place: Standing,
    numbers: &'a Cell<usize>,
}

impl Lifting<'_> {
    fn at(&mut self, expr: Expr, place: Standing) -> Result<Expr> {
        use Operator::{And, Or};
        Ok(match (expr, place) {
            (Expr::BinaryExpr(BinaryExpr { left, op: op @ (And | Or), right }), place)
                if matches!(place, Standing::Condition | Standing::Alternative) =>
            {
                let below = if op == Or { Standing::Alternative } else { place };
                let (left, right) = (self.at(*left, below)?, self.at(*right, below)?);
                Expr::BinaryExpr(BinaryExpr { left: Box::new(left), op, right: Box::new(right) })
            }
            (Expr::Not(inner), Standing::Condition | Standing::Alternative)
                if matches!(inner.as_ref(), Expr::InSubquery(_)) =>
            {
                let Expr::InSubquery(mut it) = *inner else { return Ok(Expr::Not(inner)) };
                it.negated = !it.negated;
                self.at(Expr::InSubquery(it), place)?
            }
            (Expr::InSubquery(it), Standing::Condition) if !it.negated || is_null_aware(&it) => {
                self.condition(it)?
            }
            (Expr::InSubquery(it), Standing::Alternative) if !it.negated => self.condition(it)?,
            (other, _) => other
                .transform_up(|it| match it {
                    Expr::InSubquery(it) => self.membership(it).map(Transformed::yes),
                    it if self.place == Standing::Key && is_dependent_value(&it) => {
                        self.computed(it).map(Transformed::yes)
                    }
                    Expr::Exists(Exists { subquery, negated }) if !self.in_filter() => {
                        let exists = self.has_rows(without_limit(&subquery.subquery).clone())?;
                        Ok(Transformed::yes(if negated { not(exists) } else { exists }))
                    }
                    other => Ok(Transformed::no(other)),
                })
                .data()?,
        })
    }

    /// Whether DataFusion takes the subqueries that are left.
    fn in_filter(&self) -> bool {
        self.place == Standing::Condition
    }

    /// A condition of a filter, which DataFusion makes a join of: another subquery in its value
    /// cannot be a part of that.
    fn condition(&mut self, mut it: InSubquery) -> Result<Expr> {
        if has(&it.expr, is_dependent_value) && !it.expr.contains_outer() {
            *it.expr = self.computed(std::mem::take(&mut it.expr))?;
        }
        Ok(Expr::InSubquery(it))
    }

    fn membership(&mut self, it: InSubquery) -> Result<Expr> {
        let rows = it.subquery.subquery.as_ref();
        let of_rows = rows.schema().columns().into_iter().next();
        let Some(of_rows) = of_rows.filter(|_| !it.expr.contains_outer()) else {
            return Ok(Expr::InSubquery(it));
        };
        let of_rows = Expr::Column(of_rows);
        let is_nullable = it.expr.nullable(self.input.schema())?;
        let mut unknown = Vec::new();
        if is_nullable {
            unknown.push(self.has_rows(rows.clone())?);
        }
        if of_rows.nullable(rows.schema())? {
            let nulls = LogicalPlanBuilder::from(rows.clone()).filter(of_rows.clone().is_null())?;
            unknown.push(self.has_rows(nulls.build()?)?);
        }
        if unknown.is_empty() && self.in_filter() {
            return Ok(Expr::InSubquery(it));
        }
        let value = self.computed(*it.expr)?;
        if is_nullable && let Some(first) = unknown.first_mut() {
            *first = value.clone().is_null().and(std::mem::take(first));
        }
        let found = if depends(&it.subquery) {
            let outer = self.as_outer(value)?;
            let equal = LogicalPlanBuilder::from(rows.clone()).filter(of_rows.eq(outer))?;
            self.has_rows(equal.build()?)?
        } else {
            self.marked(&value, rows, of_rows)?
        };
        let found = match unknown.into_iter().reduce(Expr::or) {
            Some(unknown) => when(found, lit(true))
                .when(unknown, lit(ScalarValue::Boolean(None)))
                .otherwise(lit(false))?,
            None => found,
        };
        Ok(if it.negated { not(found) } else { found })
    }

    /// A name that nothing else has.
    fn name(&self) -> String {
        self.numbers.set(self.numbers.get() + 1);
        format!("$in {}", self.numbers.get())
    }

    /// A value as a column of the input, unless it is a constant.
    fn computed(&mut self, value: Expr) -> Result<Expr> {
        if matches!(value, Expr::Column(_) | Expr::Literal(..)) {
            return Ok(value);
        }
        let name = self.name();
        let columns = self.input.schema().columns().into_iter().map(Expr::Column);
        let all: Vec<_> = columns.chain([value.alias(&name)]).collect();
        let input = std::mem::take(&mut self.input);
        self.input = LogicalPlanBuilder::from(input).project(all)?.build()?;
        Ok(Expr::Column(Column::new_unqualified(name)))
    }

    /// Whether a query has rows.
    fn has_rows(&mut self, query: LogicalPlan) -> Result<Expr> {
        let outer_ref_columns = query.all_out_ref_exprs();
        let depends = !outer_ref_columns.is_empty();
        let mut query = LogicalPlanBuilder::from(query);
        // One row says it. What depends on the rows around is counted for all of them at once.
        if !depends {
            query = query.limit(0, Some(1))?;
        }
        let counted = query.aggregate(Vec::<Expr>::new(), [count(lit(1_i64))])?.build()?;
        let (subquery, spans) = (Arc::new(counted), Spans::new());
        let counted = Expr::ScalarSubquery(Subquery { subquery, outer_ref_columns, spans });
        let has_rows = counted.gt(lit(0_i64));
        // DataFusion takes those that depend where columns are computed, but not where rows are
        // sorted.
        if depends { self.computed(has_rows) } else { Ok(has_rows) }
    }

    /// A column of the input as a query within sees it.
    fn as_outer(&self, value: Expr) -> Result<Expr> {
        let Expr::Column(column) = value else { return Ok(value) };
        let (_, field) = self.input.schema().qualified_field_from_column(&column)?;
        Ok(Expr::OuterReferenceColumn(Arc::clone(field), column))
    }

    /// A column of the input that is true in its rows of which a value is among other rows.
    fn marked(&mut self, value: &Expr, rows: &LogicalPlan, of_rows: Expr) -> Result<Expr> {
        let table = TableReference::bare(self.name());
        let rows = LogicalPlanBuilder::from(rows.clone())
            .project([of_rows.alias("value")])?
            .alias(table.clone())?
            .build()?;
        let equal = value.clone().eq(Expr::Column(Column::new(Some(table.clone()), "value")));
        let input = LogicalPlanBuilder::from(std::mem::take(&mut self.input));
        self.input = input.join_on(rows, JoinType::LeftMark, [equal])?.build()?;
        Ok(Expr::Column(Column::new(Some(table), "mark")))
    }
}

/// Whether the rows of a subquery are others for each row around it.
fn depends(subquery: &Subquery) -> bool {
    !subquery.outer_ref_columns.is_empty()
}

/// The query without a LIMIT that says no more of whether there are rows.
fn without_limit(query: &LogicalPlan) -> &LogicalPlan {
    let LogicalPlan::Limit(limit) = query else { return query };
    let takes = matches!(limit.get_fetch_type(), Ok(FetchType::Literal(Some(1..) | None)));
    let skips = !matches!(limit.get_skip_type(), Ok(SkipType::Literal(0)));
    if takes && !skips { &limit.input } else { query }
}

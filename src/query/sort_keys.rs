//! Computed keys of ORDER BY and of windows.
//!
//! DataFusion proves of each plan that its rows are in the order that they have to have. It cannot
//! where a key compares or computes with what a function gives, because the range of a function is
//! unknown to it, and refuses the query. Of a column it can.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{Column, DFSchema, Result};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Expr, LogicalPlan, Projection, Sort, Window};
use datafusion::optimizer::AnalyzerRule;

use super::numbers::is_arithmetic;

/// Makes columns of the keys that are computed from functions.
#[derive(Debug)]
pub struct SortKeyColumns;

impl AnalyzerRule for SortKeyColumns {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let sorted = |plan| match plan {
            LogicalPlan::Sort(sort) => Ok(Transformed::yes(sorted(sort)?)),
            LogicalPlan::Window(window) => Ok(Transformed::yes(windowed(window)?)),
            other => Ok(Transformed::no(other)),
        };
        plan.transform_up_with_subqueries(sorted).data()
    }

    fn name(&self) -> &'static str {
        "sort_key_columns"
    }
}

fn sorted(mut sort: Sort) -> Result<LogicalPlan> {
    let mut keys = Keys::default();
    sort.expr.iter_mut().for_each(|it| keys.column(&mut it.expr));
    let before = Arc::clone(sort.input.schema());
    if keys.is_empty() {
        return Ok(LogicalPlan::Sort(sort));
    }
    let input = Arc::new(keys.computed(sort.input)?);
    projected(columns(&before), LogicalPlan::Sort(Sort { input, ..sort }))
}

fn windowed(window: Window) -> Result<LogicalPlan> {
    let mut keys = Keys::default();
    let call = |call: &Expr| {
        let mut plain = call.clone().unalias();
        if let Expr::WindowFunction(it) = &mut plain {
            it.params.partition_by.iter_mut().for_each(|it| keys.column(it));
            it.params.order_by.iter_mut().for_each(|it| keys.column(&mut it.expr));
        }
        NamePreserver::new_for_projection().save(call).restore(plain)
    };
    let calls = window.window_expr.iter().map(call).collect();
    if keys.is_empty() {
        return Ok(LogicalPlan::Window(window));
    }
    let input = Arc::new(keys.computed(window.input)?);
    projected(columns(&window.schema), LogicalPlan::Window(Window::try_new(calls, input)?))
}

/// The computed keys of a plan, each under its name.
#[derive(Default)]
struct Keys(Vec<Expr>);

impl Keys {
    /// Puts a column in the place of a computed key.
    fn column(&mut self, key: &mut Expr) {
        if !is_computed(key) {
            return;
        }
        let name = format!("sort key {}", key.schema_name());
        let named = std::mem::replace(key, Expr::Column(Column::from_name(&name))).alias(name);
        if !self.0.contains(&named) {
            self.0.push(named);
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The plan with the keys as its last columns.
    fn computed(self, plan: Arc<LogicalPlan>) -> Result<LogicalPlan> {
        let all = columns(plan.schema()).into_iter().chain(self.0).collect();
        Ok(LogicalPlan::Projection(Projection::try_new(all, plan)?))
    }
}

fn is_computed(key: &Expr) -> bool {
    let has = |is: fn(&Expr) -> bool| key.exists(|it| Ok(is(it))).unwrap_or(true);
    let function = |it: &Expr| matches!(it, Expr::ScalarFunction(_) | Expr::HigherOrderFunction(_));
    let operator =
        |it: &Expr| matches!(it, Expr::BinaryExpr(_) | Expr::Between(_) | Expr::Negative(_));
    !key.contains_outer() && has(function) && (has(operator) || has(is_arithmetic))
}

fn columns(schema: &DFSchema) -> Vec<Expr> {
    schema.columns().into_iter().map(Expr::Column).collect()
}

fn projected(columns: Vec<Expr>, plan: LogicalPlan) -> Result<LogicalPlan> {
    Ok(LogicalPlan::Projection(Projection::try_new(columns, Arc::new(plan))?))
}

//! Two lists that one value is looked for in.
//!
//! DataFusion 55.2 makes one list of `x IN (1, 2) AND x IN (3, 4)`, and false of that where nothing
//! is left in it; of `x NOT IN (1, 2) OR x NOT IN (3, 4)` true (apache/datafusion, pull request
//! 24258). Where `x` is null, both are. It does so where both lists are of one expression.

use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use datafusion::optimizer::AnalyzerRule;

use super::columns::as_cast;
use super::plans::replace_expressions;

/// Makes another expression of the second value.
#[derive(Debug)]
pub struct ListsApart;

impl AnalyzerRule for ListsApart {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        replace_expressions(plan, apart)
    }

    fn name(&self) -> &'static str {
        "lists_apart"
    }
}

fn apart(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let Expr::BinaryExpr(BinaryExpr { left, op, right }) = &expr else {
        return Ok(Transformed::no(expr));
    };
    let (Some((one, one_is_out)), Some((other, other_is_out))) = (value(left), value(right)) else {
        return Ok(Transformed::no(expr));
    };
    let may_be_left_empty = match op {
        Operator::And => !(one_is_out && other_is_out),
        Operator::Or => one_is_out && other_is_out,
        _ => false,
    };
    if !may_be_left_empty || one != other || !one.nullable(schema)? {
        return Ok(Transformed::no(expr));
    }
    let hidden = |value: &Expr| Box::new(as_cast().call(vec![value.clone()]));
    let right = match right.as_ref() {
        Expr::InList(it) => Expr::InList(InList { expr: hidden(&it.expr), ..it.clone() }),
        Expr::BinaryExpr(it) => {
            Expr::BinaryExpr(BinaryExpr { left: hidden(&it.left), ..it.clone() })
        }
        other => other.clone(),
    };
    let expr = BinaryExpr { left: left.clone(), op: *op, right: Box::new(right) };
    Ok(Transformed::yes(Expr::BinaryExpr(expr)))
}

/// What is looked for in a list, or compared with one value, and whether it is not to be there.
fn value(expr: &Expr) -> Option<(&Expr, bool)> {
    match expr {
        Expr::InList(InList { expr, negated, .. }) => Some((expr, *negated)),
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right })
            if matches!(right.as_ref(), Expr::Literal(..)) =>
        {
            Some((left, false))
        }
        _ => None,
    }
}

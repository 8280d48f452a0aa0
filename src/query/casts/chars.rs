//! `char(n)`: texts that blanks fill up, and that compare as if blanks filled up the other side.
//!
//! All texts are of one type of the engine's. What is a `char(n)` says so in the metadata of its
//! column, through subqueries and views.

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, Result};
use datafusion::config::ConfigOptions;
use datafusion::functions::expr_fn::rtrim;
use datafusion::logical_expr::expr::{Between, InList};
use datafusion::logical_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator};
use datafusion::optimizer::AnalyzerRule;

use super::varchar::IS_CHAR;
use crate::query::plans::replace_expressions;

/// Compares such texts, and those beside them, without the blanks at their ends.
#[derive(Debug)]
pub struct CharRule;

impl AnalyzerRule for CharRule {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        replace_expressions(plan, compared)
    }

    fn name(&self) -> &'static str {
        "chars"
    }
}

fn compared(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    use Operator::{Eq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom, Lt, LtEq, NotEq};
    let sides: Vec<&Expr> = match &expr {
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: Eq | NotEq | Lt | LtEq | Gt | GtEq | IsDistinctFrom | IsNotDistinctFrom,
            right,
        }) => vec![left, right],
        Expr::Between(Between { expr, low, high, .. }) => vec![expr, low, high],
        Expr::InList(InList { expr, list, .. }) => list.iter().chain([expr.as_ref()]).collect(),
        _ => return Ok(Transformed::no(expr)),
    };
    for side in sides {
        if side.to_field(schema)?.1.metadata().contains_key(IS_CHAR) {
            return expr.map_children(|side| Ok(Transformed::yes(rtrim(vec![side]))));
        }
    }
    Ok(Transformed::no(expr))
}

//! What rules over plans share.

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::scalar::ScalarValue;

/// Puts others in the place of expressions, the inner ones first; the columns of the plan keep
/// their names. What is replaced gets the schema that its columns are of.
pub fn replace_expressions(
    plan: LogicalPlan,
    replaced: impl Fn(Expr, &DFSchema) -> Result<Transformed<Expr>>,
) -> Result<LogicalPlan> {
    replace_expressions_of(plan, |_| true, replaced)
}

/// The same, in the nodes of a plan that a condition holds for.
pub fn replace_expressions_of(
    plan: LogicalPlan,
    applies: impl Fn(&LogicalPlan) -> bool,
    replaced: impl Fn(Expr, &DFSchema) -> Result<Transformed<Expr>>,
) -> Result<LogicalPlan> {
    let of_plan = |plan: LogicalPlan| {
        if matches!(plan, LogicalPlan::TableScan(_)) || !applies(&plan) {
            return Ok(Transformed::no(plan));
        }
        let schema = merge_schema(&plan.inputs());
        let names = NamePreserver::new(&plan);
        plan.map_expressions(|expr| {
            let name = names.save(&expr);
            let ours = expr.transform_up(|it| replaced(it, &schema))?;
            Ok(ours.update_data(|it| name.restore(it)))
        })?
        .map_data(LogicalPlan::recompute_schema)
    };
    plan.transform_up_with_subqueries(of_plan).data()
}

/// The integer that a constant is, in whatever type; none where it is no such constant.
pub fn integer(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Literal(value, _) => integer_of(value),
        _ => None,
    }
}

/// The integer that a value is, in whatever type.
pub fn integer_of(value: &ScalarValue) -> Option<i64> {
    if !value.data_type().is_integer() {
        return None;
    }
    match value.cast_to(&DataType::Int64).ok()? {
        ScalarValue::Int64(value) => value,
        _ => None,
    }
}

//! What rules over plans share.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::expr::intersect_metadata_for_union;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, LogicalPlan, Union};
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
        .map_data(with_schema)
    };
    plan.transform_up_with_subqueries(of_plan).data()
}

/// The plan with the schema that its expressions and inputs give it. DataFusion leaves a union the
/// one that it had, also where something in its inputs may be null by now.
pub fn with_schema(plan: LogicalPlan) -> Result<LogicalPlan> {
    let LogicalPlan::Union(union) = plan else { return plan.recompute_schema() };
    let fields = union.schema.iter().enumerate().map(|(at, (table, field))| {
        let inputs = || union.inputs.iter().filter_map(|it| it.schema().fields().get(at));
        let metadata = intersect_metadata_for_union(inputs().map(|it| it.metadata()));
        let field = field.as_ref().clone().with_metadata(metadata);
        (table.cloned(), Arc::new(field.with_nullable(inputs().any(|it| it.is_nullable()))))
    });
    let metadata = union.schema.metadata().clone();
    let schema = DFSchema::new_with_metadata(fields.collect(), metadata)?;
    Ok(LogicalPlan::Union(Union { inputs: union.inputs, schema: Arc::new(schema) }))
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

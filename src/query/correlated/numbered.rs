//! The rows around a subquery, each with a number, joined to the rows of the subquery.

use std::collections::HashMap;

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{DFSchema, Result};
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, ident, lit};

use super::shape::{Shape, replaced};

/// The rows around, each joined to the rows of a subquery.
pub struct Numbered {
    /// The join.
    pub plan: LogicalPlanBuilder,
    /// The number of the row around.
    pub row: Expr,
    /// True in a row of the subquery, null where there is none.
    pub met: Expr,
}

/// Numbers the rows around and joins them to those of a subquery, whose expressions get columns of
/// the join in their places; none where they have columns of queries further out.
pub fn numbered(
    around: &LogicalPlan,
    shape: &mut Shape,
    prefix: &str,
    join_type: JoinType,
) -> Result<Option<Numbered>> {
    let (row, met) = (format!("{prefix} row"), format!("{prefix} met"));
    // The columns of the table, under names that nothing else has.
    let mut renamed = HashMap::new();
    let mut columns = Vec::new();
    for (place, column) in shape.table.schema().columns().into_iter().enumerate() {
        let name = format!("{prefix} column {place}");
        renamed.insert(column.clone(), ident(&name));
        columns.push(Expr::Column(column).alias(name));
    }
    columns.push(lit(true).alias(&met));
    for expr in shape.exprs() {
        let inner = replaced(std::mem::take(expr), &renamed)?;
        match as_columns(inner, around.schema())? {
            Some(known) => *expr = known,
            None => return Ok(None),
        }
    }
    let table = LogicalPlanBuilder::from(shape.table.clone()).project(columns)?.build()?;
    let numbered = LogicalPlanBuilder::from(around.clone()).window([row_number().alias(&row)])?;
    let plan = numbered.join_on(table, join_type, shape.conditions.clone())?;
    Ok(Some(Numbered { plan, row: ident(&row), met: ident(&met) }))
}

/// The columns of the rows around as columns; none where one of them is of a query further out.
pub fn as_columns(expr: Expr, schema: &DFSchema) -> Result<Option<Expr>> {
    let mut known = true;
    let expr = expr.transform_up(|part| match part {
        Expr::OuterReferenceColumn(_, column) => {
            known &= schema.has_column(&column);
            Ok(Transformed::yes(Expr::Column(column)))
        }
        other => Ok(Transformed::no(other)),
    });
    Ok(Some(expr.data()?).filter(|_| known))
}

//! `LATERAL (SELECT ... ORDER BY ... LIMIT n)`: the first rows of each subquery, by their numbers
//! among those that belong to one row around.

use datafusion::common::Result;
use datafusion::functions_window::expr_fn::row_number;
use datafusion::logical_expr::{
    Expr, ExprFunctionExt, Join, JoinType, LogicalPlan, ident, lit, when,
};

use super::numbered::{Numbered, numbered};
use super::shape::Shape;

/// The join of the rows around and the first rows of the subquery; none where it has no LIMIT, or
/// columns of queries further out.
pub fn joined(join: &Join, mut shape: Shape, prefix: &str) -> Result<Option<LogicalPlan>> {
    let Some(limit) = shape.limit.and_then(|it| u64::try_from(it).ok()) else { return Ok(None) };
    let around = join.left.as_ref();
    let Some(Numbered { plan, row, met }) = numbered(around, &mut shape, prefix, join.join_type)?
    else {
        return Ok(None);
    };
    // Keys are columns: the engine proves no order of what is computed.
    let (mut columns, mut order) = (plan.schema().columns(), Vec::new());
    let columns = columns.drain(..).map(Expr::Column);
    let key = |place: usize| format!("{prefix} key {place}");
    let keys = shape.keys.iter().enumerate().map(|(at, it)| it.expr.clone().alias(key(at)));
    let keyed = plan.project(columns.chain(keys).collect::<Vec<_>>())?;
    order.extend(shape.keys.iter().enumerate().map(|(at, it)| it.with_expr(ident(key(at)))));
    let place = format!("{prefix} place");
    let mut number = row_number().partition_by(vec![row]);
    if !order.is_empty() {
        number = number.order_by(order);
    }
    let first =
        keyed.window([number.build()?.alias(&place)])?.filter(ident(&place).lt_eq(lit(limit)))?;
    let mut all: Vec<_> = around.schema().columns().into_iter().map(Expr::Column).collect();
    for (value, column) in shape.outputs.into_iter().zip(join.right.schema().columns()) {
        let value = match join.join_type {
            JoinType::Left => when(met.clone().is_not_null(), value).end()?,
            _ => value,
        };
        all.push(value.alias_qualified(column.relation, column.name));
    }
    first.project(all)?.build().map(Some)
}

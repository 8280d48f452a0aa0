//! `LATERAL (VALUES (a, 1), (b, 2)) AS t(x, y)` is an UNNEST of rows: the engine reads no columns
//! of other tables in VALUES.

use datafusion::sql::sqlparser::ast::{Expr, Query, SetExpr, TableFactor, TableWithJoins, Values};

use super::numbers::call;

/// Puts UNNESTs in the places of lateral VALUES of a FROM.
pub fn values_to_unnest(from: &mut [TableWithJoins]) {
    for table in from {
        let joined = table.joins.iter_mut().map(|it| &mut it.relation);
        std::iter::once(&mut table.relation).chain(joined).for_each(rewrite);
    }
}

fn rewrite(factor: &mut TableFactor) {
    let TableFactor::Derived { lateral: true, subquery, alias, .. } = factor else { return };
    let Some(values) = values_alone(subquery) else { return };
    let rows = values.rows.iter().map(|row| match row.content.as_slice() {
        [cell] => cell.clone(),
        cells => call("row", cells.to_vec()),
    });
    let array = call("make_array", rows.collect::<Vec<Expr>>());
    *factor = TableFactor::UNNEST {
        alias: alias.take(),
        array_exprs: vec![array],
        with_offset: false,
        with_offset_alias: None,
        with_ordinality: false,
    };
}

/// The VALUES that a query is, and nothing else.
fn values_alone(query: &Query) -> Option<&Values> {
    let is_bare = query.with.is_none()
        && query.order_by.is_none()
        && query.limit_clause.is_none()
        && query.fetch.is_none();
    match query.body.as_ref() {
        SetExpr::Values(values) if is_bare => Some(values),
        // As `VALUES` in parentheses was rewritten to.
        SetExpr::Select(select) if is_bare => {
            let [TableWithJoins { relation: TableFactor::Derived { subquery, .. }, joins }] =
                select.from.as_slice()
            else {
                return None;
            };
            let is_all = joins.is_empty()
                && select.selection.is_none()
                && matches!(select.projection.as_slice(), [it] if it.to_string() == "*");
            match subquery.body.as_ref() {
                SetExpr::Values(values) if is_all => Some(values),
                _ => None,
            }
        }
        _ => None,
    }
}

//! `FROM t CROSS JOIN UNNEST(t.list) AS u(x)`: an UNNEST sees the columns of everything before it.
//! DataFusion plans the tables of a FROM one by one; so each UNNEST is put into parentheses with
//! all that it sees, and [`crate::query::unnest`] plans both at once.

use datafusion::sql::sqlparser::ast::{
    Join, JoinConstraint, JoinOperator, TableFactor, TableWithJoins,
};

/// Puts the UNNESTs of a FROM into parentheses with what stands before them.
pub fn nest(from: &mut Vec<TableWithJoins>) {
    let mut done: Vec<TableWithJoins> = Vec::with_capacity(from.len());
    for TableWithJoins { relation, joins } in std::mem::take(from) {
        let mut table = TableWithJoins { relation, joins: Vec::new() };
        if is_unnest(&table.relation)
            && let Some(before) = joined(std::mem::take(&mut done))
        {
            table = unnested(before, cross_join(table.relation));
        }
        nest_within(&mut table.relation);
        for mut join in joins {
            if is_unnest(&join.relation) {
                // A comma binds less than a JOIN, but people write `FROM a, b CROSS JOIN
                // UNNEST(a.x)`.
                let mut before = std::mem::take(&mut done);
                before.push(table);
                table = match joined(before) {
                    Some(before) => unnested(before, join),
                    None => return,
                };
            } else {
                nest_within(&mut join.relation);
                table.joins.push(join);
            }
        }
        done.push(table);
    }
    *from = done;
}

/// Does within parentheses what [`nest`] does outside of them.
fn nest_within(relation: &mut TableFactor) {
    if let TableFactor::NestedJoin { table_with_joins, .. } = relation
        && !is_unnest_join(table_with_joins)
    {
        let mut tables = vec![(**table_with_joins).clone()];
        nest(&mut tables);
        if let Some(table) = tables.pop() {
            **table_with_joins = table;
        }
    }
}

/// Tables separated by commas as one.
fn joined(tables: Vec<TableWithJoins>) -> Option<TableWithJoins> {
    let mut tables = tables.into_iter();
    let mut first = tables.next()?;
    first.joins.extend(tables.map(|it| cross_join(factor(it))));
    Some(first)
}

fn cross_join(relation: TableFactor) -> Join {
    let join_operator = JoinOperator::CrossJoin(JoinConstraint::None);
    Join { relation, global: false, join_operator }
}

fn unnested(before: TableWithJoins, join: Join) -> TableWithJoins {
    let inner = TableWithJoins { relation: factor(before), joins: vec![join] };
    TableWithJoins { relation: parenthesized(inner), joins: Vec::new() }
}

fn factor(table: TableWithJoins) -> TableFactor {
    if table.joins.is_empty() { table.relation } else { parenthesized(table) }
}

fn parenthesized(table: TableWithJoins) -> TableFactor {
    TableFactor::NestedJoin { table_with_joins: Box::new(table), alias: None }
}

fn is_unnest(relation: &TableFactor) -> bool {
    matches!(relation, TableFactor::UNNEST { .. })
}

/// Whether it is what [`nest`] makes: one table, and an UNNEST that sees it.
pub fn is_unnest_join(table: &TableWithJoins) -> bool {
    matches!(table.joins.as_slice(), [join] if is_unnest(&join.relation))
}

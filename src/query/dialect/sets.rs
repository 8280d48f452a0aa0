//! `EXCEPT ALL` and `INTERSECT ALL` as a join of two subqueries, which
//! [`crate::query::multisets`] plans.

use datafusion::sql::sqlparser::ast::{
    Ident, Join, JoinConstraint, JoinOperator, SetExpr, SetOperator, SetQuantifier, TableAlias,
    TableFactor, TableWithJoins,
};

use super::fetch::template;

/// The alias of the first of the two.
const LEFT: &str = "$left";

/// Puts the operators of a query into SELECTs.
pub fn rewrite(body: &mut SetExpr) {
    let SetExpr::SetOperation { op, set_quantifier, left, right } = body else { return };
    rewrite(left);
    rewrite(right);
    let join = match op {
        SetOperator::Except | SetOperator::Minus => JoinOperator::Anti(JoinConstraint::None),
        SetOperator::Intersect => JoinOperator::Semi(JoinConstraint::None),
        SetOperator::Union => return,
    };
    if *set_quantifier != SetQuantifier::All {
        return;
    }
    let Ok(SetExpr::Select(mut select)) = template("SELECT * FROM (SELECT 1)") else { return };
    let Some(table) = select.from.first_mut() else { return };
    let TableFactor::Derived { subquery, .. } = &table.relation else { return };
    let derived = |body: &mut SetExpr, name: &str| {
        let mut subquery = subquery.clone();
        std::mem::swap(subquery.body.as_mut(), body);
        let alias = TableAlias {
            explicit: true,
            name: Ident::with_quote('"', name),
            columns: Vec::new(),
            at: None,
        };
        TableFactor::Derived { lateral: false, subquery, alias: Some(alias), sample: None }
    };
    let (relation, other) = (derived(left, LEFT), derived(right, "$right"));
    let join = Join { relation: other, global: false, join_operator: join };
    let both = TableWithJoins { relation, joins: vec![join] };
    table.relation = TableFactor::NestedJoin { table_with_joins: Box::new(both), alias: None };
    *body = SetExpr::Select(select);
}

/// Whether it is what [`rewrite`] makes.
pub fn is_multiset(table: &TableWithJoins) -> bool {
    let is_ours = matches!(&table.relation,
        TableFactor::Derived { alias: Some(alias), .. } if alias.name.value == LEFT);
    let is_half =
        |it: &Join| matches!(it.join_operator, JoinOperator::Anti(_) | JoinOperator::Semi(_));
    is_ours && matches!(table.joins.as_slice(), [join] if is_half(join))
}

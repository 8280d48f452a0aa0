//! `SELECT v.*` of a row `v`: its fields become columns, as those of an UNNEST of an array of it.

use datafusion::sql::sqlparser::ast::{
    Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, Select, SelectItem,
    SelectItemQualifiedWildcardKind, TableAlias, TableFactor, TableWithJoins,
};

use super::numbers::call;

/// What the names of such UNNESTs begin with.
pub const ROW_STAR: &str = "$row ";

/// Puts UNNESTs behind a FROM for those `.*` that are of no table of it.
pub fn expand(select: &mut Select) {
    let mut tables = Vec::new();
    for table in &select.from {
        names_in(table, &mut tables);
    }
    if select.projection.iter().any(|it| matches!(it, SelectItem::Wildcard(_))) {
        return;
    }
    for (place, item) in select.projection.iter_mut().enumerate() {
        let SelectItem::QualifiedWildcard(of, _) = item else { continue };
        let row = match of {
            SelectItemQualifiedWildcardKind::Expr(row) => row.clone(),
            SelectItemQualifiedWildcardKind::ObjectName(name) => {
                let parts: Vec<Ident> =
                    name.0.iter().filter_map(|it| it.as_ident().cloned()).collect();
                if tables.iter().any(|it| is_called(it, &parts)) {
                    continue;
                }
                match <[Ident; 1]>::try_from(parts) {
                    Ok([name]) => Expr::Identifier(name),
                    Err(parts) => Expr::CompoundIdentifier(parts),
                }
            }
        };
        let name = Ident::with_quote('"', format!("{ROW_STAR}{place}"));
        *of = SelectItemQualifiedWildcardKind::ObjectName(ObjectName::from(vec![name.clone()]));
        add(&mut select.from, row, name);
    }
}

/// The names by which the tables of a FROM are called.
fn names_in(table: &TableWithJoins, names: &mut Vec<Vec<String>>) {
    let joined = table.joins.iter().map(|it| &it.relation);
    for factor in std::iter::once(&table.relation).chain(joined) {
        match factor {
            TableFactor::NestedJoin { table_with_joins, alias: None } => {
                names_in(table_with_joins, names);
            }
            TableFactor::Table { name, alias: None, .. } => {
                let parts = name.0.iter().filter_map(|it| it.as_ident());
                names.push(parts.map(|it| it.value.clone()).collect());
            }
            TableFactor::Table { alias: Some(alias), .. }
            | TableFactor::NestedJoin { alias: Some(alias), .. }
            | TableFactor::Derived { alias: Some(alias), .. }
            | TableFactor::UNNEST { alias: Some(alias), .. } => {
                names.push(vec![alias.name.value.clone()]);
            }
            _ => {}
        }
    }
}

/// Whether a qualifier means the table of a name.
fn is_called(name: &[String], qualifier: &[Ident]) -> bool {
    qualifier.len() <= name.len()
        && name.iter().rev().zip(qualifier.iter().rev()).all(|(one, other)| *one == other.value)
}

fn add(from: &mut Vec<TableWithJoins>, row: Expr, name: Ident) {
    let alias = TableAlias { explicit: true, name, columns: Vec::new(), at: None };
    let relation = TableFactor::UNNEST {
        alias: Some(alias),
        array_exprs: vec![call("make_array", [row])],
        with_offset: false,
        with_offset_alias: None,
        with_ordinality: false,
    };
    match from.last_mut() {
        Some(last) => {
            let join_operator = JoinOperator::CrossJoin(JoinConstraint::None);
            last.joins.push(Join { relation, global: false, join_operator });
        }
        None => from.push(TableWithJoins { relation, joins: Vec::new() }),
    }
}

//! `SELECT v.*` of a row `v`: its fields become columns, as those of an UNNEST of an array of it.

use datafusion::sql::sqlparser::ast::{
    Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, Select, SelectItem,
    SelectItemQualifiedWildcardKind, TableAlias, TableAliasColumnDef, TableFactor, TableWithJoins,
};

use super::numbers::call;
use crate::model::{Error, Result};

/// What the names of such UNNESTs begin with.
pub const ROW_STAR: &str = "$row ";

/// What stands between the names of `.* AS (a, b)`, which the parser takes for one.
pub const NAMES: char = '\u{1f}';

/// Puts UNNESTs behind a FROM for those `.*` that are of no table of it.
pub fn expand(select: &mut Select) -> Result<()> {
    let mut tables = Vec::new();
    for table in &select.from {
        names_in(table, &mut tables);
    }
    for item in &select.projection {
        let SelectItem::Wildcard(options) = item else { continue };
        return if options.opt_alias.is_some() { Err(of_no_row()) } else { Ok(()) };
    }
    for (place, item) in select.projection.iter_mut().enumerate() {
        let SelectItem::QualifiedWildcard(of, options) = item else { continue };
        let row = match of {
            SelectItemQualifiedWildcardKind::Expr(row) => row.clone(),
            SelectItemQualifiedWildcardKind::ObjectName(name) => {
                let parts: Vec<Ident> =
                    name.0.iter().filter_map(|it| it.as_ident().cloned()).collect();
                if tables.iter().any(|it| is_called(it, &parts)) {
                    match options.opt_alias {
                        Some(_) => return Err(of_no_row()),
                        None => continue,
                    }
                }
                match <[Ident; 1]>::try_from(parts) {
                    Ok([name]) => Expr::Identifier(name),
                    Err(parts) => Expr::CompoundIdentifier(parts),
                }
            }
        };
        let name = Ident::with_quote('"', format!("{ROW_STAR}{place}"));
        *of = SelectItemQualifiedWildcardKind::ObjectName(ObjectName::from(vec![name.clone()]));
        let columns = options.opt_alias.take().map_or_else(Vec::new, |it| {
            let names = it.value.split(NAMES).map(|name| Ident::with_quote('"', name));
            names.map(|name| TableAliasColumnDef { name, data_type: None }).collect()
        });
        add(&mut select.from, row, TableAlias { explicit: true, name, columns, at: None });
    }
    Ok(())
}

fn of_no_row() -> Error {
    Error::invalid("`.* AS (…)` names the fields of a row, and this `*` is of a table")
        .with_help("name its columns one by one, or in the alias of the table: t(a, b)")
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

fn add(from: &mut Vec<TableWithJoins>, row: Expr, alias: TableAlias) {
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

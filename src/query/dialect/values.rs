//! `VALUES ...` is `SELECT * FROM (VALUES ...)`: types are looked at over whole columns where a
//! table is planned.

use datafusion::sql::sqlparser::ast::{SetExpr, Statement, TableFactor};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

/// Makes a SELECT of VALUES that stand alone, or beside a UNION.
pub fn to_selects(body: &mut SetExpr) {
    match body {
        SetExpr::SetOperation { left, right, .. } => {
            to_selects(left);
            to_selects(right);
        }
        SetExpr::Values(_) => {
            if let Some(mut select) = all_of_values()
                && let Some(values) = values_of(&mut select)
            {
                std::mem::swap(values, body);
                *body = select;
            }
        }
        _ => {}
    }
}

fn all_of_values() -> Option<SetExpr> {
    let parsed = Parser::parse_sql(&GenericDialect {}, "SELECT * FROM (VALUES (1))").ok()?;
    match parsed.into_iter().next()? {
        Statement::Query(query) => Some(*query.body),
        _ => None,
    }
}

/// The VALUES in the only table of a SELECT.
fn values_of(select: &mut SetExpr) -> Option<&mut SetExpr> {
    let SetExpr::Select(select) = select else { return None };
    match &mut select.from.first_mut()?.relation {
        TableFactor::Derived { subquery, .. } => Some(&mut subquery.body),
        _ => None,
    }
}

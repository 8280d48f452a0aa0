//! `FETCH FIRST n ROWS ONLY` is a LIMIT; `WITH TIES` keeps the rows that are equal to the last one
//! by ORDER BY too, which their ranks tell.

use datafusion::sql::sqlparser::ast::{
    Expr, Fetch, Ident, LimitClause, Offset, OrderBy, OrderByExpr, OrderByKind, Query, Select,
    SelectItem, SetExpr, Statement, TableFactor, Value,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::model::{Error, Result};

/// The column of the ranks.
const RANK: &str = "$rank";

/// Puts FETCH into other words.
pub fn rewrite(query: &mut Query) -> Result<()> {
    let Some(Fetch { with_ties, percent, quantity }) = query.fetch.take() else { return Ok(()) };
    if percent {
        return Err(Error::invalid("FETCH takes a number of rows, and no PERCENT"));
    }
    let quantity = quantity.unwrap_or_else(|| number(1));
    let count = match &quantity {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => digits.parse::<u64>().ok(),
            _ => None,
        },
        _ => None,
    };
    let Some(count) = count.filter(|it| *it > 0) else {
        let message = format!("FETCH FIRST takes a positive number of rows, and not {quantity}");
        return Err(Error::invalid(message));
    };
    let offset = match query.limit_clause.take() {
        None => None,
        Some(LimitClause::LimitOffset { limit: None, offset, .. }) => offset,
        Some(_) => {
            return Err(Error::invalid("LIMIT and FETCH FIRST cannot stand together")
                .with_help("leave one of them out"));
        }
    };
    if with_ties {
        return ranked(query, count, offset);
    }
    let limit_by = Vec::new();
    query.limit_clause = Some(LimitClause::LimitOffset { limit: Some(quantity), offset, limit_by });
    Ok(())
}

fn number(number: u64) -> Expr {
    Expr::Value(Value::Number(number.to_string(), false).into())
}

/// `SELECT * FROM (SELECT ..., rank() OVER (ORDER BY ...)) WHERE rank <= n`
fn ranked(query: &mut Query, count: u64, offset: Option<Offset>) -> Result<()> {
    let Some(OrderBy { kind: OrderByKind::Expressions(keys), .. }) = query.order_by.take() else {
        return Err(Error::invalid("FETCH FIRST ... WITH TIES needs an ORDER BY"));
    };
    let skipped = match offset.as_ref().map(|it| &it.value) {
        None => 0,
        Some(Expr::Value(value)) => match &value.value {
            Value::Number(digits, _) => digits.parse().unwrap_or(u64::MAX),
            _ => 0,
        },
        Some(_) => return Err(Error::invalid("OFFSET takes a number of rows")),
    };
    let last = count.saturating_add(skipped);
    let is_plain =
        matches!(query.body.as_ref(), SetExpr::Select(select) if select.distinct.is_none());
    if !is_plain {
        let body = std::mem::replace(query.body.as_mut(), template("SELECT 1")?);
        *query.body = within(body, "SELECT * FROM (SELECT 1) AS \"$all\"")?;
    }
    if let SetExpr::Select(select) = query.body.as_mut() {
        let keys = keys.into_iter().map(|it| of_columns(it, select));
        let keys = keys.collect::<Result<Vec<_>>>()?;
        let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
        let ranks = format!("SELECT rank() OVER (ORDER BY {}) AS \"{RANK}\"", keys.join(", "));
        if let SetExpr::Select(mut ranks) = template(&ranks)? {
            select.projection.append(&mut ranks.projection);
        }
    }
    let body = std::mem::replace(query.body.as_mut(), template("SELECT 1")?);
    let outer = format!(
        "SELECT * EXCLUDE (\"{RANK}\") FROM (SELECT 1) AS \"$ranked\" WHERE \"{RANK}\" <= {last}"
    );
    *query.body = within(body, &outer)?;
    let key = OrderByExpr::from(Ident::with_quote('"', RANK));
    query.order_by = Some(OrderBy { kind: OrderByKind::Expressions(vec![key]), interpolate: None });
    query.limit_clause = offset.map(|offset| LimitClause::LimitOffset {
        limit: None,
        offset: Some(offset),
        limit_by: Vec::new(),
    });
    Ok(())
}

/// A key of ORDER BY in terms of what a SELECT reads: of a column that it gives, what that is.
fn of_columns(mut key: OrderByExpr, select: &Select) -> Result<OrderByExpr> {
    let place = match &key.expr {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => digits.parse::<usize>().ok(),
            _ => None,
        },
        _ => None,
    };
    if let Some(place) = place {
        let item = place.checked_sub(1).and_then(|it| select.projection.get(it));
        let Some(SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) = item
        else {
            let message = format!(
                "FETCH FIRST ... WITH TIES: ORDER BY {place} names no column of the SELECT"
            );
            return Err(Error::invalid(message).with_help("write the name of the column"));
        };
        key.expr = expr.clone();
        return Ok(key);
    }
    let Expr::Identifier(name) = &key.expr else { return Ok(key) };
    let meant = select.projection.iter().find_map(|item| match item {
        SelectItem::ExprWithAlias { expr, alias } if alias.value == name.value => Some(expr),
        _ => None,
    });
    if let Some(expr) = meant {
        key.expr = expr.clone();
    }
    Ok(key)
}

/// The body of a query that is written here.
pub fn template(sql: &str) -> Result<SetExpr> {
    let parsed = Parser::parse_sql(&GenericDialect {}, sql);
    match parsed.map(|mut it| it.pop()) {
        Ok(Some(Statement::Query(query))) => Ok(*query.body),
        _ => Err(Error::internal("cannot write a subquery")),
    }
}

/// A query that is written here, with another in the place of the subquery of its FROM.
pub fn within(body: SetExpr, sql: &str) -> Result<SetExpr> {
    let mut outer = template(sql)?;
    if let SetExpr::Select(select) = &mut outer
        && let Some(TableFactor::Derived { subquery, .. }) =
            select.from.first_mut().map(|it| &mut it.relation)
    {
        *subquery.body = body;
    }
    Ok(outer)
}

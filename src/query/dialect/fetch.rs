//! `FETCH FIRST n ROWS ONLY` is a LIMIT; `WITH TIES` keeps the rows that are equal to the last one
//! by ORDER BY too, which their ranks tell.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Fetch, Ident, LimitClause, Offset, OrderBy, OrderByExpr, OrderByKind,
    Query, Select, SelectItem, SetExpr, Statement, TableFactor, Value, WindowType,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::model::{Error, Result};
use crate::query::columns::AT_PLACE;

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
    let keys_of_a_select = match query.body.as_ref() {
        SetExpr::Select(select) if select.distinct.is_none() => {
            keys.iter().map(|it| of_columns(it.clone(), select)).collect::<Option<Vec<_>>>()
        }
        _ => None,
    };
    let keys = if let Some(keys) = keys_of_a_select {
        keys
    } else {
        let body = std::mem::replace(query.body.as_mut(), template("SELECT 1")?);
        *query.body = within(body, "SELECT * FROM (SELECT 1) AS \"$all\"")?;
        keys.into_iter().map(by_place).collect()
    };
    if let SetExpr::Select(select) = query.body.as_mut() {
        select.projection.push(ranks(keys)?);
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

/// `rank() OVER (ORDER BY ...)`
fn ranks(keys: Vec<OrderByExpr>) -> Result<SelectItem> {
    let SetExpr::Select(mut select) = template("SELECT rank() OVER ()")? else {
        return Err(Error::internal("cannot write a rank"));
    };
    let Some(SelectItem::UnnamedExpr(mut expr)) = select.projection.pop() else {
        return Err(Error::internal("cannot write a rank"));
    };
    if let Expr::Function(call) = &mut expr
        && let Some(WindowType::WindowSpec(window)) = &mut call.over
    {
        window.order_by = keys;
    }
    Ok(SelectItem::ExprWithAlias { expr, alias: Ident::with_quote('"', RANK) })
}

/// A key of ORDER BY in terms of what a SELECT reads: of a column that it gives, what that is; none
/// where it is the number of a column that a `*` gives.
fn of_columns(mut key: OrderByExpr, select: &Select) -> Option<OrderByExpr> {
    if let Some(place) = place(&key.expr) {
        let is_star = |item: &SelectItem| {
            matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))
        };
        let before = select.projection.get(..place).filter(|it| !it.iter().any(is_star))?;
        let (SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) =
            before.last()?
        else {
            return None;
        };
        key.expr = expr.clone();
        return Some(key);
    }
    let Expr::Identifier(name) = &key.expr else { return Some(key) };
    let meant = select.projection.iter().find_map(|item| match item {
        SelectItem::ExprWithAlias { expr, alias } if alias.value == name.value => Some(expr),
        _ => None,
    });
    if let Some(expr) = meant {
        key.expr = expr.clone();
    }
    Some(key)
}

/// A key of ORDER BY in terms of the columns of a subquery.
fn by_place(mut key: OrderByExpr) -> OrderByExpr {
    if let Some(place) = place(&key.expr) {
        let place = Expr::Value(Value::SingleQuotedString(place.to_string()).into());
        let op = BinaryOperator::Custom(AT_PLACE.to_owned());
        key.expr = Expr::BinaryOp { left: Box::new(place.clone()), op, right: Box::new(place) };
    }
    key
}

/// The number of a column, where a key is one.
fn place(key: &Expr) -> Option<usize> {
    match key {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => digits.parse().ok(),
            _ => None,
        },
        _ => None,
    }
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

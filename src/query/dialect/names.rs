//! Names of the columns of a SELECT.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, FunctionArguments, Ident, ObjectName, Query, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, Statement, TableFactor, Value, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use super::hidden::is_hidden;
use super::numbers::call;
use crate::query::columns::{AS_CAST, NAMED, apart, beside_star};

/// Gives every computed column of a SELECT its own text as a name, as people know it from other
/// engines; Trino has `_col0`. A field of a row has the name of the field. Names that come twice
/// are kept apart.
pub fn name_columns(body: &mut SetExpr) {
    match body {
        SetExpr::Select(select) => {
            select.projection.iter_mut().for_each(name);
            keep_apart(&mut select.projection);
        }
        SetExpr::SetOperation { left, right, .. } => {
            for side in [left, right] {
                name_columns(side);
                copies_apart(side);
            }
        }
        _ => {}
    }
}

/// Puts a function around what a SELECT of a UNION gives a second time: sorted by the second one,
/// the engine forgets that both are in order.
fn copies_apart(body: &mut SetExpr) {
    let SetExpr::Select(select) = body else { return };
    let mut seen = HashSet::new();
    for item in &mut select.projection {
        let (expr, alias) = match &*item {
            SelectItem::ExprWithAlias { expr, alias } => (expr, alias),
            SelectItem::UnnamedExpr(expr @ Expr::Identifier(name)) => (expr, name),
            _ => continue,
        };
        if !seen.insert(expr.to_string()) && !matches!(expr, Expr::Value(_)) {
            let (expr, alias) = (call(AS_CAST, [expr.clone()]), alias.clone());
            *item = SelectItem::ExprWithAlias { expr, alias };
        }
    }
}

/// Makes subqueries of the common tables that may have several columns of one name: those of
/// subqueries are kept apart.
pub fn keep_common_tables_apart(query: &mut Query) {
    let Some(with) = query.with.as_mut().filter(|it| !it.recursive) else { return };
    for table in &mut with.cte_tables {
        let SetExpr::Select(select) = table.query.body.as_ref() else { continue };
        let several = select.from.len() > 1 || select.from.iter().any(|it| !it.joins.is_empty());
        if stars(&select.projection).is_none() || !several && select.projection.len() == 1 {
            continue;
        }
        let template = Parser::parse_sql(&GenericDialect {}, "SELECT * FROM (SELECT 1)").ok();
        let Some(Statement::Query(mut outer)) = template.and_then(|mut it| it.pop()) else {
            return;
        };
        if let SetExpr::Select(select) = outer.body.as_mut()
            && let Some(TableFactor::Derived { subquery, .. }) =
                select.from.first_mut().map(|it| &mut it.relation)
        {
            std::mem::swap(subquery, &mut table.query);
            std::mem::swap(&mut outer, &mut table.query);
        }
    }
}

fn name(item: &mut SelectItem) {
    let SelectItem::UnnamedExpr(expr) = item else { return };
    let alias = match &*expr {
        Expr::Identifier(_) => return,
        Expr::CompoundIdentifier(parts) => match parts.last() {
            Some(last) => Ident::with_quote('"', &last.value),
            None => return,
        },
        other => Ident::with_quote('"', as_written(other)),
    };
    *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias };
}

/// The text of an expression, without what [`super::json`] has made of calls.
fn as_written(expr: &Expr) -> String {
    let mut expr = expr.clone();
    let _ = VisitMut::visit(&mut expr, &mut JsonCalls);
    expr.to_string()
}

struct JsonCalls;

impl VisitorMut for JsonCalls {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let called = |it: &Expr| match it {
            Expr::Function(call) => match call.name.0.as_slice() {
                [part] => part.as_ident().map(|it| it.value.clone()),
                _ => None,
            },
            _ => None,
        };
        // A default is told by two calls, of which the last is the one that was written.
        if let Expr::Case { operand: Some(operand), else_result: Some(call), .. } = expr
            && called(operand).is_some_and(|it| it == "$json_case")
        {
            *expr = std::mem::replace(call, Expr::Value(Value::Null.into()));
            return ControlFlow::Continue(());
        }
        let Some(name) = called(expr) else { return ControlFlow::Continue(()) };
        let (Some(written), Expr::Function(call)) = (name.strip_prefix("$json_"), expr) else {
            return ControlFlow::Continue(());
        };
        call.name = ObjectName::from(vec![Ident::new(format!("json_{written}"))]);
        if let FunctionArguments::List(list) = &mut call.args {
            match written {
                "object" | "array" => drop(list.args.drain(..1)),
                _ => list.args.truncate(2),
            }
        }
        ControlFlow::Continue(())
    }
}

/// The name that a column has; none of a `*`.
fn name_of(item: &SelectItem) -> Option<&str> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(&alias.value),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(&name.value),
        _ => None,
    }
}

fn keep_apart(items: &mut [SelectItem]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for name in items.iter().filter_map(name_of) {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    let stars = stars(items);
    for (place, item) in items.iter_mut().enumerate() {
        let Some(name) = name_of(item).filter(|it| !is_hidden(it)) else { continue };
        let is_alone = counts.get(name).is_none_or(|it| *it == 1);
        if is_alone && stars.is_none() {
            continue;
        }
        let name = if is_alone { name.to_owned() } else { apart(name, place) };
        let (SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr)) = &*item
        else {
            continue;
        };
        *item = match &stars {
            Some(tables) => named_beside(expr.clone(), &beside_star(&name, place, tables)),
            None => SelectItem::ExprWithAlias {
                expr: expr.clone(),
                alias: Ident::with_quote('"', name),
            },
        };
    }
}

/// The tables whose columns a SELECT has all, as `t.*`; an empty list where it has `*`.
fn stars(items: &[SelectItem]) -> Option<Vec<String>> {
    let mut tables = Vec::new();
    for item in items {
        match item {
            SelectItem::Wildcard(_) => return Some(Vec::new()),
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                tables.push(name.to_string());
            }
            _ => {}
        }
    }
    if tables.is_empty() { None } else { Some(tables) }
}

/// A column that stands beside a `*`: which name it gets depends on the columns that the `*` has.
fn named_beside(expr: Expr, told: &str) -> SelectItem {
    SelectItem::UnnamedExpr(Expr::BinaryOp {
        left: Box::new(Expr::Nested(Box::new(expr))),
        op: BinaryOperator::Custom(NAMED.to_owned()),
        right: Box::new(Expr::Value(Value::SingleQuotedString(told.to_owned()).into())),
    })
}

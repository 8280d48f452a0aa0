//! The types that Trino gives to literals: integers of 32 bits where they fit, and texts as long as
//! they are written.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr,
    LimitClause, NamedWindowExpr, OrderByKind, Query, Select, Statement, UnaryOperator, Value,
    VisitMut, VisitorMut, WindowFrameBound, WindowSpec, WindowType,
};

use super::numbers::call;

/// The name of a text's type in Trino, or of an array of texts; none where it is no such literal.
/// Here all texts have one type, which only `typeof` would tell.
pub fn type_name(expr: &Expr) -> Option<String> {
    let length = |it: &Expr| match it {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.chars().count()),
            _ => None,
        },
        _ => None,
    };
    match expr {
        Expr::Nested(inner) => type_name(inner),
        Expr::Function(call) if call.name.to_string() == r#""make_array""# => {
            let FunctionArguments::List(list) = &call.args else { return None };
            let lengths = list.args.iter().map(|it| match it {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(element)) => length(element),
                _ => None,
            });
            let longest = lengths.collect::<Option<Vec<_>>>()?.into_iter().max()?;
            Some(format!("array(varchar({longest}))"))
        }
        other => Some(format!("varchar({})", length(other)?)),
    }
}

/// Makes integers of 32 bits of those numbers in a statement that fit: the engine takes them for
/// `bigint`. Numbers that stand for places and counts of rows, as in `LIMIT 5` and `ORDER BY 1`,
/// stay as they are.
pub fn type_integers(statement: &mut Statement) {
    let _ = VisitMut::visit(statement, &mut Integers);
}

struct Integers;

impl VisitorMut for Integers {
    type Break = ();

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        match &mut query.limit_clause {
            Some(LimitClause::LimitOffset { limit, offset, .. }) => {
                limit.iter_mut().chain(offset.iter_mut().map(|it| &mut it.value)).for_each(bare);
            }
            Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
                [offset, limit].into_iter().for_each(bare);
            }
            None => {}
        }
        if let Some(OrderByKind::Expressions(keys)) = query.order_by.as_mut().map(|it| &mut it.kind)
        {
            for key in keys {
                bare(&mut key.expr);
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        if let GroupByExpr::Expressions(keys, _) = &mut select.group_by {
            keys.iter_mut().for_each(bare);
        }
        for window in &mut select.named_window {
            if let NamedWindowExpr::WindowSpec(window) = &mut window.1 {
                of_window(window);
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            Expr::Value(value) => {
                if let Value::Number(digits, _) = &value.value
                    && digits.parse::<i32>().is_ok()
                {
                    to_integer(expr);
                }
            }
            Expr::UnaryOp { op: UnaryOperator::Minus, expr: inner } => {
                bare(inner);
                if number(inner).is_some_and(|it| format!("-{it}").parse::<i32>().is_ok()) {
                    to_integer(expr);
                }
            }
            Expr::Interval(interval) => bare(&mut interval.value),
            // The engine takes no calls and no operators as members of rows.
            Expr::Tuple(members) => *expr = call("row", std::mem::take(members)),
            Expr::Function(call) => {
                if let Some(WindowType::WindowSpec(window)) = &mut call.over {
                    of_window(window);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// How an integer of 32 bits is told to [`IntegerPlanner`]: sqlparser has one form for all numbers.
///
/// [`IntegerPlanner`]: crate::query::numbers::IntegerPlanner
pub const INTEGER: &str = "$integer";

fn to_integer(expr: &mut Expr) {
    let left = Box::new(std::mem::replace(expr, null()));
    let op = BinaryOperator::Custom(INTEGER.to_owned());
    *expr = Expr::BinaryOp { left, op, right: Box::new(null()) };
}

fn null() -> Expr {
    Expr::Value(Value::Null.into())
}

fn of_window(window: &mut WindowSpec) {
    window.partition_by.iter_mut().for_each(bare);
    let Some(frame) = &mut window.window_frame else { return };
    for bound in std::iter::once(&mut frame.start_bound).chain(&mut frame.end_bound) {
        if let WindowFrameBound::Preceding(Some(rows)) | WindowFrameBound::Following(Some(rows)) =
            bound
        {
            bare(rows);
        }
    }
}

/// A number as it was written, without the type that it got here or in [`super::numbers`].
fn bare(expr: &mut Expr) {
    if let Expr::BinaryOp { left, op: BinaryOperator::Custom(op), .. } = expr
        && op == INTEGER
    {
        *expr = std::mem::replace(left, null());
    } else if let Expr::Cast { expr: inner, data_type: DataType::Double(_), .. } = expr
        && let Expr::Value(value) = inner.as_ref()
        && let Value::SingleQuotedString(digits) = &value.value
        && digits.parse::<f64>().is_ok()
    {
        *expr = Expr::Value(Value::Number(digits.clone(), false).into());
    }
}

/// The digits of a number.
fn number(expr: &Expr) -> Option<&str> {
    let Expr::Value(value) = expr else { return None };
    match &value.value {
        Value::Number(digits, _) => Some(digits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::query::dialect::parse;

    #[test]
    fn numbers_that_fit_are_integers_and_those_that_count_rows_stay() {
        for (sql, expected) in [
            ("SELECT x + 1 AS y", "SELECT x + 1 $integer NULL AS y"),
            ("SELECT -2147483648 AS y", "SELECT -2147483648 $integer NULL AS y"),
            ("SELECT 2147483648 AS y", "SELECT 2147483648 AS y"),
            ("SELECT -2147483649 AS y", "SELECT -2147483649 AS y"),
            ("SELECT 1.5 AS y", "SELECT 1.5 AS y"),
            (
                "SELECT x AS y FROM t GROUP BY 1 ORDER BY 1 LIMIT 5",
                "SELECT x AS y FROM t GROUP BY 1 ORDER BY 1 LIMIT 5",
            ),
            (
                "SELECT sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING) AS y",
                "SELECT sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING) AS y",
            ),
            (
                "SELECT sum(x) OVER (ORDER BY x RANGE 1.5e0 PRECEDING) AS y",
                "SELECT sum(x) OVER (ORDER BY x RANGE 1.5e0 PRECEDING) AS y",
            ),
        ] {
            assert_eq!(parse(sql).unwrap().statement.unwrap().to_string(), expected);
        }
    }
}

//! The types that Trino gives to literals: integers of 32 bits, texts and decimals as long as they
//! are written. Here they have wider types, which only `typeof` would tell.

use datafusion::sql::sqlparser::ast::{Expr, UnaryOperator, Value};

/// The name of a literal's type in Trino; none where it is no such literal.
pub fn type_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Nested(inner) => type_name(inner),
        Expr::UnaryOp { op: UnaryOperator::Minus | UnaryOperator::Plus, expr } => match &**expr {
            Expr::Value(value) if matches!(value.value, Value::Number(..)) => type_name(expr),
            _ => None,
        },
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(format!("varchar({})", text.chars().count())),
            Value::Number(digits, false) => number(digits),
            _ => None,
        },
        _ => None,
    }
}

fn number(digits: &str) -> Option<String> {
    if digits.contains(['e', 'E', 'x']) {
        return None;
    }
    let Some((whole, part)) = digits.split_once('.') else {
        let fits = digits.parse::<i32>().is_ok();
        return Some(if fits { "integer" } else { "bigint" }.to_owned());
    };
    let digits = whole.trim_start_matches('0').len() + part.len();
    Some(format!("decimal({},{})", digits.max(1), part.len()))
}

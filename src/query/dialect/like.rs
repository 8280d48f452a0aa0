//! `x LIKE 'a#%' ESCAPE '#'`

use datafusion::sql::sqlparser::ast::{Expr, Value, ValueWithSpan};

use super::numbers::call;
use crate::query::likes::{PATTERN, pattern};

/// Puts the pattern into DataFusion's words: at once where it is a constant.
pub fn rewrite(expr: &mut Expr) {
    let (Expr::Like { pattern: given, escape_char, .. }
    | Expr::ILike { pattern: given, escape_char, .. }) = expr
    else {
        return;
    };
    let escape = escape_char.take();
    let one = |text: &str| {
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    let constant = match (text(given), escape.as_ref().map(|it| &it.value)) {
        (Some(given), None) => pattern(given, None),
        (Some(given), Some(Value::SingleQuotedString(escape))) => {
            one(escape).and_then(|it| pattern(given, Some(it)))
        }
        _ => None,
    };
    **given = if let Some(constant) = constant {
        Expr::Value(Value::SingleQuotedString(constant).into())
    } else {
        let escape = escape.map(|ValueWithSpan { value, .. }| Expr::Value(value.into()));
        call(PATTERN, [(**given).clone()].into_iter().chain(escape))
    };
}

fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

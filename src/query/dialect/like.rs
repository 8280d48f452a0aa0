//! `x LIKE 'a#%' ESCAPE '#'`

use datafusion::sql::sqlparser::ast::{Expr, UnaryOperator, Value, ValueWithSpan};

use super::numbers::call;
use super::walk;
use crate::query::likes::{LIKE, PATTERN, pattern};

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
    if let Some(constant) = constant {
        **given = Expr::Value(Value::SingleQuotedString(constant).into());
        return;
    }
    let escape = escape.map(|ValueWithSpan { value, .. }| Expr::Value(value.into()));
    match expr {
        Expr::Like { expr: text, pattern: given, negated, .. } if names_columns(given) => {
            let given = [text.as_ref().clone(), given.as_ref().clone()];
            let like = call(LIKE, given.into_iter().chain(escape));
            *expr = if *negated {
                Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(like) }
            } else {
                like
            };
        }
        Expr::Like { pattern: given, .. } | Expr::ILike { pattern: given, .. } => {
            **given = call(PATTERN, [(**given).clone()].into_iter().chain(escape));
        }
        _ => {}
    }
}

/// Whether an expression may have another value in each row.
fn names_columns(expr: &Expr) -> bool {
    let mut names = false;
    walk::each(expr, |it| {
        names |= matches!(it, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
    });
    names
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

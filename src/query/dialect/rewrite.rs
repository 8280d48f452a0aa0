//! Puts Trino's forms into DataFusion's words, in one walk over the tree.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    self, AccessExpr, Expr, Ident, Statement, Subscript, Value, VisitMut, VisitorMut,
};

use super::numbers::call;
use super::{
    calls, casts, fetch, forms, lateral, like, names, numbers, quantified, row_stars, rows, sets,
    unnest, values,
};
use crate::model::{Error, Result};

/// Rewrites a statement.
pub fn rewrite(statement: &mut Statement) -> Result<()> {
    match statement.visit(&mut Rewriter::default()) {
        ControlFlow::Break(error) => Err(*error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

/// What a statement may ask about itself, without parentheses.
const ABOUT: [&str; 3] = ["current_user", "current_catalog", "current_schema"];

#[derive(Default)]
struct Rewriter {
    /// The parameters of the lambdas that the walk is in.
    parameters: Vec<Vec<Ident>>,
    now: forms::Now,
}

impl VisitorMut for Rewriter {
    // Boxed, because it travels through every level of the recursion.
    type Break = Box<Error>;

    fn pre_visit_query(&mut self, query: &mut ast::Query) -> ControlFlow<Box<Error>> {
        if let Err(error) = fetch::rewrite(query) {
            return ControlFlow::Break(Box::new(error));
        }
        // Before the expressions are rewritten: a column is named as the person wrote it.
        names::name_columns(&mut query.body);
        names::keep_common_tables_apart(query);
        casts::tell_apart(query);
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut ast::Query) -> ControlFlow<Box<Error>> {
        values::to_selects(&mut query.body);
        sets::rewrite(&mut query.body);
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut ast::Select) -> ControlFlow<Box<Error>> {
        if let Err(error) = row_stars::expand(select) {
            return ControlFlow::Break(Box::new(error));
        }
        lateral::values_to_unnest(&mut select.from);
        unnest::nest(&mut select.from);
        rows::group_keys(select);
        rows::conditions(select);
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Box<Error>> {
        if let Expr::Lambda(lambda) = expr {
            let names = lambda.params.iter().map(|it| it.name.clone()).collect();
            self.parameters.push(names);
        }
        numbers::rewrite_sign(expr);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Box<Error>> {
        match expr {
            Expr::Lambda(_) => {
                self.parameters.pop();
            }
            Expr::Function(function) => {
                let rewritten = calls::rewrite(function);
                if let Some(rewritten) = rewritten.or_else(|| forms::call(function, &self.now)) {
                    *expr = rewritten;
                }
            }
            Expr::CompoundIdentifier(parts) if self.is_parameter(&parts[0]) => {
                *expr = field_of_parameter(std::mem::take(parts));
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                if let Expr::CompoundIdentifier(parts) = root.as_mut()
                    && self.is_parameter(&parts[0])
                {
                    **root = field_of_parameter(std::mem::take(parts));
                }
                dots_to_subscripts(root, access_chain);
            }
            // `JSON '…'`
            Expr::TypedString(typed) if typed.data_type == ast::DataType::JSON => {
                *expr = numbers::call("json_parse", [Expr::Value(typed.value.clone())]);
            }
            Expr::Identifier(name)
                if name.quote_style.is_none() && ABOUT.contains(&name.value.as_str()) =>
            {
                *expr = call(&name.value, []);
            }
            // DataFusion plans the elements of `ARRAY[x]` without the parameters of lambdas and the
            // columns of queries around them.
            Expr::Array(array) if array.named => {
                *expr = call("make_array", std::mem::take(&mut array.elem));
            }
            Expr::Like { .. } | Expr::ILike { .. } => like::rewrite(expr),
            other => {
                forms::rewrite(other);
                numbers::rewrite(other);
                quantified::rewrite(other);
                rows::rewrite(other);
            }
        }
        ControlFlow::Continue(())
    }
}

impl Rewriter {
    fn is_parameter(&self, name: &Ident) -> bool {
        self.parameters.iter().flatten().any(|it| it.value == name.value)
    }
}

/// `x.symbol` of a lambda's `x` is `x['symbol']`: DataFusion would look for a table `x`.
fn field_of_parameter(parts: Vec<Ident>) -> Expr {
    let mut parts = parts.into_iter();
    let root = Expr::Identifier(parts.next().unwrap_or_else(|| Ident::new("")));
    let access_chain: Vec<_> = parts.map(|it| subscript(it.value)).collect();
    Expr::CompoundFieldAccess { root: Box::new(root), access_chain }
}

/// `vep[1].symbol` is `vep[1]['symbol']`. Dots directly behind a name may be of a table, and stay.
fn dots_to_subscripts(root: &Expr, access_chain: &mut [AccessExpr]) {
    let mut may_be_table = matches!(root, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
    for access in access_chain {
        match access {
            AccessExpr::Dot(Expr::Identifier(name)) if !may_be_table => {
                *access = subscript(std::mem::take(&mut name.value));
            }
            AccessExpr::Dot(_) => {}
            AccessExpr::Subscript(_) => may_be_table = false,
        }
    }
}

fn subscript(name: String) -> AccessExpr {
    let index = Expr::Value(Value::SingleQuotedString(name).into());
    AccessExpr::Subscript(Subscript::Index { index })
}

//! Expressions of a SELECT that differ in a CAST alone, as `sum(x), sum(CAST(x AS double))`:
//! DataFusion leaves casts out of the names of what it computes, and takes two of one name for a
//! fault (apache/datafusion, issue 18975).

use std::collections::HashMap;

use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, OrderByKind, Query, Select, SelectItem, SetExpr, Value,
};

use super::numbers::call;
use super::walk;
use crate::query::columns::AS_CAST;

/// Names the casts of a query where it has expressions that differ in them alone.
pub fn tell_apart(query: &mut Query) {
    let SetExpr::Select(select) = query.body.as_mut() else { return };
    let mut keys: Vec<&mut Expr> = match query.order_by.as_mut().map(|it| &mut it.kind) {
        Some(OrderByKind::Expressions(keys)) => keys.iter_mut().map(|it| &mut it.expr).collect(),
        _ => Vec::new(),
    };
    let mut seen = CastNames::default();
    for expr in expressions(select).into_iter().chain(keys.iter_mut().map(|it| &mut **it)) {
        walk::each(expr, |it| match it {
            Expr::Cast { .. } => seen.has_cast = true,
            Expr::Function(_) => seen.add(it),
            _ => {}
        });
    }
    if !seen.has_cast {
        return;
    }
    for key in group_keys(select) {
        seen.add(key);
    }
    if seen.differ_in_casts {
        for expr in expressions(select).into_iter().chain(keys) {
            walk::replace(expr, |it| {
                if let Expr::Cast { data_type, kind, .. } = &*it {
                    let told = Value::SingleQuotedString(format!("{kind:?} {data_type}"));
                    *it = call(AS_CAST, [it.clone(), Expr::Value(told.into())]);
                }
            });
        }
    }
}

/// The expressions of a SELECT that are named by what they are.
fn expressions(select: &mut Select) -> Vec<&mut Expr> {
    let items = select.projection.iter_mut().filter_map(|item| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
        _ => None,
    });
    let mut all: Vec<&mut Expr> = items.chain(select.having.as_mut()).collect();
    if let GroupByExpr::Expressions(keys, _) = &mut select.group_by {
        all.extend(keys);
    }
    all
}

fn group_keys(select: &Select) -> &[Expr] {
    match &select.group_by {
        GroupByExpr::Expressions(keys, _) => keys,
        GroupByExpr::All(_) => &[],
    }
}

/// What calls and keys of groups are without their casts.
#[derive(Default)]
struct CastNames {
    has_cast: bool,
    differ_in_casts: bool,
    by_bare: HashMap<String, String>,
}

impl CastNames {
    fn add(&mut self, expr: &Expr) {
        let mut bare = expr.clone();
        walk::replace(&mut bare, |it| {
            if let Expr::Cast { expr: inner, .. } = it {
                *it = std::mem::replace(inner, Expr::Identifier("".into()));
            }
        });
        let text = expr.to_string();
        let first = self.by_bare.entry(bare.to_string()).or_insert_with(|| text.clone());
        self.differ_in_casts |= *first != text;
    }
}

//! `x > ALL (SELECT ...)` and `x = ANY (SELECT ...)`.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, Ident, Query, TableAlias, TableAliasColumnDef, TableFactor,
    UnaryOperator, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

// In the forms below `$x` is the value that is compared, `$s` the subquery and `$c` its column.

/// Puts the comparison with all rows of a subquery, or with any, into words of IN and of
/// aggregates. Nulls come out as in Trino.
pub fn rewrite(expr: &mut Expr) {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    let (left, op, right, all) = match &*expr {
        Expr::AnyOp { left, compare_op, right, .. } => (left, compare_op, right, false),
        Expr::AllOp { left, compare_op, right } => (left, compare_op, right, true),
        _ => return,
    };
    let mut inner = right.as_ref();
    while let Expr::Nested(nested) = inner {
        inner = nested;
    }
    let Expr::Subquery(subquery) = inner else { return };
    let of_bound = |bound: &str| format!(r#""$x" {op} (SELECT {bound}("$c") FROM "$s")"#);
    let of_both = || {
        r#"("$x" = (SELECT min("$c") FROM "$s") AND "$x" = (SELECT max("$c") FROM "$s"))"#
            .to_owned()
    };
    let replaced = match (op, all) {
        (Eq, false) => Some(is_in(left, subquery, false)),
        (NotEq, true) => Some(is_in(left, subquery, true)),
        (Eq, true) => decided(left, subquery, &of_both(), true),
        (NotEq, false) => decided(left, subquery, &of_both(), true).map(not),
        (Lt | LtEq, true) | (Gt | GtEq, false) => decided(left, subquery, &of_bound("min"), all),
        (Lt | LtEq, false) | (Gt | GtEq, true) => decided(left, subquery, &of_bound("max"), all),
        _ => None,
    };
    if let Some(replaced) = replaced {
        *expr = replaced;
    }
}

fn is_in(value: &Expr, subquery: &Query, negated: bool) -> Expr {
    let (expr, subquery) = (Box::new(value.clone()), Box::new(subquery.clone()));
    Expr::InSubquery { expr, subquery, negated }
}

/// A comparison that has one answer where there are no rows, is settled by one row, and is unknown
/// where rows are null otherwise.
fn decided(value: &Expr, subquery: &Query, condition: &str, all: bool) -> Option<Expr> {
    let (none, settled) = if all { ("true", "false") } else { ("false", "true") };
    let settles = if all { format!("NOT ({condition})") } else { condition.to_owned() };
    let text = format!(
        r#"CASE WHEN (SELECT count(*) FROM "$s") = 0 THEN {none}
           WHEN {settles} THEN {settled}
           WHEN (SELECT count(*) - count("$c") FROM "$s") > 0 THEN NULL
           ELSE {condition} END"#
    );
    filled(&text, value, subquery)
}

fn not(expr: Expr) -> Expr {
    let expr = Box::new(Expr::Nested(Box::new(expr)));
    Expr::Nested(Box::new(Expr::UnaryOp { op: UnaryOperator::Not, expr }))
}

/// A form with the value and the subquery in their places.
fn filled(form: &str, value: &Expr, subquery: &Query) -> Option<Expr> {
    let mut parser = Parser::new(&GenericDialect).try_with_sql(form).ok()?;
    let mut expr = parser.parse_expr().ok()?;
    let _ = VisitMut::visit(&mut expr, &mut Fill { value, subquery });
    Some(Expr::Nested(Box::new(expr)))
}

struct Fill<'a> {
    value: &'a Expr,
    subquery: &'a Query,
}

impl VisitorMut for Fill<'_> {
    type Break = ();

    fn post_visit_table_factor(&mut self, table: &mut TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, .. } = &*table
            && name.0.first().and_then(|it| it.as_ident()).is_some_and(|it| it.value == "$s")
        {
            let column =
                TableAliasColumnDef { name: Ident::with_quote('"', "$c"), data_type: None };
            let alias = TableAlias {
                explicit: true,
                name: Ident::with_quote('"', "$s"),
                columns: vec![column],
                at: None,
            };
            *table = TableFactor::Derived {
                lateral: false,
                subquery: Box::new(self.subquery.clone()),
                alias: Some(alias),
                sample: None,
            };
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if matches!(&*expr, Expr::Identifier(name) if name.value == "$x") {
            *expr = Expr::Nested(Box::new(self.value.clone()));
        }
        ControlFlow::Continue(())
    }
}

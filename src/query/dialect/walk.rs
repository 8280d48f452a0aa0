//! Walks over an expression that stop at the subqueries in it.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, Query, Visit, VisitMut, Visitor, VisitorMut};

/// Looks at an expression and its parts, the outer ones first.
pub fn each(expr: &Expr, look: impl FnMut(&Expr)) {
    let _ = Visit::visit(expr, &mut Walk { depth: 0, call: look });
}

/// Puts others in the place of the parts of an expression, the inner ones first, and of itself.
pub fn replace(expr: &mut Expr, replaced: impl FnMut(&mut Expr)) {
    let _ = VisitMut::visit(expr, &mut Walk { depth: 0, call: replaced });
}

struct Walk<F> {
    /// How many subqueries the walk is in.
    depth: usize,
    call: F,
}

impl<F: FnMut(&Expr)> Visitor for Walk<F> {
    type Break = ();

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.depth == 0 {
            (self.call)(expr);
        }
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(&mut Expr)> VisitorMut for Walk<F> {
    type Break = ();

    fn pre_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if self.depth == 0 {
            (self.call)(expr);
        }
        ControlFlow::Continue(())
    }
}

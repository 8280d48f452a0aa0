//! `=`, `<>` and IN of arrays, rows and maps: the engine takes a null in them for equal to a null,
//! and maps for equal only where their entries are in one order.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, BooleanArray};
use arrow::datatypes::DataType;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr::{BinaryExpr, InList};
use datafusion::logical_expr::{
    Expr, ExprSchemable, LogicalPlan, Operator, ScalarFunctionArgs, ScalarUDF, cast, not,
};
use datafusion::optimizer::AnalyzerRule;

use super::equal::equality;
use crate::query::plans::replace_expressions_of;
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::common_type;

/// The most values of an IN that are compared one by one.
const MOST_LISTED: usize = 200;

/// Puts a function in the operators' place, once types are known. Conditions of joins stay: they
/// find equal rows by their hashes.
#[derive(Debug)]
pub struct EqualRule;

impl AnalyzerRule for EqualRule {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let applies = |plan: &LogicalPlan| !matches!(plan, LogicalPlan::Join(_));
        replace_expressions_of(plan, applies, replaced)
    }

    fn name(&self) -> &'static str {
        "equal"
    }
}

fn replaced(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    Ok(match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: op @ (Operator::Eq | Operator::NotEq), right }) => {
            match compared(&left, &right, schema)? {
                Some(equal) if op == Operator::Eq => Transformed::yes(equal),
                Some(equal) => Transformed::yes(not(equal)),
                None => Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right })),
            }
        }
        Expr::InList(InList { expr, list, negated }) if list.len() <= MOST_LISTED => {
            let each = list.iter().map(|it| compared(&expr, it, schema));
            match each
                .collect::<Result<Option<Vec<_>>>>()?
                .and_then(|it| it.into_iter().reduce(Expr::or))
            {
                Some(any) => Transformed::yes(if negated { not(any) } else { any }),
                None => Transformed::no(Expr::InList(InList { expr, list, negated })),
            }
        }
        other => Transformed::no(other),
    })
}

/// Whether two values are equal, as a call; none where the operator means that.
fn compared(left: &Expr, right: &Expr, schema: &DFSchema) -> Result<Option<Expr>> {
    // A subquery is made a join by its operators.
    if left.contains_outer() || right.contains_outer() {
        return Ok(None);
    }
    let (of_left, of_right) = (left.get_type(schema)?, right.get_type(schema)?);
    if !of_left.is_nested() || !of_right.is_nested() {
        return Ok(None);
    }
    let Some(common) = common_type(&of_left, &of_right) else { return Ok(None) };
    let side = |expr: &Expr, given: &DataType| {
        if *given == common { expr.clone() } else { cast(expr.clone(), common.clone()) }
    };
    Ok(Some(EQUAL.call(vec![side(left, &of_left), side(right, &of_right)])))
}

static EQUAL: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    static FUNCTION: ScalarFunction = ScalarFunction {
        name: "=",
        arguments: |types| {
            let usage = "= compares two values of one type";
            let [left, right] = types else { return plan_err!("{usage}") };
            let Some(common) = common_type(left, right) else { return plan_err!("{usage}") };
            Ok(vec![common; 2])
        },
        result: |_| Ok(DataType::Boolean),
        call: equal,
    };
    FUNCTION.udf()
});

fn equal(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let sides = arrays(args)?;
    let equal = equality(&sides[0], &sides[1])?;
    Ok(Arc::new((0..args.number_rows).map(|row| equal(row, row)).collect::<BooleanArray>()))
}

//! Intervals in one form, so that those that are equal are grouped, ordered and compared as such:
//! `INTERVAL '24' HOUR` is a day. The engine compares months, days and the rest one by one.

use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::tree_node::Transformed;
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};
use datafusion::optimizer::AnalyzerRule;
use datafusion::scalar::ScalarValue;

use super::functions::{INTERVAL_LENGTH, normal_interval};
use super::plans::{replace_expressions, replace_expressions_of};

/// Writes the intervals of a statement in that form; what computes with them keeps to it.
#[derive(Debug)]
pub struct IntervalRule;

impl AnalyzerRule for IntervalRule {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        replace_expressions(plan, |expr, _| match &expr {
            Expr::Literal(ScalarValue::IntervalMonthDayNano(Some(span)), metadata) => {
                let Some(normal) = normal_interval(*span).filter(|it| it != span) else {
                    return Ok(Transformed::no(expr));
                };
                let value = ScalarValue::IntervalMonthDayNano(Some(normal));
                Ok(Transformed::yes(Expr::Literal(value, metadata.clone())))
            }
            _ => Ok(Transformed::no(expr)),
        })
    }

    fn name(&self) -> &'static str {
        "intervals"
    }
}

/// Puts the length of an interval where a window is in its order: the engine finds no range among
/// intervals. Before types are decided on, which refuses them.
#[derive(Debug)]
pub struct IntervalWindows;

impl AnalyzerRule for IntervalWindows {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let is_window = |plan: &LogicalPlan| matches!(plan, LogicalPlan::Window(_));
        replace_expressions_of(plan, is_window, |mut expr, schema| {
            let Expr::WindowFunction(call) = &mut expr else { return Ok(Transformed::no(expr)) };
            let mut is_changed = false;
            for key in &mut call.params.order_by {
                if matches!(key.expr.get_type(schema)?, DataType::Interval(_)) {
                    key.expr = INTERVAL_LENGTH.call(vec![std::mem::take(&mut key.expr)]);
                    is_changed = true;
                }
            }
            Ok(if is_changed { Transformed::yes(expr) } else { Transformed::no(expr) })
        })
    }

    fn name(&self) -> &'static str {
        "interval_windows"
    }
}

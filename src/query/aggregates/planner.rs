//! Calls that are others for the engine: `max(x, n)`, `max_by(x, y, n)` and `count_if`.

use std::sync::{Arc, LazyLock};

use datafusion::common::{Result, plan_err};
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::logical_expr::planner::{
    ExprPlanner, PlannerResult, RawAggregateExpr, RawWindowExpr,
};
use datafusion::logical_expr::{AggregateUDF, Expr, WindowFunctionDefinition, lit, when};

use super::best::{MAX_BY_N, MAX_N, MIN_BY_N, MIN_N};
use super::shift::shift;
use crate::query::plans::integer;

/// Plans these calls.
#[derive(Debug)]
pub struct AggregatePlanner;

impl ExprPlanner for AggregatePlanner {
    fn plan_aggregate(
        &self,
        mut call: RawAggregateExpr,
    ) -> Result<PlannerResult<RawAggregateExpr>> {
        if let Some((func, args)) = other(&call.func, &call.args)? {
            (call.func, call.args) = (func, args);
        }
        Ok(PlannerResult::Original(call))
    }

    fn plan_window(&self, mut call: RawWindowExpr) -> Result<PlannerResult<RawWindowExpr>> {
        if let WindowFunctionDefinition::AggregateUDF(func) = &call.func_def
            && let Some((func, args)) = other(func, &call.args)?
        {
            call.func_def = WindowFunctionDefinition::AggregateUDF(func);
            call.args = args;
        }
        check_offset(call.func_def.name(), &call.args)?;
        let varies = |it: &Expr| !matches!(it, Expr::Literal(..));
        if call.args.iter().skip(1).any(varies)
            && let Some(shift) = shift(call.func_def.name())
        {
            call.func_def = WindowFunctionDefinition::WindowUDF(shift);
        }
        Ok(PlannerResult::Original(call))
    }
}

/// `lead` and `lag` look in the other direction where their offset is below 0, which Trino refuses.
fn check_offset(function: &str, args: &[Expr]) -> Result<()> {
    let least = match function {
        "lead" | "lag" => 0,
        "nth_value" => 1,
        _ => return Ok(()),
    };
    match args.get(1).and_then(integer) {
        Some(offset) if offset < least => {
            plan_err!("the offset of {function} is {offset}, and has to be {least} or more")
        }
        _ => Ok(()),
    }
}

/// The function that the engine calls, and with what; none where it is the same.
fn other(func: &AggregateUDF, args: &[Expr]) -> Result<Option<(Arc<AggregateUDF>, Vec<Expr>)>> {
    static ALL: LazyLock<[Arc<AggregateUDF>; 4]> =
        LazyLock::new(|| [MAX_N.udf(), MIN_N.udf(), MAX_BY_N.udf(), MIN_BY_N.udf()]);
    let [max_n, min_n, max_by_n, min_by_n] = &*ALL;
    let udf = match (func.name(), args) {
        ("max", [_, _]) => max_n,
        ("min", [_, _]) => min_n,
        ("max_by", [_, _, _]) => max_by_n,
        ("min_by", [_, _, _]) => min_by_n,
        ("count_if", [condition]) => {
            let counted = when(condition.clone(), lit(true)).end()?;
            return Ok(Some((count_udaf(), vec![counted])));
        }
        _ => return Ok(None),
    };
    Ok(Some((Arc::clone(udf), args.to_vec())))
}

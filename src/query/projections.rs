//! Columns that are computed anew from what had their name before, as in `SELECT x + 1 AS x FROM
//! (SELECT x + 1 AS x FROM t)`.
//!
//! DataFusion 55.2 takes two such projections, one upon the other, for one written twice, and
//! leaves one out (apache/datafusion, pull request 24686). Names that differ keep them apart.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{Column, Result};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Expr, LogicalPlan, Projection};
use datafusion::optimizer::{ApplyOrder, Optimizer, OptimizerConfig, OptimizerRule};

/// The rule that leaves projections out.
const LEAVES_OUT: &str = "optimize_projections";

/// DataFusion's rules, with ours before the one that leaves projections out.
pub fn optimizer_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let mut rules = Optimizer::new().rules;
    let at = rules.iter().position(|it| it.name() == LEAVES_OUT).unwrap_or(rules.len());
    rules.insert(at, Arc::new(Apart));
    rules
}

/// Gives the columns of a projection other names where the one upon it computes the same of them.
#[derive(Debug)]
struct Apart;

impl OptimizerRule for Apart {
    fn name(&self) -> &'static str {
        "projections_apart"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        match &plan {
            LogicalPlan::Projection(upper) => match upper.input.as_ref() {
                LogicalPlan::Projection(lower) if lower.expr == upper.expr => {
                    Ok(Transformed::yes(apart(upper, lower)?))
                }
                _ => Ok(Transformed::no(plan)),
            },
            _ => Ok(Transformed::no(plan)),
        }
    }
}

fn apart(upper: &Projection, lower: &Projection) -> Result<LogicalPlan> {
    let mut names = HashMap::new();
    let mut below = Vec::new();
    for (number, (expr, column)) in lower.expr.iter().zip(lower.schema.columns()).enumerate() {
        let name = format!("__below_{number}_{}", column.name);
        below.push(expr.clone().unalias().alias(&name));
        names.insert(column, Expr::Column(Column::from_name(name)));
    }
    let below = Projection::try_new(below, Arc::clone(&lower.input))?;
    let preserver = NamePreserver::new_for_projection();
    let renamed = |expr: &Expr| {
        let name = preserver.save(expr);
        let replaced = expr.clone().transform(|part| match &part {
            Expr::Column(column) => Ok(match names.get(column) {
                Some(other) => Transformed::yes(other.clone()),
                None => Transformed::no(part),
            }),
            _ => Ok(Transformed::no(part)),
        });
        Ok(name.restore(replaced.data()?))
    };
    let exprs = upper.expr.iter().map(renamed).collect::<Result<Vec<_>>>()?;
    let input = Arc::new(LogicalPlan::Projection(below));
    Ok(LogicalPlan::Projection(Projection::try_new(exprs, input)?))
}

//! What subqueries look like that can be taken apart.

use std::collections::HashMap;

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{Column, Result};
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{
    BinaryExpr, Expr, FetchType, LogicalPlan, Operator, SkipType, SortExpr, when,
};

/// What a subquery computes, down to the table that does not depend on the rows around it.
pub struct Shape {
    /// Its columns, in terms of that table's, of aggregates and of the rows around.
    pub outputs: Vec<Expr>,
    /// What holds for each of its rows.
    pub conditions: Vec<Expr>,
    /// The order of which the first row is meant.
    pub keys: Vec<SortExpr>,
    /// Whether it gives one row with aggregates.
    pub aggregates: bool,
    /// Whether it gives one row at most.
    pub one_row: bool,
    /// How many rows it gives at most, by a LIMIT.
    pub limit: Option<usize>,
    /// Whether what depends on the rows around lies within a further subquery.
    pub is_nested: bool,
    /// The table.
    pub table: LogicalPlan,
}

impl Shape {
    /// The shape of a subquery; none where it has another one.
    pub fn of(plan: &LogicalPlan) -> Option<Self> {
        let mut outputs: Vec<_> = plan.schema().columns().into_iter().map(Expr::Column).collect();
        let (mut conditions, mut keys) = (Vec::new(), Vec::<SortExpr>::new());
        let aggregates = has_aggregate(plan);
        let (mut below, mut one_row) = (!aggregates, aggregates);
        let (mut node, mut is_nested, mut limit) = (plan, false, None);
        while !below || depends(node) {
            let (columns, input) = match node {
                LogicalPlan::SubqueryAlias(it) => {
                    is_nested |= below;
                    let inner = it.input.schema().columns().into_iter().map(Expr::Column);
                    (inner.collect::<Vec<_>>(), &it.input)
                }
                LogicalPlan::Projection(it) => {
                    (it.expr.iter().map(|it| it.clone().unalias()).collect(), &it.input)
                }
                LogicalPlan::Aggregate(it) if !below && it.group_expr.is_empty() => {
                    below = true;
                    (it.aggr_expr.iter().map(|it| it.clone().unalias()).collect(), &it.input)
                }
                LogicalPlan::Filter(it) if below => {
                    conditions.extend(split_conjunction(&it.predicate).into_iter().cloned());
                    node = &it.input;
                    continue;
                }
                LogicalPlan::Filter(it) if !it.predicate.contains_outer() => {
                    let kept = |value| when(it.predicate.clone(), value).end().ok();
                    outputs = outputs.into_iter().map(kept).collect::<Option<_>>()?;
                    node = &it.input;
                    continue;
                }
                LogicalPlan::Limit(it) if below && conditions.is_empty() => {
                    let FetchType::Literal(Some(count)) = it.get_fetch_type().ok()? else {
                        return None;
                    };
                    let skips = !matches!(it.get_skip_type().ok()?, SkipType::Literal(0));
                    if count == 0 || skips || aggregates || limit.is_some() {
                        return None;
                    }
                    (one_row, limit) = (count == 1, Some(count));
                    node = &it.input;
                    continue;
                }
                LogicalPlan::Sort(it) if below && conditions.is_empty() && it.fetch.is_none() => {
                    keys.clone_from(&it.expr);
                    node = &it.input;
                    continue;
                }
                _ => return None,
            };
            let map: HashMap<Column, Expr> =
                node.schema().columns().into_iter().zip(columns).collect();
            let all = outputs.iter_mut().chain(&mut conditions);
            for expr in all.chain(keys.iter_mut().map(|it| &mut it.expr)) {
                *expr = replaced(std::mem::take(expr), &map).ok()?;
            }
            node = input;
        }
        let table = node.clone();
        Some(Self { outputs, conditions, keys, aggregates, one_row, limit, is_nested, table })
    }

    /// Whether DataFusion does not take it apart: some condition on the rows around is another than
    /// that a value is equal, or there may be many rows, or it lies deeper.
    pub fn is_ours(&self) -> bool {
        let is_range = |it: &Expr| it.contains_outer() && !is_equality(it);
        let depends = self.conditions.iter().any(Expr::contains_outer);
        self.conditions.iter().any(is_range) || depends && (!self.aggregates || self.is_nested)
    }

    /// Whether it is a SELECT without a FROM.
    pub fn is_of_no_table(&self) -> bool {
        let is_one_row =
            matches!(&self.table, LogicalPlan::EmptyRelation(it) if it.produce_one_row);
        is_one_row && self.conditions.is_empty() && !self.aggregates
    }

    /// All its expressions.
    pub fn exprs(&mut self) -> impl Iterator<Item = &mut Expr> {
        let keys = self.keys.iter_mut().map(|it| &mut it.expr);
        self.outputs.iter_mut().chain(&mut self.conditions).chain(keys)
    }
}

fn depends(plan: &LogicalPlan) -> bool {
    !plan.all_out_ref_exprs().is_empty()
}

/// Whether the rows of a query are one row of aggregates.
fn has_aggregate(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Aggregate(it) => it.group_expr.is_empty(),
        LogicalPlan::Projection(it) => has_aggregate(&it.input),
        LogicalPlan::SubqueryAlias(it) => has_aggregate(&it.input),
        LogicalPlan::Filter(it) => has_aggregate(&it.input),
        _ => false,
    }
}

fn is_equality(condition: &Expr) -> bool {
    let Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) = condition else {
        return false;
    };
    let outer = |it: &Expr| it.contains_outer() && it.column_refs().is_empty();
    outer(left) && !right.contains_outer() || outer(right) && !left.contains_outer()
}

/// An expression with others in the place of columns.
pub fn replaced(expr: Expr, map: &HashMap<Column, Expr>) -> Result<Expr> {
    let replaced = expr.transform_up(|part| match &part {
        Expr::Column(column) => Ok(match map.get(column) {
            Some(other) => Transformed::yes(other.clone()),
            None => Transformed::no(part),
        }),
        _ => Ok(Transformed::no(part)),
    });
    replaced.data()
}

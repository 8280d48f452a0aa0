//! Columns of one name: `SELECT *, start`, `SELECT count(*), count(*)`, joins of tables that share
//! names.
//!
//! DataFusion wants the names of a SELECT to differ. So they differ by a mark and a number, which
//! no answer shows. A name that stands for several columns of a subquery is refused, as in Trino.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use datafusion::common::{DFSchema, Result, TableReference, internal_err, plan_err};
use datafusion::logical_expr::planner::{
    ExprPlanner, PlannedRelation, PlannerResult, RawBinaryExpr, RelationPlanner,
    RelationPlannerContext, RelationPlanning,
};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ScalarUDF};
use datafusion::sql::sqlparser::ast::{BinaryOperator, TableFactor};

use super::scalar::ScalarFunction;

/// What stands between a name and the number that keeps it apart from others.
const MARK: char = '\u{1}';

/// The operator that names a column which stands beside a `*`: its right side is [`beside_star`].
pub const NAMED: &str = "named";

/// The operator that is the column of a FROM at a place, counted from one, which both of its sides
/// are.
pub const AT_PLACE: &str = "at_place";

/// The function that gives what it is given: under a name that tells a cast, or as an expression of
/// its own.
pub const AS_CAST: &str = "$cast";

/// A name that no other column of a SELECT has.
pub fn apart(name: &str, number: usize) -> String {
    format!("{}{MARK}{number}", plain(name))
}

/// A name as it was written.
pub fn plain(name: &str) -> &str {
    name.split(MARK).next().unwrap_or(name)
}

/// A text without the marks of the names in it.
pub fn without_marks(text: &str) -> String {
    let mut pieces = text.split(MARK);
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(piece.trim_start_matches(|it: char| it.is_ascii_digit()));
    }
    out
}

/// What is known of a column beside a `*` before the columns of the `*` are: its name, a number of
/// its own, and the tables that are followed by `.*`; none where all are meant.
pub fn beside_star(name: &str, number: usize, tables: &[String]) -> String {
    let number = number.to_string();
    let parts = [name, &number].into_iter().chain(tables.iter().map(String::as_str));
    parts.collect::<Vec<_>>().join("\u{2}")
}

/// Finds columns by their place, and names those beside a `*`, once it is known which there are.
#[derive(Debug)]
pub struct NamePlanner;

impl ExprPlanner for NamePlanner {
    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        match &expr.op {
            BinaryOperator::Custom(name) if name == AT_PLACE => return at_place(&expr, schema),
            BinaryOperator::Custom(name) if name == NAMED => {}
            _ => return Ok(PlannerResult::Original(expr)),
        }
        let Expr::Literal(value, _) = &expr.right else {
            return internal_err!("a column without a name");
        };
        let text = value.try_as_str().flatten().unwrap_or_default();
        let mut parts = text.split('\u{2}');
        let (name, number) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let tables: Vec<TableReference> = parts.map(TableReference::parse_str).collect();
        let is_taken = schema.iter().any(|(table, field)| {
            let within = |it: &TableReference| table.is_some_and(|table| it.resolved_eq(table));
            field.name() == plain(name) && (tables.is_empty() || tables.iter().any(within))
        });
        Ok(PlannerResult::Planned(match &expr.left {
            Expr::Column(column) if column.name == name && !is_taken => expr.left,
            _ if is_taken => expr.left.alias(apart(name, number.parse().unwrap_or_default())),
            _ => expr.left.alias(name),
        }))
    }
}

fn at_place(expr: &RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
    let Expr::Literal(value, _) = &expr.right else { return internal_err!("no place") };
    let text = value.try_as_str().flatten().unwrap_or_default();
    let place = text.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
    let Some(column) = place.and_then(|it| schema.columns().into_iter().nth(it)) else {
        return plan_err!("ORDER BY {text} names no column of the SELECT");
    };
    Ok(PlannerResult::Planned(Expr::Column(column)))
}

/// Keeps the columns of a subquery apart that have one name.
#[derive(Debug, Default)]
pub struct ApartPlanner {
    /// Set while a subquery that it has is about to be planned by the others.
    passes: AtomicBool,
}

impl RelationPlanner for ApartPlanner {
    fn plan_relation(
        &self,
        relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        let mut relation = relation;
        let TableFactor::Derived { alias, .. } = &mut relation else {
            return Ok(RelationPlanning::Original(Box::new(relation)));
        };
        if self.passes.swap(false, Ordering::Relaxed) {
            return Ok(RelationPlanning::Original(Box::new(relation)));
        }
        let alias = alias.take();
        self.passes.store(true, Ordering::Relaxed);
        let plan = kept_apart(context.plan(relation)?)?;
        Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, alias))))
    }
}

fn kept_apart(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for field in plan.schema().fields() {
        *counts.entry(plain(field.name())).or_default() += 1;
    }
    let is_alone = |name: &str| counts.get(plain(name)).is_none_or(|it| *it == 1);
    let stays = |name: &str| is_alone(name) && plain(name) == name;
    if plan.schema().fields().iter().all(|it| stays(it.name())) {
        return Ok(plan);
    }
    let columns = plan.schema().columns();
    let named = columns.into_iter().enumerate().map(|(place, column)| {
        let name = column.name.clone();
        let expr = Expr::Column(column);
        match is_alone(&name) {
            true if stays(&name) => expr,
            true => expr.alias(plain(&name)),
            false => expr.alias(apart(&name, place)),
        }
    });
    let named: Vec<_> = named.collect();
    LogicalPlanBuilder::from(plan).project(named)?.build()
}

/// `$cast(CAST(x AS t), 't')`
pub fn as_cast() -> Arc<ScalarUDF> {
    static UDF: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
        static FUNCTION: ScalarFunction = ScalarFunction {
            name: AS_CAST,
            arguments: |given| Ok(given.to_vec()),
            result: |given| given.first().cloned().map_or_else(nothing, Ok),
            call: |args| {
                let value = args.args.first().map_or_else(nothing, Ok)?;
                value.to_array_of_size(args.number_rows)
            },
        };
        FUNCTION.udf()
    });
    Arc::clone(&UDF)
}

fn nothing<T>() -> Result<T> {
    internal_err!("a cast of nothing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_part_of_names() {
        let name = apart(&apart("x", 3), 12);
        assert_eq!(plain(&name), "x");
        assert_eq!(without_marks(&format!("sum({name}) of {name}")), "sum(x) of x");
    }
}

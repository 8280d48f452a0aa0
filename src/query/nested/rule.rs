//! `=`, `<>`, `<` and IN of arrays, rows and maps: the engine takes a null in them for a value, and
//! maps for equal only where their entries are in one order.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{DFSchema, DataFusionError, NullEquality, Result, plan_err};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr::{BinaryExpr, InList};
use datafusion::logical_expr::utils::{merge_schema, split_conjunction_owned};
use datafusion::logical_expr::{
    Expr, ExprSchemable, Join, LogicalPlan, Operator, ScalarFunctionArgs, ScalarUDF, cast, not,
};
use datafusion::optimizer::{AnalyzerRule, ApplyOrder, OptimizerConfig, OptimizerRule};

use super::equal::equality;
use crate::query::faults::of_value;
use crate::query::plans::replace_expressions_of;
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::common_type;

/// The most values of an IN that are compared one by one.
const MOST_LISTED: usize = 200;

/// Puts a function in the operators' place, once types are known. Conditions of joins stay, which
/// find equal rows by their hashes, and the function is asked as well.
#[derive(Debug)]
pub struct EqualRule;

impl AnalyzerRule for EqualRule {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        let is_join = |plan: &LogicalPlan| matches!(plan, LogicalPlan::Join(_));
        let plan = replace_expressions_of(plan, |it| !is_join(it), replaced)?;
        plan.transform_up_with_subqueries(|plan| match plan {
            LogicalPlan::Join(join) => Ok(Transformed::yes(LogicalPlan::Join(of_join(join)?))),
            other => Ok(Transformed::no(other)),
        })
        .data()
    }

    fn name(&self) -> &'static str {
        "equal"
    }
}

/// The same for subqueries, once they are joins.
#[derive(Debug)]
pub struct EqualJoins;

impl OptimizerRule for EqualJoins {
    fn name(&self) -> &'static str {
        "equal_joins"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let LogicalPlan::Join(join) = plan else { return Ok(Transformed::no(plan)) };
        let is_nested = |(key, _): &(Expr, Expr)| {
            Ok::<_, DataFusionError>(key.get_type(join.left.schema())?.is_nested())
        };
        let asks =
            join.filter.as_ref().is_some_and(|it| it.exists(|it| Ok(is_equal(it))).unwrap_or(true));
        let nested = join.on.iter().map(is_nested).collect::<Result<Vec<_>>>()?;
        if join.null_aware || asks || !nested.contains(&true) {
            return Ok(Transformed::no(LogicalPlan::Join(join)));
        }
        Ok(Transformed::yes(LogicalPlan::Join(of_join(join)?)))
    }
}

/// Whether an expression is a call of our `=`.
fn is_equal(expr: &Expr) -> bool {
    matches!(expr, Expr::ScalarFunction(call) if call.func.name() == EQUAL.name())
}

/// Asks whether nested values are equal of the rows that are found by their hashes, too.
fn of_join(mut join: Join) -> Result<Join> {
    // EXCEPT and INTERSECT take nulls for equal.
    if join.null_equality == NullEquality::NullEqualsNull {
        return Ok(join);
    }
    let schema = merge_schema(&[&join.left, &join.right]);
    let on = join.on.iter().map(|(left, right)| compared(left, right, &schema));
    let of_on = on.collect::<Result<Vec<_>>>()?.into_iter().flatten();
    let conditions = join.filter.take().map(split_conjunction_owned).unwrap_or_default();
    let conditions = conditions.into_iter().map(|condition| match &condition {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            let equal = compared(left, right, &schema)?;
            Ok(equal.map_or(condition.clone(), |it| condition.clone().and(it)))
        }
        _ => condition.transform_up(|it| replaced(it, &schema)).data(),
    });
    let conditions = conditions.collect::<Result<Vec<_>>>()?;
    join.filter = conditions.into_iter().chain(of_on).reduce(Expr::and);
    Ok(join)
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
        Expr::BinaryExpr(BinaryExpr {
            left,
            op: op @ (Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq),
            right,
        }) => {
            let is_ordered = |it: &Expr| Ok::<_, DataFusionError>(it.get_type(schema)?.is_nested());
            if !is_ordered(&left)? || !is_ordered(&right)? {
                return Ok(Transformed::no(Expr::BinaryExpr(BinaryExpr { left, op, right })));
            }
            let [left, right] = [left, right].map(|it| Box::new(ORDERED.call(vec![*it])));
            Transformed::yes(Expr::BinaryExpr(BinaryExpr { left, op, right }))
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

/// A value that is to be ordered: an error where there is a null in it.
static ORDERED: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    static FUNCTION: ScalarFunction = ScalarFunction {
        name: "$ordered",
        arguments: |types| Ok(types.to_vec()),
        result: |types| Ok(types[0].clone()),
        call: |args| {
            let values = arrays(args)?.swap_remove(0);
            if (0..values.len()).any(|row| values.is_valid(row) && has_null(&values, row)) {
                let fault = "an array or a row with a null in it is neither above nor below others";
                return Err(of_value(fault, "leave nulls out: filter(x, it -> it IS NOT NULL)"));
            }
            Ok(values)
        },
    };
    FUNCTION.udf()
});

/// Whether there is a null in a value.
fn has_null(values: &ArrayRef, row: usize) -> bool {
    match values.data_type() {
        DataType::List(_) => {
            let elements = values.as_list::<i32>().value(row);
            (0..elements.len()).any(|at| elements.is_null(at) || has_null(&elements, at))
        }
        DataType::Struct(_) => {
            let mut members = values.as_struct().columns().iter();
            members.any(|it| it.is_null(row) || has_null(it, row))
        }
        _ => false,
    }
}

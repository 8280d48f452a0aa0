//! Comparisons of floats within expressions.

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{Column, DFSchema, Result};
use datafusion::logical_expr::expr::{
    AggregateFunction, Between, BinaryExpr, Case, InList, InSubquery, ScalarFunction,
    SetComparison, Sort, WindowFunction,
};
use datafusion::logical_expr::{
    Expr, ExprSchemable, LogicalPlan, Operator, Projection, Subquery, binary_expr, lit, not,
};
use datafusion::scalar::ScalarValue;

use super::functions::{Nan, has_floats};

/// The expression with the comparisons that are in it, those of lambdas too, as Trino has them.
pub fn rewritten(
    expr: Expr,
    schema: &DFSchema,
    is_stored: &dyn Fn(&Column) -> bool,
) -> Result<Expr> {
    let types = Types { schema, is_stored };
    expr.transform_up(|expr| types.node(expr)).data()
}

/// The key of a sort. NaN is above all numbers, but below them where nulls come first (Trino,
/// `TypeOperators.getOrderingOperator`).
pub fn sort_key(key: Sort, schema: &DFSchema) -> Result<Sort> {
    let nan = if key.nulls_first { Nan::Lowest } else { Nan::Highest };
    Ok(Sort { expr: placed(key.expr, nan, schema)?, ..key })
}

/// The expression with NaN at its place, where its type has floats.
pub fn placed(expr: Expr, nan: Nan, schema: &DFSchema) -> Result<Expr> {
    let floats = has_floats(&expr.get_type(schema)?) && !is_integer(&expr, schema)?;
    Ok(if floats { nan.of(expr) } else { expr })
}

/// Whether it is an integer that was made a float: there is no NaN among them.
fn is_integer(expr: &Expr, schema: &DFSchema) -> Result<bool> {
    Ok(match expr {
        Expr::Cast(cast) => cast.expr.get_type(schema)?.is_integer(),
        _ => false,
    })
}

struct Types<'a> {
    schema: &'a DFSchema,
    /// Whether a column is read from files, so that statistics may spare reading it.
    is_stored: &'a dyn Fn(&Column) -> bool,
}

impl Types<'_> {
    fn node(&self, expr: Expr) -> Result<Transformed<Expr>> {
        Ok(Transformed::yes(match expr {
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
                self.comparison(*left, op, *right)?
            }
            Expr::Between(Between { expr, negated, low, high }) if self.has_floats(&expr)? => {
                let low = self.comparison((*expr).clone(), Operator::GtEq, *low)?;
                let within = low.and(self.comparison(*expr, Operator::LtEq, *high)?);
                if negated { not(within) } else { within }
            }
            Expr::InList(InList { expr, list, negated }) if self.has_floats(&expr)? => {
                let list = self.all(list, Nan::Lowest)?;
                let expr = Box::new(self.placed(*expr, Nan::Highest)?);
                Expr::InList(InList { expr, list, negated })
            }
            Expr::InSubquery(InSubquery { expr, subquery, negated }) => {
                let (expr, subquery) = self.with_subquery(*expr, Operator::Eq, subquery)?;
                Expr::InSubquery(InSubquery { expr: Box::new(expr), subquery, negated })
            }
            Expr::SetComparison(SetComparison { expr, subquery, op, quantifier }) => {
                let (expr, subquery) = self.with_subquery(*expr, op, subquery)?;
                Expr::SetComparison(SetComparison::new(Box::new(expr), subquery, op, quantifier))
            }
            Expr::Case(Case { expr: Some(operand), when_then_expr, else_expr }) => {
                let operand = Some(Box::new(self.placed(*operand, Nan::Highest)?));
                let when = |(when, then): (Box<Expr>, _)| {
                    Ok((Box::new(self.placed(*when, Nan::Lowest)?), then))
                };
                let when_then_expr = when_then_expr.into_iter().map(when).collect::<Result<_>>()?;
                Expr::Case(Case { expr: operand, when_then_expr, else_expr })
            }
            Expr::ScalarFunction(call) => self.call(call)?,
            Expr::AggregateFunction(call) => self.aggregate(call)?,
            Expr::WindowFunction(call) => self.window(*call)?,
            other => return Ok(Transformed::no(other)),
        }))
    }

    fn has_floats(&self, expr: &Expr) -> Result<bool> {
        Ok(has_floats(&expr.get_type(self.schema)?))
    }

    fn placed(&self, expr: Expr, nan: Nan) -> Result<Expr> {
        placed(expr, nan, self.schema)
    }

    fn all(&self, exprs: Vec<Expr>, nan: Nan) -> Result<Vec<Expr>> {
        exprs.into_iter().map(|it| self.placed(it, nan)).collect()
    }

    fn comparison(&self, left: Expr, op: Operator, right: Expr) -> Result<Expr> {
        let Some((of_left, of_right)) = places(op, &left.get_type(self.schema)?) else {
            return Ok(binary_expr(left, op, right));
        };
        let pruning = self.pruning(&left, op, &right);
        let (left, right) = (self.placed(left, of_left)?, self.placed(right, of_right)?);
        let exact = binary_expr(left, op, right);
        Ok(match pruning {
            Some(pruning) => pruning.and(exact),
            None => exact,
        })
    }

    /// What holds wherever `column op number` does, in a form that statistics can answer.
    fn pruning(&self, left: &Expr, op: Operator, right: &Expr) -> Option<Expr> {
        let (column, op, number) = match (left, right) {
            (Expr::Column(column), number) => (column, op, number),
            (number, Expr::Column(column)) => (column, op.swap()?, number),
            _ => return None,
        };
        let number = float(number).filter(|it| !it.is_nan() && (self.is_stored)(column))?;
        // Columns may hold both zeros, of which `-0.0` is the lower one.
        let (op, number) = match op {
            Operator::Eq if number == 0.0 => return None,
            Operator::Eq | Operator::Gt | Operator::LtEq => (op, number + 0.0),
            Operator::Lt | Operator::GtEq if number == 0.0 => (op, -0.0),
            Operator::Lt | Operator::GtEq => (op, number),
            _ => return None,
        };
        Some(binary_expr(Expr::Column(column.clone()), op, lit(number)))
    }

    /// What is compared with each value of a subquery, and the subquery.
    fn with_subquery(
        &self,
        expr: Expr,
        op: Operator,
        subquery: Subquery,
    ) -> Result<(Expr, Subquery)> {
        let Some((of_expr, of_rows)) = places(op, &expr.get_type(self.schema)?) else {
            return Ok((expr, subquery));
        };
        let plan = subquery.subquery.as_ref();
        let (relation, field) = plan.schema().qualified_field(0);
        let column = Expr::Column(Column::from((relation, field)));
        let rows = placed(column, of_rows, plan.schema())?;
        let rows = rows.alias_qualified(relation.cloned(), field.name());
        let rows = Projection::try_new(vec![rows], subquery.subquery.clone())?;
        Ok((
            self.placed(expr, of_expr)?,
            subquery.with_plan(std::sync::Arc::new(LogicalPlan::Projection(rows))),
        ))
    }

    /// Functions that compare what they are given.
    fn call(&self, mut call: ScalarFunction) -> Result<Expr> {
        let places = match call.func.name() {
            // Equal as by `=`.
            "contains" | "array_has" | "array_position" | "array_positions" | "array_remove"
            | "array_remove_n" | "array_remove_all" | "nullif" => [Nan::Lowest, Nan::Highest],
            // A number wins against NaN.
            "greatest" | "array_max" => [Nan::Lowest; 2],
            // So does it here; or equal as in a set.
            "least" | "array_min" | "array_sort" | "array_distinct" | "array_union"
            | "array_intersect" | "array_except" | "array_has_any" | "array_has_all" => {
                [Nan::Highest; 2]
            }
            _ => return Ok(Expr::ScalarFunction(call)),
        };
        let places = places.into_iter().chain(std::iter::repeat(places[1]));
        let arguments = call.args.into_iter().zip(places);
        call.args = arguments.map(|(it, nan)| self.placed(it, nan)).collect::<Result<_>>()?;
        Ok(Expr::ScalarFunction(call))
    }

    fn aggregate(&self, mut call: AggregateFunction) -> Result<Expr> {
        let name = call.func.name();
        let params = &mut call.params;
        let arguments = std::mem::take(&mut params.args);
        params.args = match extreme(name) {
            Some(nan) => self.nested(arguments, nan)?,
            None => self.compared(name, arguments, params.distinct)?,
        };
        params.order_by = self.sorted(std::mem::take(&mut params.order_by))?;
        Ok(Expr::AggregateFunction(call))
    }

    /// Arguments by which an aggregate compares rows or tells them apart.
    fn compared(&self, function: &str, arguments: Vec<Expr>, distinct: bool) -> Result<Vec<Expr>> {
        let special = match function {
            "max_by" | "max_by_n" => Some((1, Nan::Lowest)),
            "min_by" | "min_by_n" => Some((1, Nan::Highest)),
            "max_n" => Some((0, Nan::Lowest)),
            "min_n" | "map_agg" | "multimap_agg" | "histogram" | "approx_distinct" => {
                Some((0, Nan::Highest))
            }
            _ => None,
        };
        let placed = |(at, it)| match special {
            Some((place, nan)) if place == at => self.placed(it, nan),
            _ if distinct => self.placed(it, Nan::Highest),
            _ => Ok(it),
        };
        arguments.into_iter().enumerate().map(placed).collect()
    }

    fn window(&self, mut call: WindowFunction) -> Result<Expr> {
        let params = &mut call.params;
        let arguments = std::mem::take(&mut params.args);
        params.args = match extreme(call.fun.name()) {
            Some(nan) => self.nested(arguments, nan)?,
            None => self.compared(call.fun.name(), arguments, params.distinct)?,
        };
        params.partition_by = self.all(std::mem::take(&mut params.partition_by), Nan::Highest)?;
        params.order_by = self.sorted(std::mem::take(&mut params.order_by))?;
        Ok(Expr::WindowFunction(Box::new(call)))
    }

    /// Rows and arrays of an extreme; plain floats get ranks from the plan.
    fn nested(&self, arguments: Vec<Expr>, nan: Nan) -> Result<Vec<Expr>> {
        let placed = |it: Expr| {
            let plain = it.get_type(self.schema)?.is_floating();
            if plain { Ok(it) } else { self.placed(it, nan) }
        };
        arguments.into_iter().map(placed).collect()
    }

    fn sorted(&self, keys: Vec<Sort>) -> Result<Vec<Sort>> {
        keys.into_iter().map(|it| sort_key(it, self.schema)).collect()
    }
}

/// Where NaN has to be on the left and on the right of an operator; none where nothing is compared
/// that may hold one.
fn places(op: Operator, data_type: &DataType) -> Option<(Nan, Nan)> {
    let places = match op {
        Operator::IsDistinctFrom | Operator::IsNotDistinctFrom => (Nan::Highest, Nan::Highest),
        // Arrays and rows are ordered as they are sorted.
        Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq if data_type.is_nested() => {
            (Nan::Highest, Nan::Highest)
        }
        Operator::Eq | Operator::NotEq | Operator::Lt | Operator::LtEq => {
            (Nan::Highest, Nan::Lowest)
        }
        Operator::Gt | Operator::GtEq => (Nan::Lowest, Nan::Highest),
        _ => return None,
    };
    has_floats(data_type).then_some(places)
}

/// Where NaN stands for the lowest or highest of some values: it is no extreme of any numbers.
pub fn extreme(function: &str) -> Option<Nan> {
    match function {
        "min" => Some(Nan::Highest),
        "max" => Some(Nan::Lowest),
        _ => None,
    }
}

/// The value of a constant as a float.
fn float(expr: &Expr) -> Option<f64> {
    let value = match expr {
        Expr::Literal(value, _) => value.clone(),
        Expr::Cast(cast) if *cast.field.data_type() == DataType::Float64 => match &*cast.expr {
            Expr::Literal(value, _) => value.cast_to(&DataType::Float64).ok()?,
            _ => return None,
        },
        _ => return None,
    };
    match value {
        ScalarValue::Float64(value) => value,
        _ => None,
    }
}

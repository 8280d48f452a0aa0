//! Fields and subscripts, decided by type: a field of a row, a key of `info` as its header spells
//! it, a key of a map, an element of an array; and arrays joined by `||`.

use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{DFSchema, DataFusionError, Result, TableReference, plan_err};
use datafusion::functions::expr_fn::get_field;
use datafusion::logical_expr::planner::{
    ExprPlanner, PlannerResult, RawBinaryExpr, RawFieldAccessExpr,
};
use datafusion::logical_expr::{Expr, ExprSchemable, GetFieldAccess, cast, lit};
use datafusion::sql::sqlparser::ast::BinaryOperator;

use super::fields;
use super::functions::{
    ARRAY_CONCAT, ELEMENT_AT, INTERVAL_LENGTH, INTERVAL_SUM, INTERVAL_TIMES, MAP, SUBSCRIPT,
};
use super::plans::integer;
use super::types::sql_type;
use super::words;
use crate::model::Error;

/// Plans `x.y` and `x[...]` before DataFusion's own planners do.
#[derive(Debug)]
pub struct SubscriptPlanner;

impl ExprPlanner for SubscriptPlanner {
    fn plan_compound_identifier(
        &self,
        column: &Field,
        table: Option<&TableReference>,
        names: &[String],
    ) -> Result<PlannerResult<Vec<Expr>>> {
        Ok(PlannerResult::Planned(fields::path(column, table, names)))
    }

    fn plan_field_access(
        &self,
        access: RawFieldAccessExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawFieldAccessExpr>> {
        let RawFieldAccessExpr { expr, field_access } = access;
        let data_type = expr.get_type(schema)?;
        let planned = match (&data_type, field_access) {
            (DataType::Struct(fields), GetFieldAccess::NamedStructField { name }) => {
                let key = name.try_as_str().flatten().unwrap_or_default();
                let Some(field) = fields::of_key(fields, key) else {
                    return Err(no_field(&expr, &data_type, key));
                };
                get_field(expr, field.name().as_str())
            }
            (DataType::Map(..), GetFieldAccess::NamedStructField { name }) => {
                ELEMENT_AT.call(vec![expr, lit(name)])
            }
            (DataType::Map(..), GetFieldAccess::ListIndex { key }) => {
                ELEMENT_AT.call(vec![expr, *key])
            }
            (DataType::List(_), GetFieldAccess::ListIndex { key }) => {
                SUBSCRIPT.call(vec![expr, *key])
            }
            (DataType::Struct(fields), GetFieldAccess::ListIndex { key }) => {
                let Some(field) = at_place(fields, &key) else {
                    return plan_err!(
                        "a row of {} fields has no field `[{key}]`: they count from 1",
                        fields.len()
                    );
                };
                get_field(expr, field.name().as_str())
            }
            (other, GetFieldAccess::NamedStructField { name }) if !other.is_null() => {
                let name = name.try_as_str().flatten().unwrap_or_default();
                return Err(no_field(&expr, other, name));
            }
            (_, field_access) => {
                return Ok(PlannerResult::Original(RawFieldAccessExpr { expr, field_access }));
            }
        };
        Ok(PlannerResult::Planned(planned))
    }

    /// `map(keys, values)` of what is not known to be two arrays.
    fn plan_make_map(&self, args: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        if args.len() != 2 {
            return plan_err!("map takes an array of keys and an array of values");
        }
        Ok(PlannerResult::Planned(MAP.call(args)))
    }

    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        use BinaryOperator::{
            Divide, Eq, Gt, GtEq, Lt, LtEq, Minus, Multiply, NotEq, Plus, StringConcat,
        };
        if matches!(expr.op, Eq | NotEq | Lt | LtEq | Gt | GtEq) {
            return Ok(PlannerResult::Original(by_length(expr, schema)));
        }
        if !matches!(expr.op, Divide | Minus | Multiply | Plus | StringConcat) {
            return Ok(PlannerResult::Original(expr));
        }
        let types = [expr.left.get_type(schema)?, expr.right.get_type(schema)?];
        if expr.op != StringConcat {
            return Ok(match of_spans(&expr, &types) {
                Some(call) => PlannerResult::Planned(call),
                None => PlannerResult::Original(expr),
            });
        }
        if !types.iter().any(DataType::is_list) {
            check_joined(&types)?;
            return Ok(PlannerResult::Original(expr));
        }
        Ok(PlannerResult::Planned(ARRAY_CONCAT.call(vec![expr.left, expr.right])))
    }
}

/// A comparison, of intervals by how long they are.
fn by_length(expr: RawBinaryExpr, schema: &DFSchema) -> RawBinaryExpr {
    let is_span = |it: &Expr| {
        let data_type = it.get_type(schema);
        data_type.is_ok_and(|it| matches!(it, DataType::Interval(_) | DataType::Duration(_)))
    };
    if !is_span(&expr.left) || !is_span(&expr.right) {
        return expr;
    }
    let [left, right] = [expr.left, expr.right].map(|it| INTERVAL_LENGTH.call(vec![it]));
    RawBinaryExpr { left, right, ..expr }
}

/// A sum of intervals, or one times a number or through one; none where it is something else.
fn of_spans(expr: &RawBinaryExpr, [left, right]: &[DataType; 2]) -> Option<Expr> {
    let is_span = |it: &DataType| matches!(it, DataType::Interval(_) | DataType::Duration(_));
    let double = |it: &Expr| cast(it.clone(), DataType::Float64);
    let sum = |sign: i64| INTERVAL_SUM.call(vec![expr.left.clone(), expr.right.clone(), lit(sign)]);
    let (span, times) = match expr.op {
        BinaryOperator::Plus if is_span(left) && is_span(right) => return Some(sum(1)),
        BinaryOperator::Minus if is_span(left) && is_span(right) => return Some(sum(-1)),
        BinaryOperator::Multiply if is_span(left) && right.is_numeric() => {
            (&expr.left, double(&expr.right))
        }
        BinaryOperator::Multiply if left.is_numeric() && is_span(right) => {
            (&expr.right, double(&expr.left))
        }
        BinaryOperator::Divide if is_span(left) && right.is_numeric() => {
            (&expr.left, lit(1.0) / double(&expr.right))
        }
        _ => return None,
    };
    Some(INTERVAL_TIMES.call(vec![span.clone(), times]))
}

/// Refuses what `||` would make texts of.
fn check_joined(types: &[DataType]) -> Result<()> {
    let is_text = |it: &&DataType| matches!(it, DataType::Utf8 | DataType::Utf8View);
    let joins = |it: &&DataType| is_text(it) || it.is_binary() || it.is_null();
    let Some(other) = types.iter().find(|it| !joins(it)) else { return Ok(()) };
    let message = format!("`||` joins texts and arrays, and not {}", sql_type(other));
    Err(fields::external(
        Error::invalid(message).with_help("make it a text: CAST(x AS varchar) or format('%s', x)"),
    ))
}

/// The field of a row that a constant tells, from 1 on.
fn at_place<'a>(fields: &'a Fields, key: &Expr) -> Option<&'a FieldRef> {
    fields.get(usize::try_from(integer(key)?).ok()?.checked_sub(1)?)
}

fn no_field(of: &Expr, data_type: &DataType, name: &str) -> DataFusionError {
    let of = words::with_dots(&of.schema_name().to_string());
    fields::external(fields::no_field(&of, data_type, name))
}

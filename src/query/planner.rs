//! Subscripts, decided by type: a key of `info` as its header spells it, a key of a map, an element
//! of an array.

use arrow::datatypes::{DataType, FieldRef, Fields};
use datafusion::common::{DFSchema, Result, plan_err};
use datafusion::functions::expr_fn::get_field;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawFieldAccessExpr};
use datafusion::logical_expr::{Expr, ExprSchemable, GetFieldAccess, lit};

use super::attributes::header_key;
use super::functions::ELEMENT_AT;
use super::names::nearest;

/// Plans `x[...]` before DataFusion's own planners do.
#[derive(Debug)]
pub struct SubscriptPlanner;

impl ExprPlanner for SubscriptPlanner {
    fn plan_field_access(
        &self,
        access: RawFieldAccessExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawFieldAccessExpr>> {
        let RawFieldAccessExpr { expr, field_access } = access;
        let planned = match (expr.get_type(schema)?, field_access) {
            (DataType::Struct(fields), GetFieldAccess::NamedStructField { name }) => {
                let key = name.try_as_str().flatten().unwrap_or_default();
                let field = struct_field(&fields, key, &expr)?.name().clone();
                get_field(expr, field)
            }
            (DataType::Map(..), GetFieldAccess::NamedStructField { name }) => {
                ELEMENT_AT.call(vec![expr, lit(name)])
            }
            (DataType::Map(..) | DataType::List(_), GetFieldAccess::ListIndex { key }) => {
                ELEMENT_AT.call(vec![expr, *key])
            }
            (_, field_access) => {
                return Ok(PlannerResult::Original(RawFieldAccessExpr { expr, field_access }));
            }
        };
        Ok(PlannerResult::Planned(planned))
    }
}

/// The field of a key: as the header spells it, or else by its name in lower case.
fn struct_field<'a>(fields: &'a Fields, key: &str, of: &Expr) -> Result<&'a FieldRef> {
    let lower = key.to_lowercase();
    let exact = fields.iter().find(|it| header_key(it) == key);
    if let Some(field) = exact.or_else(|| fields.iter().find(|it| it.name() == &lower)) {
        return Ok(field);
    }
    let known = nearest(key, fields.iter().map(header_key));
    plan_err!("{} has no key `{key}`; it has {known}", of.schema_name())
}

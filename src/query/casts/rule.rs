//! Puts our casts in the place of the engine's, once types are known.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result, internal_err, plan_err};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr::{Cast, TryCast};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, LogicalPlan, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Volatility,
};
use datafusion::optimizer::AnalyzerRule;
use datafusion::scalar::ScalarValue;

use super::convert::{Failing, converted, is_ours};
use crate::query::json::JSON;
use crate::query::numbers::negated;
use crate::query::plans::replace_expressions;
use crate::query::types::sql_type;

/// Replaces casts whose meaning is another in Trino, and changes of sign, which wrap around.
#[derive(Debug)]
pub struct CastRule;

impl AnalyzerRule for CastRule {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        replace_expressions(plan, replaced)
    }

    fn name(&self) -> &'static str {
        "casts"
    }
}

fn replaced(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    if let Expr::Cast(Cast { expr: inner, field }) | Expr::TryCast(TryCast { expr: inner, field }) =
        &expr
    {
        let (from, to) = (inner.get_type(schema)?, field.data_type());
        // The engine makes an array of one element of it.
        if to.is_nested() && !from.is_nested() && !from.is_null() && from != JSON {
            return plan_err!("{} cannot be cast to {}", sql_type(&from), sql_type(to));
        }
    }
    let (inner, to, failing) = match expr {
        Expr::Cast(cast) if is_ours(&cast.expr.get_type(schema)?, cast.field.data_type()) => {
            (cast.expr, cast.field, Failing::Fails)
        }
        Expr::TryCast(cast) if is_ours(&cast.expr.get_type(schema)?, cast.field.data_type()) => {
            (cast.expr, cast.field, Failing::IsNull)
        }
        Expr::Negative(inner) if inner.get_type(schema)?.is_signed_integer() => {
            let data_type = inner.get_type(schema)?;
            return Ok(Transformed::yes(negated(*inner, &data_type)?));
        }
        other => return Ok(Transformed::no(other)),
    };
    let signature = Signature::any(1, Volatility::Immutable);
    let function = CastTo { to: to.data_type().clone(), failing, signature };
    Ok(Transformed::yes(ScalarUDF::from(function).call(vec![*inner])))
}

/// A cast to a type.
#[derive(Debug, PartialEq, Eq)]
struct CastTo {
    to: DataType,
    failing: Failing,
    signature: Signature,
}

impl Hash for CastTo {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to.hash(state);
        self.failing.hash(state);
    }
}

impl CastTo {
    fn written(&self, inner: &dyn std::fmt::Display) -> String {
        format!("{}({inner} AS {})", self.name().to_uppercase(), sql_type(&self.to))
    }
}

impl ScalarUDFImpl for CastTo {
    fn name(&self) -> &'static str {
        match self.failing {
            Failing::Fails => "cast",
            Failing::IsNull => "try_cast",
        }
    }

    fn display_name(&self, args: &[Expr]) -> Result<String> {
        let [inner] = args else { return internal_err!("one value was expected") };
        Ok(self.written(inner))
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let [inner] = args else { return internal_err!("one value was expected") };
        Ok(self.written(&inner.schema_name()))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.to.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Ok(match &args.args[0] {
            ColumnarValue::Array(array) => {
                ColumnarValue::Array(converted(array, &self.to, self.failing)?)
            }
            ColumnarValue::Scalar(value) => {
                let array = converted(&value.to_array()?, &self.to, self.failing)?;
                ColumnarValue::Scalar(ScalarValue::try_from_array(&Arc::clone(&array), 0)?)
            }
        })
    }
}

//! `||` of texts as a function that knows how much it may make: an operator makes any amount.

use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, AsArray, StringArray};
use arrow::compute::kernels::concat_elements::concat_elements_utf8;
use arrow::datatypes::DataType;
use datafusion::common::tree_node::Transformed;
use datafusion::common::{DFSchema, Result};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::expr::BinaryExpr;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, LogicalPlan, Operator, ScalarFunctionArgs, ScalarUDF, cast,
};
use datafusion::optimizer::AnalyzerRule;

use super::bounds;
use super::plans::replace_expressions;
use super::scalar::{ScalarFunction, arrays, of_types};

/// Puts the function in the operator's place, once types are known.
#[derive(Debug)]
pub struct ConcatRule;

impl AnalyzerRule for ConcatRule {
    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> Result<LogicalPlan> {
        replace_expressions(plan, |expr, schema| Ok(replaced(expr, schema)))
    }

    fn name(&self) -> &'static str {
        "concat"
    }
}

fn replaced(expr: Expr, schema: &DFSchema) -> Transformed<Expr> {
    let Expr::BinaryExpr(BinaryExpr { left, op: Operator::StringConcat, right }) = &expr else {
        return Transformed::no(expr);
    };
    let Ok(data_type @ (DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)) =
        expr.get_type(schema)
    else {
        return Transformed::no(expr);
    };
    let plain = |side: &Expr| match side.get_type(schema) {
        Ok(DataType::Utf8) => side.clone(),
        _ => cast(side.clone(), DataType::Utf8),
    };
    let call = JOIN.call(vec![plain(left), plain(right)]);
    let same_type = if data_type == DataType::Utf8 { call } else { cast(call, data_type) };
    Transformed::yes(same_type)
}

/// Two texts as one; null where one of them is.
static JOIN: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
    static FUNCTION: ScalarFunction = ScalarFunction {
        name: "||",
        arguments: |given| of_types(given, &[DataType::Utf8, DataType::Utf8], 2, "|| joins texts"),
        result: |_| Ok(DataType::Utf8),
        call: join,
    };
    FUNCTION.udf()
});

fn join(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let (mut constants, mut columns) = (0, Vec::new());
    for value in &args.args {
        match value {
            ColumnarValue::Array(array) => columns.push(text_bytes(array.as_string())),
            ColumnarValue::Scalar(value) => {
                let length = value.try_as_str().flatten().map_or(0, str::len);
                constants += (length as u128).saturating_mul(args.number_rows as u128);
            }
        }
    }
    // Beside the longer of two columns, which is there already.
    let shorter = if columns.len() == 2 { columns[0].min(columns[1]) } else { 0 };
    bounds::check("||", constants + shorter)?;
    let texts = arrays(args)?;
    Ok(Arc::new(concat_elements_utf8(texts[0].as_string::<i32>(), texts[1].as_string::<i32>())?))
}

fn text_bytes(texts: &StringArray) -> u128 {
    let offsets = texts.value_offsets();
    let first = offsets.first().copied().unwrap_or(0);
    u128::try_from(offsets.last().copied().unwrap_or(0) - first).unwrap_or(0)
}

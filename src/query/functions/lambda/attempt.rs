//! `try(expression)`: null where the expression fails on the values of a row.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, new_null_array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, HigherOrderFunctionArgs, HigherOrderReturnFieldArgs, HigherOrderSignature,
    HigherOrderUDFImpl, LambdaArgument, LambdaParametersProgress, ValueOrLambda, Volatility,
};

use crate::query::faults::is_of_value;

/// The function. The dialect makes a lambda of its argument, so that it may be tried anew on fewer
/// rows: those that fail are found by halves.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Try {
    signature: HigherOrderSignature,
}

impl Try {
    /// The function.
    pub fn new() -> Self {
        let arguments = vec![ValueOrLambda::Lambda(())];
        Self { signature: HigherOrderSignature::exact(arguments, Volatility::Immutable) }
    }
}

const USAGE: &str = "try takes one expression";

impl HigherOrderUDFImpl for Try {
    fn name(&self) -> &'static str {
        "try"
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn coerce_value_types(&self, _: &[DataType]) -> Result<Vec<DataType>> {
        Ok(Vec::new())
    }

    fn lambda_parameters(
        &self,
        _: usize,
        _: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        // Tells how many rows there are where the expression has no column.
        let row = Arc::new(Field::new("row", DataType::Null, true));
        Ok(LambdaParametersProgress::Complete(vec![vec![row]]))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs) -> Result<FieldRef> {
        let [ValueOrLambda::Lambda(result)] = args.arg_fields else {
            return plan_err!("{USAGE}");
        };
        Ok(Arc::new(result.as_ref().clone().with_name("try").with_nullable(true)))
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let [ValueOrLambda::Lambda(body)] = args.args.as_slice() else {
            return plan_err!("{USAGE}");
        };
        let data_type = args.return_field.data_type();
        Ok(ColumnarValue::Array(tried(body, 0, args.number_rows, data_type)?))
    }
}

/// The values of some rows.
fn tried(
    body: &LambdaArgument,
    start: usize,
    count: usize,
    data_type: &DataType,
) -> Result<ArrayRef> {
    let row = || Ok(new_null_array(&DataType::Null, count));
    let slice =
        |captured: &[ArrayRef]| Ok(captured.iter().map(|it| it.slice(start, count)).collect());
    let values = body.evaluate(&[&row], slice).and_then(|it| it.into_array(count));
    match values {
        Ok(values) => Ok(values),
        // A lack of memory or of time is not forgiven.
        Err(error) if !is_of_value(&error) => Err(error),
        Err(_) if count <= 1 => Ok(new_null_array(data_type, count)),
        Err(_) => {
            let half = count / 2;
            let first = tried(body, start, half, data_type)?;
            let second = tried(body, start + half, count - half, data_type)?;
            Ok(concat(&[first.as_ref(), second.as_ref()])?)
        }
    }
}

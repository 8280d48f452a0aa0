//! A function of one lambda as data, without what DataFusion's trait asks of each anew.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, UInt32Array};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, HigherOrderFunctionArgs, HigherOrderReturnFieldArgs, HigherOrderSignature,
    HigherOrderUDF, HigherOrderUDFImpl, LambdaArgument, LambdaParametersProgress, ValueOrLambda,
    Volatility,
};

use crate::query::nested::pick::compact;
use crate::query::types::sql_type;

/// What a function with values and one lambda behind them is called, takes, gives and does.
pub struct LambdaFunction {
    /// Its name in SQL.
    pub name: &'static str,
    /// What it takes, for whoever gave it something else.
    pub usage: &'static str,
    /// The types that the values are cast to, or why they cannot be.
    pub values: fn(&[DataType]) -> Result<Vec<DataType>>,
    /// How many values there are.
    pub count: usize,
    /// The types of the lambda's parameters, given those of the values.
    pub parameters: fn(&[DataType]) -> Vec<DataType>,
    /// The type of the result, given those of the values and of what the lambda gives.
    pub result: fn(&[DataType], &DataType) -> Result<DataType>,
    /// Its value for each row of a batch.
    pub call: fn(&Call) -> Result<ArrayRef>,
}

/// One call of a function.
pub struct Call<'a> {
    /// The values, in as many rows as there are.
    pub values: Vec<ArrayRef>,
    /// How many rows there are.
    pub rows: usize,
    /// The type of the result.
    pub result: &'a DataType,
    lambda: &'a LambdaArgument,
}

impl Call<'_> {
    /// What the lambda gives for parameters, each of which has as many values as there are `rows`:
    /// the row of the batch that each of them is of.
    pub fn evaluate(&self, parameters: &[ArrayRef], rows: &[u32]) -> Result<ArrayRef> {
        let given: Vec<_> = parameters.iter().map(|it| move || Ok(Arc::clone(it))).collect();
        let given: Vec<&dyn Fn() -> Result<ArrayRef>> =
            given.iter().map(|it| it as &dyn Fn() -> Result<ArrayRef>).collect();
        let of_rows = UInt32Array::from(rows.to_vec());
        let values = self.lambda.evaluate(&given, |captured| {
            captured.iter().map(|it| Ok(take(it, &of_rows, None)?)).collect()
        })?;
        values.into_array(rows.len())
    }

    /// The booleans that the lambda gives.
    pub fn booleans(&self, parameters: &[ArrayRef], rows: &[u32]) -> Result<BooleanArray> {
        let values = cast(&self.evaluate(parameters, rows)?, &DataType::Boolean)?;
        Ok(values.as_boolean().clone())
    }
}

/// An error where a lambda gives something else than a boolean.
pub fn boolean(function: &str, given: &DataType) -> Result<()> {
    match given {
        DataType::Boolean | DataType::Null => Ok(()),
        other => {
            plan_err!("the lambda of {function} has to be boolean, and is {}", sql_type(other))
        }
    }
}

impl LambdaFunction {
    /// The function as DataFusion takes it.
    pub fn udf(&'static self) -> Arc<HigherOrderUDF> {
        let mut arguments = vec![ValueOrLambda::Value(()); self.count];
        arguments.push(ValueOrLambda::Lambda(()));
        let signature = HigherOrderSignature::exact(arguments, Volatility::Immutable);
        Arc::new(HigherOrderUDF::new_from_impl(Udf { function: self, signature }))
    }
}

struct Udf {
    function: &'static LambdaFunction,
    signature: HigherOrderSignature,
}

impl Udf {
    fn value_types<L>(fields: &[ValueOrLambda<FieldRef, L>]) -> Vec<DataType> {
        let value = |it: &ValueOrLambda<FieldRef, L>| match it {
            ValueOrLambda::Value(field) => Some(field.data_type().clone()),
            ValueOrLambda::Lambda(_) => None,
        };
        fields.iter().filter_map(value).collect()
    }
}

impl HigherOrderUDFImpl for Udf {
    fn name(&self) -> &str {
        self.function.name
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn coerce_value_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        if types.len() != self.function.count {
            return plan_err!("{}", self.function.usage);
        }
        (self.function.values)(types)
    }

    fn lambda_parameters(
        &self,
        _: usize,
        fields: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        let types = (self.function.parameters)(&Self::value_types(fields));
        let parameter = |it| Arc::new(Field::new("parameter", it, true));
        Ok(LambdaParametersProgress::Complete(vec![types.into_iter().map(parameter).collect()]))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs) -> Result<FieldRef> {
        let Some(ValueOrLambda::Lambda(body)) = args.arg_fields.last() else {
            return plan_err!("{}", self.function.usage);
        };
        let types = Self::value_types(args.arg_fields);
        let result = (self.function.result)(&types, body.data_type())?;
        Ok(Arc::new(Field::new(self.function.name, result, true)))
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let (mut values, mut lambda) = (Vec::new(), None);
        for argument in &args.args {
            match argument {
                ValueOrLambda::Value(value) => {
                    let array = value.to_array_of_size(rows)?;
                    let list = array.as_list_opt::<i32>();
                    values.push(list.map_or(Arc::clone(&array), |it| Arc::new(compact(it))));
                }
                ValueOrLambda::Lambda(given) => lambda = Some(given),
            }
        }
        let Some(lambda) = lambda else { return plan_err!("{}", self.function.usage) };
        let result = args.return_field.data_type();
        let call = Call { values, rows, result, lambda };
        Ok(ColumnarValue::Array((self.function.call)(&call)?))
    }
}

impl std::fmt::Debug for Udf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.function.name)
    }
}

impl PartialEq for Udf {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name
    }
}

impl Eq for Udf {}

impl Hash for Udf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.function.name.hash(state);
    }
}

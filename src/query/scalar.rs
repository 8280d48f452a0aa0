//! A scalar function of ours as data, without what DataFusion's trait asks of each anew.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::bounds;

/// What a function is called, takes, gives and does. It gives the same for the same arguments.
pub struct ScalarFunction {
    /// Its name in SQL.
    pub name: &'static str,
    /// The types that the arguments are cast to, or why they cannot be.
    pub arguments: fn(&[DataType]) -> Result<Vec<DataType>>,
    /// The type of the result, given those of the arguments.
    pub result: fn(&[DataType]) -> Result<DataType>,
    /// Its value for each row of a batch.
    pub call: fn(&ScalarFunctionArgs) -> Result<ArrayRef>,
}

impl ScalarFunction {
    /// The function as DataFusion takes it.
    pub fn udf(&'static self) -> Arc<ScalarUDF> {
        let signature = Signature::user_defined(Volatility::Immutable);
        Arc::new(ScalarUDF::from(Udf { function: self, signature, mark: None }))
    }

    /// The function, whose results have this in their metadata.
    pub fn marked_udf(&'static self, mark: &'static str) -> Arc<ScalarUDF> {
        let signature = Signature::user_defined(Volatility::Immutable);
        Arc::new(ScalarUDF::from(Udf { function: self, signature, mark: Some(mark) }))
    }
}

struct Udf {
    function: &'static ScalarFunction,
    signature: Signature,
    mark: Option<&'static str>,
}

impl ScalarUDFImpl for Udf {
    fn name(&self) -> &str {
        self.function.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        (self.function.arguments)(types)
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        (self.function.result)(types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let types: Vec<_> = args.arg_fields.iter().map(|it| it.data_type().clone()).collect();
        let field = Field::new(self.name(), self.return_type(&types)?, true);
        let mark = self.mark.map(|it| (it.to_owned(), String::new()));
        Ok(Arc::new(field.with_metadata(mark.into_iter().collect())))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let made = (self.function.call)(&args)?;
        bounds::check_values(self.function.name, &made)?;
        Ok(ColumnarValue::Array(made))
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

/// The types that a function wants, of which those after the first `least` may be left out.
pub fn of_types(
    given: &[DataType],
    wanted: &[DataType],
    least: usize,
    usage: &str,
) -> Result<Vec<DataType>> {
    if (least..=wanted.len()).contains(&given.len()) {
        return Ok(wanted[..given.len()].to_vec());
    }
    plan_err!("{usage}")
}

/// The arguments as arrays of as many rows as the batch has.
pub fn arrays(args: &ScalarFunctionArgs) -> Result<Vec<ArrayRef>> {
    args.args.iter().map(|it| it.to_array_of_size(args.number_rows)).collect()
}

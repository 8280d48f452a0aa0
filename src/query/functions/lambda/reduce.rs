//! `reduce(array, initial, (state, element) -> state, state -> result)`.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, UInt32Array};
use arrow::compute::{cast, concat, is_null, nullif, take};
use arrow::datatypes::{ArrowNativeType, DECIMAL128_MAX_PRECISION, DataType, Field, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ColumnarValue;
use datafusion::logical_expr::{
    HigherOrderFunctionArgs, HigherOrderReturnFieldArgs, HigherOrderSignature, HigherOrderUDFImpl,
    LambdaArgument, LambdaParametersProgress, ValueOrLambda, Volatility,
};

use crate::query::bounds;
use crate::query::maps::plain_list;

/// The function. Null for a null array; the result of the initial state for an empty one.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Reduce {
    signature: HigherOrderSignature,
}

impl Reduce {
    /// The function.
    pub fn new() -> Self {
        let arguments = vec![
            ValueOrLambda::Value(()),
            ValueOrLambda::Value(()),
            ValueOrLambda::Lambda(()),
            ValueOrLambda::Lambda(()),
        ];
        Self { signature: HigherOrderSignature::exact(arguments, Volatility::Immutable) }
    }
}

const USAGE: &str =
    "reduce takes an array, an initial state, (state, element) -> state, and state -> result";

impl HigherOrderUDFImpl for Reduce {
    fn name(&self) -> &'static str {
        "reduce"
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn coerce_value_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        let [list, initial] = types else { return plan_err!("{USAGE}") };
        Ok(vec![plain_list("reduce", list)?, initial.clone()])
    }

    fn lambda_parameters(
        &self,
        _: usize,
        fields: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        let [
            ValueOrLambda::Value(list),
            ValueOrLambda::Value(initial),
            ValueOrLambda::Lambda(next),
            ValueOrLambda::Lambda(_),
        ] = fields
        else {
            return plan_err!("{USAGE}");
        };
        let DataType::List(element) = list.data_type() else { return plan_err!("{USAGE}") };
        let element = Arc::clone(element);
        // The state has the type that the first lambda gives: 0 + 0.5 is no integer.
        Ok(match next {
            None => {
                let state = nullable(initial);
                LambdaParametersProgress::Partial(vec![Some(vec![state, element]), None])
            }
            Some(next) => {
                let state = nullable(&widest(next));
                let first = vec![Arc::clone(&state), element];
                LambdaParametersProgress::Complete(vec![first, vec![state]])
            }
        })
    }

    fn coerce_values_for_lambdas(
        &self,
        types: &[ValueOrLambda<DataType, DataType>],
    ) -> Result<Option<Vec<DataType>>> {
        let [ValueOrLambda::Value(list), _, ValueOrLambda::Lambda(state), _] = types else {
            return plan_err!("{USAGE}");
        };
        Ok(Some(vec![list.clone(), state.clone()]))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs) -> Result<FieldRef> {
        let [_, _, _, ValueOrLambda::Lambda(result)] = args.arg_fields else {
            return plan_err!("{USAGE}");
        };
        Ok(nullable(result))
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let [
            ValueOrLambda::Value(list),
            ValueOrLambda::Value(initial),
            ValueOrLambda::Lambda(next),
            ValueOrLambda::Lambda(result),
        ] = args.args.as_slice()
        else {
            return plan_err!("{USAGE}");
        };
        let list = list.to_array_of_size(rows)?;
        let initial = initial.to_array_of_size(rows)?;
        let state = states(list.as_list(), initial, next)?;
        let state = || Ok(Arc::clone(&state));
        let result = result.evaluate(&[&state], |captured| Ok(captured.to_vec()))?;
        let result = result.into_array(rows)?;
        let absent: BooleanArray = is_null(&list)?;
        Ok(ColumnarValue::Array(nullif(&result, &absent)?))
    }
}

/// Sums of decimals have more digits with every step: the state has all that there are.
fn widest(field: &FieldRef) -> FieldRef {
    match field.data_type() {
        DataType::Decimal128(_, scale) => {
            let data_type = DataType::Decimal128(DECIMAL128_MAX_PRECISION, *scale);
            Arc::new(field.as_ref().clone().with_data_type(data_type))
        }
        _ => Arc::clone(field),
    }
}

fn nullable(field: &FieldRef) -> FieldRef {
    Arc::new(Field::new("state", field.data_type().clone(), true))
}

/// Rows that take the same step, and their states.
struct Active {
    rows: Vec<u32>,
    state: ArrayRef,
}

impl Active {
    /// Those whose place among them fits.
    fn only(&self, fits: impl Fn(u32) -> bool) -> Result<Self> {
        let places: Vec<u32> =
            (0..).zip(&self.rows).filter(|(_, row)| fits(**row)).map(|(place, _)| place).collect();
        let rows = places.iter().map(|it| self.rows[it.as_usize()]).collect();
        Ok(Self { rows, state: take(&self.state, &UInt32Array::from(places), None)? })
    }
}

/// The state of each row after its last element. All rows take a step together; a row whose list
/// has ended takes no more.
fn states(list: &ListArray, initial: ArrayRef, next: &LambdaArgument) -> Result<ArrayRef> {
    let (offsets, data_type) = (list.value_offsets(), initial.data_type().clone());
    let length = |row: u32| {
        let row = row.as_usize();
        if list.is_null(row) { 0 } else { (offsets[row + 1] - offsets[row]).as_usize() }
    };
    let rows: Vec<u32> = (0..).take(list.len()).collect();
    let mut active = Active { rows, state: initial };
    let mut ended: Vec<Active> = Vec::new();
    let mut kept = 0;
    for step in 0.. {
        let done = active.only(|row| length(row) <= step)?;
        kept += done.state.get_array_memory_size() as u128;
        ended.push(done);
        active = active.only(|row| length(row) > step)?;
        if active.rows.is_empty() {
            break;
        }
        let elements: UInt32Array = active
            .rows
            .iter()
            .map(|row| u32::try_from(offsets[row.as_usize()].as_usize() + step).ok())
            .collect();
        let elements = take(list.values(), &elements, None)?;
        let rows = UInt32Array::from(active.rows.clone());
        let stepped = next.evaluate(
            &[&|| Ok(Arc::clone(&active.state)), &|| Ok(Arc::clone(&elements))],
            |captured| captured.iter().map(|it| Ok(take(it, &rows, None)?)).collect(),
        )?;
        active.state = cast(&stepped.into_array(active.rows.len())?, &data_type)?;
        // A state may double with each step.
        bounds::check("reduce", kept + active.state.get_array_memory_size() as u128)?;
    }
    in_order(&ended, list.len())
}

/// The states of all rows, by row.
fn in_order(ended: &[Active], count: usize) -> Result<ArrayRef> {
    let parts: Vec<&dyn Array> = ended.iter().map(|it| it.state.as_ref()).collect();
    let mut places = vec![0; count];
    for (place, row) in (0_u32..).zip(ended.iter().flat_map(|it| &it.rows)) {
        places[row.as_usize()] = place;
    }
    Ok(take(&concat(&parts)?, &UInt32Array::from(places), None)?)
}

//! The functions that take the place of floats in comparisons.

use std::hash::Hash;
use std::sync::{Arc, LazyLock};

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, FixedSizeListArray, Float64Array,
    GenericListArray, Int64Array, MapArray, OffsetSizeTrait, PrimitiveArray, StructArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, FieldRef, Float32Type, Float64Type, Int64Type};
use datafusion::common::{Result, internal_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use datafusion::scalar::ScalarValue;

/// Where NaN stands in the engine's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nan {
    /// Above all numbers.
    Highest,
    /// Below all numbers.
    Lowest,
}

impl Nan {
    /// A value whose floats are as before, but with NaN at this place, and without `-0.0`.
    pub fn of(self, expr: Expr) -> Expr {
        static HIGHEST: LazyLock<Arc<ScalarUDF>> =
            LazyLock::new(|| udf(Replacement::Place(Nan::Highest)));
        static LOWEST: LazyLock<Arc<ScalarUDF>> =
            LazyLock::new(|| udf(Replacement::Place(Nan::Lowest)));
        match self {
            Self::Highest => HIGHEST.call(vec![expr]),
            Self::Lowest => LOWEST.call(vec![expr]),
        }
    }

    /// An integer in place of a float, in the order of floats with NaN at this place.
    pub fn rank(self, expr: Expr) -> Expr {
        static HIGHEST: LazyLock<Arc<ScalarUDF>> =
            LazyLock::new(|| udf(Replacement::Rank(Nan::Highest)));
        static LOWEST: LazyLock<Arc<ScalarUDF>> =
            LazyLock::new(|| udf(Replacement::Rank(Nan::Lowest)));
        match self {
            Self::Highest => HIGHEST.call(vec![expr]),
            Self::Lowest => LOWEST.call(vec![expr]),
        }
    }

    fn sign(self) -> f64 {
        match self {
            Self::Highest => 1.0,
            Self::Lowest => -1.0,
        }
    }

    fn place(self, value: f64) -> f64 {
        // Adding zero turns `-0.0` into `0.0`.
        if value.is_nan() { f64::NAN.copysign(self.sign()) } else { value + 0.0 }
    }
}

/// The float that [`Nan::rank`] made an integer of.
pub fn float_of_rank(expr: Expr) -> Expr {
    static FLOAT: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| udf(Replacement::Float));
    FLOAT.call(vec![expr])
}

/// Whether [`Nan::of`] made the expression.
pub fn is_placed(expr: &Expr) -> bool {
    let Expr::ScalarFunction(call) = expr else { return false };
    let function = call.func.inner().downcast_ref::<Function>();
    function.is_some_and(|it| matches!(it.replacement, Replacement::Place(_)))
}

/// Whether values of the type hold floats.
pub fn has_floats(data_type: &DataType) -> bool {
    match data_type {
        DataType::Float32 | DataType::Float64 => true,
        DataType::Struct(fields) => fields.iter().any(|it| has_floats(it.data_type())),
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::FixedSizeList(field, _)
        | DataType::Map(field, _) => has_floats(field.data_type()),
        _ => false,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Replacement {
    Place(Nan),
    Rank(Nan),
    Float,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Function {
    replacement: Replacement,
    signature: Signature,
}

fn udf(replacement: Replacement) -> Arc<ScalarUDF> {
    let signature = Signature::any(1, Volatility::Immutable);
    Arc::new(ScalarUDF::from(Function { replacement, signature }))
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &'static str {
        match self.replacement {
            Replacement::Place(Nan::Highest) => "nan_highest",
            Replacement::Place(Nan::Lowest) => "nan_lowest",
            Replacement::Rank(Nan::Highest) => "rank_nan_highest",
            Replacement::Rank(Nan::Lowest) => "rank_nan_lowest",
            Replacement::Float => "float_of_rank",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        Ok(match self.replacement {
            Replacement::Place(_) => types[0].clone(),
            Replacement::Rank(_) => DataType::Int64,
            Replacement::Float => DataType::Float64,
        })
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let given = &args.arg_fields[0];
        let data_type = self.return_type(&[given.data_type().clone()])?;
        Ok(Arc::new(given.as_ref().clone().with_name(self.name()).with_data_type(data_type)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let apply = |array: &ArrayRef| match self.replacement {
            Replacement::Place(nan) => placed(array, nan),
            Replacement::Rank(nan) => ranks(array, nan),
            Replacement::Float => Ok(floats(array.as_primitive())),
        };
        Ok(match &args.args[0] {
            ColumnarValue::Array(array) => ColumnarValue::Array(apply(array)?),
            ColumnarValue::Scalar(value) => {
                let array = apply(&value.to_array()?)?;
                ColumnarValue::Scalar(ScalarValue::try_from_array(&array, 0)?)
            }
        })
    }
}

/// The array with NaN at its place in all floats, however deep.
pub fn placed(array: &ArrayRef, nan: Nan) -> Result<ArrayRef> {
    let placed: ArrayRef = match array.data_type() {
        it if !has_floats(it) => Arc::clone(array),
        DataType::Float64 => {
            Arc::new(mapped::<Float64Type>(array.as_primitive(), |it| nan.place(it)))
        }
        DataType::Float32 => {
            // A NaN keeps its sign, and all other values are exact in 64 bits.
            #[expect(clippy::cast_possible_truncation)]
            let place = |it: f32| nan.place(it.into()) as f32;
            Arc::new(mapped::<Float32Type>(array.as_primitive(), place))
        }
        DataType::Struct(_) => Arc::new(placed_struct(array.as_struct(), nan)?),
        DataType::List(_) => Arc::new(placed_list(array.as_list::<i32>(), nan)?),
        DataType::LargeList(_) => Arc::new(placed_list(array.as_list::<i64>(), nan)?),
        DataType::FixedSizeList(field, size) => {
            let values = placed(array.as_fixed_size_list().values(), nan)?;
            let (field, nulls) = (Arc::clone(field), array.nulls().cloned());
            Arc::new(FixedSizeListArray::try_new(field, *size, values, nulls)?)
        }
        DataType::Map(field, sorted) => {
            let map = array.as_map();
            let entries = placed_struct(map.entries(), nan)?;
            let (offsets, nulls) = (map.offsets().clone(), map.nulls().cloned());
            Arc::new(MapArray::try_new(Arc::clone(field), offsets, entries, nulls, *sorted)?)
        }
        other => return internal_err!("floats within {other}"),
    };
    Ok(placed)
}

fn mapped<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    value: impl Fn(T::Native) -> T::Native,
) -> PrimitiveArray<T> {
    array.unary(value)
}

fn placed_struct(array: &StructArray, nan: Nan) -> Result<StructArray> {
    let columns = array.columns().iter().map(|it| placed(it, nan)).collect::<Result<Vec<_>>>()?;
    Ok(StructArray::try_new(array.fields().clone(), columns, array.nulls().cloned())?)
}

fn placed_list<O: OffsetSizeTrait>(
    array: &GenericListArray<O>,
    nan: Nan,
) -> Result<GenericListArray<O>> {
    let (field, offsets, values, nulls) = array.clone().into_parts();
    Ok(GenericListArray::try_new(field, offsets, placed(&values, nan)?, nulls)?)
}

fn ranks(array: &ArrayRef, nan: Nan) -> Result<ArrayRef> {
    let wide = cast(array, &DataType::Float64)?;
    let rank = |value: f64| {
        let value = if value.is_nan() { nan.place(value) } else { value };
        turned(value.to_bits().cast_signed())
    };
    let ranks: Int64Array = wide.as_primitive::<Float64Type>().unary(rank);
    Ok(Arc::new(ranks))
}

fn floats(ranks: &PrimitiveArray<Int64Type>) -> ArrayRef {
    let float = |rank: i64| f64::from_bits(turned(rank).cast_unsigned());
    let floats: Float64Array = ranks.unary(float);
    Arc::new(floats)
}

/// From the bits of a float to its rank among all, and back: the more negative, the larger are the
/// bits behind the sign.
fn turned(bits: i64) -> i64 {
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_in_the_order_of_floats_and_lead_back_to_them() {
        let values = [f64::NEG_INFINITY, -1.5, -5e-324, -0.0, 0.0, 5e-324, 2.0, f64::INFINITY];
        for (nan, place) in [(Nan::Lowest, 0), (Nan::Highest, values.len())] {
            for sign in [1.0, -1.0] {
                let mut all = values.to_vec();
                all.insert(place, f64::NAN.copysign(sign));
                let array: ArrayRef = Arc::new(Float64Array::from(all.clone()));
                let ranks = ranks(&array, nan).unwrap();
                let ranks: &Int64Array = ranks.as_primitive();
                assert!(ranks.values().is_sorted(), "{nan:?} {ranks:?}");
                let back = floats(ranks);
                for (value, back) in all.iter().zip(back.as_primitive::<Float64Type>().values()) {
                    let same = value.to_bits() == back.to_bits();
                    assert!(same || value.is_nan() && back.is_nan(), "{value} {back}");
                }
            }
        }
    }
}

//! Values of one type as values of another.

use std::fmt::Display;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, Decimal128Array, Int64Array,
    ListArray, MapArray, PrimitiveArray, StringArray, StructArray, UInt32Array, new_null_array,
};
use arrow::compute::{CastOptions, cast, cast_with_options, concat, take};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, FieldRef, Fields, Float32Type, Float64Type, Int8Type,
    Int16Type, Int32Type, Int64Type,
};
use datafusion::common::Result;

use super::{text, times};
use crate::query::faults::{is_of_value, of_value};
use crate::query::json::JSON;
use crate::query::json::decode::Decoder;
use crate::query::json::encode::encoded;
use crate::query::numbers::decimal;
use crate::query::types::sql_type;

/// What becomes of a value that the type does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failing {
    /// The query ends.
    Fails,
    /// It is null, as of `TRY_CAST`.
    IsNull,
}

/// Whether the engine's cast means something else.
pub fn is_ours(from: &DataType, to: &DataType) -> bool {
    use DataType::{Boolean, Date32, Decimal128, Duration, Interval, List, Map, Struct, Timestamp};
    let is_float = |it: &DataType| matches!(it, DataType::Float32 | DataType::Float64);
    match (from, to) {
        _ if from == to => false,
        (from, to) if *to == JSON => !from.is_null(),
        (from, _) if *from == JSON => true,
        (from, to) if from.is_string() => {
            let is_time = matches!(to, Date32 | Timestamp(..));
            let is_number = to.is_signed_integer() || is_float(to);
            is_time || is_number || matches!(to, Boolean | Decimal128(..))
        }
        (from, to) if is_float(from) => {
            to.is_signed_integer() || to.is_string() || matches!(to, Decimal128(..))
        }
        (Decimal128(..), to) => {
            let is_number = to.is_signed_integer() || is_float(to);
            is_number || to.is_string() || matches!(to, Decimal128(..) | Boolean)
        }
        (from, Decimal128(..)) => from.is_signed_integer() || *from == Boolean,
        (from, to) if from.is_integer() && to.is_signed_integer() => {
            to.primitive_width() < from.primitive_width()
        }
        (Timestamp(_, zone), to) => {
            to.is_string() || matches!(to, Timestamp(..)) || zone.is_some() && *to == Date32
        }
        (Interval(_) | Duration(_), to) => to.is_string(),
        (List(from), List(to)) | (Map(from, _), Map(to, _)) => {
            is_ours(from.data_type(), to.data_type())
        }
        (Struct(from), Struct(to)) => {
            from.len() == to.len() && (!same_names(from, to) || members_are_ours(from, to))
        }
        _ => false,
    }
}

fn same_names(from: &Fields, to: &Fields) -> bool {
    from.iter().all(|it| to.find(it.name()).is_some())
}

fn members_are_ours(from: &Fields, to: &Fields) -> bool {
    from.iter().zip(to).any(|(from, to)| is_ours(from.data_type(), to.data_type()))
}

/// The values as those of another type.
pub fn converted(array: &ArrayRef, to: &DataType, failing: Failing) -> Result<ArrayRef> {
    use DataType::{
        Boolean, Date32, Decimal128, Duration, Float32, Float64, Interval, List, Map, Struct,
        Timestamp,
    };
    let how = How { to, failing };
    if failing == Failing::IsNull && array.data_type().is_nested() {
        return whole_rows(array, to);
    }
    Ok(match (array.data_type(), to) {
        (from, _) if !is_ours(from, to) => {
            let safe = failing == Failing::IsNull;
            cast_with_options(array, to, &CastOptions { safe, ..CastOptions::default() })?
        }
        (_, to) if *to == JSON => {
            Arc::new(encoded(array, |it| converted(it, &DataType::Utf8, Failing::Fails))?)
        }
        (from, _) if *from == JSON => of_json(array, to, failing)?,
        (from, _) if from.is_string() => how.of_texts(&cast(array, &DataType::Utf8)?)?,
        (Float32, it) if it.is_string() => how.texts(&written::<Float32Type>(array))?,
        (Float64, it) if it.is_string() => how.texts(&written::<Float64Type>(array))?,
        (Float32 | Float64, Decimal128(..)) => {
            how.of_texts(&(Arc::new(plain_texts(array)?) as ArrayRef))?
        }
        (Float32 | Float64, _) => how.of_floats(&cast(array, &Float64)?)?,
        (Decimal128(..), Boolean) => {
            let values = array.as_primitive::<Decimal128Type>().iter();
            Arc::new(values.map(|it| Some(it? != 0)).collect::<BooleanArray>())
        }
        (Decimal128(..), _) => how.of_decimals(array.as_primitive())?,
        (_, Decimal128(..)) => {
            let whole = cast(array, &DataType::Int64)?;
            let values = whole.as_primitive::<Int64Type>().iter();
            Arc::new(how.decimals(values, |it| how.rescaled(it.into(), 0))?)
        }
        (from, to) if from.is_integer() && to.is_signed_integer() => {
            let whole = cast(array, &DataType::Int64)?;
            let values = whole.as_primitive::<Int64Type>().iter();
            how.integers(values, |it| it.to_string(), Some)?
        }
        (Timestamp(..), Timestamp(unit, zone)) => {
            how.times(&times::moved(array, *unit, zone.is_none())?)?
        }
        (Timestamp(unit, _), Date32) => {
            let local = Timestamp(*unit, None);
            let values = times::moved(array, *unit, true)?;
            cast(&cast(&values, &local)?, to)?
        }
        (Timestamp(..) | Interval(_) | Duration(_), _) => {
            let text = |row| array.is_valid(row).then(|| times::written(array, row)).flatten();
            how.texts(&(0..array.len()).map(text).collect())?
        }
        (List(_), List(element)) => {
            let (_, offsets, values, nulls) = array.as_list::<i32>().clone().into_parts();
            let values = converted(&values, element.data_type(), failing)?;
            Arc::new(ListArray::try_new(Arc::clone(element), offsets, values, nulls)?)
        }
        (Map(..), Map(entry, sorted)) => {
            let (_, offsets, entries, nulls, _) = array.as_map().clone().into_parts();
            let DataType::Struct(fields) = entry.data_type() else { return Ok(Arc::clone(array)) };
            let entries = how.members(&entries, fields, true)?;
            let entry = Arc::clone(entry);
            Arc::new(MapArray::try_new(entry, offsets, entries, nulls, *sorted)?)
        }
        (Struct(from), Struct(fields)) => {
            let by_place = !same_names(from, fields);
            Arc::new(how.members(array.as_struct(), fields, by_place)?)
        }
        _ => cast(array, &Boolean)?,
    })
}

/// Arrays, maps and rows, null where any part of one fails.
fn whole_rows(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    match converted(array, to, Failing::Fails) {
        Err(error) if is_of_value(&error) && array.len() > 1 => {}
        Err(error) if is_of_value(&error) => return Ok(new_null_array(to, array.len())),
        other => return other,
    }
    let half = array.len() / 2;
    let rows = |range: std::ops::Range<usize>| {
        let rows = range.map(|it| u32::try_from(it).unwrap_or_default());
        whole_rows(&take(array, &rows.collect::<UInt32Array>(), None)?, to)
    };
    let (first, second) = (rows(0..half)?, rows(half..array.len())?);
    Ok(concat(&[first.as_ref(), second.as_ref()])?)
}

fn of_json(array: &ArrayRef, to: &DataType, failing: Failing) -> Result<ArrayRef> {
    let scalars = |texts: &ArrayRef, to: &DataType| converted(texts, to, Failing::Fails);
    let decoder = Decoder { scalars, safe: failing == Failing::IsNull };
    decoder.column(array.as_string::<i64>(), to)
}

#[derive(Clone, Copy)]
struct How<'a> {
    to: &'a DataType,
    failing: Failing,
}

impl How<'_> {
    /// A value, null where it failed and that is allowed.
    fn value<T>(self, value: Option<T>, shown: &str) -> Result<Option<T>> {
        if value.is_some() || self.failing == Failing::IsNull {
            return Ok(value);
        }
        let shown: String = shown.chars().take(60).collect();
        let fault = format!("{shown} cannot be cast to {}", sql_type(self.to));
        Err(of_value(&fault, "TRY_CAST gives null instead"))
    }

    fn primitives<T: ArrowPrimitiveType, V: Copy>(
        self,
        values: impl Iterator<Item = Option<V>>,
        shown: impl Fn(V) -> String,
        of: impl Fn(V) -> Option<T::Native>,
    ) -> Result<PrimitiveArray<T>> {
        let each = values.map(|value| match value {
            Some(value) => match of(value) {
                Some(it) => Ok(Some(it)),
                None => self.value(None, &shown(value)),
            },
            None => Ok(None),
        });
        each.collect()
    }

    fn of_texts(self, texts: &ArrayRef) -> Result<ArrayRef> {
        let texts = texts.as_string::<i32>();
        let shown = |it: &str| format!("'{}'", it.escape_debug());
        macro_rules! parsed {
            ($type:ty, $of:expr) => {
                Arc::new(self.primitives::<$type, _>(texts.iter(), shown, $of)?)
            };
        }
        Ok(match self.to {
            DataType::Int8 => parsed!(Int8Type, |it| text::integer(it)?.try_into().ok()),
            DataType::Int16 => parsed!(Int16Type, |it| text::integer(it)?.try_into().ok()),
            DataType::Int32 => parsed!(Int32Type, |it| text::integer(it)?.try_into().ok()),
            DataType::Int64 => parsed!(Int64Type, text::integer),
            DataType::Date32 => parsed!(Date32Type, |it| Some(times::date(it)?.to_epoch_days())),
            DataType::Timestamp(unit, zone) => {
                let of = |it: &str| times::timestamp(it, *unit, zone.is_some());
                self.times(&self.primitives::<Int64Type, _>(texts.iter(), shown, of)?)?
            }
            #[expect(clippy::cast_possible_truncation)]
            DataType::Float32 => parsed!(Float32Type, |it| Some(text::float(it)? as f32)),
            DataType::Float64 => parsed!(Float64Type, text::float),
            DataType::Decimal128(digits, scale) => {
                let values = self.primitives::<Decimal128Type, _>(texts.iter(), shown, |it| {
                    decimal::parsed(it, *digits, *scale)
                })?;
                Arc::new(values.with_precision_and_scale(*digits, *scale)?)
            }
            _ => {
                let each = texts.iter().map(|it| match it {
                    Some(it) => self.value(text::boolean(it), &shown(it)),
                    None => Ok(None),
                });
                Arc::new(each.collect::<Result<BooleanArray>>()?)
            }
        })
    }

    /// Rounded half away from zero.
    fn of_floats(self, floats: &ArrayRef) -> Result<ArrayRef> {
        // All floats below 2^63 are integers that 64 bits hold.
        #[expect(clippy::cast_possible_truncation)]
        let whole = |it: f64| {
            let rounded = it.round();
            let limit = 2_f64.powi(63);
            (-limit <= rounded && rounded < limit).then_some(rounded as i64)
        };
        self.integers(floats.as_primitive::<Float64Type>().iter(), |it| it.to_string(), whole)
    }

    fn integers<V: Copy>(
        self,
        values: impl Iterator<Item = Option<V>>,
        shown: impl Fn(V) -> String,
        of: impl Fn(V) -> Option<i64>,
    ) -> Result<ArrayRef> {
        macro_rules! narrow {
            ($type:ty) => {
                Arc::new(self.primitives::<$type, _>(values, shown, |it| of(it)?.try_into().ok())?)
            };
        }
        Ok(match self.to {
            DataType::Int8 => narrow!(Int8Type),
            DataType::Int16 => narrow!(Int16Type),
            DataType::Int32 => narrow!(Int32Type),
            _ => Arc::new(self.primitives::<Int64Type, _>(values, shown, of)?),
        })
    }

    fn of_decimals(self, values: &Decimal128Array) -> Result<ArrayRef> {
        let scale = values.scale();
        let shown = |it: i128| decimal::to_text(it, scale);
        Ok(match self.to {
            DataType::Decimal128(..) => {
                let each = |it| self.rescaled(it, scale);
                let values = self.primitives::<Decimal128Type, _>(values.iter(), shown, each)?;
                Arc::new(self.with_scale(values)?)
            }
            DataType::Float32 | DataType::Float64 => {
                let floats = values.iter().map(|it| it.map(|it| decimal::to_float(it, scale)));
                let floats: ArrayRef = Arc::new(floats.collect::<PrimitiveArray<Float64Type>>());
                cast(&floats, self.to)?
            }
            to if to.is_string() => {
                let texts = values.iter().map(|it| it.map(shown)).collect::<StringArray>();
                self.texts(&texts)?
            }
            _ => self.integers(values.iter(), shown, |it| {
                decimal::rescaled(it, scale, 0)?.try_into().ok()
            })?,
        })
    }

    fn decimals<V: Copy + Display>(
        self,
        values: impl Iterator<Item = Option<V>>,
        of: impl Fn(V) -> Option<i128>,
    ) -> Result<Decimal128Array> {
        self.with_scale(self.primitives::<Decimal128Type, _>(values, |it| it.to_string(), of)?)
    }

    fn with_scale(self, values: Decimal128Array) -> Result<Decimal128Array> {
        match self.to {
            DataType::Decimal128(digits, scale) => {
                Ok(values.with_precision_and_scale(*digits, *scale)?)
            }
            _ => Ok(values),
        }
    }

    /// A decimal at the scale that is wanted.
    fn rescaled(self, value: i128, from: i8) -> Option<i128> {
        let DataType::Decimal128(digits, scale) = self.to else { return None };
        decimal::within(decimal::rescaled(value, from, *scale)?, *digits)
    }

    /// Units since 1970 as times.
    fn times(self, units: &Int64Array) -> Result<ArrayRef> {
        let local = match self.to {
            DataType::Timestamp(unit, _) => DataType::Timestamp(*unit, None),
            other => other.clone(),
        };
        let instants = cast(units, &local)?;
        Ok(match self.to {
            // Of UTC already: a cast would take them for what the clocks of the zone show.
            DataType::Timestamp(_, Some(_)) => {
                let data = instants.to_data().into_builder().data_type(self.to.clone());
                arrow::array::make_array(data.build()?)
            }
            _ => instants,
        })
    }

    fn texts(self, texts: &StringArray) -> Result<ArrayRef> {
        Ok(cast(texts, self.to)?)
    }

    fn members(self, of: &StructArray, fields: &Fields, by_place: bool) -> Result<StructArray> {
        let member = |(place, field): (usize, &FieldRef)| {
            let column = match of.column_by_name(field.name()) {
                Some(column) if !by_place => column,
                _ => of.column(place),
            };
            converted(column, field.data_type(), self.failing)
        };
        let columns = fields.iter().enumerate().map(member).collect::<Result<Vec<_>>>()?;
        Ok(StructArray::try_new_with_length(
            fields.clone(),
            columns,
            of.nulls().cloned(),
            of.len(),
        )?)
    }
}

fn written<T: ArrowPrimitiveType>(array: &ArrayRef) -> StringArray
where
    T::Native: Into<f64> + std::fmt::LowerExp,
{
    array.as_primitive::<T>().iter().map(|it| it.map(text::of_float)).collect()
}

/// Floats as their shortest texts, which decimals are made of.
fn plain_texts(array: &ArrayRef) -> Result<StringArray> {
    if let Some(values) = array.as_primitive_opt::<Float32Type>() {
        return Ok(values.iter().map(|it| it.map(|it| format!("{it:e}"))).collect());
    }
    let values = cast(array, &DataType::Float64)?;
    let values = values.as_primitive::<Float64Type>().iter();
    Ok(values.map(|it| it.map(|it| format!("{it:e}"))).collect())
}

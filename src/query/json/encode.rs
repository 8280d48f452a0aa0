//! `CAST(x AS json)`: values of any type as JSON.

use arrow::array::{Array, ArrayRef, AsArray, LargeStringArray, LargeStringBuilder};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Fields, Float32Type, Float64Type};
use datafusion::common::{Result, plan_err};

use super::value::{Json, of_float};
use crate::query::bounds;
use crate::query::maps::{elements, entries};
use crate::query::types::sql_type;

/// What a value of an array is, by its index; null where it is null.
pub type Of = Box<dyn Fn(usize) -> Json>;

/// How a value that is no number, text or boolean is written: as CAST to varchar does it.
pub type Texts = fn(&ArrayRef) -> Result<ArrayRef>;

/// Each value as the text of its JSON; nulls stay. `texts` writes what JSON has no type for.
pub fn encoded(array: &ArrayRef, texts: Texts) -> Result<LargeStringArray> {
    let of = values(array, texts)?;
    let mut out = LargeStringBuilder::new();
    for row in 0..array.len() {
        if array.is_null(row) || array.data_type().is_null() {
            out.append_null();
            continue;
        }
        out.append_value(of(row).to_string());
        bounds::check("CAST", out.values_slice().len() as u128)?;
    }
    Ok(out.finish())
}

/// What the values of an array are. `texts` writes what JSON has no type for.
pub fn values(array: &ArrayRef, texts: Texts) -> Result<Of> {
    let valid: Of = match array.data_type() {
        DataType::Null => Box::new(|_| Json::Null),
        DataType::Boolean => {
            let values = array.as_boolean().clone();
            Box::new(move |at| Json::Boolean(values.value(at)))
        }
        DataType::Float32 => {
            let values = array.as_primitive::<Float32Type>().clone();
            Box::new(move |at| Json::Number(of_float(values.value(at))))
        }
        DataType::Float64 => {
            let values = array.as_primitive::<Float64Type>().clone();
            Box::new(move |at| Json::Number(of_float(values.value(at))))
        }
        it if it.is_integer() || it.is_decimal() => {
            let values = texts(array)?.as_string::<i32>().clone();
            Box::new(move |at| Json::Number(values.value(at).to_owned()))
        }
        it if it.is_binary() || matches!(it, DataType::Interval(_)) => {
            return plan_err!("{} cannot be cast to json", sql_type(it));
        }
        DataType::LargeUtf8 => {
            let values = array.as_string::<i64>().clone();
            Box::new(move |at| Json::parse(values.value(at)).unwrap_or(Json::Null))
        }
        DataType::List(_) => {
            let list = array.as_list::<i32>().clone();
            let inner = values(list.values(), texts)?;
            Box::new(move |at| {
                Json::Array(elements(&list, at).unwrap_or(0..0).map(&inner).collect())
            })
        }
        DataType::Map(..) => of_map(array, texts)?,
        DataType::Struct(fields) => of_row(array, fields, texts)?,
        _ => {
            let values = cast(&texts(array)?, &DataType::Utf8)?.as_string::<i32>().clone();
            Box::new(move |at| Json::Text(values.value(at).to_owned()))
        }
    };
    let nulls = array.nulls().cloned();
    Ok(Box::new(move |at| {
        if nulls.as_ref().is_some_and(|it| it.is_null(at)) { Json::Null } else { valid(at) }
    }))
}

/// Members in the order of their names.
fn of_map(array: &ArrayRef, texts: Texts) -> Result<Of> {
    let map = array.as_map().clone();
    let (keys, values) = (values(map.keys(), texts)?, values(map.values(), texts)?);
    Ok(Box::new(move |at| {
        let name = |entry: usize| keys(entry).scalar().unwrap_or_default();
        let members = entries(&map, at).map(|entry| (name(entry), values(entry)));
        let mut members: Vec<_> = members.collect();
        members.sort_by(|(left, _), (right, _)| left.cmp(right));
        Json::Object(members)
    }))
}

/// Fields by their names; those of `ROW(…)` have none.
fn of_row(array: &ArrayRef, fields: &Fields, texts: Texts) -> Result<Of> {
    let columns = array.as_struct().columns();
    let members = columns.iter().map(|it| values(it, texts)).collect::<Result<Vec<_>>>()?;
    let name = |(place, field): (usize, &std::sync::Arc<arrow::datatypes::Field>)| {
        let is_unnamed = *field.name() == format!("c{place}");
        if is_unnamed { String::new() } else { field.name().clone() }
    };
    let names: Vec<String> = fields.iter().enumerate().map(name).collect();
    Ok(Box::new(move |at| {
        let member = |(name, of): (&String, &Of)| (name.clone(), of(at));
        Json::Object(names.iter().zip(&members).map(member).collect())
    }))
}

//! `CAST(x AS varchar(n))`: a text is cut, anything else has to fit.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, ListArray, MapArray, StringArray, StringBuilder, StructArray,
};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::convert::{Failing, converted};
use crate::query::bounds;
use crate::query::faults::of_value;
use crate::query::scalar::{ScalarFunction, arrays, of_types};
use crate::query::sql_types::with_lengths;

/// `$varchar(value, length, pad, try)`, which CASTs to `varchar(n)` and `char(n)` are rewritten to;
/// it cannot be called by a name without quotes.
pub static VARCHAR: ScalarFunction = ScalarFunction {
    name: "$varchar",
    arguments: |given| {
        let value = given.first().cloned().unwrap_or(DataType::Null);
        let wanted = [value, DataType::Int64, DataType::Boolean, DataType::Boolean];
        of_types(given, &wanted, 4, "a value, a length and two booleans were expected")
    },
    result: |_| Ok(DataType::Utf8),
    call: varchar,
};

fn varchar(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let lengths = given[1].as_primitive::<Int64Type>();
    let (pad, is_try) = (given[2].as_boolean(), given[3].as_boolean());
    let failing = match is_try.iter().next().flatten() {
        Some(true) => Failing::IsNull,
        _ => Failing::Fails,
    };
    let is_text = given[0].data_type().is_string();
    let texts = converted(&given[0], &DataType::Utf8, failing)?;
    let texts = texts.as_string::<i32>();
    let mut out = StringBuilder::new();
    for row in 0..args.number_rows {
        if texts.is_null(row) {
            out.append_null();
            continue;
        }
        let text = texts.value(row);
        let length = usize::try_from(lengths.value(row)).unwrap_or(0);
        match text.char_indices().nth(length) {
            Some((end, _)) if is_text => out.append_value(&text[..end]),
            Some(_) if failing == Failing::IsNull => out.append_null(),
            Some(_) => return Err(too_long(text, length)),
            None if pad.value(row) => {
                let padding = length - text.chars().count();
                let made = out.values_slice().len() + text.len() + padding;
                bounds::check("CAST", made as u128)?;
                out.append_value(text.to_owned() + &" ".repeat(padding));
            }
            None => out.append_value(text),
        }
    }
    Ok(Arc::new(out.finish()))
}

fn too_long(text: &str, length: usize) -> DataFusionError {
    let fault = format!("{} is longer than varchar({length})", text.escape_debug());
    of_value(&fault, "CAST to varchar without a length, or use TRY_CAST, which gives null")
}

/// `$shortened(CAST(x AS t), x, 't')`, which CASTs to a type that has a `varchar(n)` within it are
/// rewritten to: the texts of `x` are cut, all else has to fit.
pub static SHORTENED: ScalarFunction = ScalarFunction {
    name: "$shortened",
    arguments: |given| Ok(given.to_vec()),
    result: |given| Ok(given.first().cloned().unwrap_or(DataType::Null)),
    call: |args| {
        let given = arrays(args)?;
        let [values, from, written] = given.as_slice() else {
            return internal_err!("a value, where it is from, and a type were expected");
        };
        if values.is_empty() {
            return Ok(Arc::clone(values));
        }
        let lengths = with_lengths(written.as_string::<i32>().value(0))?;
        shortened(values, from.data_type(), &lengths)
    },
};

fn shortened(values: &ArrayRef, from: &DataType, lengths: &DataType) -> Result<ArrayRef> {
    Ok(match (values.data_type(), lengths) {
        (DataType::Utf8, DataType::FixedSizeBinary(length)) => {
            let length = usize::try_from(*length).unwrap_or(0);
            let is_text = from.is_string() || !from.is_primitive();
            let texts = values.as_string::<i32>().iter().map(|text| {
                let Some(text) = text else { return Ok(None) };
                match text.char_indices().nth(length) {
                    Some((end, _)) if is_text => Ok(Some(&text[..end])),
                    Some(_) => Err(too_long(text, length)),
                    None => Ok(Some(text)),
                }
            });
            Arc::new(texts.collect::<Result<StringArray>>()?)
        }
        (DataType::List(element), DataType::List(inner)) => {
            let (_, offsets, values, nulls) = values.as_list::<i32>().clone().into_parts();
            let values = shortened(&values, element_of(from), inner.data_type())?;
            Arc::new(ListArray::try_new(Arc::clone(element), offsets, values, nulls)?)
        }
        (DataType::Map(entry, sorted), DataType::Map(inner, _)) => {
            let (_, offsets, entries, nulls, _) = values.as_map().clone().into_parts();
            let entries: ArrayRef = Arc::new(entries);
            let entries = shortened(&entries, element_of(from), inner.data_type())?;
            let entries = entries.as_struct().clone();
            Arc::new(MapArray::try_new(Arc::clone(entry), offsets, entries, nulls, *sorted)?)
        }
        (DataType::Struct(fields), DataType::Struct(inner)) => {
            let (_, columns, nulls) = values.as_struct().clone().into_parts();
            let member = |(at, column): (usize, &ArrayRef)| {
                let from = match from {
                    DataType::Struct(of) => of.get(at).map_or(from, |it| it.data_type()),
                    _ => from,
                };
                shortened(column, from, inner[at].data_type())
            };
            let columns = columns.iter().enumerate().map(member).collect::<Result<Vec<_>>>()?;
            Arc::new(StructArray::try_new(fields.clone(), columns, nulls)?)
        }
        _ => Arc::clone(values),
    })
}

fn element_of(list: &DataType) -> &DataType {
    match list {
        DataType::List(element) | DataType::Map(element, _) => element.data_type(),
        other => other,
    }
}

//! `CAST(x AS varchar(n))` and `CAST(x AS char(n))`: a text is cut, anything else has to fit.

use std::sync::{Arc, LazyLock};

use arrow::array::{Array, ArrayRef, AsArray, ListArray, MapArray, StringBuilder, StructArray};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{DataFusionError, Result, internal_err};
use datafusion::logical_expr::{ScalarFunctionArgs, ScalarUDF};

use super::convert::{Failing, converted};
use crate::query::bounds;
use crate::query::faults::of_value;
use crate::query::scalar::{ScalarFunction, arrays, of_types};
use crate::query::sql_types::with_lengths;

/// `$varchar(value, length, try)`, which CASTs to `varchar(n)` are rewritten to; it cannot be
/// called by a name without quotes.
pub static VARCHAR: ScalarFunction = ScalarFunction {
    name: "$varchar",
    arguments: value_and_length,
    result: |_| Ok(DataType::Utf8),
    call: |args| varchar(args, false),
};

/// What the metadata of a column says that is a `char(n)`.
pub const IS_CHAR: &str = "char";

/// `$char(value, length, try)`, the same for `char(n)`: blanks fill it up.
pub fn char_cast() -> Arc<ScalarUDF> {
    static UDF: LazyLock<Arc<ScalarUDF>> = LazyLock::new(|| {
        static FUNCTION: ScalarFunction = ScalarFunction {
            name: "$char",
            arguments: value_and_length,
            result: |_| Ok(DataType::Utf8),
            call: |args| varchar(args, true),
        };
        FUNCTION.marked_udf(IS_CHAR)
    });
    Arc::clone(&UDF)
}

fn value_and_length(given: &[DataType]) -> Result<Vec<DataType>> {
    let value = given.first().cloned().unwrap_or(DataType::Null);
    let wanted = [value, DataType::Int64, DataType::Boolean];
    of_types(given, &wanted, 3, "a value, a length and a boolean were expected")
}

fn varchar(args: &ScalarFunctionArgs, pads: bool) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let lengths = given[1].as_primitive::<Int64Type>();
    let failing = match given[2].as_boolean().iter().next().flatten() {
        Some(true) => Failing::IsNull,
        _ => Failing::Fails,
    };
    let is_text = given[0].data_type().is_string();
    let texts = converted(&given[0], &DataType::Utf8, failing)?;
    let mut out = StringBuilder::new();
    for (text, length) in texts.as_string::<i32>().iter().zip(lengths.values()) {
        let length = usize::try_from(*length).unwrap_or(0);
        let fitting = Fitting { length, is_text, pads };
        match text {
            Some(text) if fitting.append(text, &mut out)? => {}
            Some(text) if failing == Failing::Fails => return Err(fitting.too_long(text)),
            _ => out.append_null(),
        }
    }
    Ok(Arc::new(out.finish()))
}

/// How a text becomes as long as its type says.
struct Fitting {
    length: usize,
    /// Whether it is cut.
    is_text: bool,
    /// Whether blanks fill it up.
    pads: bool,
}

impl Fitting {
    /// Adds the text; false where it is too long.
    fn append(&self, text: &str, out: &mut StringBuilder) -> Result<bool> {
        match text.char_indices().nth(self.length) {
            Some((end, _)) if self.is_text => out.append_value(&text[..end]),
            Some(_) => return Ok(false),
            None if self.pads => {
                let padding = self.length - text.chars().count();
                let made = out.values_slice().len() + text.len() + padding;
                bounds::check("CAST", made as u128)?;
                out.append_value(text.to_owned() + &" ".repeat(padding));
            }
            None => out.append_value(text),
        }
        Ok(true)
    }

    fn too_long(&self, text: &str) -> DataFusionError {
        let (name, length) = (if self.pads { "char" } else { "varchar" }, self.length);
        let fault = format!("{} is longer than {name}({length})", text.escape_debug());
        of_value(&fault, "CAST to varchar without a length, or use TRY_CAST, which gives null")
    }
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
            let fitting = Fitting {
                length: length.unsigned_abs() as usize,
                is_text: from.is_string() || !from.is_primitive(),
                pads: length.is_negative(),
            };
            let mut out = StringBuilder::new();
            for text in values.as_string::<i32>() {
                match text {
                    Some(text) if fitting.append(text, &mut out)? => {}
                    Some(text) => return Err(fitting.too_long(text)),
                    None => out.append_null(),
                }
            }
            Arc::new(out.finish())
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

//! `CAST(x AS varchar(n))`: a text is cut, anything else has to fit.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::convert::{Failing, converted};
use crate::query::bounds;
use crate::query::faults::of_value;
use crate::query::scalar::{ScalarFunction, arrays, of_types};

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

//! Functions over text.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, ListBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use crate::query::scalar::{ScalarFunction, arrays, of_types};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&SPLIT, &SPLIT_PART];

/// What both take: a text, a delimiter and a number.
const TYPES: [DataType; 3] = [DataType::Utf8, DataType::Utf8, DataType::Int64];

/// `split(text, delimiter [, limit])`: an array; with a limit, its last element is the rest. The
/// empty text gives one empty element.
pub static SPLIT: ScalarFunction = ScalarFunction {
    name: "split",
    arguments: |given| {
        of_types(given, &TYPES, 2, "split takes a text, a delimiter and perhaps a limit")
    },
    result: |_| Ok(DataType::new_list(DataType::Utf8, true)),
    call: split,
};

fn split(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let arrays = arrays(args)?;
    let (text, delimiter) = (arrays[0].as_string::<i32>(), arrays[1].as_string::<i32>());
    let limit = arrays.get(2).map(AsArray::as_primitive::<Int64Type>);
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in 0..args.number_rows {
        if arrays.iter().any(|it| it.is_null(row)) {
            lists.append_null();
            continue;
        }
        let parts = match limit {
            Some(limit) => positive("limit of split", limit, row)?,
            None => usize::MAX,
        };
        for part in text.value(row).splitn(parts, delimiter_of("split", delimiter, row)?) {
            lists.values().append_value(part);
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}

/// `split_part(text, delimiter, index)`: one-based, null where there are fewer parts.
pub static SPLIT_PART: ScalarFunction = ScalarFunction {
    name: "split_part",
    arguments: |given| {
        of_types(given, &TYPES, 3, "split_part takes a text, a delimiter and an index")
    },
    result: |_| Ok(DataType::Utf8),
    call: split_part,
};

fn split_part(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let arrays = arrays(args)?;
    let (text, delimiter) = (arrays[0].as_string::<i32>(), arrays[1].as_string::<i32>());
    let index = arrays[2].as_primitive::<Int64Type>();
    let mut out = StringBuilder::new();
    for row in 0..args.number_rows {
        if arrays.iter().any(|it| it.is_null(row)) {
            out.append_null();
            continue;
        }
        let part = positive("index of split_part", index, row)?;
        let delimiter = delimiter_of("split_part", delimiter, row)?;
        out.append_option(text.value(row).split(delimiter).nth(part - 1));
    }
    Ok(Arc::new(out.finish()))
}

fn positive(what: &str, values: &Int64Array, row: usize) -> Result<usize> {
    match usize::try_from(values.value(row)) {
        Ok(it) if it > 0 => Ok(it),
        _ => exec_err!("the {what} is {}, but has to be at least 1", values.value(row)),
    }
}

fn delimiter_of<'a>(what: &str, delimiters: &'a StringArray, row: usize) -> Result<&'a str> {
    match delimiters.value(row) {
        "" => exec_err!("the delimiter of {what} is empty"),
        it => Ok(it),
    }
}

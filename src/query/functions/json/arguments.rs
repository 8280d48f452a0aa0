//! What functions over JSON take: a json, or a text that may be one.

use arrow::array::{Array, AsArray, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use crate::query::json::JSON;
use crate::query::types::sql_type;

/// A json or a text, and then what else is wanted.
pub fn json_and(
    function: &str,
    given: &[DataType],
    rest: &[DataType],
    usage: &str,
) -> Result<Vec<DataType>> {
    let Some((first, others)) = given.split_first() else { return plan_err!("{usage}") };
    if others.len() != rest.len() {
        return plan_err!("{usage}");
    }
    let first = match first {
        it if *it == JSON => JSON,
        it if it.is_string() || it.is_null() => DataType::Utf8,
        other => return plan_err!("{function} takes json or varchar, not {}", sql_type(other)),
    };
    let mut types = vec![first];
    types.extend_from_slice(rest);
    Ok(types)
}

/// The texts of an argument.
pub fn texts(args: &ScalarFunctionArgs, at: usize) -> Result<StringArray> {
    let array = args.args[at].to_array_of_size(args.number_rows)?;
    Ok(cast(&array, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// A text, where it is not null.
pub fn text(texts: &StringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row))
}

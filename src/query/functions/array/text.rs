//! Arrays as texts.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::types::array;
use crate::query::bounds;
use crate::query::casts::{Failing, converted};
use crate::query::maps::elements;
use crate::query::nested::pick::{element_of, list_of};
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&JOIN];

/// `array_join(array, delimiter [, for null])`: elements as CAST to varchar writes them; nulls are
/// left out where nothing stands for them.
static JOIN: ScalarFunction = ScalarFunction {
    name: "array_join",
    arguments: |types| {
        let ([list, _] | [list, _, _]) = types else {
            return plan_err!("array_join takes an array, a delimiter and perhaps what null is");
        };
        let list = array("array_join", list)?;
        if element_of(&list).is_nested() {
            return plan_err!("array_join takes no array of {}", sql_type(element_of(&list)));
        }
        let mut wanted = vec![DataType::Utf8; types.len()];
        wanted[0] = list_of(element_of(&list));
        Ok(wanted)
    },
    result: |_| Ok(DataType::Utf8),
    call: joined,
};

fn joined(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let list = given[0].as_list::<i32>();
    let texts = converted(list.values(), &DataType::Utf8, Failing::Fails)?;
    let (texts, delimiters) = (texts.as_string::<i32>(), given[1].as_string::<i32>());
    let for_null = given.get(2).map(AsArray::as_string::<i32>);
    let mut out = StringBuilder::new();
    for row in 0..args.number_rows {
        if given.iter().any(|it| it.is_null(row)) {
            out.append_null();
            continue;
        }
        let mut text = String::new();
        let null = for_null.map(|it| it.value(row));
        let values = elements(list, row).unwrap_or(0..0);
        let shown =
            values.filter_map(|it| if texts.is_null(it) { null } else { Some(texts.value(it)) });
        for (place, value) in shown.enumerate() {
            if place > 0 {
                text.push_str(delimiters.value(row));
            }
            text.push_str(value);
            bounds::check("array_join", (out.values_slice().len() + text.len()) as u128)?;
        }
        out.append_value(text);
    }
    Ok(Arc::new(out.finish()))
}

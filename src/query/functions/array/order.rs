//! Arrays in another order.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, StringArray};
use arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::types::array_and;
use crate::query::nested::keys::keys;
use crate::query::nested::pick::{Arguments, Picker, is_null};
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&SORT, &REVERSE, &SHUFFLE];

/// `array_sort(array)`: ascending, nulls last. With a lambda it is another function.
static SORT: ScalarFunction = ScalarFunction {
    name: "array_sort",
    arguments: |types| {
        array_and("array_sort", types, &[], "array_sort takes an array and perhaps a lambda")
    },
    result: |types| Ok(types[0].clone()),
    call: |args| {
        let arguments = Arguments::of(args)?;
        let values = arguments.list(0).values();
        let keys = keys(values)?;
        reordered("array_sort", args, |_, order| {
            order.sort_by_key(|it| (is_null(values, *it), keys.row(*it)));
        })
    },
};

/// `reverse(array)`, `reverse(varchar)`: by code points.
static REVERSE: ScalarFunction = ScalarFunction {
    name: "reverse",
    arguments: |types| match types {
        [text] if text.is_string() || text.is_null() => Ok(vec![DataType::Utf8]),
        [list] if list.is_list() => array_and("reverse", types, &[], "reverse takes one array"),
        [other] => plan_err!("reverse takes an array or a text, not {}", sql_type(other)),
        _ => plan_err!("reverse takes one array or text"),
    },
    result: |types| Ok(types[0].clone()),
    call: |args| {
        if args.return_type().is_list() {
            return reordered("reverse", args, |_, order| order.reverse());
        }
        let texts = arrays(args)?;
        let each = texts[0].as_string::<i32>().iter();
        let turned = each.map(|it| it.map(|it| it.chars().rev().collect::<String>()));
        Ok(Arc::new(turned.collect::<StringArray>()))
    },
};

/// `$shuffle(array, seed)`, which `shuffle(array)` is rewritten to, with a seed from `random()`.
static SHUFFLE: ScalarFunction = ScalarFunction {
    name: "$shuffle",
    arguments: |types| array_and("shuffle", types, &[DataType::Float64], "shuffle takes one array"),
    result: |types| Ok(types[0].clone()),
    call: |args| {
        let seeds = args.args[1].to_array_of_size(args.number_rows)?;
        let seeds = seeds.as_primitive::<Float64Type>();
        reordered("shuffle", args, |row, order| {
            let mut state = seeds.value(row).to_bits();
            for at in (1..order.len()).rev() {
                let other = next_random(&mut state) % (at as u64 + 1);
                order.swap(at, usize::try_from(other).unwrap_or(0));
            }
        })
    },
};

/// The next number of `SplitMix64`.
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The first argument, each row with its elements in an order that a function gives them.
fn reordered(
    function: &'static str,
    args: &ScalarFunctionArgs,
    order: impl Fn(usize, &mut Vec<usize>),
) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let mut picker = Picker::new(function);
    for row in 0..arguments.rows {
        match arguments.elements(0, row) {
            Some(elements) => {
                let mut ordered: Vec<usize> = elements.collect();
                order(row, &mut ordered);
                picker.pick_all(ordered);
                picker.end()?;
            }
            None => picker.end_null(),
        }
    }
    picker.lists(arguments.list(0).values(), args.return_type())
}

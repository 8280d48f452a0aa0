//! Single elements of arrays: where they are, and which is the first, the last or an extreme.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::types::{array_and, array_and_element};
use crate::query::nan::Nan;
use crate::query::nested::equal::equality;
use crate::query::nested::keys::keys_with;
use crate::query::nested::pick::{Arguments, Picker, element_of, is_null};
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] =
    &[&CONTAINS, &POSITION, &REMOVE, &FIRST, &LAST, &MAX, &MIN];

/// `contains(array, element)`: null where it is not found but the array has a null.
static CONTAINS: ScalarFunction = ScalarFunction {
    name: "contains",
    arguments: |types| array_and_element("contains", types),
    result: |_| Ok(DataType::Boolean),
    call: contains,
};

fn contains(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let equal = equality(arguments.list(0).values(), &arguments.arrays[1])?;
    let each = (0..arguments.rows).map(|row| {
        let mut is_known = true;
        for element in arguments.elements(0, row)? {
            match equal(element, row) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => is_known = false,
            }
        }
        is_known.then_some(false)
    });
    Ok(Arc::new(each.collect::<BooleanArray>()))
}

/// `array_position(array, element [, instance])`: where it is, one-based, or 0; the instance counts
/// from the end where it is negative.
static POSITION: ScalarFunction = ScalarFunction {
    name: "array_position",
    arguments: |types| {
        let mut wanted = array_and_element("array_position", &types[..types.len().min(2)])?;
        match types.len() {
            2 => {}
            3 => wanted.push(DataType::Int64),
            _ => return plan_err!("array_position takes an array, an element and an instance"),
        }
        Ok(wanted)
    },
    result: |_| Ok(DataType::Int64),
    call: position,
};

fn position(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let equal = equality(arguments.list(0).values(), &arguments.arrays[1])?;
    let each = arguments.each(|row| {
        let Some(elements) = arguments.elements(0, row) else { return Ok(None) };
        let start = elements.start;
        let instance =
            if arguments.arrays.len() > 2 { arguments.integers(2).value(row) } else { 1 };
        let Some(before) = instance.unsigned_abs().checked_sub(1) else {
            return exec_err!("the instance of array_position is 0, but counts from 1 or from -1");
        };
        let before = usize::try_from(before).unwrap_or(usize::MAX);
        let mut same = elements.filter(|it| equal(*it, row) == Some(true));
        let found = if instance > 0 { same.nth(before) } else { same.rev().nth(before) };
        Ok(Some(found.map_or(0, |it| i64::try_from(it - start + 1).unwrap_or(0))))
    });
    Ok(Arc::new(each.collect::<Result<Int64Array>>()?))
}

/// `array_remove(array, element)`: the array without the elements that equal it.
static REMOVE: ScalarFunction = ScalarFunction {
    name: "array_remove",
    arguments: |types| array_and_element("array_remove", types),
    result: |types| Ok(types[0].clone()),
    call: |args| {
        let arguments = Arguments::of(args)?;
        let values = arguments.list(0).values();
        let equal = equality(values, &arguments.arrays[1])?;
        let mut picker = Picker::new("array_remove");
        for row in 0..arguments.rows {
            match arguments.elements(0, row) {
                Some(elements) => {
                    picker.pick_all(elements.filter(|it| equal(*it, row) != Some(true)));
                    picker.end()?;
                }
                None => picker.end_null(),
            }
        }
        picker.lists(values, args.return_type())
    },
};

/// `array_first(array)`: null where it is empty.
static FIRST: ScalarFunction = ScalarFunction {
    name: "array_first",
    arguments: |types| array_and("array_first", types, &[], "array_first takes one array"),
    result: |types| Ok(element_of(&types[0]).clone()),
    call: |args| one(args, |_, elements| elements.next()),
};

/// `array_last(array)`: null where it is empty.
static LAST: ScalarFunction = ScalarFunction {
    name: "array_last",
    arguments: |types| array_and("array_last", types, &[], "array_last takes one array"),
    result: |types| Ok(element_of(&types[0]).clone()),
    call: |args| one(args, |_, elements| elements.next_back()),
};

/// `array_max(array)`: null where it is empty or an element is null; NaN only where all are.
static MAX: ScalarFunction = ScalarFunction {
    name: "array_max",
    arguments: |types| array_and("array_max", types, &[], "array_max takes one array"),
    result: |types| Ok(element_of(&types[0]).clone()),
    call: |args| extreme(args, Nan::Lowest),
};

/// `array_min(array)`: null where it is empty or an element is null; NaN only where all are.
static MIN: ScalarFunction = ScalarFunction {
    name: "array_min",
    arguments: |types| array_and("array_min", types, &[], "array_min takes one array"),
    result: |types| Ok(element_of(&types[0]).clone()),
    call: |args| extreme(args, Nan::Highest),
};

fn extreme(args: &ScalarFunctionArgs, nan: Nan) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let ordered = keys_with(arguments.list(0).values(), nan)?;
    one(args, |values, elements| {
        if elements.clone().any(|it| is_null(values, it)) {
            return None;
        }
        match nan {
            Nan::Lowest => {
                elements.max_by(|one, other| ordered.row(*one).cmp(&ordered.row(*other)))
            }
            Nan::Highest => {
                elements.min_by(|one, other| ordered.row(*one).cmp(&ordered.row(*other)))
            }
        }
    })
}

/// One element of each array.
fn one(
    args: &ScalarFunctionArgs,
    chosen: impl Fn(&ArrayRef, &mut std::ops::Range<usize>) -> Option<usize>,
) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let values = arguments.list(0).values();
    let each = (0..arguments.rows).map(|row| {
        let mut elements = arguments.elements(0, row)?;
        u32::try_from(chosen(values, &mut elements)?).ok()
    });
    Ok(take(values, &each.collect::<UInt32Array>(), None)?)
}

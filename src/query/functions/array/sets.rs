//! Arrays as sets: each element once, nulls too.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array};
use arrow::datatypes::DataType;
use arrow::row::{Row, Rows};
use datafusion::common::Result;
use datafusion::logical_expr::ScalarFunctionArgs;

use super::types::{array_and, two_alike};
use crate::query::maps::map_type;
use crate::query::nested::entries::Maps;
use crate::query::nested::keys::keys;
use crate::query::nested::pick::{Arguments, Picker, element_of, is_null, joined};
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] =
    &[&DISTINCT, &UNION, &INTERSECT, &EXCEPT, &OVERLAP, &CONTAINS_SEQUENCE, &HISTOGRAM];

/// `array_distinct(array)`: each element where it comes first.
static DISTINCT: ScalarFunction = ScalarFunction {
    name: "array_distinct",
    arguments: |types| array_and("array_distinct", types, &[], "array_distinct takes one array"),
    result: |types| Ok(types[0].clone()),
    call: |args| {
        let arguments = Arguments::of(args)?;
        let values = arguments.list(0).values();
        let keys = keys(values)?;
        let mut picker = Picker::new("array_distinct");
        for row in 0..arguments.rows {
            match arguments.elements(0, row) {
                Some(elements) => {
                    let mut seen = HashSet::new();
                    picker.pick_all(elements.filter(|it| seen.insert(keys.row(*it))));
                    picker.end()?;
                }
                None => picker.end_null(),
            }
        }
        picker.lists(values, args.return_type())
    },
};

/// `array_union(array, array)`: the elements of either.
static UNION: ScalarFunction = ScalarFunction {
    name: "array_union",
    arguments: |types| two_alike("array_union", types),
    result: |types| Ok(types[0].clone()),
    call: |args| set("array_union", args, |_, _| true, true),
};

/// `array_intersect(array, array)`: the elements of both.
static INTERSECT: ScalarFunction = ScalarFunction {
    name: "array_intersect",
    arguments: |types| two_alike("array_intersect", types),
    result: |types| Ok(types[0].clone()),
    call: |args| set("array_intersect", args, |second, it| second.contains(&it), false),
};

/// `array_except(array, array)`: the elements of the first that the second has not.
static EXCEPT: ScalarFunction = ScalarFunction {
    name: "array_except",
    arguments: |types| two_alike("array_except", types),
    result: |types| Ok(types[0].clone()),
    call: |args| set("array_except", args, |second, it| !second.contains(&it), false),
};

/// The elements of the first array that are wanted, given those of the second, and perhaps those
/// of the second behind them; each once.
fn set(
    function: &'static str,
    args: &ScalarFunctionArgs,
    is_wanted: fn(&HashSet<Row>, Row) -> bool,
    with_second: bool,
) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let (values, offset) = joined(arguments.list(0).values(), arguments.list(1).values())?;
    let keys = keys(&values)?;
    let mut picker = Picker::new(function);
    for row in 0..arguments.rows {
        let (Some(first), Some(second)) = (arguments.elements(0, row), arguments.elements(1, row))
        else {
            picker.end_null();
            continue;
        };
        let second = second.start + offset..second.end + offset;
        let of_second: HashSet<Row> = second.clone().map(|it| keys.row(it)).collect();
        let mut seen = HashSet::new();
        picker.pick_all(first.filter(|it| {
            let key = keys.row(*it);
            is_wanted(&of_second, key) && seen.insert(key)
        }));
        if with_second {
            picker.pick_all(second.filter(|it| seen.insert(keys.row(*it))));
        }
        picker.end()?;
    }
    picker.lists(&values, args.return_type())
}

/// `arrays_overlap(array, array)`: null where they have no element in common, but one has a null.
static OVERLAP: ScalarFunction = ScalarFunction {
    name: "arrays_overlap",
    arguments: |types| two_alike("arrays_overlap", types),
    result: |_| Ok(DataType::Boolean),
    call: |args| {
        of_two(args, |keys, values, first, second| {
            if first.is_empty() || second.is_empty() {
                return Some(false);
            }
            let is_valid = |it: &usize| !is_null(values, *it);
            let of_second: HashSet<Row> =
                second.iter().copied().filter(is_valid).map(|it| keys.row(it)).collect();
            let mut common = first.iter().copied().filter(is_valid);
            if common.any(|it| of_second.contains(&keys.row(it))) {
                return Some(true);
            }
            first.iter().chain(second).all(is_valid).then_some(false)
        })
    },
};

/// `contains_sequence(array, sequence)`: whether its elements follow one another in the array.
static CONTAINS_SEQUENCE: ScalarFunction = ScalarFunction {
    name: "contains_sequence",
    arguments: |types| two_alike("contains_sequence", types),
    result: |_| Ok(DataType::Boolean),
    call: |args| {
        of_two(args, |keys, _, first, second| {
            let same = |(left, right): (&usize, &usize)| keys.row(*left) == keys.row(*right);
            let begins = |at: usize| first[at..].iter().zip(second).all(same);
            let last = first.len().checked_sub(second.len());
            Some(last.is_some_and(|last| (0..=last).any(begins)))
        })
    },
};

/// A boolean of the elements of two arrays, given their keys and values.
fn of_two(
    args: &ScalarFunctionArgs,
    holds: fn(&Rows, &ArrayRef, &[usize], &[usize]) -> Option<bool>,
) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let (values, offset) = joined(arguments.list(0).values(), arguments.list(1).values())?;
    let keys = keys(&values)?;
    let each = (0..arguments.rows).map(|row| {
        let first: Vec<usize> = arguments.elements(0, row)?.collect();
        let second: Vec<usize> = arguments.elements(1, row)?.map(|it| it + offset).collect();
        holds(&keys, &values, &first, &second)
    });
    Ok(Arc::new(each.collect::<BooleanArray>()))
}

/// `array_histogram(array)`: how often each element is there, nulls left out.
static HISTOGRAM: ScalarFunction = ScalarFunction {
    name: "array_histogram",
    arguments: |types| array_and("array_histogram", types, &[], "array_histogram takes one array"),
    result: |types| Ok(map_type(element_of(&types[0]).clone(), DataType::Int64)),
    call: histogram,
};

fn histogram(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let values = arguments.list(0).values();
    let keys = keys(values)?;
    let mut maps = Maps::new("array_histogram");
    let mut counts: Vec<i64> = Vec::new();
    for row in 0..arguments.rows {
        let Some(elements) = arguments.elements(0, row) else {
            maps.end_null();
            continue;
        };
        let mut places: HashMap<Row, usize> = HashMap::new();
        for element in elements.filter(|it| !is_null(values, *it)) {
            let place = *places.entry(keys.row(element)).or_insert_with(|| {
                maps.add(element, counts.len());
                counts.push(0);
                counts.len() - 1
            });
            counts[place] += 1;
        }
        maps.end()?;
    }
    let counts: ArrayRef = Arc::new(Int64Array::from(counts));
    maps.finish(values, &counts, args.return_type())
}

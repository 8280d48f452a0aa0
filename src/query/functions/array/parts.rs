//! Parts of arrays: slices, n-grams and combinations.

use std::ops::Range;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::types::array_and;
use crate::query::nested::pick::{Arguments, Picker, element_of, list_of, nested};
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&SLICE, &TRIM, &NGRAMS, &COMBINATIONS];

/// `slice(array, start, length)`: one-based, from the end where the start is negative.
static SLICE: ScalarFunction = ScalarFunction {
    name: "slice",
    arguments: |types| {
        let numbers = [DataType::Int64, DataType::Int64];
        array_and("slice", types, &numbers, "slice takes an array, a start and a length")
    },
    result: |types| Ok(types[0].clone()),
    call: |args| part(args, "slice", sliced),
};

fn sliced(elements: Range<usize>, numbers: &[i64]) -> Result<Range<usize>> {
    let [start, length] = numbers else { return Ok(elements) };
    let count = elements.len();
    let Ok(length) = usize::try_from(*length) else {
        return exec_err!("the length of slice is {length}, but has to be at least 0");
    };
    let from_start = usize::try_from(start.unsigned_abs()).unwrap_or(usize::MAX);
    let first = match start {
        0 => return exec_err!("the start of slice is 0, but indices of arrays start at 1"),
        1.. => Some(from_start - 1).filter(|it| *it < count),
        _ => count.checked_sub(from_start),
    };
    Ok(match first {
        Some(first) => {
            elements.start + first..elements.start + count.min(first.saturating_add(length))
        }
        None => 0..0,
    })
}

/// `trim_array(array, n)`: without its last `n` elements.
static TRIM: ScalarFunction = ScalarFunction {
    name: "trim_array",
    arguments: |types| {
        array_and("trim_array", types, &[DataType::Int64], "trim_array takes an array and a number")
    },
    result: |types| Ok(types[0].clone()),
    call: |args| part(args, "trim_array", trimmed),
};

fn trimmed(elements: Range<usize>, numbers: &[i64]) -> Result<Range<usize>> {
    let number = numbers.first().copied().unwrap_or(0);
    let Ok(less) = usize::try_from(number) else {
        return exec_err!("trim_array takes {number} elements off, but has to take at least 0");
    };
    let Some(count) = elements.len().checked_sub(less) else {
        return exec_err!("trim_array takes {less} elements off an array of {}", elements.len());
    };
    Ok(elements.start..elements.start + count)
}

/// A part of each array, given the other arguments.
fn part(
    args: &ScalarFunctionArgs,
    function: &'static str,
    range: fn(Range<usize>, &[i64]) -> Result<Range<usize>>,
) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let mut picker = Picker::new(function);
    for row in 0..arguments.rows {
        match arguments.elements(0, row) {
            Some(elements) => {
                let others = 1..arguments.arrays.len();
                let numbers: Vec<_> = others.map(|at| arguments.integers(at).value(row)).collect();
                picker.pick_all(range(elements, &numbers)?);
                picker.end()?;
            }
            None => picker.end_null(),
        }
    }
    picker.lists(arguments.list(0).values(), args.return_type())
}

/// `ngrams(array, n)`: each `n` elements that follow one another; all, where there are fewer.
static NGRAMS: ScalarFunction = ScalarFunction {
    name: "ngrams",
    arguments: |types| {
        array_and("ngrams", types, &[DataType::Int64], "ngrams takes an array and a number")
    },
    result: |types| Ok(list_of(&list_of(element_of(&types[0])))),
    call: |args| {
        arrays_of(args, "ngrams", |elements, number, inner| {
            let Some(size) = usize::try_from(number).ok().filter(|it| *it > 0) else {
                return exec_err!("ngrams takes {number} elements, but has to take at least 1");
            };
            let count = elements.len().checked_sub(size).map_or(1, |it| it + 1);
            for first in elements.start..elements.start + count {
                inner.pick_all(first..elements.end.min(first.saturating_add(size)));
                inner.end()?;
            }
            Ok(count)
        })
    },
};

/// The most elements of one combination.
const MOST_COMBINED: usize = 5;
/// The most combinations of one array.
const MOST_COMBINATIONS: usize = 100_000;

/// `combinations(array, n)`: all choices of `n` elements, at most 5.
static COMBINATIONS: ScalarFunction = ScalarFunction {
    name: "combinations",
    arguments: |types| {
        let usage = "combinations takes an array and a number";
        array_and("combinations", types, &[DataType::Int64], usage)
    },
    result: |types| Ok(list_of(&list_of(element_of(&types[0])))),
    call: |args| {
        arrays_of(args, "combinations", |elements, number, inner| match usize::try_from(number) {
            Ok(size) if size <= MOST_COMBINED => combined(&elements, size, inner),
            _ => exec_err!("combinations takes 0 to {MOST_COMBINED} elements, not {number}"),
        })
    },
};

fn combined(elements: &Range<usize>, size: usize, inner: &mut Picker) -> Result<usize> {
    if size > elements.len() {
        return Ok(0);
    }
    // The last index never moves: it ends those before it.
    let mut chosen: Vec<usize> = (elements.start..elements.start + size).collect();
    chosen.push(elements.end);
    let mut count = 0;
    loop {
        if count == MOST_COMBINATIONS {
            return exec_err!("combinations gives more than {MOST_COMBINATIONS} of one array");
        }
        inner.pick_all(chosen[..size].iter().copied());
        inner.end()?;
        count += 1;
        let Some(moved) = (0..size).find(|it| chosen[*it] + 1 < chosen[*it + 1]) else {
            return Ok(count);
        };
        chosen[moved] += 1;
        for (index, before) in chosen[..moved].iter_mut().enumerate() {
            *before = elements.start + index;
        }
    }
}

/// Arrays of arrays, of which a function makes those of a row and tells how many they are.
fn arrays_of(
    args: &ScalarFunctionArgs,
    function: &'static str,
    make: fn(Range<usize>, i64, &mut Picker) -> Result<usize>,
) -> Result<ArrayRef> {
    let arguments = Arguments::of(args)?;
    let mut inner = Picker::new(function);
    let (mut counts, mut nulls) = (Vec::new(), arrow::array::NullBufferBuilder::new(0));
    for row in 0..arguments.rows {
        let elements = arguments.elements(0, row);
        nulls.append(elements.is_some());
        counts.push(match elements {
            Some(elements) => make(elements, arguments.integers(1).value(row), &mut inner)?,
            None => 0,
        });
    }
    let inner = inner.lists(arguments.list(0).values(), element_of(args.return_type()))?;
    nested(inner, &counts, nulls.finish(), args.return_type())
}

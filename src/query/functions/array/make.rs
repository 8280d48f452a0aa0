//! Arrays made of other values: repeated, joined, flattened, zipped.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StructArray};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::ScalarFunctionArgs;

use super::types::{alike, array, array_and, array_and_element};
use crate::query::maps::elements;
use crate::query::nested::pick::{Arguments, Picker, compact, element_of, list_of, nested};
use crate::query::scalar::{ScalarFunction, arrays};
use crate::query::types::{common_type, sql_type};

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&REPEAT, &FLATTEN, &ZIP];

/// The most elements of an array that is made of a number, as in Trino.
const MOST_ELEMENTS: i64 = 10_000;

/// `repeat(element, count)`: an array; null elements are repeated too.
static REPEAT: ScalarFunction = ScalarFunction {
    name: "repeat",
    arguments: |types| {
        let [element, _] = types else {
            return plan_err!("repeat takes an element and how often it is there");
        };
        Ok(vec![element.clone(), DataType::Int64])
    },
    result: |types| Ok(list_of(&types[0])),
    call: repeat,
};

fn repeat(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let counts = given[1].as_primitive::<arrow::datatypes::Int64Type>();
    let mut picker = Picker::new("repeat");
    for row in 0..args.number_rows {
        if counts.is_null(row) {
            picker.end_null();
            continue;
        }
        let count = counts.value(row);
        if !(0..=MOST_ELEMENTS).contains(&count) {
            return exec_err!("repeat takes a count from 0 to {MOST_ELEMENTS}, not {count}");
        }
        picker.pick_all((0..count).map(|_| row));
        picker.end()?;
    }
    picker.lists(&given[0], args.return_type())
}

/// What `||` is planned as where a side is an array: two arrays, or an array and an element.
pub static CONCAT: ScalarFunction = ScalarFunction {
    name: "array ||",
    arguments: |types| {
        let [left, right] = types else { return plan_err!("|| joins two arrays") };
        match (common_type(left, right), left.is_list(), right.is_list()) {
            (Some(common), ..) if common.is_list() => Ok(vec![common; 2]),
            (_, true, _) if !right.is_list() || element_of(left).is_list() => {
                array_and_element("||", types)
            }
            (_, _, true) => {
                let mut turned = array_and_element("||", &[right.clone(), left.clone()])?;
                turned.reverse();
                Ok(turned)
            }
            _ => plan_err!("|| joins no {} and {}", sql_type(left), sql_type(right)),
        }
    },
    result: |types| {
        let [left, right] = types else { return plan_err!("|| joins two arrays") };
        let is_of_left = left == right || element_of(left) == right;
        Ok(if is_of_left { left.clone() } else { right.clone() })
    },
    call: joined,
};

fn joined(args: &ScalarFunctionArgs) -> Result<ArrayRef> {
    let given = arrays(args)?;
    let mut values = Vec::new();
    for array in &given {
        let is_list = array.data_type() == args.return_type();
        let compact = is_list.then(|| compact(array.as_list::<i32>()));
        values.push((
            compact.as_ref().map_or(Arc::clone(array), |it| Arc::clone(it.values())),
            compact,
        ));
    }
    let all = concat(&values.iter().map(|(it, _)| it.as_ref()).collect::<Vec<_>>())?;
    let mut picker = Picker::new("||");
    for row in 0..args.number_rows {
        let mut offset = 0;
        let mut is_null = false;
        for (array, list) in &values {
            match list.as_ref().map(|it| elements(it, row)) {
                Some(Some(range)) => picker.pick_all(range.map(|it| it + offset)),
                Some(None) => is_null = true,
                None => picker.pick(row + offset),
            }
            offset += array.len();
        }
        if is_null { picker.end_null() } else { picker.end()? }
    }
    picker.lists(&all, args.return_type())
}

/// `flatten(array of arrays)`: their elements; arrays that are null have none.
static FLATTEN: ScalarFunction = ScalarFunction {
    name: "flatten",
    arguments: |types| {
        let types = array_and("flatten", types, &[], "flatten takes one array of arrays")?;
        let inner = element_of(&types[0]);
        Ok(vec![list_of(&list_of(element_of(&array("flatten", inner)?)))])
    },
    result: |types| Ok(element_of(&types[0]).clone()),
    call: |args| {
        let arguments = Arguments::of(args)?;
        let inner = compact(arguments.list(0).values().as_list());
        let mut picker = Picker::new("flatten");
        for row in 0..arguments.rows {
            match arguments.elements(0, row) {
                Some(lists) => {
                    lists.filter_map(|it| elements(&inner, it)).for_each(|it| picker.pick_all(it));
                    picker.end()?;
                }
                None => picker.end_null(),
            }
        }
        picker.lists(inner.values(), args.return_type())
    },
};

/// How many arrays are zipped.
const ZIPPED: std::ops::RangeInclusive<usize> = 2..=5;

/// `zip(array, array [, …])`: rows of the elements at each place, null where an array is shorter.
static ZIP: ScalarFunction = ScalarFunction {
    name: "zip",
    arguments: |types| {
        if !ZIPPED.contains(&types.len()) {
            return plan_err!("zip takes 2 to 5 arrays");
        }
        let each = types.iter().map(|it| alike("zip", std::slice::from_ref(it)));
        Ok(each.collect::<Result<Vec<_>>>()?.concat())
    },
    result: |types| {
        let fields = types
            .iter()
            .enumerate()
            .map(|(place, list)| Field::new(format!("c{place}"), element_of(list).clone(), true));
        Ok(list_of(&DataType::Struct(fields.collect::<Fields>())))
    },
    call: |args| {
        let arguments = Arguments::of(args)?;
        let count = arguments.arrays.len();
        let (mut lengths, mut nulls) = (Vec::new(), arrow::array::NullBufferBuilder::new(0));
        let mut columns: Vec<Picker> = (0..count).map(|_| Picker::new("zip")).collect();
        for row in 0..arguments.rows {
            let ranges = (0..count).map(|it| arguments.elements(it, row));
            let ranges: Option<Vec<_>> = ranges.collect();
            nulls.append(ranges.is_some());
            let ranges = ranges.unwrap_or_default();
            let longest = ranges.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
            lengths.push(longest);
            for (range, column) in ranges.into_iter().zip(&mut columns) {
                let missing = longest - range.len();
                column.pick_all(range);
                (0..missing).for_each(|_| column.pick_null());
                column.reserve(0)?;
            }
        }
        let DataType::Struct(fields) = element_of(args.return_type()) else {
            return exec_err!("rows were expected");
        };
        let taken = columns.iter().enumerate();
        let taken = taken.map(|(at, it)| it.taken(arguments.list(at).values()));
        let rows = StructArray::try_new(fields.clone(), taken.collect::<Result<_>>()?, None)?;
        nested(Arc::new(rows), &lengths, nulls.finish(), args.return_type())
    },
};

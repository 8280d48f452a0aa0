//! Lambdas over the elements of arrays.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::DataType;
use datafusion::common::Result;

use super::function::{Call, LambdaFunction, boolean};
use crate::query::functions::array::types::array;
use crate::query::maps::elements;
use crate::query::nested::pick::{Picker, element_of, list_of, nested};

/// A function that asks whether elements match: null where one gives null and none settles it.
macro_rules! matching {
    ($name:literal, $wanted:literal, $then:literal) => {
        LambdaFunction {
            name: $name,
            usage: concat!($name, " takes an array and element -> boolean"),
            values: |types| Ok(vec![array($name, &types[0])?]),
            count: 1,
            parameters: element,
            result: |_, body| boolean($name, body).map(|()| DataType::Boolean),
            call: |call| matched(call, $wanted, $then),
        }
    };
}

/// What SQL calls.
pub static FUNCTIONS: &[&LambdaFunction] = &[
    &FILTER,
    &TRANSFORM,
    &matching!("any_match", true, true),
    &matching!("all_match", false, false),
    &matching!("none_match", true, false),
    &FIRST_MATCH,
    &ZIP_WITH,
];

/// `filter(array, element -> boolean)`: the elements for which it is true.
static FILTER: LambdaFunction = LambdaFunction {
    name: "filter",
    usage: "filter takes an array and element -> boolean",
    values: |types| Ok(vec![array("filter", &types[0])?]),
    count: 1,
    parameters: element,
    result: |types, body| boolean("filter", body).map(|()| types[0].clone()),
    call: |call| {
        let flat = Flat::of(call);
        let keeps = call.booleans(&[flat.values(call)?], &flat.rows)?;
        let mut picker = Picker::new("filter");
        let mut next = 0;
        for length in &flat.lengths {
            let Some(length) = length else {
                picker.end_null();
                continue;
            };
            let kept = (next..next + length).filter(|it| keeps.is_valid(*it) && keeps.value(*it));
            picker.pick_all(kept.map(|it| flat.places[it]));
            picker.end()?;
            next += length;
        }
        picker.lists(call.values[0].as_list::<i32>().values(), call.result)
    },
};

/// `transform(array, element -> value)`
static TRANSFORM: LambdaFunction = LambdaFunction {
    name: "transform",
    usage: "transform takes an array and element -> value",
    values: |types| Ok(vec![array("transform", &types[0])?]),
    count: 1,
    parameters: element,
    result: |_, body| Ok(list_of(body)),
    call: |call| {
        let flat = Flat::of(call);
        let values = call.evaluate(&[flat.values(call)?], &flat.rows)?;
        flat.lists(values, call.result)
    },
};

/// A boolean for each array: `then` where an element gives `wanted`, null where one gives null, and
/// otherwise not `then`.
fn matched(call: &Call, wanted: bool, then: bool) -> Result<ArrayRef> {
    let flat = Flat::of(call);
    let given = call.booleans(&[flat.values(call)?], &flat.rows)?;
    let mut next = 0;
    let each = flat.lengths.iter().map(|length| {
        let length = (*length)?;
        let mut range = next..next + length;
        next += length;
        if range.clone().any(|it| given.is_valid(it) && given.value(it) == wanted) {
            return Some(then);
        }
        (!range.any(|it| given.is_null(it))).then_some(!then)
    });
    Ok(Arc::new(each.collect::<BooleanArray>()))
}

/// `array_first(array, element -> boolean)`, as it is rewritten to: the first element for which the
/// lambda is true.
static FIRST_MATCH: LambdaFunction = LambdaFunction {
    name: "$array_first",
    usage: "array_first takes an array and perhaps element -> boolean",
    values: |types| Ok(vec![array("array_first", &types[0])?]),
    count: 1,
    parameters: element,
    result: |types, body| boolean("array_first", body).map(|()| element_of(&types[0]).clone()),
    call: |call| {
        let flat = Flat::of(call);
        let given = call.booleans(&[flat.values(call)?], &flat.rows)?;
        let mut next = 0;
        let each = flat.lengths.iter().map(|length| {
            let length = (*length)?;
            let mut range = next..next + length;
            next += length;
            let found = range.find(|it| given.is_valid(*it) && given.value(*it))?;
            u32::try_from(flat.places[found]).ok()
        });
        let places = each.collect::<UInt32Array>();
        Ok(take(call.values[0].as_list::<i32>().values(), &places, None)?)
    },
};

/// `zip_with(array, array, (element, element) -> value)`: null takes the place of the elements that
/// the shorter array lacks.
static ZIP_WITH: LambdaFunction = LambdaFunction {
    name: "zip_with",
    usage: "zip_with takes two arrays and (element, element) -> value",
    values: |types| types.iter().map(|it| array("zip_with", it)).collect(),
    count: 2,
    parameters: |types| types.iter().map(|it| element_of(it).clone()).collect(),
    result: |_, body| Ok(list_of(body)),
    call: |call| {
        let (left, right) = (call.values[0].as_list::<i32>(), call.values[1].as_list::<i32>());
        let mut columns = [Picker::new("zip_with"), Picker::new("zip_with")];
        let (mut rows, mut lengths) = (Vec::new(), Vec::new());
        for row in 0..call.rows {
            let ranges = elements(left, row).zip(elements(right, row));
            lengths.push(ranges.clone().map(|(left, right)| left.len().max(right.len())));
            let Some((left, right)) = ranges else { continue };
            let longest = left.len().max(right.len());
            for (range, column) in [left, right].into_iter().zip(&mut columns) {
                let missing = longest - range.len();
                column.pick_all(range);
                (0..missing).for_each(|_| column.pick_null());
                column.reserve(0)?;
            }
            rows.extend(std::iter::repeat_n(u32::try_from(row).unwrap_or_default(), longest));
        }
        let parameters = [columns[0].taken(left.values())?, columns[1].taken(right.values())?];
        let values = call.evaluate(&parameters, &rows)?;
        Flat { places: Vec::new(), rows, lengths }.lists(values, call.result)
    },
};

fn element(types: &[DataType]) -> Vec<DataType> {
    vec![element_of(&types[0]).clone()]
}

/// The elements of all arrays that are not null, behind one another.
struct Flat {
    /// Where each lies in the values of the list.
    places: Vec<usize>,
    /// The row of each.
    rows: Vec<u32>,
    /// How many each row has; none where it is null.
    lengths: Vec<Option<usize>>,
}

impl Flat {
    fn of(call: &Call) -> Self {
        let list = call.values[0].as_list::<i32>();
        let mut flat = Self { places: Vec::new(), rows: Vec::new(), lengths: Vec::new() };
        for row in 0..call.rows {
            let range = elements(list, row);
            flat.lengths.push(range.as_ref().map(ExactSizeIterator::len));
            for element in range.unwrap_or(0..0) {
                flat.places.push(element);
                flat.rows.push(u32::try_from(row).unwrap_or_default());
            }
        }
        flat
    }

    fn values(&self, call: &Call) -> Result<ArrayRef> {
        let values = call.values[0].as_list::<i32>().values();
        if self.places.len() == values.len() {
            return Ok(Arc::clone(values));
        }
        let places = self.places.iter().map(|it| u32::try_from(*it).unwrap_or_default());
        Ok(take(values, &places.collect::<UInt32Array>(), None)?)
    }

    /// Lists with values that the lambda gave.
    fn lists(&self, values: ArrayRef, list: &DataType) -> Result<ArrayRef> {
        let nulls = self.lengths.iter().map(Option::is_some).collect();
        let lengths: Vec<usize> = self.lengths.iter().map(|it| it.unwrap_or(0)).collect();
        nested(values, &lengths, Some(nulls), list)
    }
}

//! `array_sort(array, (left, right) -> -1, 0 or 1)`.

use std::collections::VecDeque;

use arrow::array::{Array, ArrayRef, AsArray, UInt32Array};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{Result, exec_err, plan_err};

use super::function::{Call, LambdaFunction};
use crate::query::functions::array::types::array;
use crate::query::maps::elements;
use crate::query::nested::pick::{Picker, element_of};
use crate::query::types::sql_type;

/// What SQL calls.
pub static FUNCTIONS: &[&LambdaFunction] = &[&SORT];

/// `array_sort` with a lambda, as it is rewritten to.
static SORT: LambdaFunction = LambdaFunction {
    name: "$array_sort",
    usage: "array_sort takes an array and perhaps (left, right) -> -1, 0 or 1",
    values: |types| Ok(vec![array("array_sort", &types[0])?]),
    count: 1,
    parameters: |types| vec![element_of(&types[0]).clone(); 2],
    result: |types, body| match body {
        it if it.is_integer() || it.is_null() => Ok(types[0].clone()),
        other => {
            let given = sql_type(other);
            plan_err!("the lambda of array_sort has to be an integer, and is {given}")
        }
    },
    call: sorted,
};

/// Two runs in order that become one.
struct Merge {
    row: u32,
    left: VecDeque<usize>,
    right: VecDeque<usize>,
    merged: VecDeque<usize>,
}

impl Merge {
    fn is_active(&self) -> bool {
        !self.left.is_empty() && !self.right.is_empty()
    }

    /// What is left of one of them goes behind.
    fn finished(mut self) -> (u32, VecDeque<usize>) {
        self.merged.append(&mut self.left);
        self.merged.append(&mut self.right);
        (self.row, self.merged)
    }
}

/// Runs of one element are merged to runs of two, and so on: all merges of all rows take a step
/// together, so that the lambda is called for many at once.
fn sorted(call: &Call) -> Result<ArrayRef> {
    let list = call.values[0].as_list::<i32>();
    let mut runs: Vec<(u32, VecDeque<usize>)> = Vec::new();
    for row in 0..call.rows {
        let number = u32::try_from(row).unwrap_or_default();
        runs.extend(elements(list, row).unwrap_or(0..0).map(|it| (number, [it].into())));
    }
    loop {
        let (mut merges, mut whole, mut is_done) = (Vec::new(), runs.into_iter().peekable(), true);
        while let Some((row, left)) = whole.next() {
            let right = whole.next_if(|(other, _)| *other == row).map(|(_, it)| it);
            is_done &= right.is_none();
            let right = right.unwrap_or_default();
            merges.push(Merge { row, left, right, merged: VecDeque::new() });
        }
        while merges.iter().any(Merge::is_active) {
            step(call, list.values(), &mut merges)?;
        }
        runs = merges.into_iter().map(Merge::finished).collect();
        if is_done {
            break;
        }
    }
    let mut picker = Picker::new("array_sort");
    let mut runs = runs.into_iter().peekable();
    for row in 0..call.rows {
        if list.is_null(row) {
            picker.end_null();
            continue;
        }
        let of_row = runs.next_if(|(it, _)| usize::try_from(*it).is_ok_and(|it| it == row));
        picker.pick_all(of_row.map(|(_, it)| it).unwrap_or_default());
        picker.end()?;
    }
    picker.lists(list.values(), call.result)
}

fn step(call: &Call, values: &ArrayRef, merges: &mut [Merge]) -> Result<()> {
    let mut active: Vec<&mut Merge> = merges.iter_mut().filter(|it| it.is_active()).collect();
    let heads = |side: fn(&Merge) -> &VecDeque<usize>| {
        let heads = active.iter().map(|it| u32::try_from(*side(it).front()?).ok());
        take(values, &heads.collect::<UInt32Array>(), None)
    };
    let (left, right) = (heads(|it| &it.left)?, heads(|it| &it.right)?);
    let rows: Vec<u32> = active.iter().map(|it| it.row).collect();
    let order = cast(&call.evaluate(&[left, right], &rows)?, &DataType::Int64)?;
    let order = order.as_primitive::<Int64Type>();
    for (place, merge) in active.iter_mut().enumerate() {
        let takes_right = match (order.is_valid(place), order.value(place)) {
            (true, -1 | 0) => false,
            (true, 1) => true,
            (true, other) => {
                return exec_err!("the lambda of array_sort gives {other}, and not -1, 0 or 1");
            }
            (false, _) => {
                return exec_err!("the lambda of array_sort gives null, and not -1, 0 or 1");
            }
        };
        let run = if takes_right { &mut merge.right } else { &mut merge.left };
        let next = run.pop_front();
        merge.merged.extend(next);
    }
    Ok(())
}

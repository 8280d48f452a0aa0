//! Equality as of `=`: arrays, rows and maps with a null in them may be unknown.

use arrow::array::{Array, ArrayRef, AsArray, make_comparator};
use arrow::compute::SortOptions;
use arrow::datatypes::DataType;
use datafusion::common::Result;

use super::keys::keys;
use crate::query::maps::{elements, entries};
use crate::query::nan::{Nan, placed};

/// Whether the value at an index of one array equals that at an index of another; none where a null
/// keeps that unknown.
pub type Equality = Box<dyn Fn(usize, usize) -> Option<bool>>;

/// The equality of the values of two arrays of one type. NaN equals nothing.
pub fn equality(left: &ArrayRef, right: &ArrayRef) -> Result<Equality> {
    of(&placed(left, Nan::Lowest)?, &placed(right, Nan::Highest)?)
}

fn of(left: &ArrayRef, right: &ArrayRef) -> Result<Equality> {
    let valid = match left.data_type() {
        DataType::Null => return Ok(Box::new(|_, _| None)),
        DataType::List(_) => of_lists(left, right)?,
        DataType::Struct(_) => of_rows(left, right)?,
        DataType::Map(..) => of_maps(left, right)?,
        _ => {
            let compare = make_comparator(left, right, SortOptions::default())?;
            Box::new(move |one, other| Some(compare(one, other).is_eq()))
        }
    };
    let (left, right) = (left.nulls().cloned(), right.nulls().cloned());
    let is_null = |nulls: &Option<arrow::buffer::NullBuffer>, at: usize| {
        nulls.as_ref().is_some_and(|it| it.is_null(at))
    };
    Ok(Box::new(move |one, other| {
        if is_null(&left, one) || is_null(&right, other) { None } else { valid(one, other) }
    }))
}

fn of_lists(left: &ArrayRef, right: &ArrayRef) -> Result<Equality> {
    let (left, right) = (left.as_list::<i32>().clone(), right.as_list::<i32>().clone());
    let inner = of(left.values(), right.values())?;
    Ok(Box::new(move |one, other| {
        let (one, other) = (elements(&left, one)?, elements(&right, other)?);
        if one.len() != other.len() {
            return Some(false);
        }
        all(one.zip(other).map(|(one, other)| inner(one, other)))
    }))
}

fn of_rows(left: &ArrayRef, right: &ArrayRef) -> Result<Equality> {
    let columns = left.as_struct().columns().iter().zip(right.as_struct().columns());
    let members = columns.map(|(left, right)| of(left, right)).collect::<Result<Vec<_>>>()?;
    Ok(Box::new(move |one, other| all(members.iter().map(|it| it(one, other)))))
}

fn of_maps(left: &ArrayRef, right: &ArrayRef) -> Result<Equality> {
    let (left, right) = (left.as_map().clone(), right.as_map().clone());
    let values = of(left.values(), right.values())?;
    let (of_left, of_right) = (keys(left.keys())?, keys(right.keys())?);
    Ok(Box::new(move |one, other| {
        let (one, other) = (entries(&left, one), entries(&right, other));
        if one.len() != other.len() {
            return Some(false);
        }
        all(one.map(|entry| {
            let same = |it: &usize| of_left.row(entry) == of_right.row(*it);
            match other.clone().find(same) {
                Some(found) => values(entry, found),
                None => Some(false),
            }
        }))
    }))
}

/// True where all are, false where one is not, and otherwise unknown.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut is_known = true;
    for part in parts {
        match part {
            Some(true) => {}
            Some(false) => return Some(false),
            None => is_known = false,
        }
    }
    is_known.then_some(true)
}

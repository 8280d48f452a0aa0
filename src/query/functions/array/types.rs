//! What types functions over arrays take.

use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result, plan_datafusion_err, plan_err};

use crate::query::maps::plain_list;
use crate::query::nested::pick::{element_of, list_of};
use crate::query::types::{common_type, sql_type};

/// One array, and then what else is wanted.
pub fn array_and(
    function: &str,
    given: &[DataType],
    rest: &[DataType],
    usage: &str,
) -> Result<Vec<DataType>> {
    let [list, others @ ..] = given else { return plan_err!("{usage}") };
    if others.len() != rest.len() {
        return plan_err!("{usage}");
    }
    let mut types = vec![array(function, list)?];
    types.extend_from_slice(rest);
    Ok(types)
}

/// A type as an array.
pub fn array(function: &str, given: &DataType) -> Result<DataType> {
    plain_list(function, given)
        .map_err(|_| plan_datafusion_err!("{function} takes an array, not {}", sql_type(given)))
}

/// Arrays, with elements of one type.
pub fn alike(function: &str, given: &[DataType]) -> Result<Vec<DataType>> {
    let arrays = given.iter().map(|it| array(function, it)).collect::<Result<Vec<_>>>()?;
    let mut common = DataType::Null;
    for list in &arrays {
        let element = element_of(list);
        common = common_type(&common, element).ok_or_else(|| unlike(function, &common, element))?;
    }
    Ok(vec![list_of(&common); arrays.len()])
}

/// Two arrays, with elements of one type.
pub fn two_alike(function: &str, given: &[DataType]) -> Result<Vec<DataType>> {
    if given.len() != 2 {
        return plan_err!("{function} takes two arrays");
    }
    alike(function, given)
}

/// An array and a value of the type of its elements.
pub fn array_and_element(function: &str, given: &[DataType]) -> Result<Vec<DataType>> {
    let [list, element] = given else {
        return plan_err!("{function} takes an array and an element");
    };
    let list = array(function, list)?;
    let of_list = element_of(&list);
    let Some(common) = common_type(of_list, element) else {
        return Err(unlike(function, of_list, element));
    };
    Ok(vec![list_of(&common), common])
}

fn unlike(function: &str, left: &DataType, right: &DataType) -> DataFusionError {
    let (left, right) = (sql_type(left), sql_type(right));
    plan_datafusion_err!("{function} finds no common type for elements of {left} and {right}")
}

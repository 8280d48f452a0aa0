//! Functions over arrays and maps.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, ListArray, MapArray, UInt32Array};
use arrow::compute::{SortOptions, take};
use arrow::datatypes::{DataType, Field, Int64Type};
use datafusion::common::{DataFusionError, Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExpressionPlacement, ScalarFunctionArgs, ScalarUDFImpl, Signature,
    Volatility,
};

use crate::query::faults::of_value;
use crate::query::maps::{elements, entries, plain_list};
use crate::query::scalar::ScalarFunction;

/// `element_at(map, key)`, null where the key is absent; `element_at(array, index)`, one-based,
/// from the end where negative, null where there is no such element. The subscripts `m['k']` and
/// `a[i]` are null there, too: Trino's fail on a missing key, but queries in the field rely on
/// null. They count from 1 alone.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct ElementAt {
    /// Whether it does not count from the end.
    is_subscript: bool,
    signature: Signature,
}

impl ElementAt {
    /// What subscripts become.
    pub fn subscript() -> Self {
        Self { is_subscript: true, signature: Signature::user_defined(Volatility::Immutable) }
    }

    /// What SQL calls by its name.
    pub fn named() -> Self {
        Self { is_subscript: false, ..Self::subscript() }
    }
}

impl ScalarUDFImpl for ElementAt {
    fn name(&self) -> &'static str {
        "element_at"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        Ok(match args {
            [base, Expr::Literal(key, _)] => match key.try_as_str().flatten() {
                Some(key) => format!("{}['{key}']", base.schema_name()),
                None => format!("{}[{key}]", base.schema_name()),
            },
            [base, key] => format!("{}[{}]", base.schema_name(), key.schema_name()),
            _ => "element_at".to_owned(),
        })
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [map @ DataType::Map(entry, _), _] => Ok(vec![map.clone(), entry_types(entry)?.0]),
            [list, _] => Ok(vec![plain_list("element_at", list)?, DataType::Int64]),
            _ => plan_err!("element_at takes a map and a key, or an array and an index"),
        }
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        match &types[0] {
            DataType::Map(entry, _) => Ok(entry_types(entry)?.1),
            DataType::List(element) => Ok(element.data_type().clone()),
            other => plan_err!("element_at takes a map or an array, not {other}"),
        }
    }

    fn placement(&self, args: &[ExpressionPlacement]) -> ExpressionPlacement {
        // One key of a column is worth computing at the scan: a value instead of a map travels, and
        // `attributes` reads one column.
        match args {
            [
                ExpressionPlacement::Column | ExpressionPlacement::MoveTowardsLeafNodes,
                ExpressionPlacement::Literal,
            ] => ExpressionPlacement::MoveTowardsLeafNodes,
            _ => ExpressionPlacement::KeepInPlace,
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let base = args.args[0].to_array_of_size(rows)?;
        let array = match base.as_map_opt() {
            Some(map) => at_key(map, &args.args[1], rows)?,
            None => self.at_index(base.as_list(), &args.args[1], rows)?,
        };
        Ok(ColumnarValue::Array(array))
    }
}

impl ElementAt {
    fn at_index(&self, list: &ListArray, index: &ColumnarValue, rows: usize) -> Result<ArrayRef> {
        let index = index.to_array_of_size(rows)?;
        let index = index.as_primitive::<Int64Type>();
        let found = |row: usize| {
            let (false, Some(elements)) = (index.is_null(row), elements(list, row)) else {
                return Ok(None);
            };
            let wanted = index.value(row);
            let from_either = usize::try_from(wanted.unsigned_abs()).unwrap_or(usize::MAX);
            let offset = match wanted {
                ..=0 if self.is_subscript => return Err(no_index(wanted)),
                0 => return exec_err!("the index of element_at is 0, but indices start at 1"),
                1.. => Some(from_either - 1).filter(|it| *it < elements.len()),
                _ => elements.len().checked_sub(from_either),
            };
            Ok(offset.and_then(|it| u32::try_from(elements.start + it).ok()))
        };
        let places = (0..rows).map(found).collect::<Result<UInt32Array>>()?;
        Ok(take(list.values(), &places, None)?)
    }
}

fn no_index(index: i64) -> DataFusionError {
    let fault = format!("the subscript [{index}] names no element: they count from 1");
    of_value(&fault, "element_at(x, -1) is the last element")
}

fn entry_types(entry: &Field) -> Result<(DataType, DataType)> {
    match entry.data_type() {
        DataType::Struct(fields) if fields.len() == 2 => {
            Ok((fields[0].data_type().clone(), fields[1].data_type().clone()))
        }
        other => plan_err!("a map with entries of type {other}"),
    }
}

fn at_key(map: &MapArray, key: &ColumnarValue, rows: usize) -> Result<ArrayRef> {
    let key = key.to_array_of_size(rows)?;
    let equal = arrow::array::make_comparator(map.keys(), &key, SortOptions::default())?;
    let found = |row: usize| {
        let mut entries = entries(map, row);
        // A file of an earlier program may have a key twice: the last one holds.
        let entry = entries.rfind(|entry| key.is_valid(row) && equal(*entry, row).is_eq())?;
        u32::try_from(entry).ok()
    };
    Ok(take(map.values(), &(0..rows).map(found).collect::<UInt32Array>(), None)?)
}

/// `cardinality(array | map)`: how many elements, of the outer array only, as bigint.
pub static CARDINALITY: ScalarFunction = ScalarFunction {
    name: "cardinality",
    arguments: |types| match types {
        [map @ DataType::Map(..)] => Ok(vec![map.clone()]),
        [list] => Ok(vec![plain_list("cardinality", list)?]),
        _ => plan_err!("cardinality takes one array or map"),
    },
    result: |_| Ok(DataType::Int64),
    call: |args| {
        let array = args.args[0].to_array_of_size(args.number_rows)?;
        let length = |row: usize| {
            let length = match array.as_map_opt() {
                Some(map) => map.value_length(row),
                None => array.as_list::<i32>().value_length(row),
            };
            array.is_valid(row).then(|| i64::from(length))
        };
        Ok(Arc::new((0..array.len()).map(length).collect::<Int64Array>()))
    },
};

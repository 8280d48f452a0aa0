//! The form of a join that is one of intervals: among its conditions are two that compare a value
//! of one side with one of the other, once with less and once with greater.
//!
//! `a.start < b.end AND b.start < a.end` is such a form, and so are a point in an interval, an
//! interval within another, `BETWEEN`, and values that are computed from the columns of one side.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Int64Type, Schema};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{JoinSide, Result};
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{BinaryExpr, Column};
use datafusion::physical_expr::utils::{collect_columns, split_conjunction};
use datafusion::physical_expr::{PhysicalExpr, PhysicalExprRef, conjunction_opt};
use datafusion::physical_plan::joins::JoinOn;
use datafusion::physical_plan::joins::utils::{ColumnIndex, JoinFilter};

use super::index::Touching;
use super::keys::{KeyRows, Keys};

/// What a join of intervals compares.
#[derive(Clone, Debug)]
pub struct OverlapForm {
    /// The values of rows on the left: their low bound is below `before` of the right.
    pub left: SideValues,
    /// The values of rows on the right.
    pub right: SideValues,
    /// Whether bounds that are equal meet.
    pub touching: Touching,
    /// The other conditions.
    pub rest: Option<JoinFilter>,
}

/// What is computed of each row of a side.
#[derive(Clone, Debug)]
pub struct SideValues {
    /// What has to be equal to what the other side has.
    pub keys: Vec<PhysicalExprRef>,
    /// On the left the low bound, on the right what it has to be below.
    pub below: PhysicalExprRef,
    /// On the left the high bound, on the right what it has to be above.
    pub above: PhysicalExprRef,
}

/// The values of the rows of a batch.
pub struct SideRows {
    /// Their keys.
    pub keys: KeyRows,
    /// The values of [`SideValues::below`].
    pub below: Int64Array,
    /// The values of [`SideValues::above`].
    pub above: Int64Array,
}

impl SideValues {
    /// Computes them for the rows of a batch.
    pub fn of(&self, batch: &RecordBatch, keys: &Keys) -> Result<SideRows> {
        let column = |it: &PhysicalExprRef| it.evaluate(batch)?.into_array(batch.num_rows());
        let number = |it: &PhysicalExprRef| -> Result<Int64Array> {
            Ok(cast(&column(it)?, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
        };
        let columns = self.keys.iter().map(column).collect::<Result<Vec<ArrayRef>>>()?;
        Ok(SideRows {
            keys: keys.of(&columns)?,
            below: number(&self.below)?,
            above: number(&self.above)?,
        })
    }

    /// The types of the keys.
    pub fn key_types(&self, schema: &Schema) -> Result<Vec<DataType>> {
        self.keys.iter().map(|it| it.data_type(schema)).collect()
    }

    /// All that is computed.
    pub fn all(&self) -> impl Iterator<Item = &PhysicalExprRef> {
        self.keys.iter().chain([&self.below, &self.above])
    }
}

/// The form of a join's conditions, where they have it.
pub fn find(
    on: &JoinOn,
    filter: &JoinFilter,
    left: &Schema,
    right: &Schema,
) -> Result<Option<OverlapForm>> {
    for (one, other) in on {
        let data_type = one.data_type(left)?;
        if data_type != other.data_type(right)? || !Keys::can_be(&data_type) {
            return Ok(None);
        }
    }
    let (mut below, mut above, mut rest) = (None, None, Vec::new());
    for condition in split_conjunction(filter.expression()) {
        match Comparison::of(condition, filter)? {
            Some(it) if it.is_less && below.is_none() => below = Some(it),
            Some(it) if !it.is_less && above.is_none() => above = Some(it),
            _ => rest.push(Arc::clone(condition)),
        }
    }
    let (Some(below), Some(above)) = (below, above) else { return Ok(None) };
    let (left_keys, right_keys) = on.iter().cloned().unzip();
    Ok(Some(OverlapForm {
        left: SideValues { keys: left_keys, below: below.left, above: above.left },
        right: SideValues { keys: right_keys, below: below.right, above: above.right },
        touching: Touching { low: below.or_equal, high: above.or_equal },
        rest: conjunction_opt(rest).map(|it| narrowed(&it, filter)).transpose()?,
    }))
}

/// A value of the left compared with one of the right.
struct Comparison {
    left: PhysicalExprRef,
    right: PhysicalExprRef,
    /// Whether the left one has to be less, rather than greater.
    is_less: bool,
    or_equal: bool,
}

impl Comparison {
    fn of(condition: &Arc<dyn PhysicalExpr>, filter: &JoinFilter) -> Result<Option<Self>> {
        let Some(binary) = condition.downcast_ref::<BinaryExpr>() else { return Ok(None) };
        let (is_less, or_equal) = match binary.op() {
            Operator::Lt => (true, false),
            Operator::LtEq => (true, true),
            Operator::Gt => (false, false),
            Operator::GtEq => (false, true),
            _ => return Ok(None),
        };
        let (one, other) = (binary.left(), binary.right());
        let schema = filter.schema();
        let data_type = one.data_type(schema)?;
        if data_type != other.data_type(schema)? || !has_order_of_integers(&data_type) {
            return Ok(None);
        }
        let of = |expr, side| of_side(expr, side, filter);
        Ok(match (side_of(one, filter), side_of(other, filter)) {
            (Some(JoinSide::Left), Some(JoinSide::Right)) => Some(Self {
                left: of(one, JoinSide::Left)?,
                right: of(other, JoinSide::Right)?,
                is_less,
                or_equal,
            }),
            (Some(JoinSide::Right), Some(JoinSide::Left)) => Some(Self {
                left: of(other, JoinSide::Left)?,
                right: of(one, JoinSide::Right)?,
                is_less: !is_less,
                or_equal,
            }),
            _ => None,
        })
    }
}

/// Whether values compare as the 64-bit integers that they are cast to.
fn has_order_of_integers(data_type: &DataType) -> bool {
    (data_type.is_integer() && *data_type != DataType::UInt64)
        || matches!(data_type, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..))
}

/// The side that all columns of an expression are of.
fn side_of(expr: &PhysicalExprRef, filter: &JoinFilter) -> Option<JoinSide> {
    let side = |column: &Column| filter.column_indices().get(column.index()).map(|it| it.side);
    let mut sides = collect_columns(expr).into_iter().map(|it| side(&it));
    let first = sides.next()??;
    sides.all(|it| it == Some(first)).then_some(first)
}

/// The expression over the columns of its side.
fn of_side(expr: &PhysicalExprRef, side: JoinSide, filter: &JoinFilter) -> Result<PhysicalExprRef> {
    let place = |column: &Column| {
        let indices = filter.column_indices();
        indices.get(column.index()).filter(|it| it.side == side).map(|it| it.index)
    };
    with_columns(expr, place)
}

fn with_columns(
    expr: &PhysicalExprRef,
    place: impl Fn(&Column) -> Option<usize>,
) -> Result<PhysicalExprRef> {
    let moved = |it: PhysicalExprRef| {
        let found = it.downcast_ref::<Column>();
        Ok(match found.and_then(|column| Some((column.name(), place(column)?))) {
            Some((name, index)) => Transformed::yes(Arc::new(Column::new(name, index)) as _),
            None => Transformed::no(it),
        })
    };
    Arc::clone(expr).transform(moved).data()
}

/// A part of a filter, with the columns alone that it needs.
fn narrowed(part: &PhysicalExprRef, filter: &JoinFilter) -> Result<JoinFilter> {
    let mut used: Vec<usize> = collect_columns(part).iter().map(Column::index).collect();
    used.sort_unstable();
    let places: HashMap<usize, usize> = used.iter().copied().zip(0..).collect();
    let part = with_columns(part, |column| places.get(&column.index()).copied())?;
    let indices = used.iter().filter_map(|it| filter.column_indices().get(*it).cloned());
    let indices: Vec<ColumnIndex> = indices.collect();
    Ok(JoinFilter::new(part, indices, Arc::new(filter.schema().project(&used)?)))
}

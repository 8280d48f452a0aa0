//! What the kept side says about rows of the other before they are read: the contigs and stretches
//! on which alone they can meet one. Files leave out what lies elsewhere.

use std::sync::Arc;

use arrow::datatypes::Schema;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::expressions::{DynamicFilterPhysicalExpr, binary, lit};
use datafusion::physical_expr::{PhysicalExprRef, utils::collect_columns};

use super::build::Chunk;
use super::form::{OverlapForm, SideValues};
use super::index::{Index, Place};

/// Kept rows up to which each stretch is told: rows are compared with all stretches.
const FEW_ROWS: usize = 1_000;
/// The most stretches that are told then.
const FEW_STRETCHES: usize = 64;
/// The most groups of which the extent is told where there are more rows.
const FEW_GROUPS: usize = 2;

/// A filter of the other side that becomes known once the kept one was read.
#[derive(Clone, Debug)]
pub struct Narrowing {
    filter: Arc<DynamicFilterPhysicalExpr>,
}

impl Narrowing {
    /// A filter that says nothing yet, on all columns that it may be about.
    pub fn filter_of(right: &SideValues) -> Arc<DynamicFilterPhysicalExpr> {
        let columns = right.all().flat_map(collect_columns);
        let columns = columns.map(|it| Arc::new(it) as PhysicalExprRef).collect();
        Arc::new(DynamicFilterPhysicalExpr::new(columns, lit(true)))
    }

    /// The filter, once the other side has taken it.
    pub fn of(filter: Arc<DynamicFilterPhysicalExpr>) -> Self {
        Self { filter }
    }

    /// The filter itself.
    pub fn filter(&self) -> &Arc<DynamicFilterPhysicalExpr> {
        &self.filter
    }

    /// Tells what was read; all rows may be met where that is not known.
    pub fn tell(&self, kept: Option<&Chunk>, form: &OverlapForm, right: &Schema) -> Result<()> {
        let known = kept.map(|it| predicate(it, form, right)).transpose()?.flatten();
        self.filter.update(known.unwrap_or_else(|| lit(true)))?;
        self.filter.mark_complete();
        Ok(())
    }
}

/// A stretch of a group that some intervals lie on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    group: usize,
    /// A row that lies on it.
    place: Place,
    low: i64,
    high: i64,
}

/// True for rows that may meet a kept one; none where it is not worth a comparison.
fn predicate(kept: &Chunk, form: &OverlapForm, schema: &Schema) -> Result<Option<PhysicalExprRef>> {
    let rows = kept.index.len();
    if rows == 0 {
        return Ok(Some(lit(false)));
    }
    let (groups, most) = match rows {
        ..=FEW_ROWS => (FEW_STRETCHES, FEW_STRETCHES),
        _ => (FEW_GROUPS, FEW_GROUPS),
    };
    if kept.groups.len() > groups {
        return Ok(None);
    }
    let mut any = None;
    for of_group in merged(&kept.index, most).chunk_by(|one, other| one.group == other.group) {
        let mut stretches = None;
        for stretch in of_group {
            let meets = on_stretch(stretch, form, schema)?;
            stretches = joined(stretches, Operator::Or, meets, schema)?;
        }
        let mut all = keys_of(of_group[0].place, kept, form, schema)?;
        if let Some(stretches) = stretches {
            all = joined(all, Operator::And, stretches, schema)?;
        }
        if let Some(all) = all {
            any = joined(any, Operator::Or, all, schema)?;
        }
    }
    Ok(any)
}

/// That the keys of a row are those of a kept row.
fn keys_of(
    place: Place,
    kept: &Chunk,
    form: &OverlapForm,
    schema: &Schema,
) -> Result<Option<PhysicalExprRef>> {
    let row = kept.batches[place.batch as usize].slice(place.row as usize, 1);
    let mut all = None;
    for (left, right) in form.left.keys.iter().zip(&form.right.keys) {
        let value = ScalarValue::try_from_array(&left.evaluate(&row)?.into_array(1)?, 0)?;
        let equal = binary(Arc::clone(right), Operator::Eq, lit(value), schema)?;
        all = joined(all, Operator::And, equal, schema)?;
    }
    Ok(all)
}

fn on_stretch(stretch: &Stretch, form: &OverlapForm, schema: &Schema) -> Result<PhysicalExprRef> {
    let greater = if form.touching.low { Operator::GtEq } else { Operator::Gt };
    let less = if form.touching.high { Operator::LtEq } else { Operator::Lt };
    let compared = |value: &PhysicalExprRef, operator, bound: i64| {
        let bound = ScalarValue::Int64(Some(bound)).cast_to(&value.data_type(schema)?)?;
        binary(Arc::clone(value), operator, lit(bound), schema)
    };
    let begins = compared(&form.right.below, greater, stretch.low)?;
    let ends = compared(&form.right.above, less, stretch.high)?;
    binary(begins, Operator::And, ends, schema)
}

fn joined(
    before: Option<PhysicalExprRef>,
    operator: Operator,
    next: PhysicalExprRef,
    schema: &Schema,
) -> Result<Option<PhysicalExprRef>> {
    Ok(Some(match before {
        Some(before) => binary(before, operator, next, schema)?,
        None => next,
    }))
}

/// The stretches that intervals lie on, those with the least between them put together until there
/// are few; at least one for each group.
fn merged(index: &Index, most: usize) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    for (group, place, low, high) in index.iter() {
        match all.last_mut() {
            Some(last) if last.group == group && low <= last.high => {
                last.high = last.high.max(high);
            }
            _ => all.push(Stretch { group, place, low, high }),
        }
    }
    let between = |pair: &[Stretch]| {
        (pair[0].group == pair[1].group).then(|| pair[1].low.saturating_sub(pair[0].high))
    };
    let mut gaps: Vec<i64> = all.windows(2).filter_map(between).collect();
    gaps.sort_unstable();
    let too_many = all.len().saturating_sub(most).min(gaps.len());
    let Some(widest) = too_many.checked_sub(1).map(|it| gaps[it]) else { return all };
    let mut few: Vec<Stretch> = Vec::new();
    for stretch in all {
        match few.last_mut() {
            Some(last)
                if last.group == stretch.group
                    && stretch.low.saturating_sub(last.high) <= widest =>
            {
                last.high = last.high.max(stretch.high);
            }
            _ => few.push(stretch),
        }
    }
    few
}

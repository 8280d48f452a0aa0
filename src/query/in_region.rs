//! Rows that overlap a region, of any table whose rows have a place.

use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, lit};
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::projection::ProjectionExec;

use super::region::Region;
use crate::write::CoordinateNames;

/// True for rows that overlap one of the regions; none where there are no regions.
pub fn overlaps_one(regions: &[Region], names: &CoordinateNames) -> Option<Expr> {
    let (start, end) = (|| column(&names.start), || column(&names.end));
    let overlap = |region: &Region| {
        let on_contig = column(&names.contig).eq(lit(region.contig.as_str()));
        let Some(bases) = region.bases else { return on_contig };
        let before = start().lt(lit(bases.end)).and(end().gt_eq(lit(bases.start)));
        // A row without length overlaps where it begins; any other that ends where the region
        // begins does not.
        let after = end().gt(lit(bases.start)).or(start().gt_eq(lit(bases.start)));
        on_contig.and(before).and(after)
    };
    regions.iter().map(overlap).reduce(Expr::or)
}

/// The rows of a scan that overlap one of the regions, with the columns asked for; all rows where
/// there are no regions.
pub fn rows(
    state: &dyn Session,
    schema: &SchemaRef,
    names: Option<&CoordinateNames>,
    projection: Option<&Vec<usize>>,
    regions: &[Region],
    scan: impl FnOnce(Vec<usize>) -> Result<Arc<dyn ExecutionPlan>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let filter = names.and_then(|it| Some((it, overlaps_one(regions, it)?)));
    match filter {
        Some((names, filter)) => filtered(state, schema, names, projection, filter, scan),
        None => scan(projection.cloned().unwrap_or_else(|| (0..schema.fields().len()).collect())),
    }
}

/// The rows of a scan that pass a filter of their coordinates, with the columns asked for.
pub fn filtered(
    state: &dyn Session,
    schema: &SchemaRef,
    names: &CoordinateNames,
    projection: Option<&Vec<usize>>,
    filter: Expr,
    scan: impl FnOnce(Vec<usize>) -> Result<Arc<dyn ExecutionPlan>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let wanted = projection.cloned().unwrap_or_else(|| (0..schema.fields().len()).collect());
    let mut read = wanted.clone();
    for name in [&names.contig, &names.start, &names.end] {
        let index = schema.index_of(name)?;
        if !read.contains(&index) {
            read.push(index);
        }
    }
    let scan = scan(read)?;
    let schema = scan.schema();
    let predicate = state.create_physical_expr(filter, &schema.as_ref().clone().try_into()?)?;
    let filter = Arc::new(FilterExec::try_new(predicate, scan)?);
    if filter.schema().fields().len() == wanted.len() {
        return Ok(filter);
    }
    let columns = schema.fields().iter().take(wanted.len()).enumerate().map(|(index, field)| {
        (Arc::new(Column::new(field.name(), index)) as _, field.name().clone())
    });
    Ok(Arc::new(ProjectionExec::try_new(columns.collect::<Vec<_>>(), filter)?))
}

/// A column by the name that the file has, whatever is special in it to SQL.
fn column(name: &str) -> Expr {
    Expr::Column(datafusion::common::Column::new_unqualified(name))
}

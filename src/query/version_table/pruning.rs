//! Leaves out whole files by what the catalog knows: which stretch of which contig a file covers.
//! Their footers are not even read.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, StringArray, UInt64Array};
use arrow::compute::cast;
use arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::{Column, DFSchema, Result};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::conjunction;
use datafusion::physical_optimizer::pruning::PruningPredicateBuilder;
use datafusion::scalar::ScalarValue;

use crate::catalog::{ContigBounds, DataFile};
use crate::write::CoordinateNames;

/// The files that may have rows for which all predicates hold.
pub fn files_with_rows<'a>(
    state: &dyn Session,
    schema: &SchemaRef,
    coordinates: Option<&CoordinateNames>,
    files: &'a [DataFile],
    predicates: Vec<Expr>,
) -> Result<Vec<&'a DataFile>> {
    let Some(coordinates) = coordinates else { return Ok(files.iter().collect()) };
    let Some(predicate) = conjunction(predicates) else { return Ok(files.iter().collect()) };
    let df_schema = DFSchema::try_from(schema.as_ref().clone())?;
    let predicate = state.create_physical_expr(predicate, &df_schema)?;
    let builder = PruningPredicateBuilder::new().with_file_schema(Arc::clone(schema));
    let Ok(predicate) = builder.try_build(predicate) else {
        return Ok(files.iter().collect());
    };
    let all = files.iter().flat_map(|it| &it.bounds).collect();
    let stretches = Stretches { coordinates, schema, all };
    let mut may_match = predicate.prune(&stretches)?.into_iter();
    let keep = |file: &&DataFile| {
        // All stretches of a file have to be taken, so that the next file finds its own.
        let hits = may_match.by_ref().take(file.bounds.len()).filter(|it| *it).count();
        hits > 0 || file.bounds.is_empty()
    };
    Ok(files.iter().filter(keep).collect())
}

/// A container per contig of a file. Nothing is known about the highest start: a row whose END lies
/// before its POS starts behind its end.
struct Stretches<'a> {
    coordinates: &'a CoordinateNames,
    schema: &'a SchemaRef,
    all: Vec<&'a ContigBounds>,
}

impl Stretches<'_> {
    fn contigs(&self) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(self.all.iter().map(|it| it.contig.as_str())))
    }

    /// The bounds in the type of the column, which is narrower than theirs where it is INT.
    fn positions(&self, column: &Column, of: impl Fn(&ContigBounds) -> i64) -> Option<ArrayRef> {
        let bounds = Int64Array::from_iter_values(self.all.iter().map(|it| of(it)));
        let field = self.schema.field_with_name(&column.name).ok()?;
        cast(&bounds, field.data_type()).ok()
    }
}

impl PruningStatistics for Stretches<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        if column.name == self.coordinates.contig {
            Some(self.contigs())
        } else if column.name == self.coordinates.start {
            self.positions(column, |it| it.min_start)
        } else {
            None
        }
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        if column.name == self.coordinates.contig {
            Some(self.contigs())
        } else if column.name == self.coordinates.end {
            self.positions(column, |it| it.max_end)
        } else {
            None
        }
    }

    fn num_containers(&self) -> usize {
        self.all.len()
    }

    // Positions of a TSV store may be null; how many are is not known.
    fn null_counts(&self, _: &Column) -> Option<ArrayRef> {
        None
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        Some(Arc::new(UInt64Array::from_iter_values(self.all.iter().map(|it| it.rows))))
    }

    fn contained(&self, _: &Column, _: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}

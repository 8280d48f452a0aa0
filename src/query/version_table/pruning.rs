//! Leaves out whole files by what the catalog knows: which stretch of which contig a file covers. Their footers are not even read.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Int64Array, StringArray, UInt64Array};
use arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::{Column, DFSchema, Result};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::conjunction;
use datafusion::physical_optimizer::pruning::PruningPredicateBuilder;
use datafusion::scalar::ScalarValue;

use crate::catalog::{ContigBounds, DataFile};

/// The columns that the catalog has bounds for.
pub const COLUMNS: [&str; 3] = ["contigname", "start", "end"];

/// The files that may have rows for which all predicates hold.
pub fn files_with_rows<'a>(
    state: &dyn Session,
    schema: &SchemaRef,
    files: &'a [DataFile],
    predicates: Vec<Expr>,
) -> Result<Vec<&'a DataFile>> {
    let Some(predicate) = conjunction(predicates) else { return Ok(files.iter().collect()) };
    let df_schema = DFSchema::try_from(schema.as_ref().clone())?;
    let predicate = state.create_physical_expr(predicate, &df_schema)?;
    let builder = PruningPredicateBuilder::new().with_file_schema(Arc::clone(schema));
    let Ok(predicate) = builder.try_build(predicate) else {
        return Ok(files.iter().collect());
    };
    let stretches = Stretches { all: files.iter().flat_map(|it| &it.bounds).collect() };
    let mut may_match = predicate.prune(&stretches)?.into_iter();
    let keep = |file: &&DataFile| {
        // All stretches of a file have to be taken, so that the next file finds its own.
        let hits = may_match.by_ref().take(file.bounds.len()).filter(|it| *it).count();
        hits > 0 || file.bounds.is_empty()
    };
    Ok(files.iter().filter(keep).collect())
}

/// A container per contig of a file. Nothing is known about the highest start: a row whose END lies before its POS starts behind its end.
struct Stretches<'a> {
    all: Vec<&'a ContigBounds>,
}

impl Stretches<'_> {
    fn contigs(&self) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(self.all.iter().map(|it| it.contig.as_str())))
    }

    fn positions(&self, of: impl Fn(&ContigBounds) -> i64) -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(self.all.iter().map(|it| of(it))))
    }
}

impl PruningStatistics for Stretches<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        match column.name.as_str() {
            "contigname" => Some(self.contigs()),
            "start" => Some(self.positions(|it| it.min_start)),
            _ => None,
        }
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        match column.name.as_str() {
            "contigname" => Some(self.contigs()),
            "end" => Some(self.positions(|it| it.max_end)),
            _ => None,
        }
    }

    fn num_containers(&self) -> usize {
        self.all.len()
    }

    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        let known = COLUMNS.contains(&column.name.as_str());
        known.then(|| Arc::new(UInt64Array::from(vec![0; self.all.len()])) as ArrayRef)
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        Some(Arc::new(UInt64Array::from_iter_values(self.all.iter().map(|it| it.rows))))
    }

    fn contained(&self, _: &Column, _: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        None
    }
}

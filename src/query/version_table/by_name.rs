//! Leaves out row groups of VCF stores by the Bloom filters of `names`: who looks up an rs number
//! reads the few row groups that may have it.

use std::collections::BTreeSet;

use arrow::array::AsArray;
use datafusion::common::Result;
use datafusion::datasource::physical_plan::ParquetFileReaderFactory as _;
use datafusion::datasource::physical_plan::parquet::{ParquetAccessPlan, RowGroupAccess};
use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::scalar::ScalarValue;
use parquet::arrow::ParquetRecordBatchStreamBuilder;
use parquet::arrow::async_reader::AsyncFileReader;

use super::files::{KeptFiles, partitioned};
use crate::catalog::DataFile;
use crate::write::schema::NAME;

/// Names that are looked for at most: with more of them, hardly a row group has none.
const MOST: usize = 1000;

/// A data file, and which row groups of it are to be read; all where nothing is said of them.
pub struct FileToScan<'a> {
    /// The file.
    pub file: &'a DataFile,
    /// Its row groups.
    pub row_groups: Option<ParquetAccessPlan>,
}

impl<'a> FileToScan<'a> {
    /// All of a file.
    pub fn whole(file: &'a DataFile) -> Self {
        Self { file, row_groups: None }
    }
}

/// What is to be read of files for some conditions.
pub async fn files<'a>(
    kept: &KeptFiles,
    files: Vec<&'a DataFile>,
    conditions: &[Expr],
) -> Result<Vec<FileToScan<'a>>> {
    let Some(names) = names_asked(conditions) else {
        return Ok(files.into_iter().map(FileToScan::whole).collect());
    };
    let mut found = Vec::with_capacity(files.len());
    for file in files {
        let part = partitioned(file);
        let reader = kept.create_reader(0, part, None, &ExecutionPlanMetricsSet::new())?;
        let row_groups = row_groups(reader, &names).await?;
        if row_groups.as_ref().is_none_or(|it| it.row_group_index_iter().next().is_some()) {
            found.push(FileToScan { file, row_groups });
        }
    }
    Ok(found)
}

/// The names of which each row has to have one for which all conditions hold; none where a row may
/// do without.
fn names_asked(conditions: &[Expr]) -> Option<BTreeSet<&str>> {
    conditions.iter().filter_map(names_of).min_by_key(BTreeSet::len)
}

/// The same for one condition.
pub fn names_of(condition: &Expr) -> Option<BTreeSet<&str>> {
    let names = match condition {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            let mut names = names_of(left)?;
            names.append(&mut names_of(right)?);
            names
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
            [left, right].into_iter().filter_map(|it| names_of(it)).min_by_key(BTreeSet::len)?
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            let sides = [(left, right), (right, left)];
            let (_, name) = sides.into_iter().find(|(it, _)| is_one_name(it))?;
            BTreeSet::from([text(name)?])
        }
        Expr::InList(InList { expr, list, negated: false }) if is_one_name(expr) => {
            list.iter().map(text).collect::<Option<_>>()?
        }
        Expr::ScalarFunction(call) => match (call.name(), call.args.as_slice()) {
            ("contains", [names, name]) if are_names(names) => BTreeSet::from([text(name)?]),
            ("arrays_overlap", [names, list] | [list, names]) if are_names(names) => texts(list)?,
            _ => return None,
        },
        _ => return None,
    };
    (names.len() <= MOST).then_some(names)
}

/// Which row groups of a file may have one of some names; none where the file does not tell.
async fn row_groups(
    reader: Box<dyn AsyncFileReader>,
    names: &BTreeSet<&str>,
) -> Result<Option<ParquetAccessPlan>> {
    let mut file = ParquetRecordBatchStreamBuilder::new(reader).await?;
    let columns = file.parquet_schema().columns();
    let Some(column) = columns.iter().position(|it| it.path().string() == NAME) else {
        return Ok(None);
    };
    let mut groups = Vec::with_capacity(file.metadata().num_row_groups());
    for group in 0..file.metadata().num_row_groups() {
        let Some(filter) = file.get_row_group_column_bloom_filter(group, column).await? else {
            return Ok(None);
        };
        let may_have = names.iter().any(|it| filter.check(*it));
        groups.push(if may_have { RowGroupAccess::Scan } else { RowGroupAccess::Skip });
    }
    Ok(Some(ParquetAccessPlan::new(groups)))
}

/// `names[1]`.
fn is_one_name(expr: &Expr) -> bool {
    match without_cast(expr) {
        Expr::ScalarFunction(call) => {
            call.name() == "element_at" && call.args.first().is_some_and(are_names)
        }
        _ => false,
    }
}

fn are_names(expr: &Expr) -> bool {
    matches!(without_cast(expr), Expr::Column(column) if column.name == "names")
}

fn without_cast(expr: &Expr) -> &Expr {
    match expr {
        Expr::Cast(cast) => without_cast(&cast.expr),
        _ => expr,
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(value, _) => value.try_as_str().flatten(),
        _ => None,
    }
}

/// The elements of a literal list of texts.
fn texts(expr: &Expr) -> Option<BTreeSet<&str>> {
    match without_cast(expr) {
        Expr::Literal(ScalarValue::List(list), _) => {
            let values = list.values().as_string_opt::<i32>()?;
            Some(values.iter().flatten().collect())
        }
        _ => None,
    }
}

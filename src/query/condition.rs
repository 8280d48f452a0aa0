//! A condition in SQL on rows that are in no table, such as the records of a file on its way.

use std::ops::ControlFlow::{Break, Continue};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{DataFusionError, TableReference};
use datafusion::datasource::MemTable;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::sqlparser::ast::{Expr, visit_expressions};

use super::abandoned::Abandoned;
use super::answer::panicked;
use super::options::Options;
use super::prepared::Prepared;
use super::session::{self, Setting};
use super::threads::{Threads, block_on};
use super::{dialect, error};
use crate::model::{Error, Result};

/// The name of the rows, which nobody sees.
const ROWS: &str = "record";
/// The name of the condition.
const HOLDS: &str = "holds";

/// A condition that was planned. Many threads may ask it at once.
pub struct Condition {
    plan: Arc<dyn ExecutionPlan>,
    task: Arc<TaskContext>,
    threads: Threads,
    columns: SchemaRef,
}

impl Condition {
    /// Plans a condition on rows with these columns, to be asked from so many threads.
    /// [`InvalidInput`](crate::model::ErrorKind::InvalidInput) where it is none.
    pub fn new(sql: &str, columns: SchemaRef, threads: usize) -> Result<Self> {
        check_not_empty(sql)?;
        let threads = Threads::start(threads)?;
        let sql = format!("SELECT ({sql}\n) AS {HOLDS} FROM {ROWS}");
        let planned = block_on(threads.compute(async move { planned(&sql, columns).await }));
        let planned = planned.map_err(|error| panicked(&error))??;
        let task = planned.task();
        let plan = planned.physical;
        let mut read = Vec::new();
        plan.apply(|node| {
            if node.children().is_empty() {
                read.push(node.schema());
            }
            Ok(TreeNodeRecursion::Continue)
        })
        .map_err(|error| error::translate(&error, &[]))?;
        let [columns] = read.try_into().map_err(|_| not_of_one_row())?;
        Ok(Self { plan, task, threads, columns })
    }

    /// The columns that it looks at.
    pub fn columns(&self) -> &SchemaRef {
        &self.columns
    }

    /// Whether it holds for each row of a batch of its columns; it does not where it is null.
    pub fn holds(&self, batch: RecordBatch) -> Result<Vec<bool>> {
        let rows = batch.num_rows();
        let (plan, task) = (Arc::clone(&self.plan), Arc::clone(&self.task));
        let asked = self.threads.compute(async move { collect(over(plan, &batch)?, task).await });
        let answers = block_on(asked).map_err(|error| panicked(&error))?;
        let answers = answers.map_err(|error| error::translate(&error, &[]))?;
        let mut holds = Vec::with_capacity(rows);
        for answer in &answers {
            // A condition that is nothing but NULL is of no type, and holds for no row.
            let truths = answer.column(0).as_boolean_opt();
            let is_true = |it| truths.is_some_and(|of| of.is_valid(it) && of.value(it));
            holds.extend((0..answer.num_rows()).map(is_true));
        }
        if holds.len() == rows {
            return Ok(holds);
        }
        Err(Error::internal("a condition has not been asked for every row"))
    }
}

/// The plan with these rows at its end.
fn over(
    plan: Arc<dyn ExecutionPlan>,
    batch: &RecordBatch,
) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
    plan.transform_up(|node| {
        if !node.children().is_empty() {
            return Ok(Transformed::no(node));
        }
        let rows = [vec![batch.clone()]];
        let rows = MemorySourceConfig::try_new_exec(&rows, batch.schema(), None)?;
        Ok(Transformed::yes(rows as Arc<dyn ExecutionPlan>))
    })
    .data()
}

async fn planned(sql: &str, columns: SchemaRef) -> Result<Prepared> {
    let failed = |error: DataFusionError| error::translate(&error, &[]);
    let read = dialect::parse(sql)?;
    let statement = read.statement.ok_or_else(not_of_one_row)?;
    let options = Options { threads: 1, ..Options::default() };
    let (runtime, abandoned) = (session::runtime(&options)?, Abandoned::default());
    let table = MemTable::try_new(columns, vec![Vec::new()]).map_err(failed)?;
    let key = session::key(&TableReference::bare(ROWS));
    let tables = session::Resolved::from([(key, Arc::new(table) as _)]);
    let user = String::new();
    let setting = Setting { options: &options, runtime: &runtime, user, abandoned: &abandoned };
    let statement = DfStatement::Statement(Box::new(statement));
    let prepared = Prepared::of(&setting, tables, statement, &[]).await.map_err(failed)?;
    let mut is_of_one_row = true;
    let looked = prepared.logical.apply_with_subqueries(|node| {
        is_of_one_row &= matches!(
            node,
            LogicalPlan::Projection(_) | LogicalPlan::TableScan(_) | LogicalPlan::SubqueryAlias(_)
        );
        Ok(TreeNodeRecursion::Continue)
    });
    looked.map_err(failed)?;
    let fields = prepared.logical.schema().fields();
    match fields.iter().map(|it| (it.name().as_str(), it.data_type())).collect::<Vec<_>>()[..] {
        [(HOLDS, DataType::Boolean | DataType::Null)] if is_of_one_row => Ok(prepared),
        [(HOLDS, _)] if is_of_one_row => {
            Err(Error::invalid("the condition is not of type boolean")
                .with_help("write what is true of the records to keep, such as af < 0.01"))
        }
        _ => Err(not_of_one_row()),
    }
}

/// An error where a condition is none on a row by itself: where it is empty, or looks at other rows
/// in a subquery. What else may be wrong with it shows where it is planned.
pub fn check_condition(sql: &str) -> Result<()> {
    check_not_empty(sql)?;
    let read = dialect::parse(&format!("SELECT 1 FROM {ROWS} WHERE ({sql}\n)"))?;
    let found = visit_expressions(&read.statement, |it| match it {
        Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => Break(()),
        _ => Continue(()),
    });
    match found {
        Break(()) => Err(not_of_one_row()),
        Continue(()) => Ok(()),
    }
}

fn check_not_empty(sql: &str) -> Result<()> {
    match sql.trim() {
        "" => Err(Error::invalid("the condition is empty")
            .with_help("write what is true of what is to be kept, such as qual > 30")),
        _ => Ok(()),
    }
}

fn not_of_one_row() -> Error {
    Error::invalid("the condition is not one on a single row or record").with_help(
        "write it without SELECT, subqueries and aggregates, such as qual > 30 AND start < 5000",
    )
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array, StringArray};
    use arrow::datatypes::{Field, Schema};

    use super::*;

    fn columns() -> SchemaRef {
        let field = |name, of| Field::new(name, of, true);
        Arc::new(Schema::new(vec![field("number", DataType::Int64), field("word", DataType::Utf8)]))
    }

    fn holds(sql: &str) -> Result<Vec<bool>> {
        let condition = Condition::new(sql, columns(), 1)?;
        let all: [ArrayRef; 2] = [
            Arc::new(Int64Array::from(vec![Some(1), None, Some(3)])),
            Arc::new(StringArray::from(vec![Some("a"), Some("b"), None])),
        ];
        let needed = condition.columns().fields().iter();
        let needed = needed.map(|it| Arc::clone(&all[columns().index_of(it.name()).unwrap()]));
        let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(3));
        let schema = Arc::clone(condition.columns());
        condition
            .holds(RecordBatch::try_new_with_options(schema, needed.collect(), &options).unwrap())
    }

    #[test]
    fn a_condition_is_asked_of_each_row() {
        assert_eq!(holds("number < 3").unwrap(), [true, false, false]);
        assert_eq!(holds("number IS NULL OR word IS NULL").unwrap(), [false, true, true]);
        assert_eq!(holds("TRUE").unwrap(), [true; 3]);
        for nothing in ["NULL", "CAST(NULL AS boolean)", "NULL AND number > 0", "NOT NULL"] {
            assert_eq!(holds(nothing).unwrap(), [false; 3], "{nothing}");
        }
        assert_eq!(holds("word IN ('a', 'b') -- or so").unwrap(), [true, true, false]);
    }

    #[test]
    fn a_condition_looks_at_no_other_rows() {
        for fine in ["number < 3", "count(*) > 1", "nothing", "(number) IN (1, 2) -- or so"] {
            assert!(check_condition(fine).is_ok(), "{fine}");
        }
        for wrong in
            ["", " \n", "number IN (SELECT 1)", "EXISTS (SELECT 1)", "number > (SELECT 1) AND TRUE"]
        {
            let error = check_condition(wrong).unwrap_err();
            assert_eq!(error.kind(), crate::model::ErrorKind::InvalidInput, "{wrong}: {error}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for sql in [
            "number + 1",
            "count(*) > 1",
            "nothing > 1",
            "number IN (SELECT 1)",
            "number > 1) AS holds, (true",
            "true; SELECT 1",
            "",
        ] {
            let error = holds(sql).unwrap_err();
            assert_eq!(error.kind(), crate::model::ErrorKind::InvalidInput, "{sql}: {error}");
        }
    }
}

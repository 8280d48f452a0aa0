//! One pass over a file: a thread of its own pulls parsed chunks in file order, and hands them on
//! as batches.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DataFusionError, Result, Statistics, internal_err};
use datafusion::datasource::source::DataSource;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::functions::core::get_field;
use datafusion::physical_expr::expressions::{Column, Literal};
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_expr_adapter::PhysicalExprAdapterFactory;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayFormatType, Partitioning};
use futures::{StreamExt, stream};
use tokio::sync::mpsc::{Sender, channel};

use super::contigs::ContigsMet;
use super::index;
use super::reading::{FileReading, Opened};
use super::told::Told;
use crate::diagnostic::Outcome;
use crate::model::{self, Error};
use crate::query::attributes::{AttributesAdapterFactory, INFO_COLUMN};
use crate::query::region::Region;
use crate::read::source::Input;
use crate::read::{Meter, Pipe, Totals};
use crate::write::{CoordinateNames, RecordNumbers, Wanted};

/// Batches that may wait for the query.
const WAITING: usize = 2;

/// A file that is a table.
pub struct TableFile {
    /// Its path, as the statement names it; a URL without what may be secret.
    pub path: String,
    /// What is read.
    pub input: Input,
    /// How it is read.
    pub reading: FileReading,
    /// The columns of the table.
    pub table: SchemaRef,
    /// The columns that are read, of which those of the table are made.
    pub file: SchemaRef,
    /// Whether the numbers of records are asked for.
    pub numbered: bool,
    /// The columns that give the place of a row.
    pub coordinates: Option<CoordinateNames>,
    /// Whether an index says where its rows end as we do.
    pub is_indexable: bool,
    /// The regions that rows have to overlap.
    pub regions: Vec<Region>,
    /// The threads that read it.
    pub pipe: Pipe,
    /// Ends the reading once it is set.
    pub stop: Arc<AtomicBool>,
    /// Takes what is to be said of it once it was read.
    pub told: Told,
    /// How far each pass over it has come.
    pub meters: Mutex<Vec<Arc<Meter>>>,
}

impl TableFile {
    /// Reads the file, and hands its rows on until nobody takes them.
    fn read(&self, wanted: &Wanted, sender: &Sender<Result<RecordBatch>>) {
        if let Err(error) = self.pass(wanted, sender) {
            let error = error.or_with("file", &self.path);
            // Whoever has left wants no error either.
            let _ = sender.blocking_send(Err(DataFusionError::External(Box::new(error))));
        }
    }

    fn pass(&self, wanted: &Wanted, sender: &Sender<Result<RecordBatch>>) -> model::Result<()> {
        let pipe = self.pipe.clone().stopped_by(&self.stop);
        locked(&self.meters).push(Arc::clone(&pipe.meter));
        let use_index = self.is_indexable && !self.numbered && !self.regions.is_empty();
        let is_local = matches!(self.input, Input::Path(_));
        let part =
            if use_index && is_local { index::part_in(&self.path, &self.regions)? } else { None };
        let is_part = part.is_some();
        let input = part.map_or_else(|| self.input.clone(), Input::Object);
        let Opened { schema, mut totals, mut rows, .. } =
            self.reading.open(&input, &pipe, wanted)?;
        let numbers = self.numbered.then(|| RecordNumbers::new(&schema));
        if *numbers.as_ref().map_or(&schema, RecordNumbers::schema) != self.file {
            return Err(Error::new(model::ErrorKind::Conflict, "the file was changed meanwhile")
                .with_help("ask again once nobody writes it"));
        }
        let mut met = ContigsMet::of(&self.regions, self.coordinates.as_ref(), is_part);
        for parsed in rows.by_ref() {
            let mut parsed = parsed?;
            let places = totals.places(&mut parsed);
            let rows = totals.add(parsed);
            let rows = match &numbers {
                Some(numbers) => numbers.add(rows, &places)?,
                None => rows,
            };
            met.add(&rows.batch);
            if sender.blocking_send(Ok(rows.batch)).is_err() {
                self.tell(&totals, is_part);
                return Ok(());
            }
        }
        self.tell(&totals, is_part);
        totals.check_end(false)?;
        met.check(&self.regions)
    }

    /// Says which lines are no rows, once for each file of a statement.
    fn tell(&self, totals: &Totals, is_part: bool) {
        let rejected = totals.rejected_lines();
        if rejected == 0 {
            return;
        }
        let header = totals.bcf_header();
        let place = if header.is_some() { "record" } else { "line" };
        let lines = if rejected == 1 { " is no row" } else { "s are no rows" };
        let mut findings = totals.findings().kept().iter();
        let first = findings.find(|it| it.rule.outcome == Outcome::Rejected);
        let first = first.map_or(String::new(), |it| match it.at.line {
            line @ 1.. if !is_part => {
                let number = line.saturating_sub(header.unwrap_or_default());
                format!(" (the first, {place} {number}: {})", it.message)
            }
            _ => format!(" ({})", it.message),
        });
        let path = &self.path;
        self.told.say(path, || {
            format!(
                "{rejected} {place}{lines} of {path} and left out{first}; `annostore check` says \
                 what is wrong"
            )
        });
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A scan of a file in a plan.
#[derive(Clone)]
pub struct FileScan {
    file: Arc<TableFile>,
    /// What is made of the columns of the table.
    projection: ProjectionExprs,
    schema: SchemaRef,
}

impl FileScan {
    /// A scan of these columns of the table.
    pub fn new(file: &Arc<TableFile>, columns: &[usize]) -> Result<Self> {
        let projection = ProjectionExprs::from_indices(columns, &file.table);
        let schema = Arc::new(projection.project_schema(&file.table)?);
        Ok(Self { file: Arc::clone(file), projection, schema })
    }

    /// Records and bytes that were read, and how many bytes there are.
    pub fn progress(&self) -> (u64, u64, u64) {
        let meters = locked(&self.file.meters);
        let sum = |count: fn(&Meter) -> &std::sync::atomic::AtomicU64| {
            meters.iter().map(|it| count(it).load(Ordering::Relaxed)).sum()
        };
        (sum(|it| &it.records), sum(|it| &it.bytes_read), sum(|it| &it.bytes_total))
    }

    /// The projection in terms of the columns that are read.
    fn of_file(&self) -> Result<ProjectionExprs> {
        let factory =
            AttributesAdapterFactory { other_keys: None, path: Some(self.file.path.clone()) };
        let (table, file) = (Arc::clone(&self.file.table), Arc::clone(&self.file.file));
        let adapter = factory.create(table, file)?;
        self.projection.clone().try_map_exprs(|expr| adapter.rewrite(expr))
    }
}

/// The fields of `info` that expressions read.
fn wanted(projection: &ProjectionExprs) -> Result<Wanted> {
    let mut wanted = Wanted::nothing();
    for expr in projection.expr_iter() {
        expr.apply(|part| {
            if let Some(field) = field_of_info(part) {
                wanted.add(field);
                return Ok(TreeNodeRecursion::Jump);
            }
            if part.downcast_ref::<Column>().is_some_and(|it| it.name() == INFO_COLUMN) {
                wanted = Wanted::all();
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
    }
    Ok(wanted)
}

/// The field of `info` that an expression is.
fn field_of_info(expr: &Arc<dyn PhysicalExpr>) -> Option<&str> {
    let call = expr.downcast_ref::<ScalarFunctionExpr>()?;
    let [of, name, ..] = call.args() else { return None };
    let is_info = of.downcast_ref::<Column>().is_some_and(|it| it.name() == INFO_COLUMN);
    if call.fun() != get_field().as_ref() || !is_info {
        return None;
    }
    name.downcast_ref::<Literal>()?.value().try_as_str().flatten()
}

impl DataSource for FileScan {
    fn open(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        if partition > 0 {
            return internal_err!("a file is read from front to back");
        }
        let projection = self.of_file()?;
        let wanted = wanted(&projection)?;
        let projector = projection.make_projector(&self.file.file)?;
        let (sender, mut receiver) = channel(WAITING);
        let file = Arc::clone(&self.file);
        std::thread::Builder::new()
            .name("file".to_owned())
            .spawn(move || file.read(&wanted, &sender))
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        let most = context.session_config().batch_size();
        let batches = stream::poll_fn(move |context| receiver.poll_recv(context));
        let pieces = batches.flat_map(move |batch| stream::iter(pieces(batch, most)));
        let rows = pieces.map(move |batch| projector.project_batch(&batch?));
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), rows)))
    }

    fn fmt_as(&self, _: DisplayFormatType, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "file={}, {}", self.file.path, self.projection)
    }

    fn output_partitioning(&self) -> Partitioning {
        Partitioning::UnknownPartitioning(1)
    }

    fn eq_properties(&self) -> EquivalenceProperties {
        EquivalenceProperties::new(Arc::clone(&self.schema))
    }

    fn partition_statistics(&self, _: Option<usize>) -> Result<Arc<Statistics>> {
        Ok(Arc::new(Statistics::new_unknown(&self.schema)))
    }

    fn with_fetch(&self, _: Option<usize>) -> Option<Arc<dyn DataSource>> {
        None
    }

    fn fetch(&self) -> Option<usize> {
        None
    }

    fn try_swapping_with_projection(
        &self,
        projection: &ProjectionExprs,
    ) -> Result<Option<Arc<dyn DataSource>>> {
        // What is computed already stays as it is: it might be volatile, or be computed twice.
        if !self.projection.expr_iter().all(|it| it.downcast_ref::<Column>().is_some()) {
            return Ok(None);
        }
        let projection = self.projection.try_merge(projection)?;
        let schema = Arc::new(projection.project_schema(&self.file.table)?);
        Ok(Some(Arc::new(Self { file: Arc::clone(&self.file), projection, schema })))
    }

    fn apply_expressions(
        &self,
        look: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        for expr in self.projection.expr_iter() {
            if look(&expr)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }
}

impl fmt::Debug for FileScan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FileScan({})", self.file.path)
    }
}

/// A batch in pieces of so many rows at most.
fn pieces(
    batch: Result<RecordBatch>,
    most: usize,
) -> impl Iterator<Item = Result<RecordBatch>> + Send {
    let (batch, error) = match batch {
        Ok(batch) => (Some(batch), None),
        Err(error) => (None, Some(Err(error))),
    };
    let pieces = batch.into_iter().flat_map(move |batch| {
        let rows = batch.num_rows();
        let begins = (0..rows).step_by(most.max(1));
        begins.map(move |at| Ok(batch.slice(at, most.min(rows - at))))
    });
    error.into_iter().chain(pieces)
}

//! The answer of a query, batch by batch, for callers that know nothing of `async`.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use datafusion::common::DataFusionError;
use datafusion::physical_plan::ExecutionPlan;
use futures::StreamExt;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::names::View;
use super::version_table::VersionTable;
use super::{Options, Running, error};
use crate::model::{Error, ErrorKind, Result};

/// Batches that may wait for the caller: enough to keep reading while one is written.
const WAITING: usize = 2;

/// The answer of a query. Dropping it ends the query.
pub struct Answer<'engine> {
    waiter: Waiter<'engine>,
    schema: SchemaRef,
    plan: Arc<dyn ExecutionPlan>,
    sources: Vec<Arc<VersionTable>>,
    batches: mpsc::Receiver<Result<RecordBatch, DataFusionError>>,
    pump: JoinHandle<()>,
    // Data files stay where they are until the last batch was handed out.
    _view: Box<dyn View>,
}

impl<'engine> Answer<'engine> {
    pub(super) fn new(waiter: Waiter<'engine>, threads: &Runtime, running: Running) -> Self {
        let Running { mut stream, plan, sources, view } = running;
        let schema = readable_names(&stream.schema());
        let (sender, batches) = mpsc::channel(WAITING);
        let pump = threads.spawn(async move {
            while let Some(batch) = stream.next().await {
                if sender.send(batch).await.is_err() {
                    return;
                }
            }
        });
        Self { waiter, schema, plan, sources, batches, pump, _view: view }
    }

    /// The columns of the answer.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The plan that runs, with its metrics.
    pub fn plan(&self) -> &Arc<dyn ExecutionPlan> {
        &self.plan
    }

    /// The next batch; none after the last.
    pub fn next_batch(&mut self) -> Result<Option<RecordBatch>> {
        let batches = &mut self.batches;
        match self.waiter.wait_for(async { batches.recv().await })? {
            Some(Ok(batch)) => Ok(Some(self.named(&batch)?)),
            Some(Err(error)) => Err(error::translate(&error, &self.sources)),
            None => self.ended(),
        }
    }

    /// The batches ended: because the answer did, or because the query panicked.
    fn ended(&mut self) -> Result<Option<RecordBatch>> {
        let pump = &mut self.pump;
        if pump.is_finished() {
            return Ok(None);
        }
        self.waiter.wait_for(pump)?.map_err(|error| panicked(&error.to_string()))?;
        Ok(None)
    }

    fn named(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        RecordBatch::try_new_with_options(
            self.schema(),
            batch.columns().to_vec(),
            &arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows())),
        )
        .map_err(|error| {
            Error::internal("the answer has not the columns planned").with_source(error)
        })
    }
}

impl Iterator for Answer<'_> {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_batch().transpose()
    }
}

impl Drop for Answer<'_> {
    fn drop(&mut self) {
        self.pump.abort();
    }
}

/// Waits for what runs on the engine's threads: not beyond the time limit, and not after Ctrl-C.
pub(super) struct Waiter<'engine> {
    runtime: &'engine Runtime,
    timeout: Option<Duration>,
    deadline: Option<Instant>,
    interruptible: bool,
}

impl<'engine> Waiter<'engine> {
    pub(super) fn new(runtime: &'engine Runtime, options: &Options) -> Self {
        let deadline = options.timeout.and_then(|it| Instant::now().checked_add(it));
        let (timeout, interruptible) = (options.timeout, options.interruptible);
        Self { runtime, timeout, deadline, interruptible }
    }

    pub(super) fn wait<T>(&self, task: JoinHandle<T>) -> Result<T> {
        self.wait_for(task)?.map_err(|error| panicked(&error.to_string()))
    }

    fn wait_for<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                done = future => Ok(done),
                () = self.time_is_up() => Err(self.too_slow()),
                () = self.interrupted() => {
                    Err(Error::new(ErrorKind::Interrupted, "the query was interrupted"))
                }
            }
        })
    }

    async fn time_is_up(&self) {
        match self.deadline {
            Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
            None => std::future::pending().await,
        }
    }

    async fn interrupted(&self) {
        if !self.interruptible || tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    fn too_slow(&self) -> Error {
        let seconds = self.timeout.unwrap_or_default().as_secs_f64();
        Error::new(ErrorKind::QuotaExceeded, format!("the query took longer than {seconds} s"))
            .with_help("give it more time with --timeout, or narrow it with --region or WHERE")
    }
}

fn panicked(why: &str) -> Error {
    Error::internal("the query engine failed").with_source(why.to_owned())
}

/// `clinvar.info[ac]`, DataFusion's name of a field of a row, is `ac` for people, as in Trino.
fn readable_names(schema: &SchemaRef) -> SchemaRef {
    let plain = |text: &str| {
        text.chars().all(|it| it.is_alphanumeric() || it == '_')
            && text.starts_with(|it: char| it.is_alphabetic() || it == '_')
    };
    let renamed = |field: &FieldRef| {
        let inner = field.name().strip_suffix(']').and_then(|it| it.rsplit_once('['));
        match inner {
            Some((base, name)) if plain(name) && !base.contains(['(', '\'', ' ']) => {
                Arc::new(field.as_ref().clone().with_name(name))
            }
            _ => Arc::clone(field),
        }
    };
    let fields: Vec<_> = schema.fields().iter().map(renamed).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

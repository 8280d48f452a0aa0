//! The answer of a query, batch by batch: pulled by who waits, polled by who does not.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{FieldRef, Schema, SchemaRef};
use datafusion::common::DataFusionError;
use datafusion::physical_plan::ExecutionPlan;
use futures::{Stream, StreamExt};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};

use super::abandoned::Abandoned;
use super::columns::plain;
use super::error;
use super::files::Told;
use super::running::Running;
use super::scan::Scan;
use super::threads::{Threads, block_on};
use super::version_table::VersionTable;
use super::watch::Watch;
use crate::model::{Error, Result};

/// Batches that may wait for the caller: enough to keep reading while one is written.
const WAITING: usize = 2;

/// The answer of a query. It lives on without its engine; dropping it ends the query.
///
/// As an iterator it waits for each batch. [`Answer::into_stream`] gives the same batches to
/// callers that are asynchronous.
pub struct Answer {
    schema: SchemaRef,
    plan: Arc<dyn ExecutionPlan>,
    abandoned: Abandoned,
    /// Keep the data files until the last batch was handed out.
    sources: Vec<Arc<VersionTable>>,
    batches: mpsc::Receiver<Result<RecordBatch, DataFusionError>>,
    pump: JoinHandle<()>,
    notes: Vec<String>,
    told: Told,
    watch: Watch,
    ended: bool,
    _threads: Arc<Threads>,
}

impl Answer {
    pub(super) fn new(running: Running, watch: Watch, threads: Arc<Threads>) -> Self {
        let Running { mut stream, plan, abandoned, sources, notes, told } = running;
        let schema = readable_names(&stream.schema());
        let (sender, batches) = mpsc::channel(WAITING);
        let pump = threads.compute(async move {
            while let Some(batch) = stream.next().await {
                if sender.send(batch).await.is_err() {
                    return;
                }
            }
        });
        Self {
            schema,
            plan,
            abandoned,
            sources,
            batches,
            pump,
            notes,
            told,
            watch,
            ended: false,
            _threads: threads,
        }
    }

    /// The columns of the answer.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The plan that runs, with its metrics.
    pub fn plan(&self) -> &Arc<dyn ExecutionPlan> {
        &self.plan
    }

    /// The scans of the query, for whoever shows how far they have come.
    pub fn scans(&self) -> Scan {
        Scan::of(&self.plan)
    }

    /// What the query may not have meant, such as a name that no row has: for people, in words.
    /// What files have to say is known once all batches were handed out.
    pub fn notes(&self) -> Vec<String> {
        self.notes.iter().cloned().chain(self.told.all()).collect()
    }

    /// Waits for the next batch; none after the last, and after an error.
    pub fn next_batch(&mut self) -> Result<Option<RecordBatch>> {
        self.next().transpose()
    }

    /// The batches for callers that do not wait.
    pub fn into_stream(self) -> AnswerStream {
        AnswerStream(self)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<RecordBatch>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let batch = ready!(self.watch.poll(context, |context| self.batches.poll_recv(context)));
        let last = match batch {
            Ok(Some(Ok(batch))) => return Poll::Ready(Some(self.named(&batch))),
            Ok(Some(Err(error))) => {
                Some(Err(self.told.named(error::translate(&error, &self.sources))))
            }
            // The batches ended: because the answer did, or because the query panicked.
            Ok(None) => match ready!(Pin::new(&mut self.pump).poll(context)) {
                Ok(()) => None,
                Err(error) => Some(Err(panicked(&error))),
            },
            Err(why) => Some(Err(why)),
        };
        self.ended = true;
        Poll::Ready(last)
    }

    fn named(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(self.schema(), batch.columns().to_vec(), &rows).map_err(
            |error| Error::internal("the answer has not the columns planned").with_source(error),
        )
    }
}

impl Iterator for Answer {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        block_on(poll_fn(|context| self.poll(context)))
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.abandoned.set();
        self.pump.abort();
    }
}

/// The batches of an [`Answer`] as a stream, which any asynchronous runtime can poll.
pub struct AnswerStream(Answer);

impl AnswerStream {
    /// The columns of the answer.
    pub fn schema(&self) -> SchemaRef {
        self.0.schema()
    }
}

impl Stream for AnswerStream {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll(context)
    }
}

/// The error of a task of the engine that did not come to its end.
pub(super) fn panicked(error: &JoinError) -> Error {
    Error::internal("the query engine failed").with_source(error.to_string())
}

/// `clinvar.info[ac]`, DataFusion's name of a field of a row, is `ac` for people, as in Trino; and
/// names have no marks that keep them apart.
pub(super) fn readable_names(schema: &SchemaRef) -> SchemaRef {
    // A number is an index, and what has blanks, quotes or parentheses is an expression.
    let is_name = |text: &str| {
        !text.contains(['(', '\'', '"', ' ', '['])
            && text.contains(|it: char| it.is_alphabetic() || it == '_')
    };
    let renamed = |field: &FieldRef| {
        let inner = field.name().strip_suffix(']').and_then(|it| it.rsplit_once('['));
        match inner {
            Some((base, name)) if is_name(name) && !base.contains(['(', '\'', ' ']) => {
                Arc::new(field.as_ref().clone().with_name(name))
            }
            _ if plain(field.name()) == field.name() => Arc::clone(field),
            _ => Arc::new(field.as_ref().clone().with_name(plain(field.name()))),
        }
    };
    let fields: Vec<_> = schema.fields().iter().map(renamed).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array};
    use datafusion::physical_plan::empty::EmptyExec;
    use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
    use futures::stream;

    use super::*;
    use crate::model::ErrorKind;
    use crate::query::Options;

    /// A panic ends the channel that batches come through, as the end of the answer does.
    #[test]
    fn a_panic_after_some_batches_is_an_error_after_them() {
        let threads = Arc::new(Threads::start(2).unwrap());
        let column = Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef;
        let batch = RecordBatch::try_from_iter([("n", column)]).unwrap();
        for count in [0, 1, 5] {
            let batches = stream::iter((0..count).map({
                let batch = batch.clone();
                move |_| Ok(batch.clone())
            }));
            let panics = stream::poll_fn(|_| panic!("here"));
            let rows = RecordBatchStreamAdapter::new(batch.schema(), batches.chain(panics));
            let plan = Arc::new(EmptyExec::new(batch.schema()));
            let running = Running {
                stream: Box::pin(rows),
                plan,
                abandoned: Abandoned::default(),
                sources: Vec::new(),
                notes: Vec::new(),
                told: Told::default(),
            };
            let watch = Watch::start(&threads, &Options::default());
            let mut answer = Answer::new(running, watch, Arc::clone(&threads));
            for _ in 0..count {
                assert_eq!(answer.next_batch().unwrap(), Some(batch.clone()));
            }
            let error = answer.next_batch().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Internal, "{error}");
            assert!(error.to_string().contains("here"), "{error}");
            assert!(answer.next_batch().unwrap().is_none());
        }
    }
}

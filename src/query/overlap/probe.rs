//! The other side of a join, held against the rows that are kept, batch by batch.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch};
use datafusion::common::{JoinSide, Result, exec_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::metrics::Count;
use datafusion::physical_plan::spill::{SpillManager, get_record_batch_memory_size};
use futures::StreamExt;
use tokio::sync::mpsc::Sender;
use tokio::task::consume_budget;

use super::build::{Built, BuiltRows, Chunk, Collector, Met, Reading, take_room};
use super::form::{OverlapForm, SideRows};
use super::index::{Cursor, Window};
use super::keys::Keys;
use super::output::{Output, Pairs};

/// The most bytes that the rows made at once are meant to have.
const BYTES_AT_ONCE: usize = 8 << 20;

/// What all streams of a join know.
#[derive(Debug)]
pub struct Join {
    /// What is compared.
    pub form: OverlapForm,
    /// How the keys of the kept side become numbers.
    pub left_keys: Arc<Keys>,
    /// How those of the other side do.
    pub right_keys: Keys,
    /// What is made of rows that meet.
    pub output: Output,
}

impl Join {
    /// How the kept side is put in order.
    pub fn reading(&self) -> Reading {
        Reading {
            values: self.form.left.clone(),
            keys: Arc::clone(&self.left_keys),
            touching: self.form.touching,
        }
    }

    /// Whether a row of the other side needs to meet no more than one.
    fn is_settled_by_one(&self) -> bool {
        self.output.marks_right() && !self.output.has_pairs()
    }
}

/// One stream of the other side.
pub struct Probe {
    /// The join.
    pub join: Arc<Join>,
    /// Memory.
    pub context: Arc<TaskContext>,
    /// Reads kept rows that are on the disk.
    pub kept_spills: SpillManager,
    /// Writes rows of this side that have to be read again.
    pub spills: SpillManager,
    /// Takes the rows that are made.
    pub out: Sender<Result<RecordBatch>>,
    /// How many were made.
    pub made: Count,
}

impl Probe {
    /// Holds all rows of the stream against the kept ones: once, or once for each part of them that
    /// has room in memory.
    pub async fn run(self, built: &Built, input: SendableRecordBatchStream) -> Result<()> {
        let mut parts = Parts::new(built, self.join.reading(), &self.context, &self.kept_spills)?;
        let mut met = Bits::new(&self.context);
        let (mut source, mut copy) = (input, None);
        loop {
            let (chunk, is_last) = parts.next().await?;
            let mut writer = match (is_last, &copy) {
                (false, None) => Some(self.spills.create_in_progress_file("overlap join")?),
                _ => None,
            };
            let is_only = is_last && copy.is_none();
            let mut first = 0;
            while let Some(batch) = source.next().await {
                let batch = batch?;
                if let Some(writer) = &mut writer {
                    writer.append_batch(&batch)?;
                }
                met.cover(first + batch.num_rows())?;
                self.hold(&built.met, &chunk, &batch, &mut met.from(first)).await?;
                if is_last && self.join.output.marks_right() {
                    let is_met = |row| met.has(first + row);
                    let rows = self.join.output.of_side(JoinSide::Right, &batch, is_met)?;
                    self.send(rows).await?;
                }
                if is_only { met.clear() } else { first += batch.num_rows() }
            }
            if let Some(mut writer) = writer {
                copy = writer.finish()?;
            }
            match &copy {
                Some(file) if !is_last => {
                    source = self.spills.read_spill_as_stream(Arc::clone(file), None)?;
                }
                // There is no further part, or the stream had no rows to hold against it.
                _ => break,
            }
        }
        if built.met.end() && self.join.output.marks_left() {
            self.send_kept(built).await?;
        }
        Ok(())
    }

    /// Holds a batch against some of the kept rows.
    async fn hold(
        &self,
        kept_met: &Met,
        chunk: &Chunk,
        batch: &RecordBatch,
        met: &mut BitsFrom<'_>,
    ) -> Result<()> {
        let Join { form, right_keys, output, .. } = self.join.as_ref();
        let values = form.right.of(batch, right_keys)?;
        let once = self.join.is_settled_by_one();
        let mut walk = Walk::new(chunk, &values, batch.num_rows(), once && form.rest.is_none());
        let most = self.rows_at_once(chunk, batch);
        let mut pairs = Pairs::default();
        loop {
            let is_done = walk.fill(&mut pairs, most, |row| once && met.has(row));
            if let Some(rest) = &form.rest {
                pairs.retain(rest, chunk, batch)?;
            }
            if output.marks_left() {
                pairs.left.iter().for_each(|it| kept_met.set(chunk.number(*it)));
            }
            if output.marks_right() {
                pairs.right.iter().for_each(|row| met.set(*row as usize));
            }
            if output.has_pairs() && !pairs.right.is_empty() {
                self.send(Some(output.of_pairs(&pairs, chunk, batch)?)).await?;
            }
            if is_done {
                return Ok(());
            }
            pairs.clear();
            consume_budget().await;
        }
    }

    fn rows_at_once(&self, chunk: &Chunk, batch: &RecordBatch) -> usize {
        let of_batch = get_record_batch_memory_size(batch) / batch.num_rows().max(1);
        let bytes = chunk.row_bytes.saturating_add(of_batch).max(1);
        (BYTES_AT_ONCE / bytes).clamp(1, self.context.session_config().batch_size())
    }

    /// Makes the kept rows of which it matters that all streams have ended.
    async fn send_kept(&self, built: &Built) -> Result<()> {
        let of = |batch: &RecordBatch, first: usize| {
            self.join.output.of_side(JoinSide::Left, batch, |row| built.met.has(first + row))
        };
        match &built.rows {
            BuiltRows::Kept(chunk) => {
                for (batch, first) in chunk.batches.iter().zip(&chunk.firsts) {
                    self.send(of(batch, *first)?).await?;
                }
            }
            BuiltRows::Spilled(file) => {
                let mut batches = self.kept_spills.read_spill_as_stream(Arc::clone(file), None)?;
                let mut first = 0;
                while let Some(batch) = batches.next().await {
                    let batch = batch?;
                    self.send(of(&batch, first)?).await?;
                    first += batch.num_rows();
                }
            }
        }
        Ok(())
    }

    async fn send(&self, batch: Option<RecordBatch>) -> Result<()> {
        let Some(batch) = batch else { return Ok(()) };
        self.made.add(batch.num_rows());
        if self.out.send(Ok(batch)).await.is_err() {
            return exec_err!("nobody reads the join any more");
        }
        Ok(())
    }
}

/// The kept rows, part by part.
enum Parts<'a> {
    Kept(Arc<Chunk>),
    Spilled {
        reading: Reading,
        context: &'a TaskContext,
        rows: SendableRecordBatchStream,
        /// What had no room in the part before.
        waiting: Option<RecordBatch>,
        first: usize,
    },
}

impl<'a> Parts<'a> {
    fn new(
        built: &Built,
        reading: Reading,
        context: &'a TaskContext,
        spills: &SpillManager,
    ) -> Result<Self> {
        Ok(match &built.rows {
            BuiltRows::Kept(chunk) => Self::Kept(Arc::clone(chunk)),
            BuiltRows::Spilled(file) => Self::Spilled {
                reading,
                context,
                rows: spills.read_spill_as_stream(Arc::clone(file), None)?,
                waiting: None,
                first: 0,
            },
        })
    }

    /// The next part, and whether it is the last one. There is always a first one.
    async fn next(&mut self) -> Result<(Arc<Chunk>, bool)> {
        let (reading, context, rows, waiting, first) = match self {
            Self::Kept(chunk) => return Ok((Arc::clone(chunk), true)),
            Self::Spilled { reading, context, rows, waiting, first } => {
                (reading, context, rows, waiting, first)
            }
        };
        let mut collector = Collector::new(reading, context, *first);
        if let Some(batch) = waiting.take() {
            *waiting = collector.add(batch)?;
        }
        while waiting.is_none()
            && let Some(batch) = rows.next().await
        {
            *waiting = collector.add(batch?)?;
        }
        *first += collector.rows();
        Ok((Arc::new(collector.finish()), waiting.is_none()))
    }
}

/// Goes through the pairs of a batch, stopping wherever enough are together.
struct Walk<'a> {
    chunk: &'a Chunk,
    values: &'a SideRows,
    groups: Vec<Option<u32>>,
    row: usize,
    /// What is left for the row.
    candidates: Option<Range<usize>>,
    cursor: Cursor,
    /// Whether one pair of a row is enough.
    once: bool,
}

impl<'a> Walk<'a> {
    fn new(chunk: &'a Chunk, values: &'a SideRows, rows: usize, once: bool) -> Self {
        Self {
            chunk,
            values,
            groups: chunk.groups.of(&values.keys, rows),
            row: 0,
            candidates: None,
            cursor: Cursor::default(),
            once,
        }
    }

    /// Adds pairs, but of rows to be skipped; true once there are no more.
    fn fill(&mut self, pairs: &mut Pairs, most: usize, skip: impl Fn(usize) -> bool) -> bool {
        let index = &self.chunk.index;
        for row in self.row..self.groups.len() {
            self.row = row;
            let left = self.candidates.take();
            let Some(window) = self.window(row).filter(|_| left.is_some() || !skip(row)) else {
                continue;
            };
            let number = u32::try_from(row).unwrap_or(u32::MAX);
            let mut among = left.unwrap_or_else(|| index.candidates(window, &mut self.cursor));
            while let Some(at) = index.next(among.clone(), window.after) {
                if pairs.right.len() == most {
                    self.candidates = Some(at..among.end);
                    return false;
                }
                pairs.left.push(index.place(at));
                pairs.right.push(number);
                if self.once {
                    break;
                }
                among.start = at + 1;
            }
        }
        self.row = self.groups.len();
        true
    }

    fn window(&self, row: usize) -> Option<Window> {
        let SideRows { below, above, .. } = self.values;
        let is_valid = below.is_valid(row) && above.is_valid(row);
        let group = self.groups[row].filter(|_| is_valid)?;
        Some(Window { group, before: below.value(row), after: above.value(row) })
    }
}

/// A mark for each row of a stream.
struct Bits {
    words: Vec<u64>,
    reservation: MemoryReservation,
}

impl Bits {
    fn new(context: &TaskContext) -> Self {
        let reservation = MemoryConsumer::new("overlap join").register(context.memory_pool());
        Self { words: Vec::new(), reservation }
    }

    /// Has room for so many rows.
    fn cover(&mut self, rows: usize) -> Result<()> {
        let words = rows.div_ceil(64);
        if words > self.words.len() {
            take_room(&self.reservation, (words - self.words.len()) * 8)?;
            self.words.resize(words, 0);
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.words.fill(0);
    }

    fn has(&self, row: usize) -> bool {
        self.words[row / 64] & 1 << (row % 64) != 0
    }

    fn from(&mut self, first: usize) -> BitsFrom<'_> {
        BitsFrom { bits: self, first }
    }
}

/// The marks of the rows of a batch.
struct BitsFrom<'a> {
    bits: &'a mut Bits,
    first: usize,
}

impl BitsFrom<'_> {
    fn has(&self, row: usize) -> bool {
        self.bits.has(self.first + row)
    }

    fn set(&mut self, row: usize) {
        let row = self.first + row;
        self.bits.words[row / 64] |= 1 << (row % 64);
    }
}

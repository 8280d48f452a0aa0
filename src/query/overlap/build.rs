//! The side of a join that is kept: all of it in memory, or as much as has room at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::compute::interleave;
use datafusion::common::{Result, internal_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryLimit, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, SpillFile, TaskContext};
use datafusion::physical_plan::spill::{SpillManager, get_record_batch_memory_size};
use futures::{StreamExt, stream};

use super::form::SideValues;
use super::index::{Entry, Index, Place, Touching};
use super::keys::{Groups, Keys};

/// How rows of the kept side are put in order.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What is computed of its rows.
    pub values: SideValues,
    /// How keys become numbers.
    pub keys: Arc<Keys>,
    /// Whether bounds that are equal meet.
    pub touching: Touching,
}

/// Rows of the kept side, in batches, with their intervals in order.
#[derive(Debug)]
pub struct Chunk {
    /// The rows.
    pub batches: Vec<RecordBatch>,
    /// The number of the first row of each batch among all rows of the side.
    pub firsts: Vec<usize>,
    /// Their intervals.
    pub index: Index,
    /// Their keys.
    pub groups: Groups,
    /// About how many bytes a row takes.
    pub row_bytes: usize,
    _reservation: MemoryReservation,
}

impl Chunk {
    /// The number of a row among all rows of the side.
    pub fn number(&self, place: Place) -> usize {
        self.firsts[place.batch as usize] + place.row as usize
    }

    /// The values of a column for some rows.
    pub fn column(&self, column: usize, places: &[Place]) -> Result<ArrayRef> {
        let arrays: Vec<&dyn Array> =
            self.batches.iter().map(|it| it.column(column) as _).collect();
        let indices: Vec<(usize, usize)> =
            places.iter().map(|it| (it.batch as usize, it.row as usize)).collect();
        Ok(interleave(&arrays, &indices)?)
    }
}

/// Puts rows together until there is no room for more.
pub struct Collector {
    reading: Reading,
    batches: Vec<RecordBatch>,
    firsts: Vec<usize>,
    entries: Vec<Entry>,
    groups: Groups,
    first: usize,
    rows: usize,
    bytes: usize,
    reservation: MemoryReservation,
    most: usize,
}

impl Collector {
    /// A collector whose first row has this number.
    pub fn new(reading: &Reading, context: &TaskContext, first: usize) -> Self {
        let pool = context.memory_pool();
        // What reads the join needs memory too.
        let most = match pool.memory_limit() {
            MemoryLimit::Finite(bytes) => bytes / 2,
            _ => usize::MAX,
        };
        Self {
            reading: reading.clone(),
            batches: Vec::new(),
            firsts: Vec::new(),
            entries: Vec::new(),
            groups: Groups::default(),
            first,
            rows: 0,
            bytes: 0,
            reservation: MemoryConsumer::new("overlap join").with_can_spill(true).register(pool),
            most,
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Takes a batch, or gives it back where there is no room for it. The first one has room.
    pub fn add(&mut self, batch: RecordBatch) -> Result<Option<RecordBatch>> {
        let bytes = get_record_batch_memory_size(&batch);
        let needed = bytes + batch.num_rows() * Index::BYTES_EACH;
        if self.batches.is_empty() {
            self.reservation.grow(needed);
        } else if self.reservation.size().saturating_add(needed) > self.most
            || self.reservation.try_grow(needed).is_err()
        {
            return Ok(Some(batch));
        }
        let values = self.reading.values.of(&batch, &self.reading.keys)?;
        let number = u32::try_from(self.batches.len()).unwrap_or(u32::MAX);
        for row in 0..batch.num_rows() {
            let Some(key) = values.keys.key(row) else { continue };
            if values.below.is_null(row) || values.above.is_null(row) {
                continue;
            }
            let (group, key_bytes) = self.groups.add(key);
            self.reservation.grow(key_bytes);
            let place = Place { batch: number, row: u32::try_from(row).unwrap_or(u32::MAX) };
            let (low, high) = (values.below.value(row), values.above.value(row));
            self.entries.push(Entry { group, low, high, place });
        }
        self.firsts.push(self.first + self.rows);
        self.rows += batch.num_rows();
        self.bytes += bytes;
        self.batches.push(batch);
        Ok(None)
    }

    /// The rows in order.
    pub fn finish(self) -> Chunk {
        let touching = self.reading.touching;
        Chunk {
            index: Index::new(self.entries, self.groups.len(), touching),
            batches: self.batches,
            firsts: self.firsts,
            groups: self.groups,
            row_bytes: self.bytes / self.rows.max(1),
            _reservation: self.reservation,
        }
    }
}

/// The kept side, once all of it was read.
pub struct Built {
    /// Its rows.
    pub rows: BuiltRows,
    /// Those of them that some row of the other side met.
    pub met: Met,
}

impl Built {
    /// Its rows, where all of them are in memory.
    pub fn kept(&self) -> Option<&Chunk> {
        match &self.rows {
            BuiltRows::Kept(chunk) => Some(chunk),
            BuiltRows::Spilled(_) => None,
        }
    }
}

/// Where the rows of the kept side are.
pub enum BuiltRows {
    /// All in memory.
    Kept(Arc<Chunk>),
    /// In a temporary file.
    Spilled(Arc<dyn SpillFile>),
}

/// What the kept side is read with.
pub struct Build {
    /// How its rows are put in order.
    pub reading: Reading,
    /// Memory and disk.
    pub context: Arc<TaskContext>,
    /// What writes those rows that have no room.
    pub spills: SpillManager,
    /// How many streams of the other side will be held to it.
    pub streams: usize,
    /// Whether it matters which of its rows are met.
    pub marks: bool,
}

impl Build {
    /// Reads all rows: into memory, or to the disk where there is no room.
    pub async fn read(self, mut input: SendableRecordBatchStream) -> Result<Built> {
        let mut collector = Collector::new(&self.reading, &self.context, 0);
        while let Some(batch) = input.next().await {
            if let Some(beyond) = collector.add(batch?)? {
                return self.spill(collector, beyond, input).await;
            }
        }
        let met = self.unmet(collector.rows)?;
        Ok(Built { rows: BuiltRows::Kept(Arc::new(collector.finish())), met })
    }

    async fn spill(
        self,
        collector: Collector,
        beyond: RecordBatch,
        input: SendableRecordBatchStream,
    ) -> Result<Built> {
        let mut file = self.spills.create_in_progress_file("overlap join")?;
        let mut rows = collector.rows;
        for batch in &collector.batches {
            file.append_batch(batch)?;
        }
        drop(collector);
        let mut others = stream::iter([Ok(beyond)]).chain(input);
        while let Some(batch) = others.next().await {
            let batch = batch?;
            rows += batch.num_rows();
            file.append_batch(&batch)?;
        }
        let Some(file) = file.finish()? else { return internal_err!("a join wrote no rows") };
        Ok(Built { rows: BuiltRows::Spilled(file), met: self.unmet(rows)? })
    }

    fn unmet(&self, rows: usize) -> Result<Met> {
        let words = if self.marks { rows.div_ceil(64) } else { 0 };
        let reservation = MemoryConsumer::new("overlap join").register(self.context.memory_pool());
        take_room(&reservation, words * 8)?;
        Ok(Met {
            bits: std::iter::repeat_with(AtomicU64::default).take(words).collect(),
            streams: AtomicUsize::new(self.streams),
            _reservation: reservation,
        })
    }
}

/// Takes room for marks of rows, of which a little is always there: a spilled join goes on.
pub fn take_room(reservation: &MemoryReservation, bytes: usize) -> Result<()> {
    if reservation.size() + bytes > 1 << 20 {
        return reservation.try_grow(bytes);
    }
    reservation.grow(bytes);
    Ok(())
}

/// Which rows of the kept side were met, by all streams of the other.
pub struct Met {
    bits: Vec<AtomicU64>,
    /// The streams that have not ended.
    streams: AtomicUsize,
    _reservation: MemoryReservation,
}

impl Met {
    /// Notes that a row was met.
    pub fn set(&self, number: usize) {
        let (word, bit) = (&self.bits[number / 64], 1 << (number % 64));
        if word.load(Ordering::Relaxed) & bit == 0 {
            word.fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Whether a row was met.
    pub fn has(&self, number: usize) -> bool {
        self.bits[number / 64].load(Ordering::Relaxed) & 1 << (number % 64) != 0
    }

    /// Notes that a stream has ended, and tells whether it was the last one.
    pub fn end(&self) -> bool {
        self.streams.fetch_sub(1, Ordering::AcqRel) == 1
    }
}

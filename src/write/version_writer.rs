//! The data files of one import: row groups are encoded by the pool, and put into files in order.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_writer::ArrowColumnChunk;
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;
use rayon::ThreadPool;

use super::block_checksums::BlockChecksums;
use super::constant::{ConstantChunk, has_one_value};
use super::encode;
use super::group::{Group, Grouper};
use super::hashed::Hashed;
use super::new_files::{NewFiles, OnDisk};
use super::order::{Contigs, CoordinateNames, Coverage, Covered, GroupOrder, Key, OrderColumns};
use crate::model::{Error, ErrorKind, Result};

/// Column chunks, those of all row groups, after which a file has enough. Whoever reads a file
/// begins with its footer, which has 60 to 120 bytes for each: so it has 1 to 2 MB, and does not
/// grow with the rows of a version.
const MAX_COLUMN_CHUNKS: usize = 1 << 14;

/// A finished data file.
#[derive(Clone, Debug)]
pub struct WrittenFile {
    /// What it is called, in the folder of its writer.
    pub path: PathBuf,
    /// Rows in it.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it, in hex.
    pub sha256: String,
    /// Checksums of its blocks.
    pub checksums: BlockChecksums,
    /// What it covers, by first appearance in the input.
    pub covered: Vec<Covered>,
}

/// Writes batches, in the order of the input, to files that are each sorted by contig and start.
///
/// Input in order goes to one file, or to several, one behind the other, where its footer would
/// become long. A group that begins before the last row of its file begins a new one; groups that
/// are not in order inside are sorted first. There is no merge: pruning works all the same.
pub struct VersionWriter {
    folder: PathBuf,
    files: Arc<dyn NewFiles>,
    schema: SchemaRef,
    columns: Option<OrderColumns>,
    pool: Arc<ThreadPool>,
    grouper: Grouper,
    contigs: Contigs,
    /// The group that is being encoded.
    under_way: Option<UnderWay>,
    open: Option<OpenFile>,
    /// How far back rows may come, and still be put in their place among those before them.
    reach: Option<i64>,
    /// The place of the last row that was given to the open file.
    last: Option<Key>,
    max_column_chunks: usize,
    /// Whether all rows come from one job.
    one_job: bool,
    finished: Vec<WrittenFile>,
}

struct UnderWay {
    chunks: Receiver<Result<Vec<Option<ArrowColumnChunk>>>>,
    rows: usize,
    /// What the column has that has one value in all rows.
    one_value: String,
    covered: Coverage,
}

/// A group that can be put into its file.
struct Encoded {
    chunks: Vec<Option<ArrowColumnChunk>>,
    rows: usize,
    one_value: String,
    covered: Coverage,
}

struct OpenFile {
    path: PathBuf,
    files: Arc<dyn NewFiles>,
    writer: SerializedFileWriter<Hashed>,
    groups: usize,
    rows: u64,
    covered: Coverage,
    /// The column of one value, as the last group has it.
    constant: Option<ConstantChunk>,
}

impl VersionWriter {
    /// A writer into a folder that exists. Without coordinates, rows keep the order of the input.
    pub fn new(
        folder: &Path,
        schema: SchemaRef,
        coordinates: Option<&CoordinateNames>,
        pool: &Arc<ThreadPool>,
    ) -> Result<Self> {
        let columns = coordinates.map(|it| it.within(&schema)).transpose()?;
        Ok(Self {
            folder: folder.to_owned(),
            files: Arc::new(OnDisk),
            schema,
            columns,
            pool: Arc::clone(pool),
            grouper: Grouper::default(),
            contigs: Contigs::default(),
            under_way: None,
            open: None,
            reach: None,
            last: None,
            max_column_chunks: MAX_COLUMN_CHUNKS,
            one_job: true,
            finished: Vec::new(),
        })
    }

    /// Has somebody else take the files, in the place of the disk.
    #[must_use]
    pub fn given_to(self, files: Arc<dyn NewFiles>) -> Self {
        Self { files, ..self }
    }

    /// Keeps the last rows of each group for the next one: those that start less than `reach` bases
    /// before the last row, so that rows which come that much too late begin no new file.
    #[must_use]
    pub fn reaching(self, reach: i64) -> Self {
        Self { reach: Some(reach), ..self }
    }

    /// Takes rows of several jobs: what is one value in all rows of an import is not in theirs.
    #[must_use]
    pub fn of_several_jobs(self) -> Self {
        Self { one_job: false, ..self }
    }

    /// Ends row groups after so many bytes of Arrow data, in the place of 64 MiB.
    #[must_use]
    pub fn with_group_bytes(self, bytes: usize) -> Self {
        Self { grouper: Grouper::ending_at(bytes), ..self }
    }

    /// Adds the next rows.
    pub fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let mut grouper = std::mem::take(&mut self.grouper);
        let added = grouper.add(batch, |group| self.begin_full_group(group));
        self.grouper = grouper;
        added
    }

    /// Writes what is left, and gives the files: whole, and on the disk.
    pub fn finish(mut self) -> Result<Vec<WrittenFile>> {
        if let Some(group) = std::mem::take(&mut self.grouper).finish() {
            self.begin_group(group)?;
        }
        let last = self.encoded()?;
        self.append(last)?;
        self.end_file()?;
        Ok(self.finished)
    }

    /// Begins a group that others follow, and gives the rows that are to begin the next one.
    fn begin_full_group(&mut self, group: Group) -> Result<Vec<RecordBatch>> {
        let (Some(columns), Some(reach)) = (self.columns, self.reach) else {
            return self.begin_group(group).map(|()| Vec::new());
        };
        let (now, later) = self.contigs.hold_back(group.batches, columns, reach)?;
        self.begin_group(Group::of(now))?;
        Ok(later)
    }

    fn begin_group(&mut self, group: Group) -> Result<()> {
        let order = match self.columns {
            Some(columns) => self.contigs.order(&group.batches, columns),
            None => GroupOrder::none(),
        };
        let mut encoded = self.encoded()?;
        let goes_back = self.last.is_some_and(|last| order.first < last);
        let is_full = self.open.as_ref().is_some_and(|it| it.chunks() >= self.max_column_chunks);
        if goes_back || is_full {
            self.append(encoded.take())?;
            self.end_file()?;
        }
        self.last = Some(order.last);
        if self.open.is_none() {
            self.open = Some(self.create(&group.batches)?);
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        let properties = Arc::clone(open.writer.properties());
        open.groups += 1;
        let GroupOrder { runs, covered, .. } = order;
        let (sender, chunks) = sync_channel(1);
        let (schema, batches, rows) = (Arc::clone(&self.schema), group.batches, group.rows);
        let (one_value, one_job) = (one_value(&batches), self.one_job);
        self.pool.spawn(move || {
            // Nobody waits any more where the import ended early.
            let _ = sender.send(encode::encode(
                &schema,
                batches,
                runs.as_deref(),
                (&properties, one_job),
            ));
        });
        self.under_way = Some(UnderWay { chunks, rows, one_value, covered });
        // The pool has the next group to work on while this thread hashes and writes the last one.
        self.append(encoded)
    }

    /// The group that was being encoded, once it is.
    fn encoded(&mut self) -> Result<Option<Encoded>> {
        let Some(UnderWay { chunks, rows, one_value, covered }) = self.under_way.take() else {
            return Ok(None);
        };
        let chunks = chunks.recv().map_err(|_| Error::internal("a worker thread failed"))??;
        Ok(Some(Encoded { chunks, rows, one_value, covered }))
    }

    /// Puts a group behind the others of its file.
    fn append(&mut self, group: Option<Encoded>) -> Result<()> {
        let (Some(group), Some(open)) = (group, &mut self.open) else { return Ok(()) };
        let Encoded { chunks, rows, one_value, covered } = group;
        open.append(chunks, rows, &one_value).map_err(|error| open.failed(error))?;
        open.rows += rows as u64;
        open.covered.merge(covered);
        Ok(())
    }

    /// Begins a file whose first rows are these.
    fn create(&self, first: &[RecordBatch]) -> Result<OpenFile> {
        let path = self.folder.join(format!("{}.parquet", uuid::Uuid::new_v4()));
        let files = Arc::clone(&self.files);
        let properties = Arc::new(encode::properties(&self.schema, self.columns, first)?);
        let file = files.begin(&path).map_err(|error| files.failed(&path, &error))?;
        let parquet = ArrowSchemaConverter::new().convert(&self.schema);
        let created = parquet.and_then(|it| {
            SerializedFileWriter::new(Hashed::new(file), it.root_schema_ptr(), properties)
        });
        let mut writer = created.map_err(|error| parquet_error(&*files, &path, error))?;
        writer.append_key_value_metadata(parquet::file::metadata::KeyValue::new(
            parquet::arrow::ARROW_SCHEMA_META_KEY.to_owned(),
            parquet::arrow::encode_arrow_schema(&self.schema),
        ));
        let covered = Coverage::default();
        Ok(OpenFile { path, files, writer, groups: 0, rows: 0, covered, constant: None })
    }

    fn end_file(&mut self) -> Result<()> {
        if let Some(open) = self.open.take() {
            self.finished.push(open.finish(&self.contigs)?);
        }
        Ok(())
    }
}

impl OpenFile {
    /// The column chunks of the groups begun so far.
    fn chunks(&self) -> usize {
        self.groups * self.writer.schema_descr().num_columns()
    }

    fn append(
        &mut self,
        chunks: Vec<Option<ArrowColumnChunk>>,
        rows: usize,
        one_value: &str,
    ) -> Result<(), ParquetError> {
        if let Some(column) = chunks.iter().position(Option::is_none)
            && !self.constant.as_ref().is_some_and(|it| it.fits(one_value, rows))
        {
            let column = self.writer.schema_descr().column(column);
            let properties = Arc::clone(self.writer.properties());
            self.constant = Some(ConstantChunk::encode(one_value, rows, column, properties)?);
        }
        let mut group = self.writer.next_row_group()?;
        for chunk in chunks {
            match (chunk, &self.constant) {
                (Some(chunk), _) => chunk.append_to_row_group(&mut group)?,
                (None, Some(constant)) => constant.append(&mut group)?,
                (None, None) => {}
            }
        }
        group.close().map(drop)
    }

    fn finish(self, contigs: &Contigs) -> Result<WrittenFile> {
        let Self { path, files, .. } = self;
        // Writes the footer too.
        let out = self.writer.into_inner();
        let mut out = out.map_err(|error| parquet_error(&*files, &path, error))?;
        let (sha256, checksums) = out.finish().map_err(|error| files.failed(&path, &error))?;
        Ok(WrittenFile {
            path,
            rows: self.rows,
            bytes: out.bytes(),
            sha256,
            checksums,
            covered: contigs.covered(&self.covered),
        })
    }

    fn failed(&self, error: ParquetError) -> Error {
        parquet_error(&*self.files, &self.path, error)
    }
}

/// What the column of one value has in these rows.
fn one_value(batches: &[RecordBatch]) -> String {
    let first = batches.first().filter(|it| it.num_rows() > 0);
    let column = first.and_then(|it| {
        let column = it.schema().fields().iter().position(|it| has_one_value(it.name()))?;
        it.column(column).as_string_opt::<i32>()
    });
    column.map(|it| it.value(0).to_owned()).unwrap_or_default()
}

fn parquet_error(files: &dyn NewFiles, path: &Path, error: ParquetError) -> Error {
    if let ParquetError::External(cause) = &error
        && let Some(io) = cause.downcast_ref::<io::Error>()
    {
        return files.failed(path, io);
    }
    Error::new(ErrorKind::Storage, "cannot write a data file")
        .with("file", path.display())
        .with_source(error)
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, Int64Array, StringArray};

    use super::super::group::MAX_ROWS;
    use super::*;

    #[test]
    fn a_file_ends_where_its_footer_would_become_long() {
        let folder = tempfile::tempdir().unwrap();
        let pool = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap());
        let rows = MAX_ROWS * 4 + 1;
        let starts = Arc::new(Int64Array::from_iter_values(0..i64::try_from(rows).unwrap()));
        let ends = Arc::new(Int64Array::from_iter_values(1..=i64::try_from(rows).unwrap()));
        let contigs = Arc::new(StringArray::from_iter_values(std::iter::repeat_n("1", rows)));
        let columns: [(&str, ArrayRef); 3] =
            [("contigname", contigs), ("start", starts), ("end", ends)];
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let names = CoordinateNames::vcf();
        let mut writer =
            VersionWriter::new(folder.path(), batch.schema(), Some(&names), &pool).unwrap();
        writer.max_column_chunks = 2 * batch.num_columns();
        writer.add(&batch).unwrap();
        let files = writer.finish().unwrap();
        let written: Vec<u64> = files.iter().map(|it| it.rows).collect();
        assert_eq!(written, [262_144, 262_144, 1]);
        let covered: Vec<(i64, i64)> =
            files.iter().map(|it| (it.covered[0].min_start, it.covered[0].max_end)).collect();
        assert_eq!(covered, [(0, 262_144), (262_144, 524_288), (524_288, 524_289)]);
    }
}

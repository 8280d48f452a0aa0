//! How the rows of a version come to be found: by what the pages of its files cover.

use std::collections::HashMap;
use std::iter::once;
use std::ops::Range;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::file::metadata::PageIndexPolicy;
use parquet::file::page_index::column_index::ColumnIndexMetaData;

use super::layout::{EndColumns, Layout};
use super::stretches::{Contigs, RowStretch};
use super::values::integers;
use crate::catalog::DataFile;
use crate::merge::StoredFile;
use crate::model::{Error, Result};

/// Rows of a block at most.
const MOST_ROWS: usize = 1 << 15;
/// Bytes that a block takes at most, as far as a footer tells.
const MOST_BYTES: usize = 4 << 20;

/// A data file with what its footer says.
#[derive(Debug)]
pub struct OpenFile {
    file: StoredFile,
    footer: ArrowReaderMetadata,
    mask: ProjectionMask,
}

/// Where the rows of a block lie.
#[derive(Clone, Debug)]
pub struct BlockPlace {
    file: usize,
    group: usize,
    rows: Range<usize>,
    /// The rows of each contig, counted from the first row of the block.
    pub runs: Vec<(usize, Range<usize>)>,
}

/// The files of a version, and where its rows lie in them.
#[derive(Debug, Default)]
pub struct OpenVersion {
    files: Vec<OpenFile>,
    /// All blocks.
    pub blocks: Vec<BlockPlace>,
    /// The contigs with their rows.
    pub contigs: Contigs,
}

/// Rows of one contig with their lowest and highest position.
struct Covering {
    contig: String,
    rows: Range<usize>,
    low: i64,
    high: i64,
}

impl OpenFile {
    fn new(of: &DataFile, layout: &Layout) -> Result<Self> {
        let file = StoredFile::open(of)?;
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let footer = ArrowReaderMetadata::load(&file, options);
        let footer = footer.map_err(|error| file.unreadable(error))?;
        let mask = layout.mask(footer.parquet_schema(), of);
        Ok(Self { file, footer, mask })
    }

    fn read(&self, group: usize, rows: &Range<usize>, mask: ProjectionMask) -> Result<RecordBatch> {
        let total = self.rows_of(group);
        let selection = RowSelection::from_consecutive_ranges(once(rows.clone()), total);
        let read = || {
            let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(
                self.file.clone(),
                self.footer.clone(),
            );
            let reader = reader
                .with_row_groups(vec![group])
                .with_projection(mask)
                .with_batch_size(rows.len())
                .with_row_selection(selection)
                .build()?;
            let schema = arrow::array::RecordBatchReader::schema(&reader);
            let batches = reader.collect::<Result<Vec<_>, _>>()?;
            match batches.as_slice() {
                [batch] => Ok(batch.clone()),
                batches => concat_batches(&schema, batches),
            }
        };
        read().map_err(|error: arrow::error::ArrowError| self.file.unreadable(error))
    }

    fn rows_of(&self, group: usize) -> usize {
        let rows = self.footer.metadata().row_group(group).num_rows();
        usize::try_from(rows).unwrap_or_default()
    }

    /// Where the pages of a column begin, in rows; none where the file does not tell.
    fn pages(&self, group: usize, column: usize) -> Option<Vec<usize>> {
        let index = self.footer.metadata().offset_index()?.get(group)?.get(column)?;
        let first = |it: i64| usize::try_from(it).unwrap_or_default();
        Some(index.page_locations().iter().map(|it| first(it.first_row_index)).collect())
    }

    /// What the pages of a column that have some of these rows hold.
    fn index_of(
        &self,
        group: usize,
        column: usize,
        rows: &Range<usize>,
    ) -> Option<(&ColumnIndexMetaData, Range<usize>)> {
        let pages = self.pages(group, column)?;
        let first = pages.partition_point(|it| *it <= rows.start).checked_sub(1)?;
        let end = pages.partition_point(|it| *it < rows.end);
        let index = self.footer.metadata().column_index()?.get(group)?.get(column)?;
        Some((index, first..end))
    }

    fn column(&self, name: &str) -> Option<usize> {
        let columns = self.footer.parquet_schema().columns();
        columns.iter().position(|it| matches!(it.path().parts(), [only] if only == name))
    }

    /// The rows of a group in parts that are read together: pages, or parts of pages.
    fn parts(&self, group: usize, layout: &Layout) -> Vec<Range<usize>> {
        let total = self.rows_of(group);
        let column = self.column(&layout.coordinates.start);
        let mut ends = column.and_then(|it| self.pages(group, it)).unwrap_or_default();
        ends.retain(|it| *it > 0);
        ends.push(total);
        let most = self.rows_that_fit(group);
        let mut parts = Vec::new();
        let mut start = 0;
        for end in ends {
            let count = (end - start).div_ceil(most).max(1);
            let step = (end - start).div_ceil(count).max(1);
            parts.extend((start..end).step_by(step).map(|it| it..(it + step).min(end)));
            start = end;
        }
        parts
    }

    fn rows_that_fit(&self, group: usize) -> usize {
        let metadata = self.footer.metadata().row_group(group);
        let read = metadata.columns().iter().enumerate();
        let read = read.filter(|(leaf, _)| self.mask.leaf_included(*leaf));
        let bytes: i64 = read
            .map(|(_, it)| {
                it.uncompressed_size().max(it.unencoded_byte_array_data_bytes().unwrap_or(0))
            })
            .sum();
        let each = usize::try_from(bytes).unwrap_or(usize::MAX) / self.rows_of(group).max(1);
        (MOST_BYTES / each.max(1)).clamp(1, MOST_ROWS)
    }

    /// What rows cover, by what is known of their pages; none where they are of several contigs.
    fn run(&self, group: usize, rows: &Range<usize>, layout: &Layout) -> Option<Covering> {
        let names = &layout.coordinates;
        let (index, pages) = self.index_of(group, self.column(&names.contig)?, rows)?;
        let contig = only_text(index, pages)?;
        let (index, pages) = self.index_of(group, self.column(&names.start)?, rows)?;
        let (low, highest_start) = extremes(index, pages)?;
        let high = if layout.alleles.is_some() {
            highest_start
        } else {
            let (index, pages) = self.index_of(group, self.column(&names.end)?, rows)?;
            extremes(index, pages)?.1.saturating_sub(1)
        };
        Some(Covering { contig, rows: 0..rows.len(), low, high })
    }

    /// What rows cover, by looking at them.
    fn runs(&self, group: usize, rows: &Range<usize>, layout: &Layout) -> Result<Vec<Covering>> {
        let names = &layout.coordinates;
        let mask = layout.mask_of_places(self.footer.parquet_schema());
        let batch = self.read(group, rows, mask)?;
        let contigs = batch.column_by_name(&names.contig).and_then(|it| it.as_string_opt::<i32>());
        let contigs = contigs.ok_or_else(|| Error::internal("a data file has no contigs"))?;
        let starts = integers(batch.column_by_name(&names.start))?;
        let highs = match &layout.alleles {
            Some(_) => starts.clone(),
            None => integers(batch.column_by_name(&names.end))?,
        };
        let mut runs: Vec<Covering> = Vec::new();
        for row in 0..batch.num_rows() {
            let high = highs[row].saturating_sub(i64::from(layout.alleles.is_none()));
            if let Some(run) = runs.last_mut().filter(|it| it.contig == contigs.value(row)) {
                run.rows.end = row + 1;
                (run.low, run.high) = (run.low.min(starts[row]), run.high.max(high));
            } else {
                let contig = contigs.value(row).to_owned();
                runs.push(Covering { contig, rows: row..row + 1, low: starts[row], high });
            }
        }
        runs.retain(|it| contigs.is_valid(it.rows.start));
        Ok(runs)
    }
}

impl OpenVersion {
    /// Opens the files of a version.
    pub fn new(files: &[DataFile], layout: &Layout) -> Result<Self> {
        let mut opened = Self::default();
        let (mut contigs, mut numbers) = (Vec::<(String, Vec<RowStretch>)>::new(), HashMap::new());
        for (number, file) in files.iter().filter(|it| it.rows > 0).enumerate() {
            let file = OpenFile::new(file, layout)?;
            for group in 0..file.footer.metadata().num_row_groups() {
                for rows in file.parts(group, layout) {
                    let runs = match file.run(group, &rows, layout) {
                        Some(run) => vec![run],
                        None => file.runs(group, &rows, layout)?,
                    };
                    let block = u32::try_from(opened.blocks.len()).unwrap_or(u32::MAX);
                    let mut of_block = Vec::new();
                    for Covering { contig, rows, low, high } in runs {
                        let place = *numbers.entry(contig.clone()).or_insert(contigs.len());
                        if place == contigs.len() {
                            contigs.push((contig, Vec::new()));
                        }
                        of_block.push((place, rows.clone()));
                        contigs[place].1.push(RowStretch { block, rows, low, high });
                    }
                    opened.blocks.push(BlockPlace { file: number, group, rows, runs: of_block });
                }
            }
            opened.files.push(file);
        }
        opened.contigs = Contigs::new(contigs);
        Ok(opened)
    }

    /// The rows of a block.
    pub fn read(&self, block: &BlockPlace) -> Result<RecordBatch> {
        let file = &self.files[block.file];
        file.read(block.group, &block.rows, file.mask.clone())
    }

    /// What says where the rows of a block end.
    pub fn read_ends(&self, block: &BlockPlace, columns: &EndColumns) -> Result<RecordBatch> {
        let file = &self.files[block.file];
        let mask = Layout::mask_of_ends(file.footer.parquet_schema(), columns);
        file.read(block.group, &block.rows, mask)
    }
}

/// The text that all rows of some pages have.
fn only_text(index: &ColumnIndexMetaData, mut pages: Range<usize>) -> Option<String> {
    let ColumnIndexMetaData::BYTE_ARRAY(texts) = index else { return None };
    let first = texts.min_value(pages.start)?;
    let is_alike = |page: usize| {
        texts.min_value(page) == Some(first)
            && texts.max_value(page) == Some(first)
            && index.null_count(page) == Some(0)
    };
    pages.all(is_alike).then(|| String::from_utf8(first.to_vec()).ok()).flatten()
}

/// The lowest and the highest number in some pages; none where a page does not tell.
fn extremes(index: &ColumnIndexMetaData, pages: Range<usize>) -> Option<(i64, i64)> {
    let of_page = |page: usize| match index {
        ColumnIndexMetaData::INT32(it) => {
            Some((i64::from(*it.min_value(page)?), i64::from(*it.max_value(page)?)))
        }
        ColumnIndexMetaData::INT64(it) => Some((*it.min_value(page)?, *it.max_value(page)?)),
        _ => None,
    };
    let mut extremes = (i64::MAX, i64::MIN);
    for page in pages {
        let (low, high) = of_page(page)?;
        extremes = (extremes.0.min(low), extremes.1.max(high));
    }
    Some(extremes)
}

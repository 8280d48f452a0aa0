//! The versions in pieces that fit into memory: rows between two places, or shares of all rows.

use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use arrow::array::{BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;

use super::columns::{BothColumns, as_keys};
use super::records::{DifferenceRecords, records};
use super::types::internal;
use crate::catalog::DataFile;
use crate::export::VcfLines;
use crate::merge::{ContigOrder, OpenVersion, PlacedRows, RowsWanted, SideBySide, SortedRows};
use crate::model::Result;
use crate::query::Options;
use crate::read::vcf::declared_in;

/// Rows of a share of all, and bytes that they have in their files, which are several times as many
/// in memory. Each share reads the versions anew.
const ROWS_OF_SHARE: u64 = 1 << 19;
const BYTES_OF_SHARE: u64 = 16 << 20;

/// A part of both versions.
pub enum DiffPiece {
    /// All rows of both from one place to another.
    Rows([PlacedRows; 2]),
    /// One of so many shares of all rows, by the hash of their keys.
    Share(u64, u64),
}

/// Two versions, and what of them is compared.
pub struct Compared {
    /// The version before, and the one after.
    pub sides: [OpenVersion; 2],
    /// Their columns.
    pub columns: BothColumns,
    /// Regions that rows have to overlap one of; none for all rows.
    pub regions: Vec<String>,
    /// How to read.
    pub options: Options,
}

impl Compared {
    /// The pieces: in the order of places where the key has the place of a row.
    pub fn pieces(&self) -> Result<Box<dyn Iterator<Item = Result<DiffPiece>>>> {
        if !self.has_places() {
            let shares = self.sides.iter().map(shares_of).max().unwrap_or(1);
            return Ok(Box::new((0..shares).map(move |it| Ok(DiffPiece::Share(it, shares)))));
        }
        let order = Arc::new(self.order()?);
        let sides = [self.rows(0, &order)?, self.rows(1, &order)?];
        Ok(Box::new(SideBySide::new(sides, &order).map(|it| it.map(DiffPiece::Rows))))
    }

    /// Whether rows of one key have one place.
    pub fn has_places(&self) -> bool {
        let [before, after] = self.sides.each_ref().map(OpenVersion::coordinates);
        let columns = &self.columns;
        before == after
            && before.is_some_and(|it| columns.is_key(&it.contig) && columns.is_key(&it.start))
    }

    /// Contigs as the headers of the version after have them, and behind them all others.
    fn order(&self) -> Result<ContigOrder> {
        let headers = self.sides[1].headers()?;
        let declared = headers.iter().rev().flat_map(|it| declared_in(it).contigs);
        let files = self.sides.iter().flat_map(OpenVersion::files);
        Ok(ContigOrder::new(declared.map(|it| it.id), files))
    }

    /// What records of VCF of both are made of; an error where rows are none.
    pub fn records(&self) -> Result<(DifferenceRecords, VcfLines, Vec<u8>)> {
        let wanted = [self.wanted(0)?, self.wanted(1)?];
        records(&self.sides, &self.columns, &self.order()?, (&wanted, &self.options))
    }

    fn rows(&self, at: usize, order: &Arc<ContigOrder>) -> Result<SortedRows> {
        let wanted = RowsWanted { columns: self.columns.read(at), ..self.wanted(at)? };
        SortedRows::new(&self.sides[at], Arc::clone(order), wanted, &self.options)
    }

    /// Which rows of side 0 or 1 are compared. One version may have a contig that the other lacks.
    pub fn wanted(&self, at: usize) -> Result<RowsWanted> {
        let has = |at: usize, region: &String| self.sides[at].has_contig_of(region);
        let mut regions = Vec::new();
        for region in &self.regions {
            if has(at, region)? || !has(1 - at, region)? {
                regions.push(region.clone());
            }
        }
        let has_none = regions.is_empty() && !self.regions.is_empty();
        let condition = has_none.then(|| "false".to_owned());
        Ok(RowsWanted { condition, regions, ..RowsWanted::default() })
    }

    /// The rows of side 0 or 1 that are in a share.
    pub fn share(&self, at: usize, share: (u64, u64)) -> Result<Vec<RecordBatch>> {
        let order = Arc::new(ContigOrder::new([], self.sides[at].files()));
        let mut kept = Vec::new();
        for batch in self.rows(at, &order)? {
            let batch = batch?;
            let keep = self.in_share(&batch, at, share)?;
            kept.push(filter_record_batch(&batch, &keep).map_err(internal)?);
        }
        Ok(kept)
    }

    /// Which rows are in a share of all, by their keys.
    fn in_share(
        &self,
        batch: &RecordBatch,
        at: usize,
        (share, of): (u64, u64),
    ) -> Result<BooleanArray> {
        let rows = self.columns.flat(std::slice::from_ref(batch), at)?;
        let keys = as_keys(&rows.of(self.columns.key()))?;
        let is_in = |key: &[u8]| {
            let mut hasher = DefaultHasher::new();
            hasher.write(key);
            hasher.finish() % of == share
        };
        Ok((0..rows.rows).map(|it| Some(is_in(keys.row(it).as_ref()))).collect())
    }
}

/// In how many shares a version fits into memory.
fn shares_of(version: &OpenVersion) -> u64 {
    let sum = |of: fn(&DataFile) -> u64| version.files().map(of).sum::<u64>();
    let (rows, bytes) = (sum(|it| it.rows), sum(|it| it.bytes));
    (rows / ROWS_OF_SHARE).max(bytes / BYTES_OF_SHARE) + 1
}

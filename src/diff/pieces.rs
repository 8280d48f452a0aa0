//! The versions in pieces that fit into memory: rows between two places, or shares of all rows.

use std::sync::Arc;

use super::columns::BothColumns;
use super::records::{DifferenceRecords, records};
use super::shares::Shares;
use crate::catalog::DataFile;
use crate::export::VcfLines;
use crate::merge::{ContigOrder, OpenVersion, PlacedRows, RowsWanted, SideBySide, SortedRows};
use crate::model::Result;
use crate::query::Options;
use crate::read::Pipe;
use crate::read::vcf::declared_in;

/// Rows of a share of all, and bytes that they have in their files, which are several times as many
/// in memory.
const ROWS_OF_SHARE: u64 = 1 << 16;
const BYTES_OF_SHARE: u64 = 4 << 20;

/// Rows of both versions that are compared: all from one place to another, or a share of all.
pub type DiffPiece = [PlacedRows; 2];

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
    pub fn pieces(&self, pipe: &Pipe) -> Result<Box<dyn Iterator<Item = Result<DiffPiece>>>> {
        if !self.has_places() {
            return Ok(Box::new(self.shares(pipe)?));
        }
        let order = Arc::new(self.order()?);
        let sides = [self.rows(0, &order)?, self.rows(1, &order)?];
        Ok(Box::new(SideBySide::new(sides, &order)))
    }

    fn shares(&self, pipe: &Pipe) -> Result<impl Iterator<Item = Result<DiffPiece>> + use<>> {
        let count = self.sides.iter().map(shares_of).max().unwrap_or(1);
        let files = self.sides.iter().flat_map(OpenVersion::files);
        let order = Arc::new(ContigOrder::new([], files));
        let parted = |at| Shares::of(self.rows(at, &order)?, &self.columns, at, count);
        let (one, other) = pipe.pool.join(|| parted(0), || parted(1));
        let mut sides = [one?, other?];
        Ok((0..count).map(move |share| {
            let [one, other] = &mut sides;
            let rows = [one.take(share)?, other.take(share)?];
            Ok(rows.map(|batches| PlacedRows { batches, places: Vec::new() }))
        }))
    }

    /// Whether rows of one key have one place.
    fn has_places(&self) -> bool {
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
}

/// In how many shares a version fits into memory.
fn shares_of(version: &OpenVersion) -> usize {
    let sum = |of: fn(&DataFile) -> u64| version.files().map(of).sum::<u64>();
    let (rows, bytes) = (sum(|it| it.rows), sum(|it| it.bytes));
    let shares = (rows / ROWS_OF_SHARE).max(bytes / BYTES_OF_SHARE) + 1;
    usize::try_from(shares).unwrap_or(usize::MAX)
}

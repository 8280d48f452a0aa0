//! Which contigs the rows of a file lie on, where no index tells.

use arrow::array::{AsArray, RecordBatch};

use crate::model::Result;
use crate::query::region::{Region, unknown_contig};
use crate::write::CoordinateNames;

/// The most names that are kept for an error to propose.
const KEPT: usize = 1_000;

/// The contigs met so far; nothing where nobody asks.
pub struct ContigsMet<'a> {
    /// The column of contigs.
    column: Option<&'a str>,
    /// Those of regions that no row lies on so far.
    missing: Vec<&'a str>,
    names: Vec<String>,
}

impl<'a> ContigsMet<'a> {
    /// None so far. Of a part that an index named it is known that each contig has rows.
    pub fn of(regions: &'a [Region], names: Option<&'a CoordinateNames>, is_part: bool) -> Self {
        let missing = regions.iter().filter(|_| !is_part).map(|it| it.contig.as_str()).collect();
        Self { column: names.map(|it| it.contig.as_str()), missing, names: Vec::new() }
    }

    /// Looks at the contigs of some rows.
    pub fn add(&mut self, rows: &RecordBatch) {
        if self.missing.is_empty() {
            return;
        }
        let contigs = self.column.and_then(|it| rows.column_by_name(it)?.as_string_opt::<i32>());
        for contig in contigs.into_iter().flatten().flatten() {
            if self.names.last().is_some_and(|it| it == contig) {
                continue;
            }
            self.missing.retain(|it| *it != contig);
            if self.names.len() == KEPT {
                self.names.pop();
            }
            self.names.push(contig.to_owned());
        }
    }

    /// An error for a region whose contig has no row, now that all rows were read.
    pub fn check(&self, regions: &[Region]) -> Result<()> {
        match regions.iter().find(|it| self.missing.contains(&it.contig.as_str())) {
            Some(region) if !self.names.is_empty() => {
                Err(unknown_contig(region, self.names.iter().map(String::as_str)))
            }
            _ => Ok(()),
        }
    }
}

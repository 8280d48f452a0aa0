//! Two versions of a store, row by row: what was added, removed and changed.
//!
//! ```text
//!  names ──► key ─────────► pieces ───────────► compare ─────────► report, records
//!  of two    which columns  rows of both from   what is the same   a batch of
//!  versions  tell a row     a place to another  goes at once, the  differences, as rows or
//!                           or shares by hash   rest by key        as records of VCF, counts
//!                                └──── on all threads, in order ────┘
//! ```
//!
//! Both versions are read once, as sorted rows ([`crate::merge`]), and memory is bounded by pieces;
//! shares lie on the disk until their turn.
//! The job that a row came with is never a difference.

mod columns;
mod compare;
mod key;
mod pieces;
mod records;
mod report;
mod same;
mod shares;
mod types;
mod undeclared;

use std::sync::Arc;

use arrow::datatypes::SchemaRef;

use crate::emit::{Destination, Target};
use crate::export::{Exported, write};
use crate::merge::OpenVersion;
use crate::model::Result;
use crate::query::Options;
use crate::read::Pipe;
use crate::read::ordered::ordered;

use columns::BothColumns;
use compare::compare;
use pieces::{Compared, DiffPiece};
use records::DifferenceRecords;

pub use key::Key;
pub use report::{Differences, Summary};

/// Records that are written at once.
const RECORDS_AT_ONCE: usize = 2048;

/// Two versions that are to be compared.
pub struct Diff {
    compared: Compared,
    form: DifferenceForm,
}

/// What differences are shown as.
enum DifferenceForm {
    /// Rows; those of one version alone whole or with their key.
    Rows { whole: bool },
    /// Records of VCF.
    Records(DifferenceRecords),
}

impl Diff {
    /// Two versions, of which the rows that overlap a region are compared, or all where there are
    /// none.
    pub fn new(
        sides: [OpenVersion; 2],
        key: &Key,
        regions: &[String],
        options: Options,
    ) -> Result<Self> {
        let names = key.columns(&sides)?;
        let columns = BothColumns::of(&sides, names.as_deref(), !regions.is_empty(), &options)?;
        let compared = Compared { sides, columns, regions: regions.to_vec(), options };
        Ok(Self { compared, form: DifferenceForm::Rows { whole: false } })
    }

    /// Shows all values of rows that only one version has.
    #[must_use]
    pub fn with_whole_rows(mut self) -> Self {
        self.form = DifferenceForm::Rows { whole: true };
        self
    }

    /// The columns of differences.
    pub fn schema(&self) -> SchemaRef {
        report::schema(&self.compared.columns)
    }

    /// The names of the columns that are compared.
    pub fn compared(&self) -> Vec<String> {
        self.compared.columns.names().map(str::to_owned).collect()
    }

    /// The differences, piece by piece, in the order of the rows.
    pub fn differences(self, pipe: &Pipe) -> Result<impl Iterator<Item = Result<Differences>>> {
        let pieces = self.compared.pieces(pipe)?;
        let diff = Arc::new(self);
        let work = move |piece: DiffPiece| diff.piece(&piece);
        Ok(ordered(&pipe.pool, pipe.window(), pieces, work))
    }

    /// Writes the differences as records of VCF or BCF, and counts them. An error where the rows
    /// are no records.
    pub fn write_records(
        mut self,
        target: Target,
        to: Destination,
        pipe: &Pipe,
    ) -> Result<(Summary, Exported)> {
        let (records, lines, header) = self.compared.records()?;
        self.form = DifferenceForm::Records(records);
        let mut summary = Summary::default();
        let rows = self.differences(pipe)?.map(|it| {
            it.map(|it| {
                summary.add(&it.summary);
                it.rows
            })
        });
        let lines = Arc::new(lines);
        let written = write(rows, (lines, RECORDS_AT_ONCE), (target, header, None), to, pipe)?;
        Ok((summary, written))
    }

    fn piece(&self, piece: &DiffPiece) -> Result<Differences> {
        let columns = &self.compared.columns;
        let flat = |at: usize| columns.flat(&piece[at].batches, at);
        let rows = [flat(0)?, flat(1)?];
        let sides = rows.each_ref();
        let places = piece.each_ref().map(|it| it.places.as_slice());
        let found = compare(sides, places, columns.key())?;
        let rows = match &self.form {
            DifferenceForm::Rows { whole } => report::rows(columns, sides, &found, *whole)?,
            DifferenceForm::Records(records) => records.of(columns, sides, &found)?,
        };
        Ok(Differences { rows, summary: report::summary(columns, &found) })
    }
}

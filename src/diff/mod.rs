//! Two versions of a store, row by row: what was added, removed and changed.
//!
//! ```text
//!  names ──► key ─────────► pieces ────────────► compare ────────► report
//!  of two    which columns  ranges of positions  rows of both by   a batch of
//!  versions  tell a row     with few rows, or    key, and their    differences,
//!                           shares by hash       columns           counts
//!                                 └──── on all threads, in order ────┘
//! ```
//!
//! A piece is read from both versions, so memory is bounded by pieces and not by versions. The job
//! that a row came with is never a difference.

mod columns;
mod compare;
mod key;
mod piece;
mod pieces;
mod report;

use std::sync::Arc;

use arrow::datatypes::SchemaRef;

use crate::model::Result;
use crate::query::{Engine, View};
use crate::read::Pipe;
use crate::read::ordered::ordered;

use columns::BothColumns;
use compare::compare;
use key::Side;
use piece::DiffPiece;
use pieces::pieces;

pub use key::Key;
pub use report::{Differences, Summary};

/// Two versions that are to be compared.
pub struct Diff {
    engine: Engine,
    sides: [Side; 2],
    columns: BothColumns,
    regions: Vec<String>,
}

impl Diff {
    /// Finds two versions by their names in SQL, `store` or `store.version`; the engine has to see
    /// the same view. Only rows that overlap a region are compared, where there are any.
    pub fn new(
        engine: Engine,
        view: &Arc<dyn View>,
        names: [&str; 2],
        key: &Key,
        regions: &[String],
    ) -> Result<Self> {
        let [before, after] = names;
        let sides = [Side::find(view, before)?, Side::find(view, after)?];
        let names = key.columns(&sides)?;
        let columns = BothColumns::of(&engine, &sides, names.as_deref())?;
        Ok(Self { engine, sides, columns, regions: regions.to_vec() })
    }

    /// The columns of differences.
    pub fn schema(&self) -> SchemaRef {
        report::schema(&self.columns)
    }

    /// The names of the columns that are compared.
    pub fn compared(&self) -> Vec<String> {
        self.columns.names().map(str::to_owned).collect()
    }

    /// The differences, piece by piece, in the order of the rows.
    pub fn differences(self, pipe: &Pipe) -> Result<impl Iterator<Item = Result<Differences>>> {
        let pieces = pieces(&self.engine, &self.sides, &self.columns, &self.regions)?;
        let diff = Arc::new(self);
        let pool = Arc::clone(&pipe.pool);
        let work = move |piece: DiffPiece| diff.piece(&piece);
        Ok(ordered(&pool, pool.current_num_threads(), pieces.into_iter().map(Ok), work))
    }

    fn piece(&self, piece: &DiffPiece) -> Result<Differences> {
        let read = |at: usize| {
            let rows =
                self.columns.read(&self.engine, &self.sides[at], at, piece, &self.regions)?;
            self.columns.flat(&rows, at)
        };
        let (before, after) = (read(0)?, read(1)?);
        let found = compare(&before, &after, self.columns.key())?;
        report::report(&self.columns, [&before, &after], &found)
    }
}

//! Where the parser puts what it reads. Checking uses [`Nothing`], which builds nothing at all;
//! importing appends to columns.

use crate::model::Result;

/// Takes rows, value by value.
///
/// The parser calls [`Sink::expect_rows`] once; then for each row [`Sink::begin_row`], then for
/// each column of [`super::TsvReading::columns`], from the first to the last, exactly one method,
/// and then [`Sink::end_row`]. It begins a row only once all of its values are known to fit:
/// nothing has to be taken back. Positions are zero-based already, and the column `end` that some
/// annotation types add comes last.
pub trait Sink {
    /// What a chunk becomes.
    type Output: Send + 'static;

    /// At most so many rows will come: room for them may be made. They are counted only where that
    /// is asked.
    fn expect_rows(&mut self, _count: impl FnOnce() -> usize) {}

    /// Begins a row: its line within the chunk, from 1, and the line as text without what ends it.
    fn begin_row(&mut self, line_number: u64, line: &[u8]) {
        let _ = (line_number, line);
    }

    /// A value that is absent, in a column of any type.
    fn null(&mut self, column: usize);
    /// A value of an INT column, or of the added `end`.
    fn int(&mut self, column: usize, value: i32);
    /// A value of a LONG column.
    fn long(&mut self, column: usize, value: i64);
    /// A value of a FLOAT column.
    fn float(&mut self, column: usize, value: f32);
    /// A value of a DOUBLE column.
    fn double(&mut self, column: usize, value: f64);
    /// A value of a BOOLEAN column.
    fn boolean(&mut self, column: usize, value: bool);
    /// A value of a STRING column: never empty, always UTF-8.
    fn text(&mut self, column: usize, value: &[u8]);

    /// Ends the row.
    fn end_row(&mut self) {}

    /// Ends the chunk.
    fn finish(self) -> Result<Self::Output>;
}

/// A sink that keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Sink for Nothing {
    type Output = ();

    fn null(&mut self, _: usize) {}
    fn int(&mut self, _: usize, _: i32) {}
    fn long(&mut self, _: usize, _: i64) {}
    fn float(&mut self, _: usize, _: f32) {}
    fn double(&mut self, _: usize, _: f64) {}
    fn boolean(&mut self, _: usize, _: bool) {}
    fn text(&mut self, _: usize, _: &[u8]) {}

    fn finish(self) -> Result<()> {
        Ok(())
    }
}

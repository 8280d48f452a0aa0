//! Where the parser puts what it reads. Importing appends to columns, checking keeps what only the
//! whole file can judge.

use super::feature::{Feature, Region};
use super::tag::Tag;
use crate::model::Result;

/// Takes features and what stands between them, in the order of the chunk. Lines count from 1
/// within it.
///
/// For each row the parser calls [`Sink::feature`], then the methods for its attributes, each tag
/// at most once, and then [`Sink::end_feature`]. It begins a row only once all of its columns are
/// known to fit: nothing has to be taken back. All texts are UTF-8 and decoded.
pub trait Sink {
    /// What a chunk becomes.
    type Output: Send + 'static;

    /// Begins a row.
    fn feature(&mut self, line_number: u64, feature: &Feature<'_>);
    /// The value of a tag that has one: never of a list.
    fn text(&mut self, tag: Tag, value: &[u8]);
    /// Begins the values of a tag that is a list.
    fn begin_list(&mut self, tag: Tag);
    /// The next value of the list under way.
    fn element(&mut self, tag: Tag, value: &[u8]);
    /// Ends the list under way.
    fn end_list(&mut self, tag: Tag);
    /// The value of `Is_circular`.
    fn is_circular(&mut self, value: bool);
    /// A tag that has no column of its own.
    fn other(&mut self, tag: &[u8], value: &[u8]);
    /// Ends the row.
    fn end_feature(&mut self);

    /// The row under way has escapes, which the service does not decode.
    fn escapes(&mut self, line_number: u64) {
        let _ = line_number;
    }

    /// A value of the row under way has a comma that was escaped, in a text where several values
    /// would have commas between them.
    fn escaped_comma(&mut self, line_number: u64) {
        let _ = line_number;
    }

    /// A `##sequence-region` directive.
    fn region(&mut self, line_number: u64, region: &Region<'_>) {
        let _ = (line_number, region);
    }

    /// A `###` directive: everything that features above name has been seen.
    fn terminator(&mut self, line_number: u64) {
        let _ = line_number;
    }

    /// Ends the chunk.
    fn finish(self) -> Result<Self::Output>;
}

/// A sink that keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Sink for Nothing {
    type Output = ();

    fn feature(&mut self, _: u64, _: &Feature<'_>) {}
    fn text(&mut self, _: Tag, _: &[u8]) {}
    fn begin_list(&mut self, _: Tag) {}
    fn element(&mut self, _: Tag, _: &[u8]) {}
    fn end_list(&mut self, _: Tag) {}
    fn is_circular(&mut self, _: bool) {}
    fn other(&mut self, _: &[u8], _: &[u8]) {}
    fn end_feature(&mut self) {}

    fn finish(self) -> Result<()> {
        Ok(())
    }
}

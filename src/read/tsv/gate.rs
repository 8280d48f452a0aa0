//! What may happen to a row between its parsing and the sink.

use super::fields::FieldSplitter;
use super::judge::allele;
use super::lines::Line;
use super::place::ParsedRow;
use super::reading::Roles;
use super::value::Value;
use crate::diagnostic::Rule;
use crate::model::Result;
use crate::read::{Admission, Role, Variant};

/// A row whose values are known to fit their columns.
pub struct CandidateRow<'l> {
    pub(super) line: Line<'l>,
    pub(super) fields: &'l FieldSplitter,
    pub(super) roles: &'l Roles,
    pub(super) values: &'l [Value],
}

impl CandidateRow<'_> {
    /// The number of its line within the chunk, from 1.
    pub fn line_number(&self) -> u64 {
        self.line.number
    }

    /// What a zero-based position is in the file's own counting.
    pub fn in_file(&self, position: u64) -> u64 {
        position + u64::from(self.roles.one_based)
    }

    /// Its place and alleles; none where it lacks one of them, REF is a word for none, or it lies
    /// before the first base.
    pub fn variant(&self) -> Option<Variant<'_>> {
        let start = match self.values[self.roles.start?] {
            Value::Int(it) => u64::try_from(it).ok()?,
            Value::Long(it) => u64::try_from(it).ok()?,
            _ => return None,
        };
        Some(Variant {
            contig: self.text(self.roles.contig)?,
            start,
            reference: self.text(self.roles.reference).filter(|it| !allele::is_mark(it))?,
            alternates: self.text(self.roles.alternate)?,
        })
    }

    fn text(&self, column: Option<usize>) -> Option<&[u8]> {
        let column = column?;
        matches!(self.values[column], Value::Text)
            .then(|| self.fields.content(self.line.text, column))
    }
}

/// The place and alleles that take those of the row in the file.
#[derive(Clone, Debug, Default)]
pub struct AlteredRow {
    /// The first base, zero-based.
    pub start: u64,
    /// REF.
    pub reference: Vec<u8>,
    /// ALT.
    pub alternates: Vec<u8>,
}

impl AlteredRow {
    /// Puts the place among the values of the row; none where it does not fit their columns, of
    /// which INT is too short for the longest contigs there are.
    pub(super) fn place(&self, roles: &Roles, values: &mut [Value]) -> Option<()> {
        let start = roles.start?;
        let end = if roles.adds_end { values.len() - 1 } else { roles.end? };
        let last = self.start + self.reference.len() as u64;
        let (first, last) = (fitting(values[start], self.start)?, fitting(values[end], last)?);
        values[start] = first;
        values[end] = last;
        Some(())
    }
}

/// A position in the type of the value that it takes the place of.
fn fitting(old: Value, position: u64) -> Option<Value> {
    match old {
        Value::Long(_) => i64::try_from(position).ok().map(Value::Long),
        _ => i32::try_from(position).ok().map(Value::Int),
    }
}

/// Where a gate says what is wrong with the row that it looks at.
pub struct RowReport<'a> {
    pub(super) row: ParsedRow<'a>,
    pub(super) roles: &'a Roles,
}

impl RowReport<'_> {
    /// Adds a finding about a value of the row.
    pub fn add(&mut self, broken: &'static Rule, role: Role, message: impl FnOnce() -> String) {
        let column = match role {
            Role::Contig => self.roles.contig,
            Role::Position => self.roles.start,
            Role::Reference => self.roles.reference,
            Role::Alternates => self.roles.alternate,
        };
        if let Some(column) = column {
            self.row.report(broken, column, |_| message());
        }
    }
}

/// Looks at the rows of a chunk, one after the other, before they go to the sink.
pub trait Gate {
    /// What is to be said about the chunk.
    type Output: Send + 'static;

    /// Says what is to be done with a row. `altered` is used for [`Admission::Altered`] only.
    fn admit(
        &mut self,
        row: &CandidateRow<'_>,
        report: &mut RowReport<'_>,
        altered: &mut AlteredRow,
    ) -> Admission;

    /// Ends the chunk; fails where the gate could not do its work.
    fn finish(self) -> Result<Self::Output>;
}

/// Lets every row through.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open;

impl Gate for Open {
    type Output = ();

    #[inline]
    fn admit(
        &mut self,
        _: &CandidateRow<'_>,
        _: &mut RowReport<'_>,
        _: &mut AlteredRow,
    ) -> Admission {
        Admission::AsIs
    }

    fn finish(self) -> Result<()> {
        Ok(())
    }
}

//! What may happen to a record between its parsing and the sink.

use std::ops::Range;

use crate::model::{OneBased, Result};
use crate::read::report::LineReport;
use crate::read::{Admission, Role, Variant};

/// A record whose fixed fields were read and found sound. Ranges are bytes of the line.
#[derive(Clone, Debug)]
pub struct CandidateRecord<'l> {
    /// The line, without its end.
    pub line: &'l [u8],
    /// Its number within the chunk, from 1.
    pub line_number: u64,
    /// POS.
    pub position: OneBased,
    /// CHROM.
    pub contig: Range<usize>,
    /// REF.
    pub reference: Range<usize>,
    /// ALT: `.`, or alleles separated by commas.
    pub alternates: Range<usize>,
    /// INFO. FORMAT and samples, where there are any, begin one byte after it.
    pub info: Range<usize>,
}

impl CandidateRecord<'_> {
    /// Its place and alleles; none where it lies before the first base.
    pub fn variant(&self) -> Option<Variant<'_>> {
        Some(Variant {
            contig: &self.line[self.contig.clone()],
            start: self.position.0.checked_sub(1)?.into(),
            reference: &self.line[self.reference.clone()],
            alternates: &self.line[self.alternates.clone()],
        })
    }

    /// Where the value of a role stands in the line.
    pub fn range(&self, role: Role) -> Range<usize> {
        match role {
            Role::Contig => self.contig.clone(),
            Role::Position => {
                let start = self.contig.end + 1;
                let rest = &self.line[start..];
                start..start + memchr::memchr(b'\t', rest).unwrap_or(rest.len())
            }
            Role::Reference => self.reference.clone(),
            Role::Alternates => self.alternates.clone(),
        }
    }
}

/// A record that takes the place of one in the file.
#[derive(Clone, Debug, Default)]
pub struct AlteredRecord {
    /// POS.
    pub position: u32,
    /// REF.
    pub reference: Vec<u8>,
    /// ALT.
    pub alternates: Vec<u8>,
    /// The line with another INFO and other samples; empty where those stay. Its FORMAT is that of
    /// the line in the file. Where the record lies elsewhere than in the file, END says so here.
    pub line: Vec<u8>,
}

/// Records that take the place of one in the file. Their memory is used again.
#[derive(Debug, Default)]
pub struct AlteredRecords {
    records: Vec<AlteredRecord>,
    used: usize,
}

impl AlteredRecords {
    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.used = 0;
    }

    /// Adds an empty one.
    pub fn add(&mut self) -> &mut AlteredRecord {
        if self.used == self.records.len() {
            self.records.push(AlteredRecord::default());
        }
        let record = &mut self.records[self.used];
        self.used += 1;
        record.position = 0;
        record.reference.clear();
        record.alternates.clear();
        record.line.clear();
        record
    }

    /// The records.
    pub fn get(&self) -> &[AlteredRecord] {
        &self.records[..self.used]
    }
}

/// Looks at the records of a chunk, one after the other, before they go to the sink.
pub trait Gate {
    /// What is to be said about the chunk.
    type Output: Send + 'static;

    /// Whether it lets every record through, so that it need not look at any.
    const IS_OPEN: bool = false;

    /// Says what is to be done with a record. `altered` is empty, and used for
    /// [`Admission::Altered`] only.
    fn admit(
        &mut self,
        record: &CandidateRecord<'_>,
        report: &mut LineReport,
        altered: &mut AlteredRecords,
    ) -> Admission;

    /// Ends the chunk; fails where the gate could not do its work.
    fn finish(self) -> Result<Self::Output>;
}

/// Lets every record through.
#[derive(Clone, Copy, Debug, Default)]
pub struct Open;

impl Gate for Open {
    type Output = ();
    const IS_OPEN: bool = true;

    fn admit(
        &mut self,
        _: &CandidateRecord<'_>,
        _: &mut LineReport,
        _: &mut AlteredRecords,
    ) -> Admission {
        Admission::AsIs
    }

    fn finish(self) -> Result<()> {
        Ok(())
    }
}

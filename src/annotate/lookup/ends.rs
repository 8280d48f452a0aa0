//! Where rows end: for symbolic alleles it is a part of what they are.

use arrow::array::RecordBatch;

use super::alleles::AlleleAt;
use super::layout::EndColumns;
use super::values::{CODES, FieldValues, RowValues, integers};
use crate::annotate::fields::Origin;
use crate::model::Result;
use crate::read::vcf::is_on_reference;

/// The ends of the rows of a block.
#[derive(Debug)]
pub struct RowEnds {
    ends: Vec<i64>,
    lengths: Option<FieldValues>,
}

impl RowEnds {
    /// Those in a batch of these columns.
    pub fn new(batch: &RecordBatch, columns: &EndColumns) -> Result<Self> {
        let lengths = columns.lengths.clone().map(|column| {
            let origin =
                Origin::Info { key: "SVLEN".to_owned(), column: Some(column), entries: None };
            FieldValues::new(batch, &origin, &CODES)
        });
        let ends = integers(batch.column_by_name(&columns.end))?;
        Ok(Self { ends, lengths: lengths.transpose()? })
    }

    /// The zero-based end, not included, of an allele of a row. `by_reference` is where REF ends:
    /// a row that reaches no farther says as little as one without an end, so that the length of
    /// its allele holds where it has one that counts bases of the reference. `start` is where the
    /// row begins.
    pub fn of(&self, at: AlleleAt, alternate: &[u8], start: i64, by_reference: i64) -> i64 {
        let end = self.ends[at.row];
        if !is_on_reference(alternate) {
            return end;
        }
        let Some(lengths) = &self.lengths else { return end };
        let RowValues::Elements(range) = lengths.find(at.row) else { return end };
        if end > by_reference && range.len() == 1 {
            return end;
        }
        let length = range.clone().nth(at.allele).and_then(|it| lengths.integer(it));
        length.map_or(end, |it| start.saturating_add(1).saturating_add(it.saturating_abs()))
    }
}

//! The columns of a VCF store that have a row for each sample.

use arrow::datatypes::{Float64Type, Int32Type};

use super::columns::{Arrays, Booleans, NumberLists, Numbers, TextMaps, Texts};
use super::room::{Buffers, Growing};
use crate::model::Result;

/// The columns that have a row for each sample.
#[derive(Default)]
pub struct SampleRows {
    /// Rows begun.
    pub rows: usize,
    pub id: Texts,
    pub phased: Booleans,
    pub calls: NumberLists<Int32Type>,
    pub likelihoods: NumberLists<Float64Type>,
    pub phred_likelihoods: NumberLists<Int32Type>,
    pub allele_depths: NumberLists<Int32Type>,
    pub quality: Numbers<Int32Type>,
    pub spl: NumberLists<Int32Type>,
    pub depth: Numbers<Int32Type>,
    pub phase_set: Numbers<Int32Type>,
    pub information: TextMaps,
}

impl SampleRows {
    /// How many columns there are.
    const COLUMNS: usize = 11;

    /// Adds the columns to the others, with so many rows.
    pub fn finish(self, rows: usize, arrays: &mut Arrays<'_>) -> Result<()> {
        if self.rows == 0 {
            (0..Self::COLUMNS).for_each(|_| arrays.push_nulls(rows));
            return Ok(());
        }
        arrays.push(self.phased.finish(rows));
        arrays.push(self.calls.finish(rows, arrays.next_type())?);
        arrays.push(self.likelihoods.finish(rows, arrays.next_type())?);
        arrays.push(self.phred_likelihoods.finish(rows, arrays.next_type())?);
        arrays.push(self.allele_depths.finish(rows, arrays.next_type())?);
        arrays.push(self.quality.finish(rows));
        arrays.push(self.spl.finish(rows, arrays.next_type())?);
        arrays.push(self.depth.finish(rows));
        arrays.push(self.phase_set.finish(rows));
        arrays.push(self.id.finish(rows)?);
        arrays.push(self.information.finish(rows, arrays.next_type())?);
        Ok(())
    }

    /// The row under way.
    pub fn row(&self) -> usize {
        self.rows.saturating_sub(1)
    }
}

impl Buffers for SampleRows {
    fn each_buffer(&mut self, see: &mut dyn FnMut(&mut dyn Growing)) {
        self.id.each_buffer(see);
        let lists =
            [&mut self.calls, &mut self.phred_likelihoods, &mut self.allele_depths, &mut self.spl];
        for it in lists {
            it.each_buffer(see);
        }
        self.likelihoods.each_buffer(see);
        let numbers = [&mut self.quality, &mut self.depth, &mut self.phase_set];
        for it in numbers {
            it.each_buffer(see);
        }
        self.information.each_buffer(see);
    }
}

//! What is in a TSV file.

use super::counts::ByteCounts;
use super::field::Field;
use crate::diagnostic::profile::{Counts, FieldProfile, Profile};
use crate::model::{ColumnType, SchemaColumn};

/// Counts the values of a chunk, or of the chunks so far.
#[derive(Debug, Default)]
pub struct TsvProfiler {
    contigs: ByteCounts,
    /// One for each column.
    pub fields: Vec<Field>,
}

impl TsvProfiler {
    /// Nothing counted yet, for a file with so many columns.
    pub fn new(columns: usize) -> Self {
        Self { contigs: ByteCounts::default(), fields: vec![Field::default(); columns] }
    }

    /// Counts a row whose contig is that of the row before.
    pub fn same_contig(&mut self) {
        self.contigs.add_last();
    }

    /// Counts the contig of a row.
    pub fn contig(&mut self, name: &[u8]) {
        self.contigs.add(name);
    }
}

/// What the chunks so far add up to.
#[derive(Debug, Default)]
pub struct TsvProfile {
    fields: Vec<Field>,
    contigs: Counts,
}

impl TsvProfile {
    /// Adds the next chunk.
    pub fn add(&mut self, chunk: &TsvProfiler) {
        self.fields.resize(chunk.fields.len(), Field::default());
        chunk.contigs.add_to(&mut self.contigs);
        for (field, next) in self.fields.iter_mut().zip(&chunk.fields) {
            field.add(next);
        }
    }

    /// The profile of a file with these columns.
    pub fn finish(self, columns: Vec<SchemaColumn>) -> Profile {
        let fields = columns.into_iter().enumerate().map(|(index, column)| {
            let field = self.fields.get(index).cloned().unwrap_or_default();
            let range = match column.data_type {
                ColumnType::Float => field.range().map(|(a, b)| (widened(a), widened(b))),
                _ => field.range(),
            };
            FieldProfile { name: column.name, filled: field.filled, range }
        });
        Profile { fields: fields.collect(), contigs: self.contigs, ..Profile::default() }
    }
}

/// A number of 32 bits as the one of 64 bits that prints alike: 0.1, not 0.10000000149011612.
#[allow(clippy::cast_possible_truncation)] // it has come from 32 bits
fn widened(value: f64) -> f64 {
    let single = value as f32;
    single.to_string().parse().unwrap_or(value)
}

//! Reads a whole file with the reader of an import, to see every value of every column.

use std::collections::BTreeMap;

use super::evidence::Evidence;
use crate::diagnostic::rules::tsv_row::INVALID_IN_ENCODING;
use crate::model::{
    AnnotationType, ColumnType, ReadOptions, Result, SchemaColumn, TsvStoreOptions,
};
use crate::read::tsv::{Reader, Sink, TsvReading};
use crate::read::{Format, Pipe};

/// What the whole file says.
pub struct Proof {
    /// About each column.
    pub evidence: Vec<Evidence>,
    /// Rows that have as many fields as there are columns.
    pub rows: u64,
    /// Rows that have not.
    pub misfits: u64,
    /// Whether bytes are invalid in the encoding.
    pub is_invalid: bool,
}

/// Reads the file at a path in this way, every column as text.
pub fn read(path: &str, pipe: &Pipe, options: &ReadOptions, columns: usize) -> Result<Proof> {
    let column = |it| SchemaColumn { name: format!("column_{it}"), data_type: ColumnType::String };
    let store = TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: BTreeMap::new(),
        schema: (0..columns).map(column).collect(),
    };
    let reading = TsvReading::new(store, Some(options))?;
    let source = reading.source(path, &pipe.meter)?;
    let reader = Reader::open(source, pipe, &reading, 0)?;
    let mut proof = Proof {
        evidence: vec![Evidence::default(); columns],
        rows: 0,
        misfits: 0,
        is_invalid: false,
    };
    for parsed in reader.records(move || EvidenceColumns(vec![Evidence::default(); columns])) {
        let parsed = parsed?;
        proof.rows += parsed.records;
        proof.misfits += parsed.rejected_lines;
        proof.is_invalid |= parsed.findings.count_where(|it| *it == INVALID_IN_ENCODING) > 0;
        for (own, later) in proof.evidence.iter_mut().zip(parsed.output) {
            own.merge(later);
        }
    }
    Ok(proof)
}

/// Looks at the values of a chunk.
struct EvidenceColumns(Vec<Evidence>);

impl Sink for EvidenceColumns {
    type Output = Vec<Evidence>;

    fn text(&mut self, column: usize, value: &[u8]) {
        self.0[column].add(value);
    }

    fn null(&mut self, _: usize) {}
    fn int(&mut self, _: usize, _: i32) {}
    fn long(&mut self, _: usize, _: i64) {}
    fn float(&mut self, _: usize, _: f32) {}
    fn double(&mut self, _: usize, _: f64) {}
    fn boolean(&mut self, _: usize, _: bool) {}

    fn finish(self) -> Result<Vec<Evidence>> {
        Ok(self.0)
    }
}

//! Reads a whole file with the reader of an import, to see every value of every column, and whether
//! it reads the rows that the sample did not have as those that it had.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evidence::Evidence;
use crate::diagnostic::rules::{file, tsv_row as rule};
use crate::diagnostic::{Findings, Rule};
use crate::model::{
    AnnotationType, ColumnType, ReadOptions, Result, SchemaColumn, TsvStoreOptions,
};
use crate::read::source::Input;
use crate::read::tsv::{Reader, Sink, TsvReading, is_same_text};
use crate::read::{Format, Parsed, Pipe};

/// Lines of a repeated header that are kept.
const MOST_REPEATS: usize = 1000;

/// Lines that are no rows, though they look like some.
#[derive(Default)]
pub struct NoRows {
    /// Their texts.
    pub texts: Vec<Vec<u8>>,
    /// The header among them, and its line.
    pub header: Option<(Vec<u8>, u64)>,
    /// How many of them are read as rows of another length.
    pub misfits: u64,
}

/// What the whole file says.
#[derive(Default)]
pub struct Proof {
    /// About each column.
    pub evidence: Vec<Evidence>,
    /// Rows that have as many fields as there are columns.
    pub rows: u64,
    /// Rows that have not.
    pub misfits: u64,
    /// Lines whose bytes are invalid in the encoding, and the first of them.
    pub invalid: Option<(u64, u64)>,
    /// Whether other lines have characters beyond ASCII.
    pub has_wide: bool,
    /// Quotes that the service would mend in silence.
    pub repairs: u64,
    /// Comments behind the first row.
    pub comments: u64,
    /// Lines that repeat the header.
    pub repeats: Vec<u64>,
}

/// Reads an input in this way, every column as text.
pub fn read(
    input: &Input,
    pipe: &Pipe,
    options: &ReadOptions,
    unseen: Vec<Evidence>,
    no_rows: &Arc<NoRows>,
) -> Result<Proof> {
    let column = |it| SchemaColumn { name: format!("column_{it}"), data_type: ColumnType::String };
    let store = TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: BTreeMap::new(),
        schema: (0..unseen.len()).map(column).collect(),
    };
    let reading = TsvReading::new(store, Some(options))?;
    let source = reading.source(input, &pipe.meter)?;
    let reader = Reader::open(source, pipe, &reading, 0)?;
    let mut proof = Proof { evidence: unseen.clone(), ..Proof::default() };
    let own = no_rows.header.as_ref().map(|it| it.1);
    let no_rows = Arc::clone(no_rows);
    let sink = move || EvidenceColumns {
        seen: ChunkEvidence { columns: unseen.clone(), ..ChunkEvidence::default() },
        no_rows: Arc::clone(&no_rows),
        is_row: true,
    };
    for parsed in reader.records(sink) {
        proof.add(parsed?, own);
    }
    Ok(proof)
}

impl Proof {
    fn add(&mut self, parsed: Parsed<ChunkEvidence>, own: Option<u64>) {
        let Parsed { output, findings, lines_before, .. } = parsed;
        let count = |rules: &[&Rule]| findings.count_where(|it| rules.contains(&it));
        self.rows += parsed.records - output.skipped;
        self.misfits += parsed.rejected_lines;
        self.repairs += count(&[
            &rule::UNESCAPED_QUOTE,
            &rule::DOUBLED_QUOTE,
            &rule::UNCLOSED_QUOTE,
            &rule::QUOTED_LINE_BREAK,
        ]);
        let blank = count(&[&rule::EMPTY_LINE, &rule::ROW_OF_BLANKS]);
        self.comments += parsed.lines - parsed.records - parsed.rejected_lines - blank;
        self.has_wide |= output.has_wide;
        if let Some((lines, first)) = invalid(&findings) {
            let (before, earlier) = self.invalid.unwrap_or((0, lines_before + first));
            self.invalid = Some((before + lines, earlier));
        }
        let repeats = output.headers.iter().map(|it| it + lines_before);
        self.repeats.extend(repeats.filter(|it| Some(*it) != own));
        for (own, later) in self.evidence.iter_mut().zip(output.columns) {
            own.merge(later);
        }
    }
}

/// Lines with bytes that are invalid in the encoding, and the first of them.
fn invalid(findings: &Findings) -> Option<(u64, u64)> {
    let rules = [&file::INVALID_UTF8, &rule::INVALID_IN_ENCODING];
    let tally = findings.tallies().iter().find(|it| rules.contains(&it.rule))?;
    Some((tally.count, tally.first.line))
}

/// What a chunk says.
#[derive(Default)]
struct ChunkEvidence {
    columns: Vec<Evidence>,
    /// Lines that were none of the rows.
    skipped: u64,
    /// Lines that are the header.
    headers: Vec<u64>,
    has_wide: bool,
}

/// Looks at the values of a chunk.
struct EvidenceColumns {
    seen: ChunkEvidence,
    no_rows: Arc<NoRows>,
    is_row: bool,
}

impl Sink for EvidenceColumns {
    type Output = ChunkEvidence;

    fn begin_row(&mut self, line_number: u64, line: &[u8]) {
        let is_header = self.no_rows.header.as_ref().is_some_and(|it| is_same_text(&it.0, line));
        self.is_row = !is_header && !self.no_rows.texts.iter().any(|it| it == line);
        self.seen.skipped += u64::from(!self.is_row);
        if is_header && self.seen.headers.len() < MOST_REPEATS {
            self.seen.headers.push(line_number);
        }
    }

    fn text(&mut self, column: usize, value: &[u8]) {
        if self.is_row {
            self.seen.has_wide |= !self.seen.has_wide && is_wide(value);
            self.seen.columns[column].add(value);
        }
    }

    fn null(&mut self, column: usize) {
        if self.is_row {
            self.seen.columns[column].add(b"");
        }
    }

    fn int(&mut self, _: usize, _: i32) {}
    fn long(&mut self, _: usize, _: i64) {}
    fn float(&mut self, _: usize, _: f32) {}
    fn double(&mut self, _: usize, _: f64) {}
    fn boolean(&mut self, _: usize, _: bool) {}

    fn finish(self) -> Result<ChunkEvidence> {
        Ok(self.seen)
    }
}

/// Whether a text has characters beyond ASCII, all of them from the file.
fn is_wide(text: &[u8]) -> bool {
    !text.is_ascii() && memchr::memmem::find(text, "\u{fffd}".as_bytes()).is_none()
}

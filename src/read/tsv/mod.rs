//! Reads TSV and CSV exactly as the service's reader does, which is Apache Spark 3.1's in mode
//! FAILFAST with a schema.
//!
//! Columns bind by their place. A line becomes fields on a fast path where it has no quote and the
//! separator is one byte, else in `automaton`; both give the same, which a property test holds.
//! Bad rows are findings.

mod automaton;
mod encoding;
mod fields;
mod gate;
mod judge;
mod lines;
mod naming;
mod nulls;
mod opening;
mod options;
mod place;
mod reading;
mod row;
mod sink;
mod value;

use std::sync::Arc;

use super::chunk::{Chunks, Text};
use super::format::{Beginning, Format};
use super::header_text::HeaderKeeper;
use super::pipe::{Meter, Pipe};
use super::recognize::Content;
use super::records::Records;
use super::source::{Input, Source};
use super::totals::FirstLines;
use crate::diagnostic::report::SkippedCheck;
use crate::diagnostic::rules::tsv_row as rule;
use crate::diagnostic::{Findings, Rule};
use crate::model::{Result, StoreFormat};

pub use encoding::{Encoding, Utf8Evidence};
pub use gate::{AlteredRow, CandidateRow, Gate, Open, RowReport};
pub use options::{Dialect, Given};
pub use reading::{Coordinates, END_COLUMN, TsvFile, TsvReading};
pub use sink::{Nothing, Sink};

pub(crate) use automaton::Repair;
pub(crate) use fields::FieldSplitter;
pub(crate) use judge::allele::length as bases;
pub(crate) use lines::{line_end, terminator};
pub(crate) use naming::{is_same_text, legal_names, without_index};
pub(crate) use value::{Value, convert, is_out_of_range};

use row::RowParser;

/// A TSV file whose first lines, up to the header, have been read.
pub type Reader = super::Reader<TsvReading>;

impl Format for TsvReading {
    const STORE_FORMAT: StoreFormat = StoreFormat::Tsv;
    const NO_RECORDS: &'static str = "there are no rows";
    type File = TsvFile;
    /// The bytes of the byte order mark in front of the text, and the text.
    type Piece = (usize, Text);

    fn source(&self, input: impl Into<Input>, meter: &Arc<Meter>) -> Result<Source> {
        let content = match self.types.len() {
            _ if !self.dialect.encoding.is_ascii_compatible() => Content::Wide,
            // A table of one column may hold anything, such as JSON.
            0 | 1 => Content::Lines,
            _ => Content::Text,
        };
        Source::open_with(input, meter, content)
    }

    fn begin(
        &self,
        source: Source,
        pipe: &Pipe,
        findings: &mut Findings,
        header: &mut HeaderKeeper,
    ) -> Result<Beginning<Self>> {
        let is_readable = judge::schema::judge(self, findings);
        let mut chunks = Chunks::ending_in(lines::terminator(&self.dialect), source.texts(pipe));
        let opening = opening::read(&mut chunks, self, findings, header)?;
        let mut mark = opening.mark;
        let pieces = chunks.map(move |text| text.map(|it| (std::mem::take(&mut mark), it)));
        Ok(Beginning {
            file: TsvFile { reading: self.clone(), is_readable, header: opening.header },
            first_lines: FirstLines { lines: opening.lines, is_readable, skipped: skipped(self) },
            pieces: Box::new(pieces),
        })
    }

    fn rules_of_check() -> Vec<&'static Rule> {
        vec![
            &rule::SEVERAL_CONTIG_STYLES,
            &rule::DUPLICATE_ROW,
            &rule::OTHER_FIRST_POSITION,
            &rule::HEADER_REPEATED,
            &rule::NULL_MARK_NO_VALUE,
            &rule::NULL_MARK_IS_VALUE,
        ]
    }
}

impl Reader {
    /// Parses the rows, in file order. Each chunk gets a sink of its own.
    pub fn records<S, M>(self, make_sink: M) -> Records<S::Output>
    where
        S: Sink,
        M: Fn() -> S + Send + Sync + 'static,
    {
        self.records_through(move || (Open, make_sink())).map_output(|((), rows)| rows)
    }

    /// Parses the rows, in file order. Each chunk gets a sink of its own, and a gate that each row
    /// has to pass. What the gate says comes first.
    pub fn records_through<G, S, M>(self, make: M) -> Records<(G::Output, S::Output)>
    where
        G: Gate,
        S: Sink,
        M: Fn() -> (G, S) + Send + Sync + 'static,
    {
        self.parse(move |file, (mark, text), keep| {
            let (gate, sink) = make();
            RowParser::new(file, keep, gate, sink).parse(text.bytes(), mark)
        })
    }
}

/// The checks that are not made in rows without a place.
fn skipped(reading: &TsvReading) -> Vec<SkippedCheck> {
    if reading.coordinates().is_some() {
        return Vec::new();
    }
    let of_places: [&'static Rule; 8] = [
        &rule::END_BEFORE_START,
        &rule::POSITION_BELOW_FIRST,
        &rule::POSITION_MISSING,
        &rule::UNUSUAL_ALLELE,
        &rule::SEVERAL_CONTIG_STYLES,
        &rule::END_OUT_OF_RANGE,
        &rule::END_OF_NO_ALLELE,
        &rule::OTHER_FIRST_POSITION,
    ];
    let why = "rows of this annotation type have no position";
    of_places.map(|rule| SkippedCheck { rule, why: why.into() }).into()
}

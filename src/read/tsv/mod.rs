//! Reads TSV and CSV exactly as the service's reader does, which is Apache Spark 3.1's in mode FAILFAST with a schema.
//!
//! Columns bind by their place. A line becomes fields on a fast path where it has no quote and the separator is one byte, else in
//! [`automaton`]; both give the same, which a property test holds. Bad rows are findings.

mod automaton;
mod encoding;
mod fields;
mod gate;
mod judge;
mod lines;
mod opening;
mod options;
mod place;
mod reading;
mod row;
mod sink;
mod value;

use std::sync::Arc;

use super::chunk::{Chunks, Text};
use super::records::{Limit, Records};
use super::source::{Input, Source, Texts};
use super::{Meter, Parsed, Pipe};
use crate::diagnostic::Findings;
use crate::diagnostic::rules::file as rule;
use crate::model::{Location, Result};

pub use encoding::Encoding;
pub use gate::{Altered, Candidate, Gate, Open, RowReport};
pub use options::{Dialect, Given};
pub use reading::{Coordinates, END_COLUMN, TsvReading};
pub use sink::{Nothing, Sink};

pub(crate) use automaton::Repair;
pub(crate) use fields::Splitter;
pub(crate) use judge::schema::reads_as_number;
pub(crate) use value::{Value, convert, is_out_of_range};

use row::ChunkParser;

/// A TSV file whose first lines, up to the header, have been read.
pub struct Reader {
    /// What is wrong with the schema and the first lines, and with the file as such.
    pub findings: Findings,
    /// Whether rows can be stored: not where a position or a name of the schema cannot be told.
    pub readable: bool,
    /// Lines that have been read: comments, blank ones, and the header.
    pub lines: u64,
    chunks: Chunks<Texts>,
    reading: TsvReading,
    /// Bytes of the byte order mark in front of the next line.
    mark: usize,
    pipe: Pipe,
    max_findings: usize,
}

/// What the chunks of one file share.
struct Shared {
    reading: TsvReading,
    readable: bool,
    limit: Limit,
}

/// Opens an input for reading in this way.
pub fn open_source(
    input: impl Into<Input>,
    meter: &Arc<Meter>,
    reading: &TsvReading,
) -> Result<Source> {
    Source::open_text(input, meter, !reading.dialect.encoding.is_ascii_compatible())
}

impl Reader {
    /// Judges the schema and reads the first lines of a source. Keeps `max_findings` findings whole.
    pub fn open(
        source: Source,
        pipe: &Pipe,
        reading: &TsvReading,
        max_findings: usize,
    ) -> Result<Self> {
        let mut findings = Findings::keeping(max_findings);
        if let Some(message) = source.disagreement() {
            let name = source.name().to_owned();
            findings.add_at(&rule::COMPRESSION_AND_NAME_DISAGREE, Location::FILE, &name, message);
        }
        let readable = judge::schema::judge(reading, &mut findings);
        let terminator = lines::terminator(&reading.dialect);
        let mut chunks = Chunks::ending_in(terminator, source.texts(pipe));
        let opening = opening::read(&mut chunks, reading, &mut findings)?;
        Ok(Self {
            findings,
            readable,
            lines: opening.lines,
            chunks,
            reading: reading.clone(),
            mark: opening.mark,
            pipe: pipe.clone(),
            max_findings,
        })
    }

    /// Parses the rows, in file order. Each chunk gets a sink of its own.
    pub fn records<S, M>(self, make_sink: M) -> Records<S::Output>
    where
        S: Sink,
        M: Fn() -> S + Send + Sync + 'static,
    {
        self.records_through(move || (Open, make_sink())).map_output(|it| it.1)
    }

    /// The same, where each chunk gets a gate, too, which each row has to pass. What the gate says comes first.
    pub fn records_through<G, S, M>(self, make: M) -> Records<(G::Output, S::Output)>
    where
        G: Gate,
        S: Sink,
        M: Fn() -> (G, S) + Send + Sync + 'static,
    {
        let limit = Limit::new(self.max_findings);
        let shared =
            Shared { reading: self.reading, readable: self.readable, limit: limit.clone() };
        let mut mark = self.mark;
        let texts = self.chunks.map(move |text| text.map(|it| (std::mem::take(&mut mark), it)));
        let parse = move |(mark, text): (usize, Text)| {
            let (gate, sink) = make();
            ChunkParser::new(&shared, gate, sink).parse(text.bytes(), mark)
        };
        Records::new(self.pipe, limit, texts, parse)
    }
}

//! Reads TSV and CSV exactly as the service's reader does, which is Apache Spark 3.1's in mode FAILFAST with a schema.
//!
//! Columns bind by their place. A line becomes fields on a fast path where it has no quote and the separator is one byte, else in
//! [`automaton`]; both give the same, which a property test holds. Bad rows are findings.

mod automaton;
mod encoding;
mod fields;
mod lines;
mod opening;
mod options;
mod place;
mod reading;
mod row;
mod schema;
mod sink;
mod value;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::chunk::{Chunks, Text};
use super::ordered::ordered;
use super::source::{Input, Source, Texts};
use super::{Meter, Pipe};
use crate::diagnostic::Findings;
use crate::diagnostic::rules::file as rule;
use crate::model::{Location, Result};

pub use super::Parsed;
pub use encoding::Encoding;
pub use options::{Dialect, Given};
pub use reading::{Coordinates, END_COLUMN, TsvReading};
pub use sink::{Nothing, Sink};

pub(crate) use automaton::Repair;
pub(crate) use fields::Splitter;
pub(crate) use schema::reads_as_number;
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
    max_findings: usize,
    /// Set once no finding will be kept any more, so that workers only count.
    count_only: AtomicBool,
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
        let readable = schema::judge(reading, &mut findings);
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
        let shared = Arc::new(Shared {
            reading: self.reading,
            readable: self.readable,
            max_findings: self.max_findings,
            count_only: AtomicBool::new(self.max_findings == 0),
        });
        let (pool, window) = (Arc::clone(&self.pipe.pool), self.pipe.window());
        let for_workers = Arc::clone(&shared);
        let mut mark = self.mark;
        let texts = self.chunks.map(move |text| text.map(|it| (std::mem::take(&mut mark), it)));
        let work = move |(mark, text): (usize, Text)| {
            ChunkParser::new(&for_workers, make_sink()).parse(text.bytes(), mark)
        };
        Records {
            parsed: Box::new(ordered(&pool, window, texts, work)),
            shared,
            meter: self.pipe.meter,
        }
    }
}

/// The parsed chunks of a file, in file order.
pub struct Records<T> {
    parsed: Box<dyn Iterator<Item = Result<Parsed<T>>>>,
    shared: Arc<Shared>,
    meter: Arc<Meter>,
}

impl<T> Records<T> {
    /// Tells the workers that no more findings will be kept: from now on they need only be counted.
    pub fn count_only(&self) {
        self.shared.count_only.store(true, Ordering::Relaxed);
    }
}

impl<T> Iterator for Records<T> {
    type Item = Result<Parsed<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(stopped) = self.meter.check() {
            return Some(Err(stopped));
        }
        let parsed = self.parsed.next()?;
        if let Ok(parsed) = &parsed {
            self.meter.records.fetch_add(parsed.records, Ordering::Relaxed);
        }
        Some(parsed)
    }
}

//! Reads GFF3 by the Sequence Ontology's specification, version 1.26: features, directives, escapes, and the sequences that may
//! follow them.
//!
//! A row is parsed on its own. What holds rows together (`Parent`, several lines of one `ID`, `##sequence-region`) is judged by
//! whoever takes the features in file order: `check`.

mod attributes;
mod columns;
mod directive;
mod escape;
mod fasta;
mod feature;
mod judge;
mod part;
mod row;
mod sink;
mod tag;

use super::chunk::{Chunks, Text};
use super::records::{Limit, Records};
use super::source::{Source, Texts};
use super::{Parsed, Pipe};
use crate::diagnostic::Findings;
use crate::diagnostic::rules::file as rule;
use crate::model::{Location, Result};

pub use feature::{Feature, Region};
pub use sink::{Nothing, Sink};
pub use tag::Tag;

use part::{Part, Parts};
use row::ChunkParser;

/// A GFF3 file whose first line has been looked at.
pub struct Reader {
    /// What is wrong with the first line, and with the file as such.
    pub findings: Findings,
    chunks: Chunks<Texts>,
    pipe: Pipe,
    max_findings: usize,
}

impl Reader {
    /// Looks at the first line of a source. Keeps `max_findings` findings whole.
    pub fn open(source: Source, pipe: &Pipe, max_findings: usize) -> Result<Self> {
        let mut findings = Findings::keeping(max_findings);
        if let Some(message) = source.disagreement() {
            let name = source.name().to_owned();
            findings.add_at(&rule::COMPRESSION_AND_NAME_DISAGREE, Location::FILE, &name, message);
        }
        let mut chunks = Chunks::new(source.texts(pipe));
        let mut text = chunks.next().transpose()?.unwrap_or_default();
        directive::first_line(&mut text, &mut findings);
        chunks.put_back(text);
        Ok(Self { findings, chunks, pipe: pipe.clone(), max_findings })
    }

    /// Parses the features, in file order. Each chunk gets a sink of its own.
    pub fn records<S, M>(self, make_sink: M) -> Records<S::Output>
    where
        S: Sink,
        M: Fn() -> S + Send + Sync + 'static,
    {
        let limit = Limit::new(self.max_findings);
        let of_chunks = limit.clone();
        let parse = move |(part, text): (Part, Text)| {
            let parser = ChunkParser::new(of_chunks.get(), make_sink());
            match part {
                Part::Features { first } => parser.features(text.bytes(), first),
                Part::Sequences { begins } => parser.sequences(text.bytes(), begins),
            }
        };
        Records::new(self.pipe, limit, Parts::new(self.chunks), parse)
    }
}

/// Parses some lines as a chunk of a file, for those who try any bytes on the parser.
pub fn parse_lines<S: Sink>(
    lines: &[u8],
    sink: S,
    max_findings: usize,
) -> Result<Parsed<S::Output>> {
    ChunkParser::new(max_findings, sink).features(lines, true)
}

//! Reads GFF3 by the Sequence Ontology's specification, version 1.26: features, directives,
//! escapes, and the sequences that may follow them.
//!
//! A row is parsed on its own. What holds rows together (`Parent`, several lines of one `ID`,
//! `##sequence-region`) is judged by whoever takes the features in file order: `check`.

mod attributes;
mod columns;
mod directive;
mod escape;
mod fasta;
mod feature;
mod gtf;
mod judge;
mod line_ends;
mod quoted;
mod row;
mod section;
mod sink;
mod tag;

use super::chunk::{Chunks, Text};
use super::format::{Beginning, Format};
use super::header_text::HeaderKeeper;
use super::pipe::Pipe;
use super::records::Records;
use super::source::Source;
use super::totals::FirstLines;
use crate::diagnostic::rules::{gff_attribute, gff_file, gff_hierarchy};
use crate::diagnostic::{Findings, Rule};
use crate::model::{Result, StoreFormat};

pub use feature::{Feature, Region};
pub use line_ends::ends_in_cr;
pub use sink::{Nothing, Sink};
pub use tag::Tag;

use row::FeatureParser;
use section::{Section, Sections};

/// How a GFF3 file is to be read: in the one way that there is.
#[derive(Clone, Copy, Debug, Default)]
pub struct GffReading;

/// A GFF3 file whose first line has been looked at.
pub type Reader = super::Reader<GffReading>;

/// The rules about IDs and Parents, which only the file as a whole shows.
pub const HIERARCHY: [&Rule; 7] = [
    &gff_hierarchy::UNRESOLVED_PARENT,
    &gff_hierarchy::PARENT_CYCLE,
    &gff_hierarchy::PARENT_ON_OTHER_SEQID,
    &gff_hierarchy::ID_ON_SEVERAL_TYPES,
    &gff_hierarchy::ID_ON_SEVERAL_SEQIDS,
    &gff_hierarchy::ID_WITH_DIFFERENT_PARENTS,
    &gff_hierarchy::ID_ACROSS_TERMINATOR,
];

/// The other rules about the file as a whole.
const WHOLE_FILE: [&Rule; 6] = [
    &gff_file::DUPLICATE_SEQUENCE_REGION,
    &gff_file::OUTSIDE_SEQUENCE_REGION,
    &gff_attribute::ESCAPES_NOT_DECODED,
    &gff_attribute::TAG_IN_INFORMATION,
    &gff_attribute::ESCAPED_COMMA_IN_TEXT,
    &gff_hierarchy::WRONG_CDS_PHASE,
];

impl Format for GffReading {
    const STORE_FORMAT: StoreFormat = StoreFormat::Gff;
    const NO_RECORDS: &'static str = "there are no features";
    type File = ();
    type Piece = (Section, Text);

    fn begin(
        &self,
        source: Source,
        pipe: &Pipe,
        findings: &mut Findings,
        _: &mut HeaderKeeper,
    ) -> Result<Beginning<Self>> {
        let mut chunks = Chunks::new(line_ends::as_newlines(source.texts(pipe))?);
        let mut text = chunks.next().transpose()?.unwrap_or_default();
        directive::first_line(&mut text, findings);
        chunks.put_back(text);
        let pieces = Box::new(Sections::new(chunks));
        let first_lines = FirstLines { lines: 0, is_readable: true, skipped: Vec::new() };
        Ok(Beginning { file: (), first_lines, pieces })
    }

    fn rules_of_check() -> Vec<&'static Rule> {
        HIERARCHY.into_iter().chain(WHOLE_FILE).collect()
    }
}

impl Reader {
    /// Parses the features, in file order. Each chunk gets a sink of its own.
    pub fn records<S, M>(self, make_sink: M) -> Records<S::Output>
    where
        S: Sink,
        M: Fn() -> S + Send + Sync + 'static,
    {
        self.parse(move |(), (section, text), keep| {
            let parser = FeatureParser::new(keep, make_sink());
            match section {
                Section::Features { first } => parser.features(text.bytes(), first),
                Section::Sequences { begins } => parser.sequences(text.bytes(), begins),
            }
        })
    }
}

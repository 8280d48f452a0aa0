//! Reads VCF 4.0 to 4.5: the header by itself, then chunks of records on many threads.

mod annotation;
mod declared;
mod expected_key;
mod gate;
mod genotype;
mod header;
mod info;
mod judge;
mod members;
mod record;
mod sink;
mod sites;
mod values;

use super::chunk::{Chunks, Text};
use super::records::{Limit, Records};
use super::source::{Source, Texts};
use super::{Parsed, Pipe};
use crate::diagnostic::rules::file as rule;
use crate::diagnostic::rules::vcf_record::UNTERMINATED_LAST_LINE;
use crate::diagnostic::rules::vcf_sample::SEVERAL_SAMPLES;
use crate::diagnostic::{Findings, Rule};
use crate::model::{
    AnnotationFields, AnnotationKind, InfoColumn, Location, Result, ValueType, VcfOptions,
};

pub use declared::{Definition, Header, Number};
pub use gate::{Altered, AlteredRecords, Candidate, Gate, Open};
pub use sink::{Elements, Fixed, Nothing, SampleColumn, Sink};
pub use sites::{Site, Sites};

use annotation::{Annotations, Lines};
use record::ChunkParser;

/// Bytes of text that a chunk of a file with many samples has at least.
const MIN_CHUNK_BYTES: usize = 1 << 16;

/// A VCF file whose header has been read.
pub struct Reader {
    /// What the header declares.
    pub header: Header,
    /// What is wrong with the header, and with the file as such.
    pub findings: Findings,
    annotations: Annotations,
    info_lines: Lines,
    chunks: Chunks<Texts>,
    pipe: Pipe,
    max_findings: usize,
}

/// What the chunks of one file share.
pub(crate) struct Shared {
    header: Header,
    annotations: Annotations,
    columns: Vec<InfoColumn>,
    options: VcfOptions,
    limit: Limit,
}

impl Reader {
    /// Reads the header of a source. Keeps `max_findings` findings whole.
    pub fn open(source: Source, pipe: &Pipe, max_findings: usize) -> Result<Self> {
        let mut findings = Findings::keeping(max_findings);
        if let Some(message) = source.disagreement() {
            let name = source.name().to_owned();
            findings.add_at(&rule::COMPRESSION_AND_NAME_DISAGREE, Location::FILE, &name, message);
        }
        let mut chunks = Chunks::new(source.texts(pipe));
        let (header, info_lines) = read_header(&mut chunks, &mut findings)?;
        if let samples @ 2.. = header.samples.len() {
            let at = Location::at(header.lines, 0);
            let message = format!("every record becomes {samples} rows, one for each sample");
            findings.add_at(&SEVERAL_SAMPLES, at, &samples.to_string(), message);
            // A record becomes a row for each sample, each with all of INFO: without this, a chunk would become gigabytes.
            let rows_bound = pipe.chunk_bytes.saturating_mul(2) / samples;
            chunks.limit(rows_bound.clamp(MIN_CHUNK_BYTES.min(pipe.chunk_bytes), pipe.chunk_bytes));
        }
        let annotations = Annotations::default();
        let pipe = pipe.clone();
        Ok(Self { header, findings, annotations, info_lines, chunks, pipe, max_findings })
    }

    /// Looks for the annotations of VEP and SnpEff, which are not read otherwise; the kinds that the file has.
    pub fn annotate(&mut self, fields: &AnnotationFields) -> Vec<AnnotationKind> {
        self.annotations =
            Annotations::of_header(&self.header, &self.info_lines, fields, &mut self.findings);
        self.annotations.kinds()
    }

    /// The INFO keys that the header declares, with type and list-ness.
    pub fn declared(&self) -> Vec<(String, ValueType, bool)> {
        self.header.info.iter().map(|it| (it.key.clone(), it.value, it.is_list())).collect()
    }

    /// Parses the records, in file order; `columns` belong to the header's INFO definitions one by one. Each chunk gets a
    /// sink of its own.
    pub fn records<S, M>(
        self,
        columns: Vec<InfoColumn>,
        options: VcfOptions,
        make_sink: M,
    ) -> Records<S::Output>
    where
        S: Sink,
        M: Fn() -> S + Send + Sync + 'static,
    {
        self.records_through(columns, options, move || (Open, make_sink())).map_output(|it| it.1)
    }

    /// The same, where each chunk gets a gate, too, which each record has to pass. What the gate says comes first.
    pub fn records_through<G, S, M>(
        self,
        columns: Vec<InfoColumn>,
        options: VcfOptions,
        make: M,
    ) -> Records<(G::Output, S::Output)>
    where
        G: Gate,
        S: Sink,
        M: Fn() -> (G, S) + Send + Sync + 'static,
    {
        let limit = Limit::new(self.max_findings);
        let shared = Shared {
            header: self.header,
            annotations: self.annotations,
            columns,
            options,
            limit: limit.clone(),
        };
        let parse = move |text: Text| {
            let (gate, sink) = make();
            ChunkParser::new(&shared, gate, sink).parse(text.bytes())
        };
        Records::new(self.pipe, limit, self.chunks, parse)
    }
}

/// Reads lines until the header ends, and puts the rest back.
fn read_header(chunks: &mut Chunks<Texts>, findings: &mut Findings) -> Result<(Header, Lines)> {
    let mut reader = header::HeaderReader::new(findings);
    let mut info_lines = Lines::default();
    let mut number = 0;
    let mut next_line = Vec::new();
    'file: while let Some(text) = chunks.next() {
        let mut text = text?;
        while !text.bytes().is_empty() {
            let length =
                memchr::memchr(b'\n', text.bytes()).map_or(text.bytes().len(), |it| it + 1);
            let line = without_break(&text.bytes()[..length]);
            if !reader.line(line) {
                next_line = line.to_vec();
                chunks.put_back(text);
                break 'file;
            }
            number += 1;
            info_lines.add(number, line);
            let last = (!text.bytes()[..length].ends_with(b"\n")).then(|| line.to_vec());
            text.advance(length);
            if let Some(last) = last {
                reader.unterminated(&last);
            }
        }
    }
    Ok((reader.finish(&next_line), info_lines))
}

/// The line without LF or CRLF.
fn without_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The rule for a last line without a newline. Validators insist on one in VCF 4.3 and 4.4; files of the suite for 4.5 have none.
fn last_line_rule(minor: u32) -> &'static Rule {
    if matches!(minor, 3 | 4) { &UNTERMINATED_LAST_LINE } else { &rule::NO_FINAL_NEWLINE }
}

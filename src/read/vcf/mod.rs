//! Reads VCF 4.0 to 4.5: the header by itself, then chunks of records on many threads.

mod annotation;
mod by_column;
mod coded;
mod declared;
mod expected_key;
mod file;
mod format_key;
mod gate;
mod genotype;
mod header;
mod info;
mod joined;
mod judge;
mod keys;
mod members;
mod miscount;
mod opening;
mod order;
mod others;
mod percent;
mod plan;
mod record;
mod shared_keys;
mod sink;
mod sites;
mod span;
mod undeclared;
mod values;
mod version_line;

use std::sync::Arc;

use super::chunk::{Chunks, Terminator};
use super::format::{Beginning, Format};
use super::header_text::HeaderKeeper;
use super::lines::any_line_length;
use super::pipe::{Meter, Pipe};
use super::recognize::Content;
use super::records::Records;
use super::source::{Input, Source, Texts, VariantInput};
use super::totals::FirstLines;
use crate::diagnostic::report::SkippedCheck;
use crate::diagnostic::rules::RULES;
use crate::diagnostic::rules::vcf_record::QUALITY_NOT_A_NUMBER;
use crate::diagnostic::rules::vcf_sample::SEVERAL_SAMPLES;
use crate::diagnostic::{Findings, Subject};
use crate::model::{Error, ErrorKind, Location, Result, StoreFormat, VcfOptions};

pub use by_column::ByColumn;
pub use declared::{Contig, Definition, Header, Number};
pub use file::{Chunk, VcfFile, VcfReading};
pub use gate::{AlteredRecord, AlteredRecords, CandidateRecord, Gate, Open};
pub use opening::{BYTE_ORDER_MARK, LineEnd};
pub use order::Order;
pub use percent::decoded as decoded_text;
pub use sink::{Elements, Fixed, Nothing, SampleColumn, Sink};
pub use sites::{Site, Sites};
pub use span::is_on_reference;
pub use undeclared::{Addition, KeyKind, Survey, survey};

use annotation::{Annotations, InfoLines};
use joined::{Piece, Pieces, Unparsed};
use record::RecordParser;

/// Bytes of text that a chunk of a file with many samples or INFO keys has at least.
const MIN_CHUNK_BYTES: usize = 1 << 16;

/// The most samples that a file may have.
const MAX_SAMPLES: usize = 1_000_000;
/// The columns from CHROM to FORMAT.
const COLUMNS_BEFORE_SAMPLES: usize = 9;

/// INFO keys from which on chunks are smaller.
const MANY_KEYS: usize = 1024;

/// A VCF file whose header has been read.
pub type Reader = super::Reader<VcfReading>;

impl Format for VcfReading {
    const STORE_FORMAT: StoreFormat = StoreFormat::Vcf;
    const NO_RECORDS: &'static str = "there are no records after the header";
    type File = VcfFile;
    type Piece = Piece;

    fn source(&self, input: impl Into<Input>, meter: &Arc<Meter>) -> Result<Source> {
        Source::open_with(input, meter, Content::Variants)
    }

    fn begin(
        &self,
        source: Source,
        pipe: &Pipe,
        findings: &mut Findings,
        keeper: &mut HeaderKeeper,
    ) -> Result<Beginning<Self>> {
        let (texts, bcf) = match source.variants(pipe)? {
            VariantInput::Lines(texts) => (texts, None),
            VariantInput::Records(mut bcf) => (bcf.take_beginning(), Some(bcf)),
        };
        let texts = opening::without_mark(texts, findings, keeper)?;
        // In the service, CR ends a line as well.
        let mut chunks = Chunks::ending_in(Terminator::Any, texts);
        let (header, info_lines, line_end) = read_header(&mut chunks, findings, keeper)?;
        if let samples @ 2.. = header.samples.len() {
            let at = Location::at(header.lines, 0);
            let message = format!("every record becomes {samples} rows, one for each sample");
            findings.add_at(&SEVERAL_SAMPLES, at, &samples.to_string(), message);
        }
        let limit = chunk_limit(&header, pipe);
        if let Some(bytes) = limit {
            chunks.limit(bytes);
        }
        let chunks = chunks.map(|it| it.map(Unparsed::Lines));
        let coded = bcf.map(|it| {
            let bytes = limit.unwrap_or(pipe.chunk_bytes);
            it.records(bytes, |key| header.info_place(key))
        });
        let coded = coded.into_iter().flatten().map(|it| it.map(Unparsed::Coded));
        let annotations = Annotations::of_header(&header, &info_lines, &self.annotations, findings);
        let (options, samples) = (self.options, header.samples.clone());
        Ok(Beginning {
            first_lines: FirstLines {
                lines: header.lines,
                is_readable: header.readable,
                skipped: skipped(header.readable, options),
            },
            file: VcfFile::new(header, annotations, options, line_end),
            pieces: Box::new(Pieces::new(chunks.chain(coded), samples)),
        })
    }
}

impl Reader {
    /// Parses the records, in file order, and judges their order. Each chunk gets a sink of its
    /// own.
    pub fn records<S, M>(self, make_sink: M) -> Records<S::Output>
    where
        S: Sink,
        M: Fn() -> S + Send + Sync + 'static,
    {
        let mut order = Order::of(&self.totals);
        self.records_through(move || (Open, make_sink())).in_order(move |mut parsed| {
            order.judge(&mut parsed);
            parsed.map(|chunk| chunk.records)
        })
    }

    /// Parses the records, in file order. Each chunk gets a sink of its own, and a gate that each
    /// record has to pass. [`Order`] judges the chunks, in their order.
    pub fn records_through<G, S, M>(self, make: M) -> Records<Chunk<G::Output, S::Output>>
    where
        G: Gate,
        S: Sink,
        M: Fn() -> (G, S) + Send + Sync + 'static,
    {
        self.parse(move |file, piece, keep| {
            let (gate, sink) = make();
            let mut parser = RecordParser::new(file, keep, gate, sink);
            parser.has_own_samples = piece.has_own_samples;
            match piece.records {
                Unparsed::Lines(text) => parser.parse(text.bytes()),
                Unparsed::Coded(records) => parser.parse_coded(&records),
            }
        })
    }
}

/// Bytes of text that a chunk has at most, unless its one line has more, where its records become
/// much.
fn chunk_limit(header: &Header, pipe: &Pipe) -> Option<usize> {
    let mut limit = None;
    if header.info.len() > MANY_KEYS {
        // Each column that a chunk has a value for has all its rows.
        // Shorter ones have fewer such columns, too.
        let times = header.info.len() / MANY_KEYS;
        limit = Some((pipe.chunk_bytes / times.saturating_mul(times)).max(1 << 15));
    }
    if let samples @ 2.. = header.samples.len() {
        // A record becomes a row for each sample, each with all of INFO: without this, a chunk
        // would become gigabytes.
        limit = Some((pipe.chunk_bytes.saturating_mul(2) / samples).max(MIN_CHUNK_BYTES));
    }
    limit.map(|it| it.min(pipe.chunk_bytes))
}

fn skipped(is_readable: bool, options: VcfOptions) -> Vec<SkippedCheck> {
    let skip = |why: &'static str| move |rule| SkippedCheck { rule, why: why.into() };
    if !is_readable {
        let about_records = RULES.iter().filter(|it| it.subject == Subject::VcfRecord);
        return about_records
            .map(|it| skip("the columns of the records are not known")(*it))
            .collect();
    }
    let skipped = options.ignore_qual_field.then_some(&QUALITY_NOT_A_NUMBER);
    skipped.map(skip("QUAL is not stored (--ignore-qual-field)")).into_iter().collect()
}

/// What the text of a header declares, whatever is wrong with it.
pub fn declared_in(text: &[u8]) -> Header {
    let mut findings = Findings::keeping(0);
    let mut reader = header::HeaderReader::new(&mut findings);
    let mut rest = text.strip_prefix(opening::BYTE_ORDER_MARK).unwrap_or(text);
    while !rest.is_empty() {
        let (line, behind) = rest.split_at(any_line_length(rest));
        reader.line(LineEnd::of(line).0);
        rest = behind;
    }
    reader.finish(b"")
}

/// Refuses a line of column names that would take more memory than there may be.
fn check_samples(line: &[u8]) -> Result<()> {
    if line.len() <= MAX_SAMPLES || !line.starts_with(b"#") || line.starts_with(b"##") {
        return Ok(());
    }
    let columns = memchr::memchr_iter(b'\t', line).count() + 1;
    let samples = columns.saturating_sub(COLUMNS_BEFORE_SAMPLES);
    if samples <= MAX_SAMPLES {
        return Ok(());
    }
    let message = format!(
        "the line of column names has {samples} samples, but a file may have {MAX_SAMPLES} at most"
    );
    Err(Error::new(ErrorKind::Unreadable, message).with_help(
        "import the samples in several files, for example with `bcftools view -S`, \
         or without them (`bcftools view -G`)",
    ))
}

/// Reads lines until the header ends, and puts the rest back.
fn read_header(
    chunks: &mut Chunks<Texts>,
    findings: &mut Findings,
    keeper: &mut HeaderKeeper,
) -> Result<(Header, InfoLines, LineEnd)> {
    let mut reader = header::HeaderReader::new(findings);
    let mut info_lines = InfoLines::default();
    let mut number = 0;
    let mut next_line = Vec::new();
    let mut line_end = LineEnd::default();
    'file: while let Some(text) = chunks.next() {
        let mut text = text?;
        while !text.bytes().is_empty() {
            let length = any_line_length(text.bytes());
            let (line, end) = LineEnd::of(&text.bytes()[..length]);
            check_samples(line)?;
            if !reader.line(line) {
                next_line = line.to_vec();
                chunks.put_back(text);
                break 'file;
            }
            if end != std::mem::replace(&mut line_end, end) {
                reader.line_end(line, end);
            }
            keeper.line(&text.bytes()[..length]);
            number += 1;
            info_lines.add(number, line);
            let last = (line.len() == length).then(|| line.to_vec());
            text.advance(length);
            if let Some(last) = last {
                reader.unterminated(&last);
            }
        }
    }
    Ok((reader.finish(&next_line), info_lines, line_end))
}

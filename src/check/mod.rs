//! Judges a file: what the service's import would do with it, finding by finding. The parser makes
//! the findings about lines; this stage adds those that only the whole file shows, and says which
//! checks were made.

mod gff;
mod normalized;
mod place;
mod profile;
pub mod request;
mod tsv;
mod vcf;

use std::sync::Arc;

use crate::diagnostic::report::Report;
use crate::diagnostic::{Finding, Findings, Keep};
use crate::model::{Error, Reference, Result};
use crate::read::source::{Input, Source};
use crate::read::{CheckScope, Format, Parsed, Pipe, Reader, Records};

use place::Placing;
pub use place::Site;

/// How to check.
#[derive(Clone)]
pub struct CheckOptions {
    /// What becomes of the variants in the file.
    pub variants: Variants,
    /// How many findings are kept whole, beside the first of each rule; all are counted.
    pub max_findings: usize,
    /// Whether plain gzip of several members is read, too, where its last line has no newline: it
    /// may have been cut between two of them.
    pub allow_missing_newline: bool,
}

/// What becomes of the variants in a file.
#[derive(Clone)]
pub enum Variants {
    /// They are stored as they are.
    AsTheyAre,
    /// A job asks for left normalization, and the reference is not at hand.
    Normalized,
    /// They are held against a reference, and left normalization is tried on them.
    Against(Arc<dyn Reference>),
}

/// Findings that are kept whole unless told otherwise.
pub const DEFAULT_MAX_FINDINGS: usize = 1000;

impl Default for CheckOptions {
    fn default() -> Self {
        let (variants, max_findings) = (Variants::AsTheyAre, DEFAULT_MAX_FINDINGS);
        Self { variants, max_findings, allow_missing_newline: false }
    }
}

/// A format whose files can be checked as a whole.
pub trait Checked: Format {
    /// What the sinks make of a chunk.
    type Chunk: 'static;
    /// Judges the file as a whole.
    type WholeFile: WholeFile<Chunk = Self::Chunk>;

    /// Refuses what the variants of the format cannot be held against.
    fn check_variants(&self, variants: &Variants) -> Result<()>;

    /// Begins to read a file, to judge it as a whole.
    fn look(
        reader: Reader<Self>,
        options: &CheckOptions,
    ) -> (Records<Self::Chunk>, Self::WholeFile);
}

/// Puts together what the chunks of a file show, in file order, so that neither threads nor chunks
/// show in the result.
pub trait WholeFile {
    /// What the sinks make of a chunk.
    type Chunk;

    /// Adds the next chunk, and puts what it shows among the chunk's findings.
    fn add(&mut self, parsed: &mut Parsed<Self::Chunk>);

    /// Where the records of a chunk lie, in the order of their lines.
    fn sites(chunk: &Self::Chunk) -> impl DoubleEndedIterator<Item = Site<'_>>;

    /// Ends the file: adds findings that only its end shows, and says what was looked at.
    fn finish(self, findings: &mut Findings) -> CheckScope;
}

/// Checks a file at a path, or standard input for `-`.
///
/// Fails with [`ErrorKind::Unreadable`](crate::model::ErrorKind::Unreadable) where the file cannot
/// be read to its end, and where its records have no alleles that could be held against the
/// reference.
///
/// ```
/// use annostore::check::{CheckOptions, check};
/// use annostore::{DEFAULT_CHUNK_BYTES, Pipe, VcfReading};
///
/// let file = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo/mistakes.vcf");
/// let pipe = Pipe::new(None, DEFAULT_CHUNK_BYTES)?;
/// let report = check(file, &pipe, &VcfReading::default(), &CheckOptions::default())?;
/// assert!(report.findings.total() > 0);
/// # Ok::<(), annostore::Error>(())
/// ```
pub fn check<F: Checked>(
    input: impl Into<Input>,
    pipe: &Pipe,
    format: &F,
    options: &CheckOptions,
) -> Result<Report> {
    check_source(source(input.into(), pipe, format, options)?, pipe, format, options, |_, _| Ok(()))
}

/// Takes findings that a report will not have: the report so far, without findings, and those since
/// the last call, in any order.
pub type Taker<'a> = &'a mut dyn FnMut(&Report, Vec<Finding>) -> Result<()>;

/// Checks as [`check`] does, and hands all findings on that the report does not keep, while the
/// file is read. Together they are all findings, but for those of GFF3 that only the end of a file
/// shows and of which there are very many: they are counted.
pub fn check_handing_on<F: Checked>(
    input: impl Into<Input>,
    pipe: &Pipe,
    format: &F,
    options: &CheckOptions,
    take: Taker<'_>,
) -> Result<Report> {
    let source = source(input.into(), pipe, format, options)?;
    checked(source, pipe, format, options, |_, _| Ok(()), Some(take))
}

/// Opens an input whose variants can be checked so.
fn source<F: Checked>(
    input: Input,
    pipe: &Pipe,
    format: &F,
    options: &CheckOptions,
) -> Result<Source> {
    let placed = |error: Error| error.with("file", input.name());
    format.check_variants(&options.variants).map_err(placed)?;
    format.source(input, &pipe.meter)
}

/// Checks a source. Who looks at the chunks is told each with how many lines the file has before
/// its records.
pub(crate) fn check_source<F: Checked>(
    source: Source,
    pipe: &Pipe,
    format: &F,
    options: &CheckOptions,
    look: impl FnMut(u64, &Parsed<F::Chunk>) -> Result<()>,
) -> Result<Report> {
    checked(source, pipe, format, options, look, None)
}

fn checked<F: Checked>(
    source: Source,
    pipe: &Pipe,
    format: &F,
    options: &CheckOptions,
    mut look: impl FnMut(u64, &Parsed<F::Chunk>) -> Result<()>,
    mut take: Option<Taker<'_>>,
) -> Result<Report> {
    let keep = Keep::up_to(options.max_findings);
    let keep = if take.is_some() { keep.handing_on() } else { keep };
    let reader = Reader::open(source, pipe, format, keep)?;
    let mut totals = reader.totals.clone();
    let first_lines = totals.lines();
    let about = take.is_some().then(|| totals.beginning());
    let mut hand_on = |findings: &mut Findings| match (&mut take, &about) {
        (Some(take), Some(about)) => take(about, findings.take_beyond()),
        _ => Ok(()),
    };
    let (mut records, mut whole) = F::look(reader, options);
    let mut placing = Placing::default();
    placing.add_to_lines(totals.findings_mut());
    while let Some(parsed) = records.next() {
        let mut parsed = parsed?;
        look(first_lines, &parsed)?;
        whole.add(&mut parsed);
        let sites = F::WholeFile::sites(&parsed.output);
        placing.add(&mut parsed.findings, parsed.lines_before, sites);
        totals.add(parsed);
        if totals.findings().is_full() {
            records.keep_rules_alone();
        }
        hand_on(totals.findings_mut())?;
    }
    totals.check_end(options.allow_missing_newline)?;
    let mut scope = whole.finish(totals.findings_mut());
    placing.add_to_lines(totals.findings_mut());
    scope.places = placing.finish(&scope);
    let mut report = totals.report(scope);
    hand_on(&mut report.findings)?;
    Ok(report)
}

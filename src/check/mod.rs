//! Judges a file: what the service's import would do with it, finding by finding. The parser makes
//! the findings about lines; this stage adds those that only the whole file shows, and says which
//! checks were made.

mod gff;
mod normalized;
mod profile;
pub mod request;
mod tsv;
mod vcf;

use std::sync::Arc;

use crate::diagnostic::Findings;
use crate::diagnostic::report::Report;
use crate::model::{Error, Reference, Result};
use crate::read::source::{Input, Source};
use crate::read::{CheckScope, Format, Parsed, Pipe, Reader, Records};

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
    let input = input.into();
    let placed = |error: Error| error.with("file", input.name());
    format.check_variants(&options.variants).map_err(placed)?;
    let source = format.source(&input, &pipe.meter)?;
    check_source(source, pipe, format, options, |_, _| Ok(()))
}

/// Checks a source. Who looks at the chunks is told each with how many lines the file has before
/// its records.
pub(crate) fn check_source<F: Checked>(
    source: Source,
    pipe: &Pipe,
    format: &F,
    options: &CheckOptions,
    mut look: impl FnMut(u64, &Parsed<F::Chunk>) -> Result<()>,
) -> Result<Report> {
    let reader = Reader::open(source, pipe, format, options.max_findings)?;
    let mut totals = reader.totals.clone();
    let first_lines = totals.lines();
    let (mut records, mut whole) = F::look(reader, options);
    while let Some(parsed) = records.next() {
        let mut parsed = parsed?;
        look(first_lines, &parsed)?;
        whole.add(&mut parsed);
        totals.add(parsed);
        if totals.findings().is_full() {
            records.keep_rules_alone();
        }
    }
    totals.check_end(options.allow_missing_newline)?;
    let scope = whole.finish(totals.findings_mut());
    Ok(totals.report(scope))
}

//! Mends what is wrong with a file and can be mended without a guess, and nothing else: what ends
//! its lines, tabs and empty lines that hold nothing, a byte order mark, a missing end, and
//! definitions that the header of a VCF file lacks. All other bytes stay as they are.
//!
//! ```text
//!  texts ──► chunks ──► Mender::edits ──► mended texts ──► check ──► what is left
//!            of whole   in workers         │
//!            lines                         └► file, diff, lines that can be stored and that cannot
//! ```
//!
//! A file is read once, and VCF twice: only all records show which definitions the header lacks.
//! What is written is checked on its way, by the parsers that an import has.

mod differ;
mod ends;
mod lines;
mod mend;
mod split;
mod stream;
mod writer;

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::check::{CheckOptions, Checked, check_source};
use crate::diagnostic::report::Report;
use crate::model::{Error, ErrorKind, Result, StoreFormat};
use crate::read::gff::{self, GffReading};
use crate::read::lines::any_line_length;
use crate::read::recognize::Content;
use crate::read::source::{About, Compression, Input, Source};
use crate::read::spool::rereadable;
use crate::read::tsv::{self, Dialect, TsvReading};
use crate::read::vcf::{self, Addition, VcfReading};
use crate::read::{Meter, Pipe};

pub use differ::Differ;
pub use mend::{Mend, MendedFile, Mends, Times};
pub use writer::TextWriter;

use lines::{LinesOf, Mender};
use split::{LineLength, Splitter};
use stream::{Takers, Taking, had_open_end, mended};

/// How a file is read.
#[derive(Clone)]
pub enum FixReading {
    /// As VCF.
    Vcf(VcfReading),
    /// As GFF3.
    Gff,
    /// As TSV in a dialect. Without a schema it is not checked again.
    Tsv(Box<Dialect>, Option<Box<TsvReading>>),
}

/// A file that is to be mended.
pub struct Fix {
    input: Input,
    source: Source,
    reading: FixReading,
    pipe: Pipe,
}

/// Where what is made of a file goes.
#[derive(Default)]
pub struct Outputs {
    /// The mended text.
    pub text: Option<TextWriter>,
    /// What changed. A file whose lines do not end in LF has no diff.
    pub diff: Option<Differ>,
    /// The mended lines without those that an import cannot store.
    pub valid: Option<TextWriter>,
    /// Those, below the lines that stand before the first record.
    pub rejected: Option<TextWriter>,
}

/// How to mend.
#[derive(Clone)]
pub struct FixOptions {
    /// What reports and errors call the mended file.
    pub name: String,
    /// How the mended file is compressed, for the report.
    pub compression: Compression,
    /// How it is checked again. `allow_missing_newline` also lets a file pass that may have been
    /// cut, as its last line and the end of its compression are missing.
    pub check: CheckOptions,
    /// Whether the text is written only where something was mended.
    pub only_if_mended: bool,
}

/// What was made of a file.
#[derive(Debug)]
pub struct Fixed {
    /// What was mended.
    pub mends: Mends,
    /// What tells the rules of the mends.
    pub file: MendedFile,
    /// The definitions that were added.
    pub additions: Vec<Addition>,
    /// What is left; none of a table without a schema.
    pub report: Option<Report>,
    /// Changed lines that the diff leaves out.
    pub left_out_of_diff: u64,
    /// Whether the file has no diff, although one was asked for.
    pub has_no_diff: bool,
}

impl Fix {
    /// Opens a file: a path, standard input for `-`, or an object.
    pub fn open(input: &Input, reading: FixReading, pipe: &Pipe) -> Result<Self> {
        let (is_vcf, content) = match &reading {
            FixReading::Vcf(_) => (true, Content::Variants),
            FixReading::Gff => (false, Content::Text),
            FixReading::Tsv(dialect, _) if !dialect.encoding.is_ascii_compatible() => {
                (false, Content::Wide)
            }
            FixReading::Tsv(..) => (false, Content::Lines),
        };
        let input = if is_vcf { rereadable(input, &pipe.meter)? } else { input.clone() };
        let source = Source::open_without_end(&input, &pipe.meter, content)?;
        if source.about().is_bcf {
            return Err(bcf(input.name()));
        }
        Ok(Self { input, source, reading, pipe: pipe.clone() })
    }

    /// How the file is compressed.
    pub fn compression(&self) -> Compression {
        self.source.about().compression
    }

    /// Mends the file. Without an error every output is whole; with one there are none.
    pub fn run(self, outputs: Outputs, options: &FixOptions) -> Result<Fixed> {
        let Self { input, source, reading, pipe } = self;
        let placed = |error: Error| pipe.meter.cause(error).or_with("file", input.name());
        let (lines, source) = lines_of(&input, source, &reading, &pipe).map_err(placed)?;
        let additions = match &lines {
            LinesOf::Vcf(survey) => survey.additions.clone(),
            _ => Vec::new(),
        };
        let (file, about) = (mended_file(&lines), source.about().clone());
        let texts = source.texts(&pipe);
        let (ends_in_cr, texts) = match &reading {
            // As its reader says.
            FixReading::Gff => gff::ends_in_cr(texts),
            _ => ends::ends_in_cr(texts),
        }
        .map_err(placed)?;
        let mender = Mender { lines, ends_in_cr };
        let mut taking = Taking { text: outputs.text, diff: outputs.diff, ..Taking::default() };
        let has_no_diff = taking.diff.is_some() && !mender.has_lines_of_lf();
        taking.diff.take_if(|_| has_no_diff);
        if outputs.valid.is_some() || outputs.rejected.is_some() {
            let is_gff = matches!(reading, FixReading::Gff);
            let length = line_length(&reading);
            taking.split = Some(Splitter::new(outputs.valid, outputs.rejected, length, is_gff));
        }
        let takers = Takers::new(taking);
        let texts = mended(texts, mender, &pipe, &takers);
        let made = About::of(&options.name, options.compression);
        let source = Source::of_texts(made, texts);
        let report = check_again(source, &reading, &pipe, &options.check, &takers)?;
        let mut taking = std::mem::take(&mut *takers.get());
        check_end(&about, &mut taking, options, &pipe.meter).map_err(placed)?;
        let (mends, left_out_of_diff) = finish(taking, options)?;
        Ok(Fixed { mends, file, additions, report, left_out_of_diff, has_no_diff })
    }
}

/// What has to be known of the lines of a file before they are mended, and the source to read them
/// from.
fn lines_of(
    input: &Input,
    source: Source,
    reading: &FixReading,
    pipe: &Pipe,
) -> Result<(LinesOf, Source)> {
    match reading {
        FixReading::Vcf(_) => {
            let survey = vcf::survey(source.texts(pipe), pipe)?;
            let again = Source::open_without_end(input, &pipe.meter, Content::Variants)?;
            Ok((LinesOf::Vcf(Box::new(survey)), again))
        }
        FixReading::Gff => Ok((LinesOf::Gff, source)),
        FixReading::Tsv(dialect, _) => Ok((LinesOf::Tsv(dialect.clone()), source)),
    }
}

fn mended_file(lines: &LinesOf) -> MendedFile {
    let file =
        MendedFile { format: StoreFormat::Gff, minor: 0, has_samples: false, has_line_sep: false };
    match lines {
        LinesOf::Vcf(survey) => MendedFile {
            format: StoreFormat::Vcf,
            minor: survey.header.minor(),
            has_samples: !survey.header.samples.is_empty(),
            ..file
        },
        LinesOf::Gff => file,
        LinesOf::Tsv(dialect) => MendedFile {
            format: StoreFormat::Tsv,
            has_line_sep: dialect.line_sep.is_some(),
            ..file
        },
    }
}

/// How long lines are, as the parsers of a format count them.
fn line_length(reading: &FixReading) -> LineLength {
    match reading {
        FixReading::Vcf(_) => Box::new(any_line_length),
        FixReading::Gff => {
            Box::new(|text| memchr::memchr(b'\n', text).map_or(text.len(), |it| it + 1))
        }
        FixReading::Tsv(dialect, _) => {
            let terminator = tsv::terminator(dialect);
            Box::new(move |text| tsv::line_end(&terminator, text, 0).1)
        }
    }
}

/// Checks what the mended file has, which is made while it is read.
fn check_again(
    source: Source,
    reading: &FixReading,
    pipe: &Pipe,
    options: &CheckOptions,
    takers: &Takers,
) -> Result<Option<Report>> {
    let report = match reading {
        FixReading::Vcf(reading) => checked(source, reading, pipe, options, takers)?,
        FixReading::Gff => checked(source, &GffReading, pipe, options, takers)?,
        FixReading::Tsv(_, Some(reading)) => checked(source, &**reading, pipe, options, takers)?,
        FixReading::Tsv(_, None) => {
            source.texts(pipe).try_for_each(|it| it.map(drop))?;
            return Ok(None);
        }
    };
    Ok(Some(report))
}

fn checked<F: Checked>(
    source: Source,
    format: &F,
    pipe: &Pipe,
    options: &CheckOptions,
    takers: &Takers,
) -> Result<Report> {
    check_source(source, pipe, format, options, |first_lines, parsed| {
        let mut taking = takers.get();
        let Some(split) = &mut taking.split else { return Ok(()) };
        split.decide(first_lines, parsed.lines, &parsed.rejected_at)
    })
}

/// Looks, once all was read, whether the file may have been cut.
fn check_end(
    about: &About,
    taking: &mut Taking,
    options: &FixOptions,
    meter: &Arc<Meter>,
) -> Result<()> {
    meter.check()?;
    let lacks_end = about.missing_end.load(Relaxed);
    let is_told = options.check.allow_missing_newline;
    if had_open_end(&taking.mends) && !is_told {
        let may_be_cut = "compare the file with its origin; if it is whole, give \
                          `--allow-missing-newline`";
        let why = match (lacks_end, about.several_members.load(Relaxed)) {
            (true, _) => "its end-of-file block is missing: it was cut",
            (_, true) => "it is gzip of several members: it may have been cut between two of them",
            _ => return Ok(()),
        };
        let message = format!("the last line does not end in a newline, and {why}");
        return Err(Error::new(ErrorKind::Unreadable, message).with_help(may_be_cut));
    }
    if lacks_end {
        taking.mends.add(Mend::EndOfFileBlock, 0);
    }
    Ok(())
}

/// Ends the outputs: what was mended, and how many changed lines the diff leaves out.
fn finish(taking: Taking, options: &FixOptions) -> Result<(Mends, u64)> {
    let Taking { text, diff, split, mends } = taking;
    let left_out = diff.map_or(Ok(0), Differ::finish)?;
    if let Some(split) = split {
        split.finish()?;
    }
    if let Some(text) = text.filter(|_| !(options.only_if_mended && mends.is_empty())) {
        text.finish()?;
    }
    Ok((mends, left_out))
}

fn bcf(name: &str) -> Error {
    Error::invalid("this is BCF, which has no lines to mend")
        .with("file", name)
        .with_help("make it VCF first: `bcftools view FILE | annostore fix - -o OUT.vcf.gz`")
}

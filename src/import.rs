//! One import from its file to its commit: the only place where all stages meet.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::datatypes::SchemaRef;

use crate::catalog::{
    ContigBounds, ImportResult, ImportRun, Job, JobStatus, NewFile, Normalization,
};
use crate::check::{DEFAULT_MAX_FINDINGS, Tallied};
use crate::diagnostic::render::{Style, json, text};
use crate::diagnostic::report::{Judged, Report};
use crate::diagnostic::{Effect, Finding, Outcome, Subject};
use crate::model::info::assign_columns;
use crate::model::{
    AnnotationFields, Error, ErrorKind, FormatOptions, InfoColumn, Listener, ReadOptions,
    Reference, Result, StoreFormat, VcfOptions,
};
use crate::normalize::{Counts, NormalizeOptions, Summary, TsvNormalizers, VcfNormalizers};
use crate::read::Pipe;
use crate::read::source::{Input, Source, SourceDigest};
use crate::read::tsv::TsvReading;
use crate::read::{Parsed, Records, gff, tsv, vcf};
use crate::write::{
    CoordinateNames, GffLayout, GffRows, Rows, TsvLayout, TsvRows, VcfLayout, VcfRows,
    VersionWriter, WrittenFile,
};

/// What to do with lines that cannot be stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// Store nothing.
    #[default]
    Fail,
    /// Store the others, and keep those lines beside the report. The job ends as `COMPLETED_WITH_FAILURES`.
    Skip,
    /// The same, but the job ends as COMPLETED, as the service ends one that dropped rows of a GFF file; its status message says
    /// what was dropped. Where no row is left, the job fails, as there.
    Drop,
}

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// How to read the file; the defaults of the store's format where there are none.
    pub format: Option<FormatOptions>,
    /// What to do with lines that cannot be stored.
    pub on_error: OnError,
    /// Where a VCF file has annotations.
    pub annotations: AnnotationFields,
    /// How to normalize, and against which reference; records stay as they are where there is none.
    pub normalize: Option<Normalize>,
    /// Hears of what a person wants to know before the first record is read.
    pub listener: Listener,
}

/// A reference to normalize against.
#[derive(Clone)]
pub struct Normalize {
    /// Its bases.
    pub reference: Arc<dyn Reference>,
    /// Its ARN.
    pub arn: String,
    /// Its digest.
    pub digest: String,
    /// How to normalize.
    pub options: NormalizeOptions,
}

impl std::fmt::Debug for Normalize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Normalize")
            .field("arn", &self.arn)
            .field("digest", &self.digest)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl Normalize {
    fn did(&self, counts: Counts) -> Normalization {
        Normalization { reference_arn: self.arn.clone(), digest: self.digest.clone(), counts }
    }
}

/// Bases that a row may have moved left and still be put in its place among the rows before it. Repeats are shorter, as a rule;
/// a row that moves further begins a new file, which costs nothing but a file.
const REACH: i64 = 10_000;

/// How an import ended that was able to read its file.
#[derive(Debug)]
pub struct Imported {
    /// What there is to say about the file.
    pub report: Report,
    /// The job as it ended, or none where the file was rejected and nothing stored.
    pub job: Option<Job>,
    /// The lines that were left out, where there are any.
    pub rejected_lines: Option<PathBuf>,
}

/// Keys of `info_other` that are listed for a file; with more, any key may be there.
const MAX_OTHER_KEYS: usize = 10_000;
/// Between two looks whether somebody cancelled the job.
const CANCEL_POLL: Duration = Duration::from_millis(250);

/// Imports a file into the version of a run, and ends the run.
///
/// Fails with [`ErrorKind::InvalidInput`] where the options are none of the store's format, [`ErrorKind::Unreadable`] where the
/// file cannot be read to its end, [`ErrorKind::Conflict`] where its INFO columns do not fit those of the version,
/// [`ErrorKind::Interrupted`] where somebody stopped it, and [`ErrorKind::Storage`]; the job has ended then, and nothing
/// is stored.
pub fn import(
    run: ImportRun,
    input: impl Into<Input>,
    pipe: &Pipe,
    options: &ImportOptions,
) -> Result<Imported> {
    match read_and_write(&run, &input.into(), pipe, options) {
        Ok(staging) if staging.rejected => reject(run, staging),
        Ok(staging) => commit(run, staging),
        Err(error) if error.kind() == ErrorKind::Interrupted => {
            run.interrupt(&error.to_string())?;
            Err(error.with_help("nothing was stored; start the import again to have the file"))
        }
        Err(error) => {
            // The first error is the one to tell; where the job cannot be ended now, recovery will.
            let _ = run.fail(&error.to_string());
            Err(error)
        }
    }
}

/// What an import read and wrote, before its commit.
struct Staging {
    report: Report,
    /// Whether nothing of it may be stored.
    rejected: bool,
    staged: StagedFiles,
    columns: Vec<InfoColumn>,
    digest: SourceDigest,
    normalization: Option<Normalization>,
}

/// The files of an import, before its commit.
struct StagedFiles {
    files: Vec<WrittenFile>,
    /// The keys of `info_other`; none where they are too many to list.
    other_keys: Option<Vec<String>>,
    rejected_lines: Option<PathBuf>,
    /// Whether rejected lines are no failure.
    drops: bool,
}

fn read_and_write(
    run: &ImportRun,
    input: &Input,
    pipe: &Pipe,
    options: &ImportOptions,
) -> Result<Staging> {
    match (run.store().format, &options.format) {
        (StoreFormat::Vcf, None) => vcf(run, input, pipe, VcfOptions::default(), options),
        (StoreFormat::Vcf, Some(FormatOptions::Vcf(vcf_options))) => {
            vcf(run, input, pipe, *vcf_options, options)
        }
        (StoreFormat::Tsv, None) => tsv(run, input, pipe, None, options),
        (StoreFormat::Tsv, Some(FormatOptions::Tsv(read_options))) => {
            tsv(run, input, pipe, read_options.as_ref(), options)
        }
        (StoreFormat::Gff, None) => gff(run, input, pipe, options.on_error),
        (format, Some(given)) => {
            given.check_fits(format)?;
            Err(Error::internal("options of another format passed the check"))
        }
    }
}

/// The whole pipe for VCF: source, header, records, columns, files.
fn vcf(
    run: &ImportRun,
    input: &Input,
    pipe: &Pipe,
    vcf_options: VcfOptions,
    options: &ImportOptions,
) -> Result<Staging> {
    let source = Source::open(input, &pipe.meter)?;
    let (compression, digest) = (source.compression(), source.digest());
    let mut reader = vcf::Reader::open(source, pipe, DEFAULT_MAX_FINDINGS)?;
    let kinds = reader.annotate(&options.annotations);
    options.listener.samples(input.name(), reader.header.samples.len());
    let columns = assign_columns(&run.version().info_columns, &reader.declared())
        .map_err(|error| error.with("file", input.name()))?;
    let samples = reader.header.samples.clone();
    let layout = Arc::new(VcfLayout::new(columns.clone(), samples, kinds, run.job_id()));
    let mut tally = Tallied::new(&reader);
    let order = CoordinateNames::vcf();
    let mut stage = Stage::new(run, &layout.schema, Some(&order), pipe, options.on_error)?;
    let counts = Rc::new(Cell::new(Counts::default()));
    let rows = move || VcfRows::new(&layout);
    let records = match &options.normalize {
        None => reader.records(columns.clone(), vcf_options, rows),
        Some(how) => {
            tally.normalizes(how.options.mismatch);
            stage.expect_moves();
            let reference = Arc::clone(&how.reference);
            let normalizers = VcfNormalizers::new(reference, how.options, &reader.header);
            let make = move || (normalizers.make(), rows());
            let records = reader.records_through(columns.clone(), vcf_options, make);
            records.map_output(counting(&counts))
        }
    };
    let (tally, staged, rejected) = stage.take(run, tally, records)?;
    let report = tally.report(input.name(), compression, vcf_options);
    let normalization = options.normalize.as_ref().map(|it| it.did(counts.get()));
    Ok(Staging { report, rejected, staged, columns, digest, normalization })
}

/// Adds up what became of records, on the way to their rows.
fn counting(counts: &Rc<Cell<Counts>>) -> impl FnMut((Summary, Rows)) -> Rows + 'static {
    let counts = Rc::clone(counts);
    move |(summary, rows)| {
        let mut sum = counts.get();
        sum += summary.counts;
        counts.set(sum);
        rows
    }
}

/// The whole pipe for TSV.
fn tsv(
    run: &ImportRun,
    input: &Input,
    pipe: &Pipe,
    read_options: Option<&ReadOptions>,
    options: &ImportOptions,
) -> Result<Staging> {
    let store = run.version().options.as_ref().or(run.store().options.as_ref());
    let store = store.ok_or_else(|| Error::internal("a TSV store has no options"))?;
    let reading = TsvReading::new(store.clone(), read_options)?;
    if options.normalize.is_some() {
        reading.check_alleles().map_err(|error| error.with("store", &run.store().name))?;
    }
    let source = tsv::open_source(input, &pipe.meter, &reading)?;
    let (compression, digest) = (source.compression(), source.digest());
    let reader = tsv::Reader::open(source, pipe, &reading, DEFAULT_MAX_FINDINGS)?;
    let layout = Arc::new(TsvLayout::new(&reading, run.job_id()));
    let mut tally = Tallied::for_tsv(&reader);
    let order = layout.coordinates.as_ref();
    let mut stage = Stage::new(run, &layout.schema, order, pipe, options.on_error)?;
    let counts = Rc::new(Cell::new(Counts::default()));
    let rows = move || TsvRows::new(&layout);
    let records = match &options.normalize {
        None => reader.records(rows),
        Some(how) => {
            tally.normalizes(how.options.mismatch);
            stage.expect_moves();
            let normalizers = TsvNormalizers::new(Arc::clone(&how.reference), how.options);
            let make = move || (normalizers.make(), rows());
            reader.records_through(make).map_output(counting(&counts))
        }
    };
    let (tally, staged, rejected) = stage.take(run, tally, records)?;
    let report = tally.report_of_rows(input.name(), compression, &reading);
    let normalization = options.normalize.as_ref().map(|it| it.did(counts.get()));
    Ok(Staging { report, rejected, staged, columns: Vec::new(), digest, normalization })
}

/// The whole pipe for GFF3.
fn gff(run: &ImportRun, input: &Input, pipe: &Pipe, on_error: OnError) -> Result<Staging> {
    let source = Source::open(input, &pipe.meter)?;
    let (compression, digest) = (source.compression(), source.digest());
    let reader = gff::Reader::open(source, pipe, DEFAULT_MAX_FINDINGS)?;
    let layout = Arc::new(GffLayout::new(run.job_id()));
    let tally = Tallied::for_gff(&reader);
    let order = CoordinateNames::gff();
    let stage = Stage::new(run, &layout.schema, Some(&order), pipe, on_error)?;
    let records = reader.records(move || GffRows::new(&layout));
    let (tally, staged, rejected) = stage.take(run, tally, records)?;
    let report = tally.report_of_features(input.name(), compression);
    Ok(Staging { report, rejected, staged, columns: Vec::new(), digest, normalization: None })
}

/// Takes parsed chunks to the staging folder.
struct Stage {
    on_error: OnError,
    writer: Option<VersionWriter>,
    other_keys: BTreeSet<String>,
    rejects_path: PathBuf,
    rejects: Option<BufWriter<File>>,
    polled: Instant,
}

impl Stage {
    fn new(
        run: &ImportRun,
        schema: &SchemaRef,
        order: Option<&CoordinateNames>,
        pipe: &Pipe,
        on_error: OnError,
    ) -> Result<Self> {
        let writer = VersionWriter::new(run.staging_dir(), Arc::clone(schema), order, &pipe.pool)?;
        let rejects = format!("rejected.{}", run.store().format.as_str().to_ascii_lowercase());
        Ok(Self {
            on_error,
            writer: Some(writer),
            other_keys: BTreeSet::new(),
            rejects_path: run.staging_dir().join(rejects),
            rejects: None,
            polled: Instant::now(),
        })
    }

    /// Makes room for rows that moved left after they were put in order.
    fn expect_moves(&mut self) {
        self.writer = self.writer.take().map(|it| it.reaching(REACH));
    }

    /// Takes all chunks of a file; tells whether nothing of it may be stored.
    fn take(
        mut self,
        run: &ImportRun,
        mut tally: Tallied,
        mut records: Records<Rows>,
    ) -> Result<(Tallied, StagedFiles, bool)> {
        while let Some(parsed) = records.next() {
            self.add(run, &mut tally, parsed?)?;
            if tally.is_full() {
                records.count_only();
            }
        }
        let some_rejected = self.on_error == OnError::Fail && tally.rejected_lines() > 0;
        // The service refuses to import zero rows.
        let all_dropped =
            self.on_error == OnError::Drop && tally.rejected_lines() > 0 && tally.records() == 0;
        let rejected = !tally.header_readable() || some_rejected || all_dropped;
        let staged = self.finish(rejected)?;
        Ok((tally, staged, rejected))
    }

    fn add(
        &mut self,
        run: &ImportRun,
        tally: &mut Tallied,
        mut parsed: Parsed<Rows>,
    ) -> Result<()> {
        if self.polled.elapsed() > CANCEL_POLL {
            self.polled = Instant::now();
            if run.is_cancelled() {
                return Err(Error::new(ErrorKind::Interrupted, "the job was cancelled"));
            }
        }
        let rejected = std::mem::take(&mut parsed.rejected);
        let Rows { batch, mut other_keys } = tally.add(parsed);
        if self.on_error == OnError::Fail && tally.rejected_lines() > 0 {
            // Nothing will be stored, but the rest is still read, to report all of it.
            self.writer = None;
            return Ok(());
        }
        if !rejected.is_empty() {
            self.keep_rejected(&rejected)?;
        }
        if self.other_keys.len() <= MAX_OTHER_KEYS {
            self.other_keys.append(&mut other_keys);
        }
        match &mut self.writer {
            Some(writer) => writer.add(&batch),
            None => Ok(()),
        }
    }

    fn keep_rejected(&mut self, lines: &[u8]) -> Result<()> {
        let written = match &mut self.rejects {
            Some(out) => out.write_all(lines),
            none => File::create(&self.rejects_path)
                .and_then(|file| none.insert(BufWriter::new(file)).write_all(lines)),
        };
        written.map_err(|error| cannot_write(&self.rejects_path, &error))
    }

    fn finish(self, rejected: bool) -> Result<StagedFiles> {
        let files = match self.writer {
            Some(writer) if !rejected => writer.finish()?,
            _ => Vec::new(),
        };
        let mut rejected_lines = None;
        if let Some(mut out) = self.rejects {
            out.flush().map_err(|error| cannot_write(&self.rejects_path, &error))?;
            rejected_lines = Some(self.rejects_path);
        }
        let few = self.other_keys.len() <= MAX_OTHER_KEYS;
        let other_keys = few.then(|| self.other_keys.into_iter().collect());
        let drops = self.on_error == OnError::Drop;
        Ok(StagedFiles { files, other_keys, rejected_lines, drops })
    }
}

fn reject(run: ImportRun, staging: Staging) -> Result<Imported> {
    keep_report(&run, &staging.report)?;
    run.fail(&failure_message(&staging.report))?;
    Ok(Imported { report: staging.report, job: None, rejected_lines: None })
}

fn commit(run: ImportRun, staging: Staging) -> Result<Imported> {
    let mut kept = None;
    if staging.report.findings.total() > 0 {
        keep_report(&run, &staging.report)?;
    }
    if let Some(rejects) = &staging.staged.rejected_lines {
        let target = run.report_dir()?.join(rejects.file_name().unwrap_or_default());
        fs::rename(rejects, &target).map_err(|error| cannot_write(&target, &error))?;
        kept = Some(target);
    }
    let file = |it: WrittenFile| NewFile {
        path: it.path,
        rows: it.rows,
        bytes: it.bytes,
        sha256: it.sha256,
        bounds: it
            .covered
            .into_iter()
            .map(|it| ContigBounds {
                contig: it.contig,
                min_start: it.min_start,
                max_end: it.max_end,
                rows: it.rows,
            })
            .collect(),
        other_keys: staging.staged.other_keys.clone(),
    };
    let files: Vec<NewFile> = staging.staged.files.into_iter().map(file).collect();
    let rejected_lines = staging.report.rejected_lines;
    let result = ImportResult {
        rows_stored: files.iter().map(|it| it.rows).sum(),
        files,
        info_columns: staging.columns,
        source_sha256: staging.digest.hex(),
        lines_rejected: rejected_lines,
        status: if rejected_lines > 0 && !staging.staged.drops {
            JobStatus::CompletedWithFailures
        } else {
            JobStatus::Completed
        },
        status_message: if rejected_lines > 0 {
            let dropped = text::counted(rejected_lines, "line");
            let what = if staging.staged.drops { "dropped" } else { "left out" };
            format!("{dropped} {what}: {}", failure_message(&staging.report))
        } else {
            String::new()
        },
        normalization: staging.normalization,
    };
    let job = run.commit(&result)?;
    Ok(Imported { report: staging.report, job: Some(job), rejected_lines: kept })
}

/// Leaves the report in the home, where `job report` finds it: for programs, and as a page for people.
fn keep_report(run: &ImportRun, report: &Report) -> Result<()> {
    let folder = run.report_dir()?;
    let program = format!("{:#}\n", json::render(std::slice::from_ref(report)));
    let person = text::render(report, Style::PLAIN);
    for (name, content) in [("report.json", program), ("report.txt", person)] {
        let path = folder.join(name);
        fs::write(&path, content).map_err(|error| cannot_write(&path, &error))?;
    }
    Ok(())
}

/// The first rejections with their places, and how many there are; before them what is wrong with the file as a whole and explains
/// them, such as options that do not fit it.
fn failure_message(report: &Report) -> String {
    let told = |it: &Finding| format!("{}:{}: {}", report.file, it.at, it.message);
    let found = report.findings.kept().iter();
    let causes = found.clone().filter(|it| {
        it.rule.subject == Subject::TsvFile
            && it.rule.effect == Effect::FailsJob
            && report.outcome(it.rule) != Outcome::Rejected
    });
    let rejections: Vec<_> =
        found.filter(|it| report.outcome(it.rule) == Outcome::Rejected).take(3).collect();
    let more = report.rejections().saturating_sub(rejections.len() as u64);
    let first: Vec<String> = causes.take(2).chain(rejections).map(told).collect();
    let rest = if more > 0 {
        format!("; and {}", text::counted(more, "more such finding"))
    } else {
        String::new()
    };
    format!("{}{rest}", first.join("; "))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("cannot write: {error}"))
        .with("file", path.display())
        .with_help("check the disk and the rights of the home folder")
}

//! `annostore import`.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};

use super::creation::{CreateFlags, Creation};
use super::document::Documents;
use super::format::{FormatFlags, Given};
use super::progress::Progress;
use super::signals::stop_on_signals;
use super::{Globals, input, output, resource, small_pages};
use crate::catalog::{Job, Store};
use crate::check::request::{Destination, Request};
use crate::diagnostic::render::{number, text};
use crate::diagnostic::report::{Judged, Report, RequestReport};
use crate::diagnostic::rules::vcf_header::{DUPLICATE_SAMPLE, KEYS_DIFFER_IN_CASE};
use crate::diagnostic::{Finding, Outcome, Severity};
use crate::import::{ImportOptions, Imported, Normalize, OnError, import};
use crate::model::api::{ImportItem, StartAnnotationImportJob};
use crate::model::{Error, ErrorKind, Result, shell_word, visible};
use crate::normalize::{NormalizeOptions, RefMismatch};
use crate::read::recognize::FileKind;
use crate::read::source::Input;
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};
use crate::service::Service;

/// Import files into a version of a store
///
/// Each file is a job of its own: either all of its rows are added to the version, or none. A line
/// that cannot be stored (a position that is no number, a field too few) rejects its file, unless
/// `--on-error skip` says otherwise.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  annostore import clinvar.vcf.gz --store clinvar
  annostore import scores.tsv.gz --store scores --create
  annostore import https://example.org/clinvar.vcf.gz --store clinvar --create
  annostore import chr*.vcf.gz --store gnomad --version v4_1
  annostore import scores.tsv.gz --store scores --request start-annotation-import-job.json
  annostore import clinvar.vcf.gz --store clinvar --left-normalize
  bcftools view in.bcf | annostore import - --store calls --on-error skip")]
pub struct ImportArgs {
    /// The files to import: paths, `-` for standard input, `https://` or `s3://`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The store to import into [default: destinationName of --request]
    #[arg(long, value_name = "NAME", required_unless_present = "request")]
    store: Option<String>,
    /// The version to import into [default: versionName of --request, else the store's first
    /// version]
    #[arg(long, value_name = "NAME")]
    version: Option<String>,
    /// What to do with lines that cannot be stored
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnErrorFlag::Fail)]
    on_error: OnErrorFlag,
    #[command(flatten)]
    create: CreateFlags,
    #[command(flatten)]
    allowed: Allowed,
    /// Store variants in their one form, left-aligned and trimmed, as `bcftools norm` writes them;
    /// needs the store's reference
    #[arg(long)]
    left_normalize: bool,
    /// With --left-normalize: what to do with a record that the reference does not have there
    #[arg(long, value_name = "WHAT", value_enum, requires = "left_normalize")]
    #[arg(default_value_t = RefMismatchFlag::Error)]
    ref_mismatch: RefMismatchFlag,
    /// With --left-normalize: make a record with several ALT alleles one record for each, with
    /// `splitfrommultiallelic` set (VCF)
    #[arg(long, requires = "left_normalize")]
    split_multiallelics: bool,
    #[command(flatten)]
    format: FormatFlags,
}

/// Files to import that are refused otherwise.
#[derive(Args, Clone, Copy, Debug)]
struct Allowed {
    /// Import files that give no row, too, which the service fails
    #[arg(long)]
    allow_empty: bool,
    /// Import plain gzip of several members also where its last line has no newline, as if it had
    /// been cut between two of them
    #[arg(long)]
    allow_missing_newline: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RefMismatchFlag {
    /// Reject its line
    Error,
    /// Store it as it is
    Warn,
    /// Leave it out
    Skip,
}

impl From<RefMismatchFlag> for RefMismatch {
    fn from(flag: RefMismatchFlag) -> Self {
        match flag {
            RefMismatchFlag::Error => Self::Error,
            RefMismatchFlag::Warn => Self::Warn,
            RefMismatchFlag::Skip => Self::Skip,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OnErrorFlag {
    /// Store nothing of the file
    Fail,
    /// Store the other lines, and write these to a file
    Skip,
}

impl From<OnErrorFlag> for OnError {
    fn from(flag: OnErrorFlag) -> Self {
        match flag {
            OnErrorFlag::Fail => Self::Fail,
            OnErrorFlag::Skip => Self::Skip,
        }
    }
}

/// Lines that a message names.
const LINES_NAMED: usize = 20;

/// Imports every file, says what became of it, and tells the outcome.
pub fn run(args: &ImportArgs, globals: &Globals) -> Result<ExitCode> {
    small_pages::prefer();
    let service = if args.create.create {
        resource::service_of_new(globals)?
    } else {
        resource::service(globals)?
    };
    let stop = stop_on_signals()?;
    let target = Target::of(args, &service, &stop, globals)?;
    let outcome = import_files(&service, args, &target, &stop, globals);
    // What is told of a file that was rejected goes with its store, and so stays.
    if target.is_new && args.files.len() == 1 && !matches!(outcome, Ok(0 | 1)) {
        remove_empty(&service, &target.store, globals)?;
    }
    Ok(outcome?.into())
}

/// Imports every file, and tells the highest exit code.
fn import_files(
    service: &Service,
    args: &ImportArgs,
    target: &Target,
    stop: &Arc<AtomicBool>,
    globals: &Globals,
) -> Result<u8> {
    let normalize = normalize(service, target, args, stop, globals)?;
    let mut worst = 0;
    for file in &args.files {
        let outcome = import_file(service, file, args, (target, normalize.as_ref()), stop, globals);
        let code = match outcome {
            Ok(imported) => code_of(&imported),
            // The next file may be sound; a store that is not there stays so.
            Err(error) if error.kind() == ErrorKind::Unreadable => {
                output::error(&error);
                3
            }
            Err(error) => return Err(error),
        };
        worst = worst.max(code);
    }
    Ok(worst)
}

/// Takes away the store that was made for a file that could not be read to its end, or was not:
/// the whole file may tell of another store.
fn remove_empty(service: &Service, store: &str, globals: &Globals) -> Result<()> {
    if service.get_annotation_store(store)?.size_bytes > 0 {
        return Ok(());
    }
    match service.delete_annotation_store(store, false) {
        // Somebody else uses it by now.
        Err(error) if error.kind() == ErrorKind::Conflict => return Ok(()),
        deleted => deleted?,
    };
    if !globals.quiet {
        output::message(&format!("store {store}, which was made for the import, is gone again"));
    }
    Ok(())
}

/// Where the files go, and how they are read.
struct Target {
    store: String,
    destination: Store,
    /// Whether it was made for this import.
    is_new: bool,
    version: Option<String>,
    left_normalize: bool,
    given: Given,
}

impl Target {
    /// What the flags say, and `--request` where they say nothing.
    fn of(
        args: &ImportArgs,
        service: &Service,
        stop: &Arc<AtomicBool>,
        globals: &Globals,
    ) -> Result<Self> {
        let destination =
            Destination { store: args.store.as_deref(), version: args.version.as_deref() };
        let documents = Documents::read(None, args.format.request.as_deref(), destination)?;
        let request = documents.import();
        if let Some(request) = request {
            accept(&request.report)?;
        }
        let named = args.store.as_deref().or(request.and_then(Request::destination));
        let store = named.ok_or_else(|| {
            Error::invalid("the request has no destinationName").with_help("give --store NAME")
        })?;
        let (destination, is_new) = match service.get_annotation_store(store) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                (made(store, error, args, (service, stop, globals))?, true)
            }
            found => (found?, false),
        };
        let format = destination.format;
        Ok(Self {
            store: store.to_owned(),
            destination,
            is_new,
            left_normalize: request.is_some_and(Request::left_normalizes),
            // The version of another store would be another version.
            version: args.version.clone().or_else(|| {
                request.filter(|it| it.destination() == Some(store))?.version().map(str::to_owned)
            }),
            given: args.format.given(request, format)?,
        })
    }
}

/// The store that is made where there is none, if that is wanted.
fn made(
    store: &str,
    missing: Error,
    args: &ImportArgs,
    (service, stop, globals): (&Service, &Arc<AtomicBool>, &Globals),
) -> Result<Store> {
    let [file, ..] = &args.files[..] else { return Err(missing) };
    if !args.create.create {
        return Err(missing.with_help(
            "`annostore store list` shows the stores of the account; `--create` makes this one as \
             the file tells",
        ));
    }
    let input = &input::of(file, stop, globals)?;
    let version = args.version.as_deref();
    let creation = Creation { store, version, input, flags: &args.create };
    creation.make(service, stop, globals)
}

/// Shows what is wrong with a request, and refuses what annostore cannot take. Warnings go by, on
/// stderr.
fn accept(report: &RequestReport) -> Result<()> {
    if report.rejections() > 0 {
        output::result(&text::render_request(report, output::style()))?;
        return Err(Error::invalid("the request is not what the API takes")
            .with("file", &report.file)
            .with_help("spell members and words as in the API; nothing was imported"));
    }
    for it in report.findings.kept() {
        if report.severity(it.rule) == Severity::Warning {
            let (message, help) = (&it.message, it.rule.help);
            let place = format!("{}:{}", report.file, it.at);
            output::message(&format!("warning: {message} (file: {place})\nhelp: {help}"));
        }
    }
    Ok(())
}

/// The reference to normalize against, where that was asked for: refused before a job begins.
fn normalize(
    service: &Service,
    target: &Target,
    args: &ImportArgs,
    stop: &Arc<AtomicBool>,
    globals: &Globals,
) -> Result<Option<Normalize>> {
    if !args.left_normalize && !target.left_normalize {
        return Ok(None);
    }
    let options = NormalizeOptions {
        mismatch: args.ref_mismatch.into(),
        split: args.split_multiallelics,
        only_look: false,
    };
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(stop);
    service.normalize(&target.destination, options, &pipe).map(Some)
}

fn import_file(
    service: &Service,
    file: &str,
    args: &ImportArgs,
    (target, normalize): (&Target, Option<&Normalize>),
    stop: &Arc<AtomicBool>,
    globals: &Globals,
) -> Result<Imported> {
    let began = Instant::now();
    let input = input::of(file, stop, globals)?;
    let run = service.begin_import(&StartAnnotationImportJob {
        destination_name: Some(target.store.clone()),
        version_name: target.version.clone(),
        items: Some(vec![ImportItem::from(source(&input))]),
        format_options: target.given.options.as_ref().map(Into::into),
        annotation_fields: Some(target.given.annotations.member.clone()),
        run_left_normalization: Some(normalize.is_some()),
        ..StartAnnotationImportJob::default()
    })?;
    let (job, version) = (run.job_id().to_owned(), run.version().name.clone());
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(stop);
    let progress = Progress::start(file, &pipe.meter, globals);
    let options = ImportOptions {
        format: target.given.options.clone(),
        on_error: args.on_error.into(),
        allow_empty: args.allowed.allow_empty,
        allow_missing_newline: args.allowed.allow_missing_newline,
        annotations: target.given.annotations.fields.clone(),
        normalize: normalize.cloned(),
        listener: progress.listener(globals),
    };
    let imported = import(run, input.clone(), &pipe, &options);
    progress.finish();
    let imported = imported?;
    if let Some(done) = &imported.job {
        let name = format!("{}.{version}", target.store);
        tell(&imported, done, &name, began.elapsed(), globals)?;
    } else {
        let other = other_format(&input, &target.destination);
        tell_of_rejection(&imported.report, &job, other)?;
    }
    Ok(imported)
}

/// What a job calls its source.
fn source(input: &Input) -> String {
    let path = match input {
        Input::Path(path) if path != "-" => std::path::absolute(path).ok(),
        _ => None,
    };
    path.map_or_else(|| input.name().to_owned(), |it| it.display().to_string())
}

fn tell(
    imported: &Imported,
    done: &Job,
    target: &str,
    took: Duration,
    globals: &Globals,
) -> Result<()> {
    let (report, job) = (&imported.report, done.id.as_str());
    if let Some(path) = &imported.rejected_lines {
        output::result(&text::render(report, output::style(), text::Audience::Importer(job)))?;
        let lines = number::counted(report.rejected_lines, "line");
        output::message(&format!(
            "{}: {lines} left out, byte for byte in {}",
            report.file,
            path.display()
        ));
    }
    if globals.quiet {
        return Ok(());
    }
    let rows = number::counted(done.rows_stored, "row");
    output::result(&format!(
        "{}: {rows} into {target} in {:.1} s (job {job})\n",
        visible(&report.file),
        took.as_secs_f64()
    ))?;
    for it in report.findings.kept().iter().filter(|it| *it.rule == KEYS_DIFFER_IN_CASE) {
        output::message(&format!("note: INFO keys differ in case only: {}", it.message));
    }
    if let Some(it) = report.findings.kept().iter().find(|it| *it.rule == DUPLICATE_SAMPLE) {
        output::message(&format!(
            "warning: {}: nothing tells their rows apart; {}",
            it.message, it.rule.help
        ));
    }
    // Other notes were said, or are nothing to act on.
    let findings = report.count(Severity::Error) + report.count(Severity::Warning);
    if findings > 0 && imported.rejected_lines.is_none() {
        let findings = number::counted(findings, "finding");
        let file = shell_word(&report.file);
        output::message(&format!("{findings}; `annostore check {file}` shows them"));
    }
    Ok(())
}

/// What to do with a file that is of another format than its store.
fn other_format(input: &Input, store: &Store) -> Option<String> {
    let kind = FileKind::of_content(input)?;
    let is_other = kind.store_format().is_some_and(|it| it != store.format);
    is_other.then(|| {
        let (name, format) = (&store.name, store.format);
        let called = kind.called();
        format!("store {name} takes {format}, and this looks like {called}: name another store")
    })
}

fn tell_of_rejection(report: &Report, job: &str, other_format: Option<String>) -> Result<()> {
    output::result(&text::render(report, output::style(), text::Audience::Importer(job)))?;
    let (why, help) = if report.records == 0 && report.rejected_lines == 0 {
        let help = "check that this is the file you meant; `--allow-empty` takes it all the same";
        ("it has no rows".to_owned(), help)
    } else if report.records == 0 {
        let lines = number::counted(report.rejected_lines, "line");
        (
            format!("none of its {lines} can be stored{}", rejected_lines(report)),
            "correct the lines",
        )
    } else {
        let lines = number::counted(report.rejected_lines, "line");
        let help = "correct the lines, or store the others with `--on-error skip`";
        (format!("{lines} cannot be stored{}", rejected_lines(report)), help)
    };
    let file = &report.file;
    output::message(&format!("{file}: rejected, nothing was stored: {why} (job {job})"));
    let help = other_format.unwrap_or_else(|| help.to_owned());
    output::message(&format!("help: {help}"));
    Ok(())
}

/// The numbers of the first lines that reject a file, as far as its findings tell them.
fn rejected_lines(report: &Report) -> String {
    let rejects = |it: &&Finding| report.outcome(it.rule) == Outcome::Rejected && it.at.line > 0;
    let number = |it: &Finding| report.record(it.at).unwrap_or(it.at.line);
    let mut lines: Vec<u64> = report.findings.kept().iter().filter(rejects).map(number).collect();
    lines.dedup();
    if lines.is_empty() {
        return String::new();
    }
    lines.truncate(LINES_NAMED);
    let more = report.rejected_lines.saturating_sub(lines.len() as u64);
    let named: Vec<String> = lines.iter().map(u64::to_string).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(": {}{more}", named.join(", "))
}

fn code_of(imported: &Imported) -> u8 {
    u8::from(imported.job.is_none() || imported.report.rejected_lines > 0)
}

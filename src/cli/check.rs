//! `annostore check`.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum};

use super::choosing::{ChoiceFlags, Choosing, FileChoice};
use super::document::Documents;
use super::format::{Format, FormatFlags, Given};
use super::progress::Progress;
use super::reports::{Reports, WantedReport};
use super::signals::stop_on_signals;
use super::{Globals, input, output};
use crate::check::request::{Destination, Request};
use crate::check::{
    CheckOptions, Checked, DEFAULT_MAX_FINDINGS, Variants, check, check_handing_on,
};
use crate::diagnostic::render::FORMS;
use crate::diagnostic::report::{Judged, Report};
use crate::diagnostic::{Policy, Severity};
use crate::model::{
    Error, ErrorKind, FormatOptions, NullMarks, ReadOptions, Reference, Result, StoreFormat,
    TsvSettings, TsvStoreOptions, VcfOptions, shell_word,
};
use crate::read::fasta::{self, Fasta};
use crate::read::gff::GffReading;
use crate::read::recognize::{self, FileKind};
use crate::read::source::Input;
use crate::read::tsv::TsvReading;
use crate::read::vcf::VcfReading;
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// Say what an import would do with files, before the upload
///
/// Reads each file once and counts every finding: the first of each rule is drawn with line,
/// column, value and remedy, and `--output json` has the first 1,000, and 20 of each rule. Ends
/// with 0 where no file has an error, with 1 where one has (--fail-on), and with 3 where one cannot
/// be read to its end. `annostore rule` explains the findings.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  annostore check clinvar.vcf.gz
  annostore check *.vcf.gz --output json > findings.json
  annostore check *.vcf.gz --output text --output json=findings.json
  annostore check --policy spec clinvar.vcf.gz
  annostore check --ignore VCF1,undeclared-info-key --fail-on warning clinvar.vcf.gz
  annostore check clinvar.vcf.gz --write-baseline known.json
  annostore check clinvar.vcf.gz --compare findings.json
  annostore check clinvar.vcf.gz --reference GRCh38.fa.gz
  bcftools view -f PASS in.bcf | annostore check -
  annostore check scores.tsv.gz --store scores
  annostore check scores.csv --options options.json --sep , --header true
  annostore check scores.tsv.gz --options create-annotation-store.json \
    --request start-annotation-import-job.json
  annostore infer scores.tsv.gz > it.json; \
    annostore check scores.tsv.gz --options it.json --request it.json")]
pub struct CheckArgs {
    /// The files to check: paths, `-` for standard input, `https://` or `s3://`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The format of the files [default: by the ending of the name, else by
    /// the content, else VCF]
    #[arg(long, value_name = "FORMAT", value_enum, ignore_case = true)]
    store_format: Option<Format>,
    /// The store (or STORE.VERSION) that the files are meant for: its format, and its schema for
    /// TSV
    #[cfg(feature = "store")]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["store_format", "options"])]
    store: Option<String>,
    /// The JSON of `aws omics create-annotation-store --cli-input-json`, its storeOptions, or what
    /// `infer` prints: judged, and the schema that TSV files are held against
    #[arg(long, value_name = "FILE")]
    options: Option<String>,
    /// TSV: cells that the store will take for null, separated by commas [default: those of
    /// --store]
    #[arg(long, value_name = "MARK,...", allow_hyphen_values = true)]
    null_marks: Option<String>,
    #[command(flatten)]
    format: FormatFlags,
    /// A FASTA file, plain or compressed with bgzip, to hold REF against, and to find what is not
    /// left-normalized
    #[arg(long, value_name = "FASTA")]
    reference: Option<String>,
    /// What counts as an error; TSV files, which have no specification, are always held to
    /// `service`
    #[arg(long, value_name = "POLICY", value_enum, default_value_t = PolicyFlag::Service)]
    policy: PolicyFlag,
    /// Read plain gzip of several members also where its last line has no newline, as if it had
    /// been cut between two of them
    #[arg(long)]
    allow_missing_newline: bool,
    /// How many findings to keep whole, beside the first 20 of each rule; all are counted
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_FINDINGS)]
    max_findings: usize,
    /// Leave out what is in the file: contigs, kinds of alleles, filters, fields with how often
    /// they are filled, and their ranges
    #[arg(long)]
    no_profile: bool,
    /// How to report, and where: a form alone goes to standard output. May be given several times
    #[arg(long, value_name = "FORM[=FILE]", default_value = FORMS[0].name)]
    output: Vec<WantedReport>,
    #[command(flatten)]
    choice: ChoiceFlags,
}

/// What counts as an error, as the terminal takes it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PolicyFlag {
    /// What the service would fail on, drop or lose
    Service,
    /// What the specification of the format forbids
    Spec,
    /// That, and what validators ask beyond it: reserved keys as their tables say, no duplicate
    /// records
    Strict,
}

impl From<PolicyFlag> for Policy {
    fn from(flag: PolicyFlag) -> Self {
        match flag {
            PolicyFlag::Service => Self::Service,
            PolicyFlag::Spec => Self::Spec,
            PolicyFlag::Strict => Self::Strict,
        }
    }
}

impl CheckArgs {
    /// All that is read, whose place no report may take.
    fn read(&self) -> Vec<&str> {
        let more = [&self.options, &self.format.request, &self.reference];
        let more = more.into_iter().flatten();
        self.files.iter().chain(more).map(String::as_str).collect()
    }
}

/// Checks every file, writes the reports, and tells the outcome.
pub fn run(args: &CheckArgs, globals: &Globals) -> Result<ExitCode> {
    // Before signals only set a flag: documents may come from standard input, and wait for it.
    let documents = documents(args)?;
    let stop = stop_on_signals()?;
    let read = args.read();
    let mut choosing = Choosing::begin(&args.choice, &read, args.files.len())?;
    let choices = args.files.iter().map(|it| choosing.of(it, args.max_findings));
    let choices: Vec<_> = choices.collect::<Result<_>>()?;
    let kept: Vec<_> = read.into_iter().chain(args.choice.paths()).collect();
    let mut reports = Reports::open(&args.output, &kept, &stop, globals)?;
    let reference = args.reference.as_deref();
    let reference = reference.map(|it| open_reference(it, &stop, globals)).transpose()?;
    let mut failure = None;
    for document in documents.all() {
        reports.request(&choosing.cut_request(&document.report)?)?;
    }
    for (file, choice) in args.files.iter().zip(choices) {
        if let Some(why) = unreadable(&documents) {
            output::message(&format!("{file}: not checked: {why}"));
            let why = Error::invalid(why).with_help("correct the options first");
            reports.unchecked(file, &why)?;
            continue;
        }
        let (of_file, reference) = ((file.as_str(), &choice), reference.as_ref());
        match check_file(of_file, args, reference, &documents, &mut reports, &stop, globals) {
            Ok(mut report) => {
                let others = choosing.cut(&mut report, choice, args.max_findings);
                reports.beyond(&report, &others)?;
                reports.file(&report)?;
            }
            Err(error) if error.kind() == ErrorKind::Unreadable => {
                output::error(&error);
                reports.unchecked(file, &error)?;
                failure = Some(ExitCode::from(3));
            }
            Err(error) => return Err(error),
        }
    }
    reports.finish()?;
    let has_failed = choosing.finish(failure.is_none(), &stop, globals)?;
    Ok(failure.unwrap_or(if has_failed { ExitCode::from(1) } else { ExitCode::SUCCESS }))
}

/// Reads and judges `--options` and `--request`.
fn documents(args: &CheckArgs) -> Result<Documents> {
    #[cfg(feature = "store")]
    let destination = {
        let named = args.store.as_deref().map(|it| it.split_once('.').ok_or(it));
        match named {
            Some(Ok((store, version))) => {
                Destination { store: Some(store), version: Some(version) }
            }
            Some(Err(store)) => Destination { store: Some(store), version: None },
            None => Destination::default(),
        }
    };
    #[cfg(not(feature = "store"))]
    let destination = Destination::default();
    Documents::read(args.options.as_deref(), args.format.request.as_deref(), destination)
}

/// Why no file can be read as the documents say, if that is so.
fn unreadable(documents: &Documents) -> Option<&'static str> {
    let options = documents.options.as_ref()?;
    let is_tsv = options.store_format().is_none_or(|it| it == StoreFormat::Tsv);
    (options.report.count(Severity::Error) > 0 && is_tsv && options.tsv_store_options().is_none())
        .then_some("the options have no schema that can be used")
}

/// How the files of one run are read.
enum Reading {
    Vcf(VcfReading),
    Tsv(Box<TsvReading>),
    Gff,
}

/// Checks a file, for which this was chosen.
fn check_file(
    (file, choice): (&str, &FileChoice),
    args: &CheckArgs,
    reference: Option<&Arc<dyn Reference>>,
    documents: &Documents,
    reports: &mut Reports,
    stop: &Arc<AtomicBool>,
    globals: &Globals,
) -> Result<Report> {
    let input = &input::of(file, stop, globals)?;
    let reading = reading_of(input, args, documents, globals)?;
    let normalized = documents.import().is_some_and(Request::left_normalizes);
    let variants = match reference {
        Some(reference) => Variants::Against(Arc::clone(reference)),
        None if normalized => Variants::Normalized,
        None => Variants::AsTheyAre,
    };
    let options = CheckOptions {
        variants,
        max_findings: choice.max_findings,
        allow_missing_newline: args.allow_missing_newline,
    };
    // Each byte of a chunk may be a finding, all of which wait for the end of their chunk.
    let chunk = DEFAULT_CHUNK_BYTES / if reports.take_all() { 8 } else { 1 };
    let pipe = Pipe::new(globals.threads, chunk)?.stopped_by(stop);
    let progress = Progress::start(file, &pipe.meter, globals);
    let report = match &reading {
        Reading::Vcf(reading) => judge(input, &pipe, reading, &options, choice, args, reports),
        Reading::Tsv(reading) => judge(input, &pipe, &**reading, &options, choice, args, reports),
        Reading::Gff => judge(input, &pipe, &GffReading, &options, choice, args, reports),
    };
    progress.finish();
    let mut report = report?.under(args.policy.into());
    if args.no_profile {
        report.profile = None;
    }
    Ok(report)
}

/// Checks a file; where a form takes all findings, those that the report does not keep go there.
fn judge<F: Checked>(
    input: &Input,
    pipe: &Pipe,
    format: &F,
    options: &CheckOptions,
    choice: &FileChoice,
    args: &CheckArgs,
    reports: &mut Reports,
) -> Result<Report> {
    if !reports.take_all() {
        return check(input, pipe, format, options);
    }
    let policy = args.policy.into();
    check_handing_on(input, pipe, format, options, &mut |about, findings| {
        let told: Vec<_> = findings.into_iter().filter(|it| choice.is_told(it)).collect();
        reports.beyond(&about.clone().under(policy), &told)
    })
}

/// Finds out the layout of a FASTA file, and says where the index beside it is of another one.
fn open_reference(
    path: &str,
    stop: &Arc<AtomicBool>,
    globals: &Globals,
) -> Result<Arc<dyn Reference>> {
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(stop);
    let progress = Progress::start(path, &pipe.meter, globals);
    let index = fasta::index(path, &pipe, fasta::Digests::None);
    progress.finish();
    let index = index?;
    if let Some(stale) = fasta::compare_fai(Path::new(path), &index) {
        output::message(&stale.to_string());
    }
    Ok(Arc::new(Fasta::open(Path::new(path), index)?))
}

fn reading_of(
    input: &Input,
    args: &CheckArgs,
    documents: &Documents,
    globals: &Globals,
) -> Result<Reading> {
    let Target { format, store, settings } = target(input, args, documents, globals)?;
    let Given { options, annotations } = args.format.given(documents.import(), format)?;
    match (format, options) {
        (StoreFormat::Vcf, options) => {
            let options = match options {
                Some(FormatOptions::Vcf(options)) => options,
                _ => VcfOptions::default(),
            };
            Ok(Reading::Vcf(VcfReading { options, annotations: annotations.fields }))
        }
        (StoreFormat::Tsv, options) => {
            let store = store.ok_or_else(|| no_schema(input))?;
            let given = match options {
                Some(FormatOptions::Tsv(read)) => read,
                _ => None,
            };
            let marks = args.null_marks.as_deref().map(NullMarks::parse).transpose()?;
            let reading = TsvReading::new(store, read_by(given, &settings, globals).as_ref())?;
            let marks = marks.unwrap_or(settings.null_marks);
            Ok(Reading::Tsv(Box::new(reading.with_null_marks(marks).telling_nulls())))
        }
        (StoreFormat::Gff, _) => Ok(Reading::Gff),
    }
}

/// The read options that were given, else those of the store, which only annostore goes by.
fn read_by(
    given: Option<ReadOptions>,
    settings: &TsvSettings,
    globals: &Globals,
) -> Option<ReadOptions> {
    if given.is_none() && settings.read_options.is_some() && !globals.quiet {
        output::message(
            "note: read with the read options of the store, which the service does not have: \
             a job there has to name them in formatOptions",
        );
    }
    given.or_else(|| settings.read_options.clone())
}

/// A file that cannot be checked as it was given: what it is, and the next command.
fn no_schema(input: &Input) -> Error {
    let file = input.name();
    if let Some(foreign) = recognize::foreign_input(input) {
        return foreign.refusal(file);
    }
    let kind =
        FileKind::of_content(input).or_else(|| FileKind::by_name(file)).unwrap_or(FileKind::Table);
    let (what, help) = match kind.store_format() {
        Some(StoreFormat::Tsv) => (
            format!("this is {}, a table, which is checked against a schema", kind.called()),
            format!(
                "find one with `annostore infer {} > it.json`, and give \
                 `--options it.json --request it.json`; or give the --store that has one, \
                 or --store-format if it is no table",
                shell_word(file)
            ),
        ),
        Some(format) => (
            format!("this is {}, not a table", kind.called()),
            format!("give --store-format {format}"),
        ),
        None => (
            format!("this is {}, not a table", kind.called()),
            "give a VCF, GFF3 or TSV file".to_owned(),
        ),
    };
    Error::invalid(what).with("file", file).with_help(help)
}

/// What a file is meant for.
struct Target {
    format: StoreFormat,
    /// The schema that it is to have.
    store: Option<TsvStoreOptions>,
    settings: TsvSettings,
}

fn target(
    input: &Input,
    args: &CheckArgs,
    documents: &Documents,
    globals: &Globals,
) -> Result<Target> {
    if let Some(target) = named_target(args, globals)? {
        return Ok(target);
    }
    let options = documents.options.as_ref();
    let by_options = || options.and_then(Request::store_format);
    let format = args.store_format.map(Into::into).or_else(by_options);
    let format = format.map_or_else(|| format_of(input), Ok)?;
    let store = options.and_then(Request::tsv_store_options);
    Ok(Target { format, store, settings: TsvSettings::default() })
}

/// What the store that `--store` names says.
#[cfg(feature = "store")]
fn named_target(args: &CheckArgs, globals: &Globals) -> Result<Option<Target>> {
    let Some(name) = &args.store else { return Ok(None) };
    let service = super::resource::service(globals)?;
    let (store, version) =
        name.split_once('.').map_or((name.as_str(), None), |(it, version)| (it, Some(version)));
    let store = service.get_annotation_store(store)?;
    let version = version.unwrap_or(store.default_version.as_str());
    let version = service.get_annotation_store_version(store.name.as_str(), version)?;
    let columns = version.options.or(store.options);
    Ok(Some(Target { format: store.format, store: columns, settings: store.settings }))
}

#[cfg(not(feature = "store"))]
#[allow(clippy::unnecessary_wraps)] // with stores it can fail
fn named_target(_: &CheckArgs, _: &Globals) -> Result<Option<Target>> {
    Ok(None)
}

/// The format that name or content tells, VCF where they tell none.
fn format_of(input: &Input) -> Result<StoreFormat> {
    let Some(kind) = FileKind::of(input) else { return Ok(StoreFormat::Vcf) };
    kind.store_format().ok_or_else(|| no_schema(input))
}

//! `annostore fix`.

use std::fs::Metadata;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::check::PolicyFlag;
use super::document::Documents;
use super::fix_places::{check_outputs, is_compressed, remove_indexes, replaceable};
use super::fix_report::{self, Told};
use super::format::{Format, FormatFlags, Given};
use super::place::destination;
use super::progress::Progress;
use super::signals::stop_on_signals;
use super::{Globals, input, output};
use crate::check::request::{Destination as RequestDestination, Request};
use crate::check::{CheckOptions, DEFAULT_MAX_FINDINGS, Variants};
use crate::diagnostic::Severity;
use crate::diagnostic::report::Judged as _;
use crate::emit::Destination;
use crate::fix::{Differ, Fix, FixOptions, FixReading, Fixed, Outputs, TextWriter};
use crate::model::{
    Error, ErrorKind, FormatOptions, ReadOptions, Result, StoreFormat, TsvStoreOptions, VcfOptions,
};
use crate::read::recognize::FileKind;
use crate::read::source::{Compression, Input};
use crate::read::tsv::{Dialect, TsvReading};
use crate::read::vcf::VcfReading;
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// Mend what can be mended without a guess, and say what is left
///
/// Mended are line ends (CRLF, CR CR LF, and CR alone where the first line ends so), a byte order
/// mark, a missing newline or BGZF block at the end, tabs at the ends of lines of VCF, empty lines
/// of VCF and TSV, and definitions of INFO, FILTER and FORMAT that a header of VCF lacks. All other
/// bytes stay. `annostore rule CODE` says what is mended of a rule. What is written is checked on
/// its way: ends with 0 where no error is left, with 1 where one is, as `check` does.
///
/// Without -o, --in-place and --diff nothing is written: it says what would be mended.
#[derive(Args, Debug)]
#[allow(clippy::struct_excessive_bools)] // flags of the command
#[command(after_help = "Examples:
  annostore fix calls.vcf.gz
  annostore fix calls.vcf.gz --diff
  annostore fix calls.vcf.gz -o mended.vcf.gz
  annostore fix --in-place *.vcf
  bcftools view calls.bcf | annostore fix - -o mended.vcf.gz
  annostore fix calls.vcf --write-valid stored.vcf --write-rejected rejected.vcf
  annostore fix scores.tsv -o mended.tsv --options create-annotation-store.json")]
pub struct FixArgs {
    /// The files to mend: paths, `-` for standard input, `https://` or `s3://`; one with -o,
    /// --write-valid and --write-rejected
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Where to write the mended file; `-` is standard output. Compressed (BGZF) where the name
    /// ends in .gz or .bgz, and for - as the input is
    #[arg(short, long, value_name = "FILE", conflicts_with = "in_place")]
    output: Option<PathBuf>,
    /// Put the mended file in the place of the file, with its rights, once it is whole; a file that
    /// needs no mending is left alone
    #[arg(long)]
    in_place: bool,
    /// Show what changes as a unified diff of the text, up to 10,000 changed lines
    #[arg(long)]
    diff: bool,
    /// Write the mended file without the lines that an import cannot store
    #[arg(long, value_name = "FILE")]
    write_valid: Option<PathBuf>,
    /// Write the lines that an import cannot store, below the header of VCF, the line with the
    /// names of TSV or the first directives of GFF3
    #[arg(long, value_name = "FILE")]
    write_rejected: Option<PathBuf>,
    /// Replace outputs that exist
    #[arg(long)]
    force: bool,
    /// The format of the files [default: by the ending of the name, else by the content, else VCF]
    #[arg(long, value_name = "FORMAT", value_enum, ignore_case = true)]
    store_format: Option<Format>,
    /// The store (or STORE.VERSION) that the files are meant for: its format, and its schema for
    /// TSV
    #[cfg(feature = "store")]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["store_format", "options"])]
    store: Option<String>,
    /// The JSON of `aws omics create-annotation-store --cli-input-json`, its storeOptions, or what
    /// `infer` prints: the schema that a TSV file is held against once it is mended
    #[arg(long, value_name = "FILE")]
    options: Option<String>,
    #[command(flatten)]
    format: FormatFlags,
    /// What counts as an error among what is left; TSV files are always held to `service`
    #[arg(long, value_name = "POLICY", value_enum, default_value_t = PolicyFlag::Service)]
    policy: PolicyFlag,
    /// Mend a file without a newline at its end also where its compression shows that it may have
    /// been cut
    #[arg(long)]
    allow_missing_newline: bool,
}

impl FixArgs {
    /// The outputs, which are those of one file.
    fn outputs(&self) -> impl Iterator<Item = &PathBuf> {
        self.output.iter().chain(&self.write_valid).chain(&self.write_rejected)
    }

    /// Whether lines are written apart.
    fn splits(&self) -> bool {
        self.write_valid.is_some() || self.write_rejected.is_some()
    }
}

/// Mends every file, reports what was mended and what is left, and tells the outcome.
pub fn run(args: &FixArgs, globals: &Globals) -> Result<ExitCode> {
    check_outputs(&args.files, &args.outputs().collect::<Vec<_>>(), args.diff)?;
    let (options, request) = (args.options.as_deref(), args.format.request.as_deref());
    let documents = Documents::read(options, request, RequestDestination::default())?;
    if let Some(options) = &documents.options
        && options.report.count(Severity::Error) > 0
        && options.store_format().is_none_or(|it| it == StoreFormat::Tsv)
        && options.tsv_store_options().is_none()
    {
        return Err(Error::invalid("the options have no schema that can be used")
            .with("file", &options.report.file)
            .with_help("`annostore check --options FILE FILE` says why"));
    }
    let stop = stop_on_signals()?;
    let mut code = ExitCode::SUCCESS;
    for file in &args.files {
        match mend(file, args, &documents, &stop, globals) {
            Ok(false) if code == ExitCode::SUCCESS => code = ExitCode::from(1),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Unreadable && args.files.len() > 1 => {
                output::error(&error);
                code = ExitCode::from(3);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(code)
}

/// Mends a file; false where an error is left in it.
fn mend(
    file: &str,
    args: &FixArgs,
    documents: &Documents,
    stop: &Arc<AtomicBool>,
    globals: &Globals,
) -> Result<bool> {
    let replaced = args.in_place.then(|| replaceable(file)).transpose()?;
    let input = input::of(file, stop, globals)?;
    let reading = reading_of(&input, args, documents, globals)?;
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(stop);
    let progress = Progress::start(file, &pipe.meter, globals);
    let mended = mend_input(&input, reading, args, replaced.as_ref(), &pipe, stop);
    progress.finish();
    let mut fixed = mended?;
    let replaced = args.in_place.then(|| PathBuf::from(file)).filter(|_| !fixed.mends.is_empty());
    replaced.iter().chain(args.outputs()).for_each(|it| remove_indexes(it));
    let policy = args.policy.into();
    fixed.report = fixed.report.map(|it| it.under(policy));
    let told = Told {
        file,
        output: args.output.as_deref(),
        in_place: args.in_place,
        valid: args.write_valid.as_deref(),
        rejected: args.write_rejected.as_deref(),
        diff: args.diff,
    };
    let uses_stdout = args.diff || args.outputs().any(|it| it == Path::new("-"));
    let text = fix_report::of(&fixed, &told, globals.quiet);
    if uses_stdout {
        output::message(text.trim_end());
    } else {
        output::result(&text)?;
    }
    Ok(fixed.report.is_none_or(|it| it.count(Severity::Error) == 0))
}

fn mend_input(
    input: &Input,
    reading: FixReading,
    args: &FixArgs,
    replaced: Option<&Metadata>,
    pipe: &Pipe,
    stop: &Arc<AtomicBool>,
) -> Result<Fixed> {
    if args.splits() && matches!(reading, FixReading::Tsv(_, None)) {
        return Err(Error::invalid("without a schema it is not known which rows can be stored")
            .with("file", input.name())
            .with_help("give one with --options: `annostore infer FILE` finds it"));
    }
    let fix = Fix::open(input, reading, pipe)?;
    let of_input = fix.compression();
    let outputs = outputs(input, args, (replaced, of_input), pipe, stop)?;
    let written = args.output.as_deref().filter(|it| *it != Path::new("-"));
    let compression = match written {
        Some(path) if is_compressed(path, of_input) => Compression::Bgzf,
        Some(_) => Compression::Plain,
        None if replaced.is_some() && of_input == Compression::Gzip => Compression::Bgzf,
        None => of_input,
    };
    let check = CheckOptions {
        variants: Variants::AsTheyAre,
        max_findings: DEFAULT_MAX_FINDINGS,
        allow_missing_newline: args.allow_missing_newline,
    };
    let name = written.map_or_else(|| input.name().to_owned(), |it| it.display().to_string());
    fix.run(outputs, &FixOptions { name, compression, check, only_if_mended: args.in_place })
}

/// Opens what is to be written, also the file that takes the place of one with these rights.
fn outputs(
    input: &Input,
    args: &FixArgs,
    (replaced, of_input): (Option<&Metadata>, Compression),
    pipe: &Pipe,
    stop: &Arc<AtomicBool>,
) -> Result<Outputs> {
    let writer = |path: &PathBuf| {
        let compressed = is_compressed(path, of_input);
        if compressed && path == Path::new("-") && io::stdout().is_terminal() {
            return Err(Error::invalid("what is compressed is not for a terminal")
                .with_help("name a file with -o, or redirect the output"));
        }
        TextWriter::create(destination(path, args.force, stop)?, compressed, pipe)
    };
    let mut outputs = Outputs {
        text: args.output.as_ref().map(writer).transpose()?,
        diff: None,
        valid: args.write_valid.as_ref().map(writer).transpose()?,
        rejected: args.write_rejected.as_ref().map(writer).transpose()?,
    };
    if let Some(replaced) = replaced {
        let to = Destination::File { path: input.name().into(), replace: true };
        let text = TextWriter::create(to, of_input != Compression::Plain, pipe)?;
        text.output().take_rights_of(replaced)?;
        outputs.text = Some(text);
    }
    if args.diff
        && let Destination::Stream { out, .. } = destination(Path::new("-"), false, stop)?
    {
        outputs.diff = Some(Differ::new(out, input.name()));
    }
    Ok(outputs)
}

/// What a file is meant for.
struct Meant {
    format: StoreFormat,
    /// The schema of a TSV file.
    store: Option<TsvStoreOptions>,
    /// How the store reads it.
    read: Option<ReadOptions>,
}

fn reading_of(
    input: &Input,
    args: &FixArgs,
    documents: &Documents,
    globals: &Globals,
) -> Result<FixReading> {
    let Meant { format, store, read } = target(input, args, documents, globals)?;
    let Given { options, annotations } = args.format.given(documents.import(), format)?;
    Ok(match (format, options) {
        (StoreFormat::Vcf, Some(FormatOptions::Vcf(options))) => {
            FixReading::Vcf(VcfReading { options, annotations: annotations.fields })
        }
        (StoreFormat::Vcf, _) => FixReading::Vcf(VcfReading {
            options: VcfOptions::default(),
            annotations: annotations.fields,
        }),
        (StoreFormat::Gff, _) => FixReading::Gff,
        (StoreFormat::Tsv, options) => {
            let read = match options {
                Some(FormatOptions::Tsv(Some(given))) => Some(given),
                _ => read,
            };
            let dialect = Dialect::new(read.as_ref())?;
            let reading = store.map(|it| TsvReading::new(it, read.as_ref())).transpose()?;
            FixReading::Tsv(Box::new(dialect), reading.map(Box::new))
        }
    })
}

fn target(
    input: &Input,
    args: &FixArgs,
    documents: &Documents,
    globals: &Globals,
) -> Result<Meant> {
    if let Some(target) = named_target(args, globals)? {
        return Ok(target);
    }
    let options = documents.options.as_ref();
    let given = args.store_format.map(Into::into).or(options.and_then(Request::store_format));
    let kind = || FileKind::of(input);
    let format = match given {
        Some(format) => format,
        None => match kind() {
            None => StoreFormat::Vcf,
            Some(kind) => kind.store_format().ok_or_else(|| {
                Error::invalid(format!("this is {}, which is not mended", kind.called()))
                    .with("file", input.name())
                    .with_help("give a VCF, GFF3 or TSV file")
            })?,
        },
    };
    Ok(Meant { format, store: options.and_then(Request::tsv_store_options), read: None })
}

/// What the store that `--store` names says.
#[cfg(feature = "store")]
fn named_target(args: &FixArgs, globals: &Globals) -> Result<Option<Meant>> {
    let Some(name) = &args.store else { return Ok(None) };
    let service = super::resource::service(globals)?;
    let (store, version) =
        name.split_once('.').map_or((name.as_str(), None), |(it, version)| (it, Some(version)));
    let store = service.get_annotation_store(store)?;
    let version = version.unwrap_or(store.default_version.as_str());
    let version = service.get_annotation_store_version(store.name.as_str(), version)?;
    let columns = version.options.or(store.options);
    let read = store.settings.read_options;
    Ok(Some(Meant { format: store.format, store: columns, read }))
}

#[cfg(not(feature = "store"))]
#[allow(clippy::unnecessary_wraps)] // with stores it can fail
fn named_target(_: &FixArgs, _: &Globals) -> Result<Option<Meant>> {
    Ok(None)
}

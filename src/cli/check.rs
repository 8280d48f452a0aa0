//! `annostore check`.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::{Args, ValueEnum};

use super::progress::Progress;
use super::signals::stop_on_signals;
use super::{Globals, output};
use crate::check::{self, CheckOptions, DEFAULT_MAX_FINDINGS};
use crate::diagnostic::Severity;
use crate::diagnostic::render::{json, text};
use crate::diagnostic::report::Report;
use crate::model::{Error, ErrorKind, Result, StoreFormat, VcfOptions};
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// Say what an import would do with files, before the upload
///
/// Reads each file once and reports every finding with line, column, value and remedy. Ends with 0 where no file has an
/// error, with 1 where one has, and with 3 where one cannot be read to its end. `annostore rule` explains the findings.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  annostore check clinvar.vcf.gz
  annostore check *.vcf.gz --output json > findings.json
  bcftools view -f PASS in.bcf | annostore check -")]
pub struct CheckArgs {
    /// The files to check; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// The format of the files [default: by the ending of the name, else VCF]
    #[arg(long, value_name = "FORMAT", value_enum, ignore_case = true)]
    store_format: Option<Format>,
    #[command(flatten)]
    vcf: VcfFlags,
    /// How many findings to keep whole; all are counted
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_FINDINGS)]
    max_findings: usize,
    /// How to report
    #[arg(long, value_name = "FORM", value_enum, default_value_t = Output::Text)]
    output: Output,
}

/// The API's `vcfOptions` as flags.
#[derive(Args, Clone, Copy, Debug)]
pub struct VcfFlags {
    /// VCF: store null instead of QUAL
    #[arg(long)]
    ignore_qual_field: bool,
    /// VCF: store null instead of FILTER
    #[arg(long)]
    ignore_filter_field: bool,
}

impl From<VcfFlags> for VcfOptions {
    fn from(flags: VcfFlags) -> Self {
        Self {
            ignore_qual_field: flags.ignore_qual_field,
            ignore_filter_field: flags.ignore_filter_field,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Output {
    /// For people
    Text,
    /// For programs; `schema_version` tells its form
    Json,
}

/// The format of a file, as the terminal takes it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    /// Variant Call Format
    Vcf,
    /// Separated values: not read yet
    Tsv,
    /// Generic Feature Format 3: not read yet
    Gff,
}

impl From<Format> for StoreFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Vcf => Self::Vcf,
            Format::Tsv => Self::Tsv,
            Format::Gff => Self::Gff,
        }
    }
}

/// Checks every file, prints the reports, and tells the outcome.
pub fn run(args: &CheckArgs, globals: &Globals) -> Result<ExitCode> {
    let options = CheckOptions { vcf: args.vcf.into(), max_findings: args.max_findings };
    let stop = stop_on_signals()?;
    let mut reports = Vec::new();
    let mut failure = None;
    for file in &args.files {
        match check_file(file, args, options, &stop, globals) {
            Ok(report) => {
                if let Output::Text = args.output {
                    output::result(&text::render(&report, style()))?;
                    if globals.verbose > 0 {
                        output::result(&text::checks(&report))?;
                    }
                }
                reports.push(report);
            }
            Err(error) if error.kind() == ErrorKind::Unreadable => {
                output::error(&error);
                failure = Some(ExitCode::from(3));
            }
            Err(error) => return Err(error),
        }
    }
    if let Output::Json = args.output {
        output::result(&format!("{:#}\n", json::render(&reports)))?;
    }
    let errors = reports.iter().any(|it| it.count(Severity::Error) > 0);
    Ok(failure.unwrap_or(if errors { ExitCode::from(1) } else { ExitCode::SUCCESS }))
}

fn check_file(
    file: &str,
    args: &CheckArgs,
    options: CheckOptions,
    stop: &Arc<AtomicBool>,
    globals: &Globals,
) -> Result<Report> {
    match args.store_format.map_or_else(|| format_by_name(file), Into::into) {
        StoreFormat::Vcf => {}
        other => {
            return Err(Error::invalid(format!(
                "this version of annostore does not read {other} files yet"
            ))
            .with("file", file)
            .with_help("give a VCF file, or say --store-format VCF if it is one"));
        }
    }
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(stop);
    let progress = Progress::start(file, &pipe.meter, globals);
    let report = check::check_vcf(file, &pipe, options);
    progress.finish();
    report
}

/// The format that a name tells, VCF where it tells none.
fn format_by_name(file: &str) -> StoreFormat {
    let lower = file.to_ascii_lowercase();
    let stem = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".bgz")).unwrap_or(&lower);
    match stem.rsplit_once('.').map(|it| it.1) {
        Some("tsv" | "csv" | "txt" | "bed" | "tab") => StoreFormat::Tsv,
        Some("gff" | "gff3") => StoreFormat::Gff,
        _ => StoreFormat::Vcf,
    }
}

/// How to draw for whoever reads stdout.
pub fn style() -> text::Style {
    let terminal = std::io::stdout().is_terminal();
    let color = terminal && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty());
    text::Style { color, width: 120 }
}

//! `annostore export`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::place::{destination, form_of, form_parser};
use super::signals::stop_on_signals;
use super::{Globals, output, resource};
use crate::diagnostic::render::number::counted;
use crate::export::{ExportForm, ExportRequest, export};
use crate::merge::OpenVersion;
use crate::model::Result;
use crate::query::Options;
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// Memory that reading may take.
const MEMORY: usize = 256 << 20;

/// Write a version to a file: VCF, BCF, GFF3, BED, TSV, CSV or Parquet
///
/// Rows come sorted, by contig in the order of the header, and compressed files have their index
/// beside them. An import of the file gives the rows of the version again.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  annostore export clinvar -o clinvar.vcf.gz
  annostore export clinvar.v2026_11 -o brca1.bcf --region chr17:43,044,295-43,125,364
  annostore export clinvar -o pathogenic.vcf.gz --columns CLNSIG,CLNREVSTAT \\
    --where \"attributes['CLNSIG'] = 'Pathogenic'\"
  annostore export genes -o - | head")]
pub struct ExportArgs {
    /// The store, and its version [default: the default version]
    #[arg(value_name = "STORE[.VERSION]")]
    version: String,
    /// Where to write; the name says the form: .vcf, .bcf, .gff3, .bed, .tsv, .csv, with .gz for
    /// BGZF, or .parquet. `-` is standard output; a device or a named pipe is written to as rows
    /// come
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The form, where the name of the output does not say it [default for -, devices and pipes:
    /// that of the files that the store takes]
    #[arg(short, long, value_name = "FORM", value_parser = form_parser(|_| true))]
    format: Option<ExportForm>,
    /// Keep only rows that overlap the region: chr1, chr1:1000 (to the end) or chr1:1,000-2,000
    /// (one-based, both ends included); may be given several times
    #[arg(short, long, value_name = "REGION")]
    region: Vec<String>,
    /// Keep only rows for which this is true
    #[arg(long = "where", value_name = "SQL")]
    condition: Option<String>,
    /// Write only these columns and INFO keys, beside those of place and alleles
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    columns: Vec<String>,
    /// Replace an output that exists
    #[arg(long)]
    force: bool,
}

/// Writes the version, and says what went out.
pub fn run(args: &ExportArgs, globals: &Globals) -> Result<ExitCode> {
    let service = resource::service(globals)?;
    let stop = stop_on_signals()?;
    let version = OpenVersion::open(service.catalog(), service.account(), &args.version)?;
    let form = form_of(&args.output, args.format, ExportForm::usual(version.format()))?;
    let to = destination(&args.output, args.force, &stop)?;
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(&stop);
    let options = Options {
        threads: globals.threads.unwrap_or(Options::default().threads),
        memory: MEMORY,
        stop: Some(Arc::clone(&stop)),
        ..Options::default()
    };
    let request = ExportRequest {
        regions: args.region.clone(),
        condition: args.condition.clone(),
        columns: args.columns.clone(),
    };
    let exported = export(service.catalog(), &version, (&request, form), to, (&pipe, &options));
    let exported = exported.map_err(|error| pipe.meter.cause(error))?;
    if !globals.quiet {
        if args.output != Path::new("-") {
            let index = exported.index.map(|it| format!(", with {}", it.display()));
            output::message(&format!(
                "{} of {} written to {}{}",
                counted(exported.rows, "row"),
                version.name(),
                args.output.display(),
                index.unwrap_or_default()
            ));
        }
        exported.notes.iter().for_each(|it| output::message(&format!("note: {it}")));
    }
    Ok(ExitCode::SUCCESS)
}

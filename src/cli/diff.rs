//! `annostore diff`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arrow::array::RecordBatch;
use clap::Args;

use super::destination::{Destination, Look};
use super::place::{self, check_absent};
use super::query::{AskingArgs, chosen_format, format_parser};
use super::signals::stop_on_signals;
use super::{Globals, output, resource, small_pages};
use crate::diagnostic::render::number::grouped;
use crate::diagnostic::render::table::table;
use crate::diff::{Diff, Differences, Key, Summary};
use crate::emit::{BCF, Target, VCF};
use crate::merge::OpenVersion;
use crate::model::Result;
use crate::query::format::{AnswerFormat, TABLE};
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// Say how two versions of a store differ, row by row
///
/// Rows are told by their key: variants by place, alleles and sample, features by place, type,
/// strand and ID, rows of TSV by place and alleles, and those without a place by all columns. The
/// summary comes first; --format or --output give every difference as a row, with the columns that
/// changed and their values. The job that a row came with is no difference. Ends with 1 where the
/// versions differ.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  annostore diff clinvar.v2026_07 clinvar.v2026_08
  annostore diff clinvar.v2026_07 clinvar.v2026_08 --region 17:43,044,295-43,125,364
  annostore diff clinvar.v2026_07 clinvar.v2026_08 --format ndjson > differences.ndjson
  annostore diff clinvar.v2026_07 clinvar.v2026_08 -o differences.vcf.gz
  annostore diff scores.first scores.second --key chrom,pos -o differences.csv")]
pub struct DiffArgs {
    /// The version before: STORE.VERSION, or STORE for its default version
    #[arg(value_name = "STORE.V1")]
    before: String,
    /// The version after
    #[arg(value_name = "STORE.V2")]
    after: String,
    /// What tells a row: `variant` or `feature` (as without it), `all` columns, or names of columns
    /// with commas between them
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Show so many differences below the summary
    #[arg(long, value_name = "N", default_value_t = 20, conflicts_with_all = ["format", "output"])]
    limit: usize,
    /// Print every difference in this form, and the summary on standard error
    #[arg(short, long, value_name = "FORMAT", value_parser = format_parser())]
    format: Option<&'static AnswerFormat>,
    /// Write every difference to a file, in the form that its name ends in or --format says; those
    /// of a VCF store also as records: .vcf, .vcf.gz or .bcf
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace an output that exists
    #[arg(long)]
    force: bool,
    /// Give all values of rows that were added or removed, too, not their key alone
    #[arg(long)]
    whole_rows: bool,
    /// End with 0 also where the versions differ
    #[arg(long)]
    exit_zero: bool,
    #[command(flatten)]
    asking: AskingArgs,
}

/// Compares, prints, and tells the outcome.
pub fn run(args: &DiffArgs, globals: &Globals) -> Result<ExitCode> {
    let path = args.output.as_deref().filter(|it| *it != Path::new("-"));
    let records = path.filter(|_| args.format.is_none()).and_then(records_of);
    let format = if records.is_some() { &TABLE } else { chosen_format(args.format, path)? };
    let look = args.asking.look(format)?;
    path.map_or(Ok(()), |it| check_absent(it, args.force))?;
    let stop = stop_on_signals()?;
    small_pages::prefer();
    let service = resource::service(globals)?;
    let open = |name: &str| OpenVersion::open(service.catalog(), service.account(), name);
    let sides = [open(&args.before)?, open(&args.after)?];
    let key = args.key.as_deref().map(Key::parse).unwrap_or_default();
    let options = args.asking.options(globals, &stop);
    let mut diff = Diff::new(sides, &key, &args.asking.region, options)?;
    if args.whole_rows {
        diff = diff.with_whole_rows();
    }
    let (schema, columns) = (diff.schema(), diff.compared());
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(&stop);
    let code = |it: &Summary| u8::from(it.differ() && !args.exit_zero).into();
    if let Some((path, target)) = records {
        let to = place::destination(path, args.force, &stop)?;
        let written = diff.write_records(target, to, &pipe);
        let (summary, written) = written.map_err(|error| pipe.meter.cause(error))?;
        output::result(&told(&summary, &columns))?;
        if !globals.quiet {
            written.notes.iter().for_each(|it| output::message(&format!("note: {it}")));
        }
        return Ok(code(&summary));
    }
    let mut summary = Summary::default();
    let found = diff.differences(&pipe)?;
    let rows = found.map(|it| it.map(|it| counted(it, &mut summary)));
    if args.format.is_none() && path.is_none() {
        let shown = first(rows, args.limit)?;
        output::result(&told(&summary, &columns))?;
        if !shown.is_empty() {
            output::result("\n")?;
            let mut shown = shown.into_iter().map(Ok);
            Destination::new(None, Look { format: &TABLE, ..look }, &stop)?
                .write_rows(&schema, &mut shown)?;
        }
    } else {
        let mut rows = rows;
        Destination::new(path, look, &stop)?.write_rows(&schema, &mut rows)?;
        drop(rows);
        let told = told(&summary, &columns);
        if path.is_some() {
            output::result(&told)?;
        } else if !globals.quiet {
            output::message(told.trim_end());
        }
    }
    Ok(code(&summary))
}

/// Records, as the name of the output asks for them.
fn records_of(path: &Path) -> Option<(&Path, Target)> {
    let target = Target::of_path(path)?;
    (*target.form == VCF || *target.form == BCF).then_some((path, target))
}

fn counted(found: Differences, summary: &mut Summary) -> RecordBatch {
    summary.add(&found.summary);
    found.rows
}

/// The first rows; all are counted.
fn first(
    rows: impl Iterator<Item = Result<RecordBatch>>,
    limit: usize,
) -> Result<Vec<RecordBatch>> {
    let (mut kept, mut left) = (Vec::new(), limit);
    for batch in rows {
        let batch = batch?;
        let count = left.min(batch.num_rows());
        if count > 0 {
            kept.push(batch.slice(0, count));
        }
        left -= count;
    }
    Ok(kept)
}

/// How many rows differ, and in which columns.
fn told(summary: &Summary, columns: &[String]) -> String {
    let kinds = [
        ("added", summary.added),
        ("removed", summary.removed),
        ("changed", summary.changed),
        ("same", summary.same),
    ];
    let rows = kinds.map(|(kind, rows)| [kind.to_owned(), grouped(rows)]);
    let mut text = table(["difference", "rows"], rows, &[1]);
    let changed = columns.iter().zip(&summary.columns).filter(|it| *it.1 > 0);
    let changed: Vec<_> = changed.map(|(name, rows)| [name.clone(), grouped(*rows)]).collect();
    if !changed.is_empty() {
        text.push('\n');
        text += &table(["changed column", "rows"], changed, &[1]);
    }
    text
}

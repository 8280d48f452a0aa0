//! `annostore query`: SQL in, rows out.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::signals::stop_on_signals;
use super::stdout::StoppableStdout;
use super::unfinished::unfinished;
use super::{Globals, output, resource};
use crate::model::{Error, ErrorKind, Result};
use crate::query::format::{self, AnswerFormat, FORMATS, Failure, Layout, TABLE, Written};
use crate::query::{Answer, CatalogTables, DEFAULT_MEMORY, Engine, Options};

/// The most characters of a cell of a table on a terminal.
const CELL_WIDTH: usize = 60;
/// Bytes that are written to a pipe at once.
const BLOCK: usize = 64 * 1024;

const EXAMPLES: &str = r#"Examples:
  annostore query "SELECT contigname, count(*) FROM clinvar GROUP BY contigname"
  annostore query --region 17:43,044,295-43,125,364 \
    "SELECT * FROM clinvar WHERE attributes['CLNSIG'] = 'Pathogenic'"
  annostore query -o new.parquet \
    "SELECT contigname, start FROM clinvar.v2026_11 EXCEPT SELECT contigname, start FROM clinvar"
  annostore query "DESCRIBE clinvar""#;

/// Answer an SQL query over stores
///
/// A store is a table: its name means the default version, `store.version` any other. Columns are
/// those of AWS HealthOmics, and coordinates are zero-based, half-open. `attributes['KEY']` is the
/// text of an INFO key, `info.key` its typed value. SHOW TABLES lists what there is, DESCRIBE a
/// table's columns.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct QueryArgs {
    /// The query; `-` reads it from standard input
    #[arg(value_name = "SQL", required_unless_present = "file")]
    pub sql: Option<String>,
    /// Read the query from a file
    #[arg(long, value_name = "FILE", conflicts_with = "sql")]
    pub file: Option<PathBuf>,
    /// The form of the answer [default: what the name of --output ends in, else table]
    ///
    /// In tsv a tab, a line break, a carriage return and a backslash within a value are written as
    /// \t, \n, \r and \\: `C:\dir` comes out as `C:\\dir`. csv quotes such values and leaves them
    /// as they are.
    #[arg(short, long, value_name = "FORMAT", value_parser = format_parser())]
    pub format: Option<&'static AnswerFormat>,
    /// Write to a file, which appears only once it is whole
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Keep only rows that overlap the region, in every table: chr1, chr1:1000 (to the end) or
    /// chr1:1,000-2,000 (one-based, both ends included); may be given several times
    #[arg(short, long, value_name = "REGION")]
    pub region: Vec<String>,
    /// Memory for sorts, joins and aggregations, which go to disk beyond it [default: 1G]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub memory: Option<usize>,
    /// Give up after so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub timeout: Option<Duration>,
}

fn format_parser() -> impl TypedValueParser<Value = &'static AnswerFormat> {
    PossibleValuesParser::new(FORMATS.map(|it| it.name))
        .map(|name| AnswerFormat::named(&name).unwrap_or(&TABLE))
}

/// Runs the query.
pub fn run(args: &QueryArgs, globals: &Globals) -> Result<ExitCode> {
    let sql = sql(args)?;
    let format = chosen_format(args);
    if format.is_binary && args.output.is_none() && io::stdout().is_terminal() {
        return Err(Error::invalid("this format is not for a terminal")
            .with_help("name a file with -o, or redirect the output"));
    }
    let stop = stop_on_signals()?;
    let catalog = resource::service(globals)?.catalog().clone();
    let tables = CatalogTables { catalog, account: globals.account()? };
    let options = Options {
        threads: globals.threads.unwrap_or(Options::default().threads),
        memory: args.memory.unwrap_or(DEFAULT_MEMORY),
        timeout: args.timeout,
        stop: Some(Arc::clone(&stop)),
    };
    let engine = Engine::new(Arc::new(tables), options)?;
    let answer = engine.query(&sql, &args.region)?;
    let written = match &args.output {
        Some(path) => to_file(path, format, answer)?,
        None => to_stdout(format, answer, &stop)?,
    };
    if !globals.quiet {
        report(format, written, args.output.as_deref());
    }
    Ok(ExitCode::SUCCESS)
}

fn sql(args: &QueryArgs) -> Result<String> {
    let unreadable = |error: io::Error, name: &str| {
        Error::new(ErrorKind::Unreadable, "cannot read the query")
            .with("file", name)
            .with_source(error)
    };
    match (&args.file, args.sql.as_deref()) {
        (Some(path), _) => {
            fs::read_to_string(path).map_err(|error| unreadable(error, &path.display().to_string()))
        }
        (None, Some("-")) => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map_err(|error| unreadable(error, "-"))?;
            Ok(text)
        }
        (None, sql) => Ok(sql.unwrap_or_default().to_owned()),
    }
}

fn chosen_format(args: &QueryArgs) -> &'static AnswerFormat {
    let of_path = args.output.as_deref().and_then(AnswerFormat::of_path);
    args.format.or(of_path).unwrap_or(&TABLE)
}

fn to_stdout(
    format: &'static AnswerFormat,
    mut answer: Answer,
    stop: &Arc<AtomicBool>,
) -> Result<Written> {
    let cell_width = io::stdout().is_terminal().then_some(CELL_WIDTH);
    let layout = Layout { cell_width, ..Layout::stream(format) };
    let schema = answer.schema();
    let mut out = BufWriter::with_capacity(BLOCK, StoppableStdout::until(Arc::clone(stop)));
    let written = format::write(layout, &schema, &mut answer, &mut out)
        .and_then(|written| Ok(out.flush().map(|()| written)?));
    match written {
        Ok(written) => Ok(written),
        Err(Failure::Query(error)) => Err(error),
        Err(Failure::Output(_)) if stop.load(Ordering::Relaxed) => {
            Err(Error::new(ErrorKind::Interrupted, "the query was interrupted"))
        }
        // The reader went away (`| head`): enough was read. Not an exit on the spot, which would
        // leave temporary files behind.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(Written::default())
        }
        Err(Failure::Output(error)) => {
            Err(Error::new(ErrorKind::Storage, "cannot write to standard output")
                .with_source(error))
        }
    }
}

fn to_file(path: &Path, format: &'static AnswerFormat, mut answer: Answer) -> Result<Written> {
    let failed = |error: io::Error| {
        Error::new(ErrorKind::Storage, "cannot write the answer")
            .with("file", path.display())
            .with_source(error)
    };
    let mut out = BufWriter::new(unfinished(path).map_err(failed)?);
    let layout = Layout { file: true, ..Layout::stream(format) };
    let schema = answer.schema();
    let written =
        format::write(layout, &schema, &mut answer, &mut out).map_err(|error| match error {
            Failure::Query(error) => error,
            Failure::Output(error) => failed(error),
        })?;
    let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(written)
}

fn report(format: &AnswerFormat, written: Written, output: Option<&Path>) {
    let rows = format!("{} {}", written.rows, if written.rows == 1 { "row" } else { "rows" });
    match output {
        Some(path) => output::message(&format!("{rows} written to {}", path.display())),
        None if *format == TABLE => output::message(&rows),
        None => {}
    }
    if written.cut {
        output::message("cells were cut to fit: --format ndjson shows them whole");
    }
}

/// Bytes as people write them: `512M`, `2G`, `1048576`.
fn parse_size(text: &str) -> Result<usize, String> {
    let wrong = || format!("`{text}` is no size: write 512M or 2G");
    let upper = text.trim().to_ascii_uppercase();
    let upper = upper.strip_suffix("IB").or_else(|| upper.strip_suffix('B')).unwrap_or(&upper);
    let (digits, shift) = match upper.char_indices().last() {
        Some((at, 'K')) => (&upper[..at], 10),
        Some((at, 'M')) => (&upper[..at], 20),
        Some((at, 'G')) => (&upper[..at], 30),
        Some((at, 'T')) => (&upper[..at], 40),
        _ => (upper, 0),
    };
    let number: usize = digits.trim().parse().map_err(|_| wrong())?;
    let bytes = number.checked_mul(1 << shift).ok_or_else(wrong)?;
    if bytes < 1 << 20 { Err("give at least 1M".to_owned()) } else { Ok(bytes) }
}

fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| format!("`{text}` is no number of seconds"))?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err(format!("`{text}` is no time to wait")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!(parse_size("512M"), Ok(512 << 20));
        assert_eq!(parse_size("2GiB"), Ok(2 << 30));
        assert_eq!(parse_size("1048576"), Ok(1 << 20));
        for wrong in ["", "M", "-1G", "1.5G", "12", "99999999999T"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_limit_is_more_than_nothing() {
        assert_eq!(parse_seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "NaN", "inf", "x"] {
            assert!(parse_seconds(wrong).is_err(), "{wrong}");
        }
    }
}

//! `annostore query`: SQL in, rows out.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::destination::{Destination, Look};
use super::signals::stop_on_signals;
use super::{Globals, output, place, resource};
use crate::diagnostic::render::number::counted;
use crate::emit::Target;
use crate::export::{emit_answer, takes_answers};
use crate::model::{Error, ErrorKind, Result};
use crate::query::format::{AnswerFormat, FORMATS, TABLE};
use crate::query::{Answer, CatalogTables, DEFAULT_MEMORY, Engine, Options, names_files};
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

const EXAMPLES: &str = r#"Examples:
  annostore query "SELECT contigname, count(*) FROM clinvar GROUP BY contigname"
  annostore query --region 17:43,044,295-43,125,364 \
    "SELECT * FROM clinvar WHERE attributes['CLNSIG'] = 'Pathogenic'"
  annostore query -o new.parquet \
    "SELECT contigname, start FROM clinvar.v2026_11 EXCEPT SELECT contigname, start FROM clinvar"
  annostore query "DESCRIBE clinvar"
  annostore query "SELECT count(*) FROM 'calls.vcf.gz' WHERE qual > 50""#;

/// Answer an SQL query over stores and files
///
/// A store is a table: its name means the default version, `store.version` any other. Columns are
/// those of AWS HealthOmics, and coordinates are zero-based, half-open. `attributes['KEY']` is the
/// text of an INFO key, `info.key` its typed value. SHOW TABLES lists what there is, DESCRIBE a
/// table's columns. A name in single quotes is a file: a path, `https://` or `s3://`.
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
    /// Write to a file, which appears only once it is whole and replaces one that is there; `-` is
    /// standard output
    ///
    /// VCF, BED and compressed TSV go out, too (.vcf, .vcf.gz, .bed, .bed.gz, .tsv.gz, .csv.gz),
    /// where the answer has the columns that they need; compressed files have an index where the
    /// rows are in order. A link stays, and the file that it leads to is written. What is there
    /// and is no file, such as a device or a named pipe, is written to as rows come.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub asking: AskingArgs,
}

/// How to ask, and how answers look: the same for one statement and for many.
#[derive(Args, Clone, Debug)]
pub struct AskingArgs {
    /// Keep only rows that overlap the region, in every table: chr1, chr1:1000 (to the end) or
    /// chr1:1,000-2,000 (one-based, both ends included); may be given several times
    #[arg(short, long, value_name = "REGION")]
    pub region: Vec<String>,
    /// Memory of a query: sorts, windows and aggregations go to disk beyond it, and a join that
    /// keeps more is an error [default: 1G]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub memory: Option<usize>,
    /// The name that stands for the database of all stores, as in `omicsdb.clinvar`
    /// [default: any that no store has]
    #[arg(long, env = "ANNOSTORE_DATABASE", value_name = "NAME")]
    pub database: Option<String>,
    /// Give up after so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub timeout: Option<Duration>,
    /// Leave out the names of the columns (table, csv, tsv)
    #[arg(long)]
    pub no_header: bool,
    /// Show what is longer than the screen at once, without `$ANNOSTORE_PAGER`, `$PAGER` or
    /// `less`
    #[arg(long)]
    pub no_pager: bool,
}

impl AskingArgs {
    /// An engine over the stores, until the flag is set.
    pub fn engine(&self, globals: &Globals, stop: &Arc<AtomicBool>) -> Result<Engine> {
        Engine::new(Arc::new(tables(globals)?), self.options(globals, stop))
    }

    /// How an engine asks, until the flag is set.
    pub fn options(&self, globals: &Globals, stop: &Arc<AtomicBool>) -> Options {
        Options {
            threads: globals.threads.unwrap_or(Options::default().threads),
            memory: self.memory.unwrap_or(DEFAULT_MEMORY),
            timeout: self.timeout,
            stop: Some(Arc::clone(stop)),
            files: true,
            aws_region: globals.aws_region.clone(),
            database: self.database.clone(),
            ..Options::default()
        }
    }

    /// How answers in this form look.
    pub fn look(&self, format: &'static AnswerFormat) -> Result<Look> {
        if self.no_header && !format.has_header {
            let message = format!("{} has no header to leave out", format.name);
            return Err(Error::invalid(message)
                .with_help("leave --no-header out, or name another form with --format"));
        }
        Ok(Look { format, header: !self.no_header, pager: !self.no_pager })
    }
}

/// The stores that the account may read.
pub fn tables(globals: &Globals) -> Result<CatalogTables> {
    let catalog = resource::service(globals)?.catalog().clone();
    Ok(CatalogTables { catalog, account: globals.account()? })
}

/// The names of forms, on a command line.
pub fn format_parser() -> impl TypedValueParser<Value = &'static AnswerFormat> {
    PossibleValuesParser::new(FORMATS.map(|it| it.name))
        .map(|name| AnswerFormat::named(&name).unwrap_or(&TABLE))
}

/// Runs the query.
pub fn run(args: &QueryArgs, globals: &Globals) -> Result<ExitCode> {
    let sql = sql(args)?;
    let lines = lines_of_others(args);
    let format = match lines {
        Some(_) => &TABLE,
        None => chosen_format(args.format, output_path(args))?,
    };
    let stop = stop_on_signals()?;
    // Files need no home. Where there is one nothing is said of it, and no time taken to see.
    let quiet = globals.quiet || !globals.home()?.exists() && names_files(&sql);
    let about_home = Globals { quiet, ..globals.clone() };
    if let Some((path, target)) = lines {
        let engine = args.asking.engine(&about_home, &stop)?;
        let answer = engine.query(&sql, &args.asking.region)?;
        emitted(answer, (path, target), !args.asking.no_header, globals, &stop)?;
        return Ok(ExitCode::SUCCESS);
    }
    let look = args.asking.look(format)?;
    let engine = args.asking.engine(&about_home, &stop)?;
    let answer = engine.query(&sql, &args.asking.region)?;
    // Not before the query is known to be one: a file that cannot be written is told in time all
    // the same.
    Destination::new(output_path(args), look, &stop)?.write(answer, globals)?;
    Ok(ExitCode::SUCCESS)
}

/// A form that is no answer's own, as the name of the output asks for it.
fn lines_of_others(args: &QueryArgs) -> Option<(&Path, Target)> {
    let path = output_path(args).filter(|_| args.format.is_none())?;
    let target = Target::of_path(path).filter(|it| takes_answers(*it))?;
    Some((path, target))
}

/// Writes an answer as lines of VCF, BED, TSV or CSV, with the index of a compressed file.
fn emitted(
    mut answer: Answer,
    (path, target): (&Path, Target),
    with_names: bool,
    globals: &Globals,
    stop: &Arc<AtomicBool>,
) -> Result<()> {
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(stop);
    let to = place::destination(path, true, stop)?;
    let schema = answer.schema();
    let exported = emit_answer(target, (&schema, answer.by_ref()), with_names, to, &pipe);
    let exported = exported.map_err(|error| pipe.meter.cause(error))?;
    if !globals.quiet {
        let rows = counted(exported.rows, "row");
        output::message(&format!("{rows} written to {}", path.display()));
        let notes = answer.notes().into_iter().chain(exported.notes);
        notes.for_each(|it| output::message(&format!("note: {it}")));
    }
    Ok(())
}

/// The path of the output; none for standard output.
fn output_path(args: &QueryArgs) -> Option<&Path> {
    args.output.as_deref().filter(|it| *it != Path::new("-"))
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

/// The form that was asked for, by name or by what the name of the output ends in. A table stands
/// in for none, but not for one that is not known.
pub fn chosen_format(
    given: Option<&'static AnswerFormat>,
    path: Option<&Path>,
) -> Result<&'static AnswerFormat> {
    if let Some(format) = given {
        return Ok(format);
    }
    let Some(path) = path else { return Ok(&TABLE) };
    match (AnswerFormat::of_path(path), path.extension()) {
        (Some(format), _) => Ok(format),
        (None, None) => Ok(&TABLE),
        (None, Some(ending)) => {
            let ending = ending.to_string_lossy();
            let message = format!("no form of an answer has names that end in .{ending}");
            let known: Vec<_> = FORMATS.iter().map(|it| it.name).collect();
            let help = format!("name the form with --format: {}", known.join(", "));
            Err(Error::invalid(message).with("file", path.display()).with_help(help))
        }
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

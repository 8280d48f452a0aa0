//! `annostore infer`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::progress::Progress;
use super::signals::stop_on_signals;
use super::{Globals, input, output};
use crate::infer::{self, Selection};
use crate::model::{Error, Name, NullMarks, Result};
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// Find the options of a TSV or CSV file: separator, quotes, header, schema and annotation type
///
/// Prints them as the JSON of the API, and on stderr what it is not sure of. Looks at the first
/// megabyte only, unless --full is given.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  annostore infer scores.tsv.gz
  annostore infer scores.tsv.gz --full > it.json
  annostore check scores.tsv.gz --options it.json --request it.json
  annostore store create --request it.json --name scores
  annostore import scores.tsv.gz --store scores --request it.json
  annostore import scores.tsv.gz --store scores --create")]
pub struct InferArgs {
    /// The file: a path, `-` for standard input, `https://` or `s3://`
    #[arg(value_name = "FILE")]
    file: String,
    /// Read the whole file to prove types, quotes and encoding
    #[arg(long)]
    full: bool,
    /// Cells that the store will take for null, separated by commas: they say nothing about a type
    #[arg(long, value_name = "MARK,...", allow_hyphen_values = true)]
    null_marks: Option<String>,
    /// The name of the store to be, put into the JSON
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Which options to print
    #[arg(long, value_enum, value_name = "PART", default_value_t = Which::All)]
    part: Which,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    /// Those of the store and of the import
    All,
    /// A request that makes the store, for `store create --request`
    Store,
    /// Those of the import: `formatOptions`
    Import,
}

impl From<Which> for Selection {
    fn from(which: Which) -> Self {
        match which {
            Which::All => Self::All,
            Which::Store => Self::Store,
            Which::Import => Self::Import,
        }
    }
}

/// Infers, prints the options, and says what is unsure.
pub fn run(args: &InferArgs, globals: &Globals) -> Result<ExitCode> {
    let name = args.name.as_deref().map(|it| Name::new("name", it)).transpose()?;
    let marks = args.null_marks.as_deref().map(NullMarks::parse).transpose()?.unwrap_or_default();
    let stop = stop_on_signals()?;
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(&stop);
    let input = input::of(&args.file, &stop, globals)?;
    let progress = Progress::start(&args.file, &pipe.meter, globals);
    let inferred = infer::infer_with(&input, &pipe, args.full, &marks);
    progress.finish();
    let inferred = inferred?;
    if !globals.quiet {
        for note in &inferred.notes {
            output::message(&format!("note: {note}"));
        }
    }
    let json = serde_json::to_string_pretty(&inferred.requests(name.as_ref(), args.part.into()))
        .map_err(|error| Error::internal("cannot write JSON").with_source(error))?;
    output::result(&format!("{json}\n"))?;
    Ok(ExitCode::SUCCESS)
}

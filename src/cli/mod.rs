//! The same service from a terminal: arguments in, calls to the library, text out. Nothing below
//! this module prints.

#[cfg(feature = "store")]
mod annotate;
mod annotation;
mod baselines;
mod check;
mod choosing;
#[cfg(feature = "store")]
mod creation;
#[cfg(feature = "store")]
mod demo;
#[cfg(feature = "store")]
mod destination;
#[cfg(feature = "store")]
mod diff;
mod document;
#[cfg(feature = "store")]
mod export;
mod fix;
mod fix_places;
mod fix_report;
mod format;
mod globals;
#[cfg(feature = "store")]
mod header;
#[cfg(feature = "store")]
mod iceberg;
#[cfg(feature = "store")]
mod import;
mod infer;
#[cfg(feature = "store")]
mod init;
mod input;
#[cfg(feature = "store")]
mod job;
#[cfg(feature = "store")]
mod log;
mod meta;
mod output;
#[cfg(feature = "store")]
mod pager;
mod place;
mod progress;
#[cfg(feature = "store")]
mod query;
#[cfg(feature = "store")]
mod quickstart;
#[cfg(feature = "store")]
mod recover;
#[cfg(feature = "store")]
mod reference;
mod reports;
#[cfg(feature = "store")]
mod resource;
mod rule;
#[cfg(feature = "store")]
mod scan_bar;
#[cfg(feature = "store")]
mod serve;
mod settings;
#[cfg(feature = "store")]
mod share;
mod signals;
#[cfg(feature = "store")]
mod small_pages;
#[cfg(feature = "store")]
mod sql;
mod stoppable;
#[cfg(feature = "store")]
mod store;
#[cfg(feature = "store")]
mod tag;
#[cfg(feature = "store")]
mod verify;
#[cfg(feature = "store")]
mod version;
#[cfg(feature = "store")]
mod view;

use std::ffi::OsString;
use std::io::ErrorKind as ErrorOfOutput;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::model::{ErrorKind, Result};

pub use globals::Globals;

/// Checks, imports and queries genomic annotation files (VCF, BCF, TSV, GFF3) on this machine, as
/// AWS HealthOmics annotation stores do, and lets them out again: annotate, export, diff
#[derive(Debug, Parser)]
#[command(name = "annostore", version, max_term_width = 120, after_help = BEGIN)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// For whoever sees the program for the first time.
#[cfg(feature = "store")]
const BEGIN: &str = "\
To begin:
  annostore demo
  annostore check clinvar.vcf.gz
  annostore quickstart clinvar.vcf.gz
  annostore query \"SELECT * FROM clinvar LIMIT 10\"

Exit codes: 0 all is well, 1 findings of severity error, 2 wrong usage, 3 unreadable input,
4 refused by the store, 5 storage failed, 130 interrupted";
#[cfg(not(feature = "store"))]
const BEGIN: &str = "\
To begin:
  annostore check clinvar.vcf.gz
  annostore rule VCF114

Exit codes: 0 all is well, 1 findings of severity error, 2 wrong usage, 3 unreadable input,
130 interrupted";

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(feature = "store")]
    Demo(demo::DemoArgs),
    #[cfg(feature = "store")]
    Quickstart(quickstart::QuickstartArgs),
    Check(Box<check::CheckArgs>),
    Fix(Box<fix::FixArgs>),
    Infer(infer::InferArgs),
    Rule(rule::RuleArgs),
    #[cfg(feature = "store")]
    Init(init::InitArgs),
    #[cfg(feature = "store")]
    Store(store::StoreArgs),
    #[cfg(feature = "store")]
    Version(version::VersionArgs),
    #[cfg(feature = "store")]
    Import(import::ImportArgs),
    #[cfg(feature = "store")]
    Job(job::JobArgs),
    #[cfg(feature = "store")]
    Share(share::ShareArgs),
    #[cfg(feature = "store")]
    Tag(tag::TagArgs),
    #[cfg(feature = "store")]
    Reference(reference::ReferenceArgs),
    #[cfg(feature = "store")]
    Annotate(Box<annotate::AnnotateArgs>),
    #[cfg(feature = "store")]
    Export(export::ExportArgs),
    #[cfg(feature = "store")]
    Query(query::QueryArgs),
    #[cfg(feature = "store")]
    Sql(sql::SqlArgs),
    #[cfg(feature = "store")]
    Diff(Box<diff::DiffArgs>),
    #[cfg(feature = "store")]
    View(view::ViewArgs),
    #[cfg(feature = "store")]
    Iceberg(iceberg::IcebergArgs),
    #[cfg(feature = "store")]
    Verify(verify::VerifyArgs),
    #[cfg(feature = "store")]
    Recover(recover::RecoverArgs),
    #[cfg(feature = "store")]
    Serve(serve::ServeArgs),
    Completions(meta::CompletionsArgs),
    Man(meta::ManArgs),
}

/// Runs the program with its arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            // A reader that went away (`| head`) is no failure.
            let failed = error.print().is_err_and(|it| it.kind() != ErrorOfOutput::BrokenPipe);
            return if failed { exit_code(ErrorKind::Storage) } else { code }.into();
        }
    };
    match signals::fail_writes_to_files_that_are_too_large().and_then(|()| dispatch(cli)) {
        Ok(code) => code,
        Err(error) if output::reader_left(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            exit_code(error.kind()).into()
        }
    }
}

/// The definition of the command line, for completions and the manual.
fn definition() -> clap::Command {
    Cli::command()
}

fn dispatch(cli: Cli) -> Result<ExitCode> {
    let globals = &cli.globals;
    match cli.command {
        #[cfg(feature = "store")]
        Command::Demo(args) => demo::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Quickstart(args) => quickstart::run(&args, globals),
        Command::Check(args) => check::run(&args, globals),
        Command::Fix(args) => fix::run(&args, globals),
        Command::Infer(args) => infer::run(&args, globals),
        Command::Rule(args) => rule::run(&args),
        #[cfg(feature = "store")]
        Command::Init(args) => init::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Store(args) => store::run(args, globals),
        #[cfg(feature = "store")]
        Command::Version(args) => version::run(args, globals),
        #[cfg(feature = "store")]
        Command::Import(args) => import::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Job(args) => job::run(args, globals),
        #[cfg(feature = "store")]
        Command::Share(args) => share::run(args, globals),
        #[cfg(feature = "store")]
        Command::Tag(args) => tag::run(args, globals),
        #[cfg(feature = "store")]
        Command::Reference(args) => reference::run(args, globals),
        #[cfg(feature = "store")]
        Command::Annotate(args) => annotate::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Export(args) => export::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Query(args) => query::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Sql(args) => sql::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Diff(args) => diff::run(&args, globals),
        #[cfg(feature = "store")]
        Command::View(args) => view::run(args, globals),
        #[cfg(feature = "store")]
        Command::Iceberg(args) => iceberg::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Verify(args) => verify::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Recover(args) => recover::run(&args, globals),
        #[cfg(feature = "store")]
        Command::Serve(args) => serve::run(&args, globals),
        Command::Completions(args) => meta::completions(&args),
        Command::Man(args) => meta::man(&args),
    }
}

/// 0 clean, 1 findings of severity error, 2 usage, 3 input unreadable, 4 refused by the store, 5
/// storage failed, 130 interrupted.
fn exit_code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::InvalidInput => 2,
        ErrorKind::Unreadable => 3,
        ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::QuotaExceeded
        | ErrorKind::AccessDenied => 4,
        ErrorKind::Storage | ErrorKind::Internal => 5,
        ErrorKind::Interrupted => 130,
    }
}

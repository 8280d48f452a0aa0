//! `annostore iceberg`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;

use super::resource::{self, print_json};
use super::{Globals, output};
use crate::diagnostic::render::number::counted;
use crate::model::Result;

/// Let other engines read versions in place, as tables of Apache Iceberg
///
/// Each import writes the metadata of its version. `sync` writes them for versions of an earlier
/// annostore, and where the home has moved.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore iceberg sync
  annostore iceberg sync clinvar.v2026_11")]
pub struct IcebergArgs {
    #[command(subcommand)]
    command: IcebergCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum IcebergCommand {
    /// Write what is missing of the metadata, and say where they are
    Sync(SyncArgs),
}

#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:
  annostore iceberg sync clinvar
  python3 -c \"import polars; print(polars.scan_iceberg('<what it printed>').collect())\"")]
struct SyncArgs {
    /// The store, and its version [default: all]
    #[arg(value_name = "STORE[.VERSION]")]
    version: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// Runs `annostore iceberg`.
pub fn run(args: &IcebergArgs, globals: &Globals) -> Result<ExitCode> {
    let IcebergCommand::Sync(args) = &args.command;
    let service = resource::service(globals)?;
    let mut synced = Vec::new();
    service.sync_tables(args.version.as_deref(), |store, version, written| {
        if args.json {
            synced.push(json!({
                "name": store.name.as_str(),
                "versionName": version.name.as_str(),
                "metadataLocation": written.location()?,
            }));
            return Ok(());
        }
        let name = format!("{}.{}", store.name, version.name);
        let rows = counted(version.row_count, "row");
        output::result(&format!("{name}: {rows}, {}\n", written.location()?))
    })?;
    if args.json {
        print_json(&synced)?;
    }
    Ok(ExitCode::SUCCESS)
}

//! `annostore verify`

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::progress::Progress;
use super::resource::{self, print_json};
use super::signals::stop_on_signals;
use super::{Globals, output};
use crate::catalog::WAY_BACK;
use crate::diagnostic::render::number::counted;
use crate::model::{Error, ErrorKind, Result, visible};
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};
use crate::service::{DamagedFile, Verified};

/// Read all data files and say which of them the disk has not kept as they were written
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore verify
  annostore verify clinvar

Each data file is held against the SHA-256 of its import, and the catalog and its backup against
themselves. Exit code 5 where something is wrong; each fault is told with the file and its place.")]
pub struct VerifyArgs {
    /// Only the data files of this store [default: those of all stores of the home]
    #[arg(value_name = "STORE")]
    store: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// Runs `annostore verify`.
pub fn run(args: &VerifyArgs, globals: &Globals) -> Result<ExitCode> {
    let service = resource::service(globals)?;
    let stop = stop_on_signals()?;
    let pipe = Pipe::new(globals.threads, DEFAULT_CHUNK_BYTES)?.stopped_by(&stop);
    let progress = Progress::counting("files", "verify", &pipe.meter, globals);
    let verified = service.verify(args.store.as_deref(), &pipe, |found| {
        if args.json { Ok(()) } else { progress.aside(|| output::result(&line(found))) }
    });
    progress.finish();
    let verified = verified?;
    if args.json {
        print_json(&Answer::from(&verified))?;
    } else {
        output::result(&summary(&verified))?;
    }
    if verified.is_sound() { Ok(ExitCode::SUCCESS) } else { Err(failure(&verified)) }
}

fn line(it: &DamagedFile) -> String {
    format!("{}.{}: data file {} {}\n", it.store, it.version, visible(&it.path), visible(&it.fault))
}

fn summary(it: &Verified) -> String {
    let mut text = String::new();
    let parts = [("the catalog", &it.catalog), ("the backup of the catalog", &it.backup)];
    for (what, faults) in parts {
        for fault in faults {
            text.push_str(&format!("{what}: {}\n", visible(fault)));
        }
    }
    if !it.is_sound() {
        return text;
    }
    let backup = match it.backup_time {
        Some(time) => format!("its backup is of {}", resource::time(time)),
        None => "it has no backup yet, which the next import makes".to_owned(),
    };
    format!(
        "{} of {}, {}: all as they were written; the catalog is sound, {backup}\n",
        counted(it.files, "data file"),
        counted(it.versions, "version"),
        resource::size(it.bytes)
    )
}

fn failure(it: &Verified) -> Error {
    let (message, help) = if !it.catalog.is_empty() {
        ("the catalog is damaged".to_owned(), WAY_BACK)
    } else if !it.damaged.is_empty() {
        let of = counted(it.files, "data file");
        (
            format!("{} of {of} not as they were written", it.damaged.len()),
            "put the files back from a backup, or delete their versions with `annostore version \
             delete` and import them again",
        )
    } else {
        (
            "the backup of the catalog is damaged".to_owned(),
            "remove catalog.backup.db from the home: the next import makes a new one",
        )
    };
    Error::new(ErrorKind::Storage, message).with_help(help)
}

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    files: u64,
    versions: u64,
    bytes: u64,
    damaged: Vec<Damaged<'a>>,
    catalog_faults: &'a [String],
    backup_faults: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    backup_time: Option<String>,
}

#[derive(Serialize)]
struct Damaged<'a> {
    store: &'a str,
    version: &'a str,
    path: &'a str,
    fault: &'a str,
}

impl<'a> From<&'a Verified> for Answer<'a> {
    fn from(it: &'a Verified) -> Self {
        let damaged = |it: &'a DamagedFile| Damaged {
            store: &it.store,
            version: &it.version,
            path: &it.path,
            fault: &it.fault,
        };
        Self {
            files: it.files,
            versions: it.versions,
            bytes: it.bytes,
            damaged: it.damaged.iter().map(damaged).collect(),
            catalog_faults: &it.catalog,
            backup_faults: &it.backup,
            backup_time: it.backup_time.map(|it| it.to_string()),
        }
    }
}

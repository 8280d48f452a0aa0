//! `annostore init`

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use super::{Globals, output, resource};
use crate::model::Result;

/// Make a home, the folder that holds stores and catalog
///
/// `store create` makes one, too, where there is none. A home is its owner's alone (mode 0700).
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore init
  annostore init --home /data/annostore --group-readable
  annostore init --keep-removed 24h")]
pub struct InitArgs {
    /// Let the folder's group read all that is in the home, now and later: folders have mode 0750,
    /// files 0640. Also for a home that exists
    #[arg(long)]
    group_readable: bool,
    /// Keep the files of what is deleted for so long (24h, 90m, 0s), for engines that read versions
    /// as Iceberg tables and hold no lock here. Also for a home that exists [default: 0s, or as it
    /// is]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    keep_removed: Option<Duration>,
}

fn parse_time(text: &str) -> Result<Duration, String> {
    let time = text.parse::<SignedDuration>().ok().and_then(|it| Duration::try_from(it).ok());
    time.ok_or_else(|| "it has to be a time such as 24h, 90m or 0s".to_owned())
}

/// Runs `annostore init`.
pub fn run(args: &InitArgs, globals: &Globals) -> Result<ExitCode> {
    let is_new = !globals.home()?.join("catalog.db").exists();
    let service = resource::service_of_new(globals)?;
    if args.group_readable {
        service.catalog().let_group_read()?;
    }
    if let Some(kept) = args.keep_removed {
        service.catalog().set_keep_removed(kept)?;
    }
    let home = service.catalog().home().display();
    let made = if is_new { "made the home" } else { "the home exists already:" };
    let shared = if args.group_readable { ", which its group can read" } else { "" };
    output::result(&format!("{made} {home}{shared}\n"))?;
    Ok(ExitCode::SUCCESS)
}

//! `annostore init`

use std::process::ExitCode;

use clap::Args;

use super::{Globals, output, resource};
use crate::model::Result;

/// Make a home, the folder that holds stores and catalog
///
/// `store create` makes one, too, where there is none. A home is its owner's alone (mode 0700).
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore init
  annostore init --home /data/annostore --group-readable")]
pub struct InitArgs {
    /// Let the folder's group read all that is in the home, now and later: folders have mode 0750,
    /// files 0640. Also for a home that exists
    #[arg(long)]
    group_readable: bool,
}

/// Runs `annostore init`.
pub fn run(args: &InitArgs, globals: &Globals) -> Result<ExitCode> {
    let is_new = !globals.home()?.join("catalog.db").exists();
    let service = resource::service_of_new(globals)?;
    if args.group_readable {
        service.catalog().let_group_read()?;
    }
    let home = service.catalog().home().display();
    let made = if is_new { "made the home" } else { "the home exists already:" };
    let shared = if args.group_readable { ", which its group can read" } else { "" };
    output::result(&format!("{made} {home}{shared}\n"))?;
    Ok(ExitCode::SUCCESS)
}

//! `annostore recover`

use std::process::ExitCode;

use clap::Args;

use super::init::S3Server;
use super::{Globals, output, resource};
use crate::catalog::{Catalog, Recovered};
use crate::diagnostic::render::number::counted;
use crate::model::{Error, ErrorKind, Result};

/// Make a home from the bucket that its data files lie in
///
/// Each import and deletion leaves a copy of the catalog there. The bucket belongs to the new home
/// from then on: the one that wrote there before, should it still exist, is refused.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:
  annostore recover s3://genomics/annostore --home /data/annostore
  annostore recover s3://data/annostore --s3-endpoint http://localhost:9000

Exit code 5 where data files are missing that the catalog names; the home is made all the same.")]
pub struct RecoverArgs {
    /// What `annostore init --data-url` was given
    #[arg(value_name = "s3://BUCKET/PREFIX")]
    data_url: String,
    #[command(flatten)]
    server: S3Server,
}

/// Runs `annostore recover`.
pub fn run(args: &RecoverArgs, globals: &Globals) -> Result<ExitCode> {
    let address = args.server.address(&args.data_url, globals)?;
    let (catalog, recovered) = Catalog::recover_from(&globals.home()?, address)?;
    // What other engines were told last may be of imports that the copy does not know.
    resource::service(globals)?.sync_tables(None, |_, _, _| Ok(()))?;
    let Recovered { versions, files, rows, missing, unknown } = recovered;
    let home = catalog.home().display();
    output::result(&format!(
        "made the home {home}: {}, {}, {}\n",
        counted(versions, "version"),
        counted(files, "data file"),
        counted(rows, "row")
    ))?;
    if unknown > 0 {
        output::message(&format!(
            "warning: the bucket has {} that the catalog does not name: of imports that did not \
             end, or that the copy of the catalog does not know. Look with `annostore job list` \
             which imports it knows, and start the others again; the files are removed as those \
             of what is deleted, 24 hours from now unless `annostore init --keep-removed` says \
             otherwise",
            counted(unknown, "data file")
        ));
    }
    for file in &missing {
        output::message(&format!("missing: {file}"));
    }
    if missing.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let are = if missing.len() == 1 { "is" } else { "are" };
    let files = counted(missing.len() as u64, "data file");
    let message = format!("{files} of the home {are} missing");
    Err(Error::new(ErrorKind::Storage, message).with("data", &args.data_url).with_help(
        "import the files of their versions again: `annostore verify` names the versions",
    ))
}

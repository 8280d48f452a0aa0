//! `annostore demo`.
use std::process::ExitCode;

use clap::Args;

use super::Globals;
use crate::model::Result;

/// Show the main job on bundled data
#[derive(Args, Debug)]
pub struct DemoArgs {}

/// Runs it.
pub fn run(_: &DemoArgs, _: &Globals) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}

//! `annostore completions` and `annostore man`: what shells and `man` need to know about the
//! program.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use super::{definition, output};
use crate::model::Result;

/// Print a completion script for a shell
#[derive(Args, Debug)]
#[command(after_help = "Example:
  annostore completions bash > ~/.local/share/bash-completion/completions/annostore")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print the manual page: `annostore man | man -l -`
#[derive(Args, Debug)]
pub struct ManArgs {}

/// Prints the script.
pub fn completions(args: &CompletionsArgs) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition(), "annostore", &mut script);
    output::write_result(|out| out.write_all(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the page.
pub fn man() -> Result<ExitCode> {
    output::write_result(|out| clap_mangen::Man::new(definition()).render(out))?;
    Ok(ExitCode::SUCCESS)
}

//! `annostore completions` and `annostore man`: what shells and `man` need to know about the
//! program.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::Shell;

use super::{definition, output};
use crate::model::{Error, ErrorKind, Result};

/// Print a completion script for a shell
#[derive(Args, Debug)]
#[command(after_help = "Example:
  annostore completions bash > ~/.local/share/bash-completion/completions/annostore")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Print a manual page: `annostore man | man -l -`
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  annostore man import | man -l -
  annostore man --folder ~/.local/share/man/man1")]
pub struct ManArgs {
    /// The command whose page it is, such as `import` or `store create` [default: the program]
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write the pages of all commands to a folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    folder: Option<PathBuf>,
}

/// Prints the script.
pub fn completions(args: &CompletionsArgs) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition(), "annostore", &mut script);
    output::write_result(|out| out.write_all(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a page, or writes all.
pub fn man(args: &ManArgs) -> Result<ExitCode> {
    if let Some(folder) = &args.folder {
        let written = fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(definition(), folder));
        written.map_err(|error| {
            Error::new(ErrorKind::Storage, "cannot write the manual pages")
                .with("folder", folder.display())
                .with_source(error)
        })?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut program = definition().disable_help_subcommand(true);
    // What a command has of those above it, its name first of all, it gets here.
    program.build();
    let page = subcommand(program, &args.command)?;
    output::write_result(|out| clap_mangen::Man::new(page).render(out))?;
    Ok(ExitCode::SUCCESS)
}

/// The command that some words name, one below the other.
fn subcommand(program: Command, words: &[String]) -> Result<Command> {
    words.iter().try_fold(program, |command, word| {
        command.find_subcommand(word).cloned().ok_or_else(|| {
            Error::invalid(format!("there is no command `{}`", words.join(" ")))
                .with_help("`annostore --help` lists the commands")
        })
    })
}

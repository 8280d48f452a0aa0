//! Options that every command takes.

use std::path::PathBuf;

use clap::Args;

use crate::model::{Account, Error, Result};

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options of every command")]
pub struct Globals {
    /// The folder that holds stores and catalog [default: `$XDG_DATA_HOME/annostore` or
    /// `~/.local/share/annostore`]
    #[arg(long, global = true, env = "ANNOSTORE_HOME", value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// The 12 digits of the account to act as
    #[arg(long, global = true, default_value = Account::DEFAULT, value_name = "ID")]
    pub account: String,
    /// The region that ARNs name
    #[arg(long, global = true, default_value = "us-east-1", value_name = "REGION")]
    pub aws_region: String,
    /// Threads to work with [default: one per processor]
    #[arg(long, global = true, value_name = "N", value_parser = thread_count)]
    pub threads: Option<usize>,
    /// Say less: no progress, no summary, only results and errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more: `check` also lists the checks that it made and skipped
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

impl Globals {
    /// The home folder: `--home`, `ANNOSTORE_HOME`, else below `$XDG_DATA_HOME` or
    /// `~/.local/share`.
    pub fn home(&self) -> Result<PathBuf> {
        if let Some(home) = &self.home {
            return Ok(home.clone());
        }
        let data =
            std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
        let data = data
            .or_else(|| std::env::var_os("HOME").map(|it| PathBuf::from(it).join(".local/share")));
        data.map(|it| it.join("annostore")).ok_or_else(|| {
            Error::invalid("no folder to keep stores in")
                .with_help("give --home DIR or set ANNOSTORE_HOME")
        })
    }

    /// The account to act as.
    pub fn account(&self) -> Result<Account> {
        Account::new(&self.account)
    }
}

/// More threads than any machine has processors only get in each other's way.
const MAX_THREADS: usize = 1024;

fn thread_count(text: &str) -> std::result::Result<usize, String> {
    let count = text.parse().ok().filter(|it| (1..=MAX_THREADS).contains(it));
    count.ok_or_else(|| format!("give a number from 1 to {MAX_THREADS}"))
}

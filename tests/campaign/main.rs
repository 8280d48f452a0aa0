//! Campaigns: faults by the thousand, and after each the home holds what it has to hold.
//!
//! `cargo test` runs each for a short while. A long one is
//!
//! ```text
//! cargo test --release --test campaign -- kill --count 10000 --seed 7 --folder target/campaigns
//! ```
//!
//! With `--folder` it goes on where an earlier run of the same seed ended. What fails says the seed
//! and the round that made it fail.
// Helpers of tests may unwrap as the tests do, and a campaign tells how far it is.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../common/mod.rs"]
mod common;
mod faults;
mod home;
mod inputs;
mod kill;

use std::path::PathBuf;
use std::time::Instant;

use clap::{Parser, ValueEnum};

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Campaign {
    /// Commands killed at random moments
    Kill,
    /// Commands killed before one of the calls that change files
    Points,
    /// One call that fails, with EIO or ENOSPC
    Calls,
}

/// Runs campaigns of faults against the program
#[derive(Debug, Parser)]
#[command(name = "campaign")]
struct Arguments {
    /// Which; all of them, shortly, where none is named
    campaign: Option<Campaign>,
    /// Faults of a campaign
    #[arg(long)]
    count: Option<usize>,
    /// What the random numbers begin with
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Where a long campaign keeps how far it is, to go on from there
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// How a campaign is run.
struct Plan {
    count: usize,
    seed: u64,
    folder: Option<PathBuf>,
}

impl Campaign {
    /// Faults where no number is given: some seconds of them.
    fn short(self) -> usize {
        match self {
            Self::Kill => 40,
            Self::Points | Self::Calls => 20,
        }
    }

    fn run(self, arguments: &Arguments) {
        let plan = Plan {
            count: arguments.count.unwrap_or_else(|| self.short()),
            seed: arguments.seed,
            folder: arguments.folder.clone(),
        };
        let name = self.to_possible_value().unwrap().get_name().to_owned();
        println!("campaign {name}: --count {} --seed {}", plan.count, plan.seed);
        let began = Instant::now();
        let told = match self {
            Self::Kill => kill::run(&plan),
            Self::Points => faults::points(&plan),
            Self::Calls => faults::calls(&plan),
        };
        println!("campaign {name}: {told}, in {} s: ok", began.elapsed().as_secs());
    }
}

fn main() {
    let names: Vec<String> = std::env::args().collect();
    // Options of the test harness, and filters for tests of other files, come with `cargo test`.
    let is_ours = names
        .iter()
        .any(|it| Campaign::from_str(it, false).is_ok() || matches!(it.as_str(), "--help" | "-h"));
    if is_ours {
        let arguments = Arguments::parse();
        let one = arguments.campaign.map(|it| vec![it]);
        let campaigns = one.unwrap_or_else(|| Campaign::value_variants().to_vec());
        for campaign in campaigns {
            campaign.run(&arguments);
        }
        return;
    }
    if names.iter().skip(1).any(|it| it == "--list" || !it.starts_with('-')) {
        return;
    }
    let arguments = Arguments::parse_from(["campaign"]);
    for campaign in Campaign::value_variants() {
        campaign.run(&arguments);
    }
}

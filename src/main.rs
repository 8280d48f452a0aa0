//! The `annostore` program: parses arguments, runs the command, turns its outcome into an exit
//! code.

use std::process::ExitCode;

#[cfg(feature = "store")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    annostore::cli::run(std::env::args_os())
}

//! Ctrl-C, SIGTERM and the end of the terminal.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag::{register, register_conditional_shutdown};

use crate::model::{Error, Result};

/// A flag that the first signal sets, so that the run cleans up and ends; a second one ends the
/// process at once, and the next start cleans up.
pub fn stop_on_signals() -> Result<Arc<AtomicBool>> {
    let stop = stop_flag();
    if LISTENS.swap(true, Ordering::SeqCst) {
        return Ok(stop);
    }
    // What `nohup` runs is to outlive its terminal.
    let signals = [SIGINT, SIGTERM, SIGHUP].into_iter();
    for signal in signals.filter(|it| *it != SIGHUP || !is_ignored(SIGHUP)) {
        register_conditional_shutdown(signal, 130, Arc::clone(&stop))
            .and_then(|_| register(signal, Arc::clone(&stop)))
            .map_err(not_listening)?;
    }
    Ok(stop)
}

/// The flag that signals set once [`stop_on_signals`] listens to them. There is one, as signals are
/// the process's.
pub fn stop_flag() -> Arc<AtomicBool> {
    Arc::clone(STOP.get_or_init(Arc::default))
}

static STOP: OnceLock<Arc<AtomicBool>> = OnceLock::new();
/// Whether somebody listens.
static LISTENS: AtomicBool = AtomicBool::new(false);

/// What a prompt hears: Ctrl-C ends the statement that runs, all else the prompt.
#[cfg(feature = "store")]
pub struct PromptSignals {
    /// Set by each signal; ends the statement.
    pub stop: Arc<AtomicBool>,
    /// Set by those that end the prompt.
    pub ended: Arc<AtomicBool>,
    /// To be set while the prompt waits for a line, when nothing needs to be tidied up.
    pub waits: Arc<AtomicBool>,
}

#[cfg(feature = "store")]
impl PromptSignals {
    /// Begins to listen.
    pub fn listen() -> Result<Self> {
        let new = || Arc::new(AtomicBool::new(false));
        let (stop, ended, waits) = (stop_flag(), new(), new());
        register(SIGINT, Arc::clone(&stop)).map_err(not_listening)?;
        for signal in [SIGTERM, SIGHUP] {
            register_conditional_shutdown(signal, 130, Arc::clone(&waits))
                .and_then(|_| register_conditional_shutdown(signal, 130, Arc::clone(&ended)))
                .and_then(|_| register(signal, Arc::clone(&ended)))
                .and_then(|_| register(signal, Arc::clone(&stop)))
                .map_err(not_listening)?;
        }
        Ok(Self { stop, ended, waits })
    }
}

/// Lets a write beyond the largest file that the user may have fail as any other write: by itself
/// its signal ends the process, without a word or an exit code.
pub fn fail_writes_to_files_that_are_too_large() -> Result<()> {
    register(SIGXFSZ, Arc::default()).map(drop).map_err(not_listening)
}

fn not_listening(error: io::Error) -> Error {
    Error::internal("cannot listen for signals").with_source(error)
}

/// Whether whoever started the process had it ignore a signal, where the system tells.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|it| u64::from_str_radix(it.trim(), 16).ok()).unwrap_or(0);
    mask >> (signal - 1) & 1 == 1
}

//! How far a long scan has come, on stderr, for a person at a terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Globals;
use crate::query::Scan;

/// A bar that follows a scan until it is taken away.
pub struct ScanBar {
    ended: Arc<AtomicBool>,
    follower: Option<JoinHandle<()>>,
}

/// Between two looks at the scan.
const TICK: Duration = Duration::from_millis(100);
/// A scan that is done by then has no bar.
const SHORT: Duration = Duration::from_secs(1);
/// Parts of the bar.
const PARTS: u64 = 10_000;

impl ScanBar {
    /// Begins to follow; shows nothing with `--quiet` or where stderr is no terminal.
    pub fn follow(scan: Scan, globals: &Globals) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if globals.quiet || bar.is_hidden() {
            return Self { ended, follower: None };
        }
        let until = Arc::clone(&ended);
        // Where the system lets no further thread start, there is no bar.
        let follower = Builder::new().spawn(move || draw(&bar, &scan, &until)).ok();
        Self { ended, follower }
    }

    /// Takes the bar away.
    pub fn finish(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(follower) = self.follower.take() {
            follower.thread().unpark();
            let _ = follower.join();
        }
    }
}

impl Drop for ScanBar {
    fn drop(&mut self) {
        self.finish();
    }
}

fn draw(bar: &ProgressBar, scan: &Scan, ended: &AtomicBool) {
    let begun = Instant::now();
    let known = "{bar:30} {msg}, {eta} left";
    let unknown = "{spinner} {msg}, {elapsed}";
    let mut is_known = None;
    while !ended.load(Ordering::Relaxed) {
        if begun.elapsed() >= SHORT {
            let now = scan.now();
            if is_known != Some(now.done.is_some()) {
                is_known = Some(now.done.is_some());
                let template = if now.done.is_some() { known } else { unknown };
                if let Ok(style) = ProgressStyle::with_template(template) {
                    bar.set_style(style);
                }
            }
            if let Some((done, all)) = now.done {
                bar.set_length(PARTS);
                let part = u128::from(done.min(all)) * u128::from(PARTS) / u128::from(all.max(1));
                bar.set_position(u64::try_from(part).unwrap_or(PARTS));
            }
            bar.set_message(format!("{} rows, {}", HumanCount(now.rows), HumanBytes(now.bytes)));
        }
        std::thread::park_timeout(TICK);
    }
    bar.finish_and_clear();
}

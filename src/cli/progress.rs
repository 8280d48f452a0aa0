//! Progress on stderr, for a person at a terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Globals;
use crate::read::Meter;

/// A bar that follows a meter until it is finished.
pub struct Progress {
    ended: Arc<AtomicBool>,
    bar: ProgressBar,
    follower: Option<JoinHandle<()>>,
}

/// Between two looks at the meter.
const TICK: Duration = Duration::from_millis(100);

impl Progress {
    /// Begins to follow; shows nothing with `--quiet` or where stderr is no terminal.
    pub fn start(name: &str, meter: &Arc<Meter>, globals: &Globals) -> Self {
        Self::counting("records", name, meter, globals)
    }

    /// Begins to follow, as [`Progress::start`] does, with another word for what is counted.
    pub fn counting(what: &'static str, name: &str, meter: &Arc<Meter>, globals: &Globals) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if globals.quiet || bar.is_hidden() {
            return Self { ended, bar, follower: None };
        }
        bar.set_prefix(crate::diagnostic::printable(name.as_bytes(), 40));
        let (meter, until) = (Arc::clone(meter), Arc::clone(&ended));
        let drawn = bar.clone();
        // Where the system lets no further thread start, there is no bar.
        let thread = std::thread::Builder::new();
        let follower = thread.spawn(move || follow(&drawn, &meter, &until, what)).ok();
        Self { ended, bar, follower }
    }

    /// Says on stderr what an import says, unless `--quiet`; the bar makes room for it.
    #[cfg(feature = "store")]
    pub fn listener(&self, globals: &Globals) -> crate::model::Listener {
        if globals.quiet {
            return crate::model::Listener::default();
        }
        let bar = self.bar.clone();
        crate::model::Listener::new(move |text| bar.suspend(|| super::output::message(text)))
    }

    /// Prints something beside the bar, which makes room for it.
    #[cfg(feature = "store")]
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(follower) = self.follower {
            let _ = follower.join();
        }
        self.bar.finish_and_clear();
    }
}

fn follow(bar: &ProgressBar, meter: &Meter, ended: &AtomicBool, what: &str) {
    let known = "{prefix} {bar:30} {bytes}/{total_bytes}, {msg}, {eta} left";
    let unknown = "{prefix} {spinner} {bytes}, {msg}, {elapsed}";
    let mut styled = None;
    while !ended.load(Ordering::Relaxed) {
        let total = meter.bytes_total.load(Ordering::Relaxed);
        if styled != Some(total) {
            styled = Some(total);
            if let Ok(style) = ProgressStyle::with_template(if total > 0 { known } else { unknown })
            {
                bar.set_style(style);
            }
            if total > 0 {
                bar.set_length(total);
            }
        }
        bar.set_position(meter.bytes_read.load(Ordering::Relaxed));
        bar.set_message(format!("{} {what}", meter.records.load(Ordering::Relaxed)));
        std::thread::sleep(TICK);
    }
}

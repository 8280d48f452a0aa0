//! The log of the server. A thread of its own writes it to standard error, so that nothing waits
//! for whoever reads it: where it cannot be written, lines are lost, and neither requests nor jobs.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use tracing::{Level, warn};
use tracing_subscriber::fmt::MakeWriter;

use crate::model::{Error, Result, visible};

/// Lines that wait to be written, at most.
const MAX_WAITING: usize = 4096;
/// How long the end of the program waits for lines to be written.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// The form of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// For people
    Text,
    /// One JSON object a line
    Json,
}

/// Lines on their way to standard error.
#[derive(Clone)]
struct Lines {
    sender: SyncSender<Vec<u8>>,
    counts: Arc<Counts>,
    form: LogForm,
}

#[derive(Default)]
struct Counts {
    /// Lines that were not written yet.
    waiting: AtomicU64,
    /// Lines that are lost, of which nobody was told.
    lost: AtomicU64,
}

/// Keeps the log; when it is dropped, what waits is written if it can be.
pub struct Log(Arc<Counts>);

impl Log {
    /// Begins the log: messages of this level and above.
    pub fn begin(form: LogForm, level: Level) -> Result<Self> {
        let counts = Arc::<Counts>::default();
        let lines = Lines::begin(form, &counts, io::stderr())?;
        let log = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_writer(lines)
            // It would be told on standard error, and a failure of that would end a thread.
            .log_internal_errors(false)
            .with_ansi(false)
            .with_target(false);
        match form {
            LogForm::Text => log.init(),
            LogForm::Json => log.json().init(),
        }
        Ok(Self(counts))
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let end = Instant::now() + END_TIMEOUT;
        while self.0.waiting.load(Ordering::SeqCst) > 0 && Instant::now() < end {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Lines {
    fn begin(
        form: LogForm,
        counts: &Arc<Counts>,
        out: impl Write + Send + 'static,
    ) -> Result<Self> {
        let (sender, lines) = sync_channel(MAX_WAITING);
        let own = Arc::clone(counts);
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write_lines(&lines, &own, out))
            .map_err(|error| Error::internal("cannot start a thread").with_source(error))?;
        Ok(Self { sender, counts: Arc::clone(counts), form })
    }
}

/// Writes lines until nobody sends any more.
fn write_lines(lines: &Receiver<Vec<u8>>, counts: &Counts, mut out: impl Write) {
    loop {
        let line = match lines.try_recv() {
            Ok(line) => line,
            Err(TryRecvError::Disconnected) => return,
            Err(TryRecvError::Empty) => {
                // There is room now, so that this line gets through.
                let lost = counts.lost.swap(0, Ordering::SeqCst);
                if lost > 0 {
                    warn!(lines = lost, "the log could not be written: lines are lost");
                    continue;
                }
                let Ok(line) = lines.recv() else { return };
                line
            }
        };
        if out.write_all(&line).is_err() && counts.lost.load(Ordering::SeqCst) == 0 {
            // Whoever reads the log later shall know; to say so at once would fail as this did.
            counts.lost.fetch_add(1, Ordering::SeqCst);
        }
        counts.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Takes a whole line at a time, as the subscriber hands them over.
impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let sent = match self.form {
            LogForm::Text => escaped(&String::from_utf8_lossy(line)).into_bytes(),
            LogForm::Json => line.to_vec(),
        };
        self.counts.waiting.fetch_add(1, Ordering::SeqCst);
        if self.sender.try_send(sent).is_err() {
            self.counts.waiting.fetch_sub(1, Ordering::SeqCst);
            self.counts.lost.fetch_add(1, Ordering::SeqCst);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line that is one, whatever clients sent that is in it.
fn escaped(line: &str) -> String {
    let line = line.strip_suffix('\n').unwrap_or(line);
    format!("{}\n", visible(line))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// Passes lines on, once for each permission, and fails where there is none any more.
    struct Slow(Receiver<()>, std::sync::mpsc::Sender<Vec<u8>>);

    impl Write for Slow {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.recv().map_err(io::Error::other)?;
            self.1.send(line.to_vec()).map_err(io::Error::other)?;
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_log_that_nobody_reads_stops_nobody() {
        let counts = Arc::<Counts>::default();
        let ((permit, permits), (written, read)) = (channel(), channel());
        let mut lines = Lines::begin(LogForm::Text, &counts, Slow(permits, written)).unwrap();
        // One more than wait may be with the thread already.
        for _ in 0..MAX_WAITING + 10 {
            lines.write_all(b"a\n").unwrap();
        }
        assert!((9..=10).contains(&counts.lost.load(Ordering::SeqCst)));
        permit.send(()).unwrap();
        assert_eq!(read.recv().unwrap(), b"a\n");
        // From now on each write fails, as on a pipe whose reader is gone.
        drop(permit);
        lines.write_all(b"b\n").unwrap();
        drop(Log(Arc::clone(&counts)));
        assert_eq!(counts.waiting.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_line_stays_one() {
        assert_eq!(escaped("a\u{1b}[2Jb\nc\n"), "a\\u{1b}[2Jb\\nc\n");
    }
}

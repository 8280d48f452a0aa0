//! What was written of a large file is brought to the disk while more is written, so that its end
//! has little to wait for.

use std::fs::File;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Bytes after which the disk is given what was written.
const STEP: usize = 16 << 20;

/// Gives the disk what was written of one file, on a thread of its own.
#[derive(Debug, Default)]
pub struct SyncAhead {
    /// Bytes that were written since the thread was woken.
    written: usize,
    thread: Option<(SyncSender<()>, JoinHandle<io::Result<()>>)>,
}

impl SyncAhead {
    /// Counts bytes that were written to a file, always the same, and wakes the thread where they
    /// are many.
    pub fn count(&mut self, bytes: usize, file: &File) {
        self.written += bytes;
        if self.written < STEP {
            return;
        }
        self.written = 0;
        if self.thread.is_none() {
            // Where there are no more files or threads, all is brought to the disk at the end.
            self.thread = file.try_clone().ok().and_then(start);
        }
        if let Some((wake, _)) = &self.thread {
            // It is at it where it cannot be woken.
            let _ = wake.try_send(());
        }
    }

    /// Waits for the thread. The system tells an error of the disk once: also one that the thread
    /// was told.
    pub fn end(&mut self) -> io::Result<()> {
        let Some((wake, thread)) = self.thread.take() else { return Ok(()) };
        drop(wake);
        thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread failed")))
    }
}

fn start(file: File) -> Option<(SyncSender<()>, JoinHandle<io::Result<()>>)> {
    let (wake, woken) = sync_channel::<()>(1);
    let thread = thread::Builder::new().name("sync".to_owned());
    let thread = thread.spawn(move || woken.iter().try_for_each(|()| file.sync_data()));
    Some((wake, thread.ok()?))
}

//! Outputs that may keep a writer waiting, for who may be stopped meanwhile.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// How often the stop flag is looked at while a block is not taken.
const LOOK: Duration = Duration::from_millis(50);

/// Writes on a thread of its own: a write to a full pipe ends only when somebody reads, and whoever
/// is in it cannot be stopped, nor tidy up.
pub struct Stoppable {
    blocks: Sender<Vec<u8>>,
    written: Receiver<io::Result<()>>,
    /// Whether a block is being written.
    busy: bool,
    stop: Arc<AtomicBool>,
    /// Waited for by [`Stoppable::close`] alone.
    #[cfg_attr(not(feature = "store"), allow(dead_code))]
    thread: JoinHandle<()>,
}

impl Stoppable {
    /// Standard output until the flag is set.
    pub fn stdout(stop: Arc<AtomicBool>) -> io::Result<Self> {
        Self::of(|| Ok(io::stdout()), stop)
    }

    /// A device, a pipe or whatever else is there under a path, until the flag is set. To open a
    /// pipe waits for its reader.
    pub fn existing(path: PathBuf, stop: Arc<AtomicBool>) -> io::Result<Self> {
        Self::of(move || OpenOptions::new().append(true).open(path), stop)
    }

    /// What is opened on the thread that writes to it.
    pub fn of<W: Write>(
        open: impl FnOnce() -> io::Result<W> + Send + 'static,
        stop: Arc<AtomicBool>,
    ) -> io::Result<Self> {
        let (blocks, waiting) = channel::<Vec<u8>>();
        let (done, written) = channel();
        let thread = Builder::new().spawn(move || {
            let mut out = match open() {
                Ok(out) => out,
                Err(error) => {
                    let _ = done.send(Err(error));
                    return;
                }
            };
            for block in waiting {
                let result = out.write_all(&block).and_then(|()| out.flush());
                if done.send(result).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { blocks, written, busy: false, stop, thread })
    }

    /// Waits until what was written to is closed: a pager, until the person leaves it.
    #[cfg(feature = "store")]
    pub fn close(self) {
        drop(self.blocks);
        let _ = self.thread.join();
    }

    /// Waits for the block before.
    fn wait(&mut self) -> io::Result<()> {
        while self.busy {
            match self.written.recv_timeout(LOOK) {
                Ok(result) => {
                    self.busy = false;
                    result?;
                }
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Relaxed) => {
                    return Err(io::Error::other("stopped"));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(gone()),
            }
        }
        Ok(())
    }
}

impl Write for Stoppable {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.wait()?;
        // Where the thread has ended, it has said why.
        let taken = self.blocks.send(bytes.to_vec());
        self.busy = true;
        if taken.is_err() {
            self.wait()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.wait()
    }
}

fn gone() -> io::Error {
    io::Error::other("the thread that writes has ended")
}

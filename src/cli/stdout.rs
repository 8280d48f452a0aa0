//! Standard output for what may be stopped while nobody reads it.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// How often the stop flag is looked at while a block is not taken.
const LOOK: Duration = Duration::from_millis(50);

/// Writes on a thread of its own: a write to a full pipe ends only when somebody reads, and whoever
/// is in it cannot be stopped, nor tidy up.
pub struct StoppableStdout {
    blocks: Sender<Vec<u8>>,
    written: Receiver<io::Result<()>>,
    /// Whether a block is being written.
    busy: bool,
    stop: Arc<AtomicBool>,
}

impl StoppableStdout {
    /// Standard output until the flag is set.
    pub fn until(stop: Arc<AtomicBool>) -> Self {
        let (blocks, waiting) = channel::<Vec<u8>>();
        let (done, written) = channel();
        thread::spawn(move || {
            let mut out = io::stdout();
            for block in waiting {
                let result = out.write_all(&block).and_then(|()| out.flush());
                if done.send(result).is_err() {
                    return;
                }
            }
        });
        Self { blocks, written, busy: false, stop }
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

impl Write for StoppableStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.wait()?;
        self.blocks.send(bytes.to_vec()).map_err(|_| gone())?;
        self.busy = true;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.wait()
    }
}

fn gone() -> io::Error {
    io::Error::other("the thread that writes has ended")
}

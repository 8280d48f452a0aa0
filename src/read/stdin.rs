//! Standard input for a reader that can be stopped while it waits.

use std::io::{self, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// Between two looks at the flag that stops the reader.
const LOOK: Duration = Duration::from_millis(50);
/// Bytes that are read at once: what a pipe holds.
const PIECE: usize = 1 << 16;
/// Pieces that may wait to be taken.
const PIECES: usize = 4;

/// Standard input, read by a thread of its own, since a read of the system goes on after a signal.
///
/// The thread ends with the input, or with the process.
pub struct Stdin {
    stop: Arc<AtomicBool>,
    /// A piece without bytes is the end.
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
    ended: bool,
}

impl Stdin {
    /// Begins to read; reads fail once `stop` is set.
    pub fn stopped_by(stop: &Arc<AtomicBool>) -> Self {
        Self::of(io::stdin(), stop)
    }

    fn of(input: impl Read + Send + 'static, stop: &Arc<AtomicBool>) -> Self {
        let (sender, pieces) = sync_channel(PIECES);
        // A thread that cannot be had is met as one that failed.
        let _ = std::thread::Builder::new().spawn(move || send(input, &sender));
        Self { stop: Arc::clone(stop), pieces, piece: io::Cursor::default(), ended: false }
    }

    fn next(&self) -> io::Result<Vec<u8>> {
        loop {
            match self.pieces.recv_timeout(LOOK) {
                Ok(piece) => return piece,
                Err(RecvTimeoutError::Timeout) if self.stop.load(Ordering::Relaxed) => {
                    return Err(io::Error::other("stopped while waiting for standard input"));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(io::Error::other("the thread that reads standard input failed"));
                }
            }
        }
    }
}

fn send(mut input: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    let mut buffer = vec![0; PIECE];
    loop {
        let piece = match input.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            read => read.map(|count| buffer[..count].to_vec()),
        };
        let is_last = piece.as_ref().map_or(true, Vec::is_empty);
        // Nobody takes it any more where the reader ended early.
        if sender.send(piece).is_err() || is_last {
            return;
        }
    }
}

impl Read for Stdin {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.piece.read(buffer)?;
        if count > 0 || self.ended || buffer.is_empty() {
            return Ok(count);
        }
        self.piece = io::Cursor::new(self.next()?);
        self.ended = self.piece.get_ref().is_empty();
        self.piece.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_come_and_then_the_end() {
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(PIECE * 6 + 5).collect();
        let mut input = Stdin::of(io::Cursor::new(bytes.clone()), &Arc::default());
        let mut read = Vec::new();
        assert_eq!(input.read_to_end(&mut read).unwrap(), bytes.len());
        assert!(read == bytes);
        assert_eq!(input.read(&mut [0]).unwrap(), 0);
    }

    #[test]
    fn a_reader_that_waits_is_stopped() {
        // Nothing comes, and the pipe stays open.
        let (input, _output) = io::pipe().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let mut reader = Stdin::of(input, &stop);
        let setter = std::thread::spawn(move || stop.store(true, Ordering::Relaxed));
        assert!(reader.read(&mut [0]).is_err());
        setter.join().unwrap();
    }

    #[test]
    fn an_error_is_no_end() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("no device"))
            }
        }
        let mut input = Stdin::of(Failing, &Arc::default());
        assert_eq!(input.read(&mut [0]).unwrap_err().to_string(), "no device");
        assert!(input.read(&mut [0]).is_err());
    }
}

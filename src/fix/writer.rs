//! Text to an output, plain or in blocks of BGZF that the threads of a pipe make.

use std::collections::VecDeque;
use std::io::Write as _;
use std::sync::mpsc::{Receiver, sync_channel};

use crate::emit::bgzf::{Blocks, Effort, compress};
use crate::emit::{Destination, OpenOutput};
use crate::model::{Error, Result};
use crate::read::bgzf::END_OF_FILE;
use crate::read::{Pipe, spare};

/// Writes text in the order in which it comes.
pub struct TextWriter {
    out: OpenOutput,
    /// The threads that compress; none for plain text.
    compressing: Option<Pipe>,
    under_way: VecDeque<Receiver<Result<Blocks>>>,
    /// Text that is too short for blocks of its own.
    gathered: Vec<u8>,
}

/// Bytes from which on text is compressed.
const ENOUGH: usize = 1 << 18;

impl TextWriter {
    /// Opens a place for text, to be compressed or not.
    pub fn create(to: Destination, is_compressed: bool, pipe: &Pipe) -> Result<Self> {
        let out = OpenOutput::create(to)?;
        let compressing = is_compressed.then(|| pipe.clone());
        Ok(Self { out, compressing, under_way: VecDeque::new(), gathered: Vec::new() })
    }

    /// Where it goes.
    pub fn output(&self) -> &OpenOutput {
        &self.out
    }

    /// Whether it becomes blocks of BGZF.
    pub fn is_compressed(&self) -> bool {
        self.compressing.is_some()
    }

    /// Appends text.
    pub fn write(&mut self, text: &[u8]) -> Result<()> {
        if !self.is_compressed() {
            return self.bytes(text);
        }
        self.gathered.extend_from_slice(text);
        if self.gathered.len() < ENOUGH { Ok(()) } else { self.compress() }
    }

    /// Has what was gathered compressed, and writes what is finished.
    fn compress(&mut self) -> Result<()> {
        let Some(pipe) = &self.compressing else { return Ok(()) };
        let window = pipe.window();
        let text = std::mem::replace(&mut self.gathered, spare::emptied(ENOUGH));
        let (sender, receiver) = sync_channel(1);
        pipe.pool.spawn_fifo(move || {
            // Nobody waits any more where the run ended early.
            let _ = sender.send(compress(&text, Effort::Quick));
            spare::give_back(text);
        });
        self.under_way.push_back(receiver);
        self.write_finished(window)
    }

    /// Writes blocks until no more than so many pieces of work are under way.
    fn write_finished(&mut self, window: usize) -> Result<()> {
        while self.under_way.len() > window {
            let Some(front) = self.under_way.pop_front() else { break };
            let blocks = front.recv().map_err(|_| Error::internal("a worker thread failed"))??;
            self.bytes(&blocks.bytes)?;
            spare::give_back(blocks.bytes);
        }
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(|error| self.out.failed(error))
    }

    /// Ends the output: a file is whole on the disk, and has its name.
    pub fn finish(mut self) -> Result<()> {
        if self.is_compressed() {
            if !self.gathered.is_empty() {
                self.compress()?;
            }
            self.write_finished(0)?;
            self.bytes(&END_OF_FILE)?;
        }
        self.out.finish()
    }
}

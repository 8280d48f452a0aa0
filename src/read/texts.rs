//! The bytes of an input as texts, from front to back, and what stops a decompression bomb.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::bgzf;
use super::chunk::Text;
use super::gzip::BehindEnd;
use super::pipe::Meter;
use crate::model::{Error, ErrorKind, Result};

/// Inflated bytes from which on the ratio to the bytes read is watched.
const WATCHED_FROM: u64 = 256 << 20;
/// The highest ratio of inflated to read bytes. Annotation files reach 50; a bomb 600 and more.
const MAX_RATIO: u64 = 500;

/// Texts of a fixed size, read from front to back.
pub struct Reads<R> {
    input: R,
    bytes: usize,
    done: bool,
}

impl<R> Reads<R> {
    /// Texts of so many bytes.
    pub fn new(input: R, bytes: usize) -> Self {
        Self { input, bytes, done: false }
    }
}

impl<R: Read> Iterator for Reads<R> {
    type Item = Result<Text>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let mut text = Text::with_room(self.bytes);
        match fill(&mut self.input, text.room_mut()) {
            Ok(count) => {
                self.done = count < self.bytes;
                text.truncate(count);
                (count > 0).then_some(Ok(text))
            }
            Err(error) => {
                self.done = true;
                Some(Err(error))
            }
        }
    }
}

/// Reads until the buffer is full or the input ends.
pub fn fill(input: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(inflate_error(&error)),
        }
    }
    Ok(filled)
}

fn inflate_error(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Error::new(ErrorKind::Unreadable, "the gzip file is cut: it ends inside its data")
                .with_help("copy or download the file again; what is here is not all of it")
        }
        _ if BehindEnd::is(error) => bgzf::behind_end(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            Error::new(ErrorKind::Unreadable, format!("the gzip file is damaged: {error}"))
                .with_help(
                    "copy or download the file again and compare its checksum with the origin's",
                )
        }
        _ => bgzf::unreadable(error),
    }
}

/// Stops a decompression bomb.
pub struct Guarded<I> {
    texts: I,
    meter: Arc<Meter>,
    inflated: u64,
}

impl<I> Guarded<I> {
    /// Watches what an input inflates to, of which the meter counts the bytes that are read.
    pub fn new(texts: I, meter: Arc<Meter>) -> Self {
        Self { texts, meter, inflated: 0 }
    }
}

impl<I: Iterator<Item = Result<Text>>> Iterator for Guarded<I> {
    type Item = Result<Text>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.texts.next()?;
        if let Ok(text) = &text {
            self.inflated += text.bytes().len() as u64;
            let read = self.meter.bytes_read.load(Ordering::Relaxed).max(1);
            if self.inflated > WATCHED_FROM && self.inflated / read > MAX_RATIO {
                return Some(Err(Error::new(
                    ErrorKind::Unreadable,
                    format!("the file inflates to more than {MAX_RATIO} times its size"),
                )
                .with_help("if it is sound, inflate it first and give the plain file")));
            }
        }
        Some(text)
    }
}

//! The first bytes of an input.

use std::fs::File;
use std::io::Read;

use crate::read::gzip::{self, Members};
use crate::read::input::Input;

/// Bytes at the start of an input, before and behind its compression, that tell what it is.
pub const PEEKED: usize = 4096;

/// The byte order mark of UTF-8.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// The first bytes within a compression, of which only the start is here: an early end says
/// nothing yet.
pub fn inflated(start: &[u8]) -> Vec<u8> {
    let mut inside = Vec::new();
    let mut members = Members::new(start).take(PEEKED as u64);
    let mut some = [0; 512];
    while let Ok(count @ 1..) = members.read(&mut some) {
        inside.extend_from_slice(&some[..count]);
    }
    inside
}

/// The first bytes of an input within its compression; none of what can be read but once.
pub fn first_text(input: &Input) -> Option<Vec<u8>> {
    let start = first_bytes(input)?;
    Some(if start.starts_with(&gzip::MAGIC) { inflated(&start) } else { start })
}

/// The first bytes of an input; none of what can be read but once, such as a pipe.
pub fn first_bytes(input: &Input) -> Option<Vec<u8>> {
    let bytes: Box<dyn Read> = match input {
        Input::Path(path) => {
            let file = File::open(path).ok()?;
            if !file.metadata().ok()?.is_file() {
                return None;
            }
            Box::new(file)
        }
        Input::Object(object) => object.read_from(0),
    };
    let mut start = Vec::new();
    bytes.take(PEEKED as u64).read_to_end(&mut start).ok()?;
    Some(start)
}

//! An input that can be read again, from front to back each time.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;

use super::input::{Input, Object};
use super::pipe::Meter;
use super::texts::fill;
use crate::model::{Error, ErrorKind, Result};

/// Bytes that are copied at once.
const BLOCK: usize = 1 << 18;

/// An input that can be opened again: standard input and pipes are copied to a file without a name
/// in the folder for temporary files, which is gone however the process ends.
pub fn rereadable(input: &Input, meter: &Meter) -> Result<Input> {
    match input {
        Input::Path(path) if path == "-" || !Path::new(path).is_file() => {
            let (input, _) = input.open(&meter.stop)?;
            let spool = copied(path, input, meter)?;
            Ok(Input::Object(Arc::new(spool)))
        }
        _ => Ok(input.clone()),
    }
}

fn copied(name: &str, mut input: impl Read, meter: &Meter) -> Result<Spool> {
    let mut file = tempfile::tempfile().map_err(unwritable)?;
    let (mut block, mut length) = (vec![0; BLOCK], 0);
    loop {
        meter.check()?;
        let count =
            fill(&mut input, &mut block).map_err(|it| meter.cause(it).with("file", name))?;
        if count == 0 {
            return Ok(Spool { name: name.to_owned(), file: Arc::new(file), length });
        }
        file.write_all(&block[..count]).map_err(unwritable)?;
        length += count as u64;
    }
}

fn unwritable(error: io::Error) -> Error {
    Error::new(ErrorKind::Storage, "cannot copy the input to a temporary file, to read it twice")
        .with_source(error)
        .with_help("name a folder with room in TMPDIR, or save the input as a file first")
}

/// A copy of an input.
struct Spool {
    name: String,
    file: Arc<File>,
    length: u64,
}

impl Object for Spool {
    fn name(&self) -> &str {
        &self.name
    }

    fn length(&self) -> u64 {
        self.length
    }

    fn read_from(&self, at: u64) -> Box<dyn Read + Send> {
        Box::new(SpoolReader { file: Arc::clone(&self.file), at })
    }
}

/// Reads a copy from a place on, whoever else reads it.
struct SpoolReader {
    file: Arc<File>,
    at: u64,
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read_at(buffer, self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

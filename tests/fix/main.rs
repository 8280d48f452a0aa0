//! `annostore fix`: it mends what its rules say, leaves all else as it is, and never changes what
//! an import stores.
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod any_file;
mod compressed;
mod definitions;
mod examples;
mod program;
mod rows;
#[cfg(feature = "store")]
mod stored;

use std::fs;

use annostore::check::CheckOptions;
use annostore::emit::Destination;
use annostore::fix::{Differ, Fix, FixOptions, FixReading, Fixed, Outputs, TextWriter};
use annostore::model::Result;
use annostore::read::source::{Compression, Input};
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};

/// A file as it is once mended, and what was mended.
struct MendedBytes {
    bytes: Vec<u8>,
    fixed: Fixed,
}

/// Mends a file on so many threads, in chunks of so many bytes.
fn mend_in(
    file: &[u8],
    name: &str,
    reading: &FixReading,
    threads: usize,
    chunk: usize,
    diff: Option<Differ>,
) -> Result<MendedBytes> {
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join(name), folder.path().join("out"));
    fs::write(&path, file).unwrap();
    let pipe = Pipe::new(Some(threads), chunk).unwrap();
    let input = Input::from(path.to_str().unwrap());
    let to = Destination::File { path: out.clone(), replace: false };
    let text = Some(TextWriter::create(to, false, &pipe).unwrap());
    let options = FixOptions {
        name: name.to_owned(),
        compression: Compression::Plain,
        check: CheckOptions::default(),
        only_if_mended: false,
    };
    let fix = Fix::open(&input, reading.clone(), &pipe)?;
    let fixed = fix.run(Outputs { text, diff, ..Outputs::default() }, &options)?;
    Ok(MendedBytes { bytes: fs::read(&out).unwrap(), fixed })
}

fn mend(file: &[u8], name: &str, reading: &FixReading) -> Result<MendedBytes> {
    mend_in(file, name, reading, 2, DEFAULT_CHUNK_BYTES, None)
}

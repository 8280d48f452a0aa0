//! What the fuzz targets share: an input read in several ways, which must not show in what is said about it.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use annostore::diagnostic::render::{Style, json, text};
use annostore::diagnostic::report::Report;
use annostore::model::Result;
use annostore::read::Pipe;
use tempfile::TempDir;

/// Chunks of the whole input, of a line each, and of a few lines.
const CHUNKS: [usize; 3] = [1 << 20, 1, 48];

static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("there is a folder for temporary files"));
// Threads are started once; a pipe made of these has a meter of its own.
static PIPES: LazyLock<[Pipe; 2]> = LazyLock::new(|| {
    [1, 2].map(|it| Pipe::new(Some(it), CHUNKS[0]).expect("threads can be started"))
});

/// Reads the input as a file in every way, and panics where two ways differ.
pub fn read_in_all_ways(input: &[u8], name: &str, check: impl Fn(&str, &Pipe) -> Result<Report>) {
    let path = FOLDER.path().join(name);
    fs::write(&path, input).expect("the folder can be written");
    let expected = outcome(&path, &PIPES[0], CHUNKS[0], &check);
    for (pipe, chunk) in [(0, CHUNKS[1]), (1, CHUNKS[1]), (1, CHUNKS[2]), (1, CHUNKS[0])] {
        let found = outcome(&path, &PIPES[pipe], chunk, &check);
        assert_eq!(found, expected, "pipe {pipe}, chunks of {chunk} bytes");
    }
}

/// The report in both forms, or the error.
fn outcome(
    path: &Path,
    pipe: &Pipe,
    chunk_bytes: usize,
    check: &impl Fn(&str, &Pipe) -> Result<Report>,
) -> std::result::Result<(String, String), String> {
    let mut pipe = pipe.clone().stopped_by(&Arc::default());
    pipe.chunk_bytes = chunk_bytes;
    let path = path.to_str().expect("the folder has a name of text");
    match check(path, &pipe) {
        Ok(report) => {
            Ok((
                json::render(std::slice::from_ref(&report)).to_string(),
                text::render(&report, Style::PLAIN),
            ))
        }
        Err(error) => Err(error.to_string()),
    }
}

//! What the fuzz targets share: an input read in several ways, which must not show in what is said
//! about it.

#[cfg(feature = "store")]
pub mod store;

use std::cell::OnceCell;
use std::fs;
use std::sync::{Arc, LazyLock};

use annostore::diagnostic::render::text::Audience;
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

/// Checks the input as a file in every way.
///
/// # Panics
///
/// Where two ways tell different things.
pub fn read_in_all_ways(input: &[u8], name: &str, check: impl Fn(&str, &Pipe) -> Result<Report>) {
    let expected = OnceCell::new();
    in_all_ways(input, name, |path, pipe| {
        let found = outcome(check(path, pipe));
        let expected = expected.get_or_init(|| found.clone());
        assert_eq!(&found, expected, "chunks of {} bytes", pipe.chunk_bytes);
    });
}

/// Writes the input to a file, and hands it over with one thread and two, in chunks of several
/// sizes.
///
/// # Panics
///
/// Where the file cannot be written.
pub fn in_all_ways(input: &[u8], name: &str, read: impl Fn(&str, &Pipe)) {
    let path = FOLDER.path().join(name);
    fs::write(&path, input).expect("the folder can be written");
    let path = path.to_str().expect("the folder has a name of text");
    for (pipe, chunk) in [(0, 0), (0, 1), (1, 1), (1, 2), (1, 0)] {
        let mut pipe = PIPES[pipe].clone().stopped_by(&Arc::default());
        pipe.chunk_bytes = CHUNKS[chunk];
        read(path, &pipe);
    }
}

/// The report in both forms, or the error.
fn outcome(report: Result<Report>) -> std::result::Result<(String, String), String> {
    let report = report.map_err(|error| error.to_string())?;
    let json = json::render(std::slice::from_ref(&report)).to_string();
    Ok((json, text::render(&report, Style::PLAIN, Audience::Checker)))
}

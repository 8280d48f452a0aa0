//! Finds out how a TSV file is to be read, and which columns it has.
//!
//! `cargo run --example infer -- FILE`, or without a file the demo's one of scores.
// An example prints.
#![allow(clippy::print_stdout)]

use annostore::infer::infer;
use annostore::{DEFAULT_CHUNK_BYTES, Pipe};

fn main() -> annostore::Result<()> {
    let scores = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo/scores.tsv");
    let file = std::env::args().nth(1).unwrap_or_else(|| scores.to_owned());
    let inferred = infer(&file, &Pipe::new(None, DEFAULT_CHUNK_BYTES)?, true)?;
    for column in &inferred.store.schema {
        println!("{} {}", column.name, column.data_type.as_str());
    }
    for note in &inferred.notes {
        println!("unsure: {note}");
    }
    Ok(())
}

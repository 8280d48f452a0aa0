//! Answers as text or files, batch by batch.

mod cell;
mod columnar;
mod columns;
mod delimited;
mod form;
mod json;
mod records;
mod shown;
mod table;

use std::path::Path;

pub use cell::append_plain;
pub use columnar::{ARROW, PARQUET};
pub use delimited::{CSV, TSV};
pub use form::{AnswerFormat, Batches, Failure, Layout, Written, write};
pub use json::{JSON, NDJSON};
pub use records::RECORDS;
pub use table::TABLE;

/// All forms. A new one is a value in a file of this folder, and a line here.
pub static FORMATS: [&AnswerFormat; 8] =
    [&TABLE, &RECORDS, &CSV, &TSV, &JSON, &NDJSON, &PARQUET, &ARROW];

impl AnswerFormat {
    /// The format of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.into_iter().find(|it| it.name == name)
    }

    /// The format that a file's name asks for.
    pub fn of_path(path: &Path) -> Option<&'static Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let has = |it: &&AnswerFormat| it.name == extension || it.extensions.contains(&&*extension);
        FORMATS.into_iter().find(has)
    }
}

#[cfg(test)]
mod tests;

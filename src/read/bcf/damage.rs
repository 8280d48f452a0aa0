//! What is wrong with a BCF file, and where.

use crate::model::{Error, ErrorKind};

/// What is wrong with a record, in words that follow `the BCF file is damaged:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage(pub &'static str);

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    /// Its number, counted from 1.
    pub record: u64,
    /// Its first byte in what the file inflates to, counted from 0.
    pub byte: u64,
}

impl Damage {
    /// The error about the file.
    pub fn error(self) -> Error {
        Error::new(ErrorKind::Unreadable, format!("the BCF file is damaged: {}", self.0)).with_help(
            "copy or download the file again and compare its checksum with the origin's; \
             if it is as it was written, write it anew with `bcftools view -Ob`",
        )
    }

    /// The error about a record of the file.
    pub fn of_record(self, place: RecordPlace) -> Error {
        place.add_to(self.error())
    }
}

impl RecordPlace {
    fn add_to(self, error: Error) -> Error {
        error.with("record", self.record).with("byte of the inflated file", self.byte)
    }
}

/// The error where a file ends early, and where that is.
pub fn cut(what: &str, place: Option<RecordPlace>) -> Error {
    let error = Error::new(ErrorKind::Unreadable, format!("the BCF file is cut: {what}"))
        .with_help("copy or download the file again; what is here is not all of it");
    match place {
        Some(place) => place.add_to(error),
        None => error,
    }
}

//! What holds for any file, whatever is in it.

// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[cfg(feature = "store")]
mod maps;
mod tsv;

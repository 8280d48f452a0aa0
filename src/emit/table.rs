//! TSV and CSV.

use super::form::LineForm;
use super::places::Places;

/// Tab-separated values, which have places once somebody says in which columns.
pub static TSV: LineForm =
    LineForm { name: "tsv", endings: &["tab"], takes_gz: true, places: Places::Unknown };

/// Comma-separated values. Tabix knows only tabs: there is no index.
pub static CSV: LineForm =
    LineForm { name: "csv", endings: &[], takes_gz: true, places: Places::Unknown };

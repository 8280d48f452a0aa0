//! BED.

use super::form::LineForm;
use super::places::Places;

/// BED, zero-based and half-open.
pub static BED: LineForm = LineForm {
    name: "bed",
    endings: &[],
    takes_gz: true,
    places: Places::Columns { contig: 0, start: 1, end: Some(2), zero_based: true, skip: 0 },
};

//! GFF3.

use super::form::LineForm;
use super::places::Places;

/// GFF3, one-based with both ends included.
pub static GFF3: LineForm = LineForm {
    name: "gff3",
    endings: &["gff"],
    takes_gz: true,
    places: Places::Columns { contig: 0, start: 3, end: Some(4), zero_based: false, skip: 0 },
};

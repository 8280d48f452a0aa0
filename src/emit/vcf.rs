//! VCF.

use super::form::LineForm;
use super::places::Places;

/// VCF, whose lines are indexed by POS and by what REF, END and SVLEN say they cover.
pub static VCF: LineForm =
    LineForm { name: "vcf", endings: &[], takes_gz: true, places: Places::Vcf };

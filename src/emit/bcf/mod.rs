//! BCF 2.2: lines of VCF in binary, each value in the type that the header gives its key.
//!
//! noodles writes BCF too, but panics at `KEY=.`, asks for every value to be of its type, and
//! respells the header. Here the rules are htslib's (`vcf_parse`): a value that is not of its type
//! is missing, and said; the header is the text that it was.

mod dictionary;
mod misfits;
mod record;
mod samples;
mod undeclared;
mod value;

pub use dictionary::Dictionary;
pub use misfits::Misfits;
pub use record::Encoder;
pub use undeclared::Undeclared;

use super::form::LineForm;
use super::places::Places;

/// BCF, always in BGZF.
pub static BCF: LineForm =
    LineForm { name: "bcf", endings: &[], takes_gz: false, places: Places::Vcf };

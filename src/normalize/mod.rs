//! Variants in their one form: as far to the left as they go, and no longer than they have to be (Tan et al. 2015), as
//! `bcftools norm -f` writes them.
//!
//! [`align`] is the algorithm. [`VcfNormalizer`] stands between the parser of a VCF file and its sink, and looks at each record before it
//! becomes columns; nearly all of them need nothing, and cost one comparison with the reference.

mod alias;
mod align;
mod cursor;
mod split;
mod summary;
mod vcf;

pub use align::{Change, align};
pub use cursor::Cursor;
pub use split::{Part, Splitter};
pub use summary::{Counts, Form, Summary};
pub use vcf::{NormalizeOptions, RefMismatch, VcfNormalizer, VcfNormalizers};

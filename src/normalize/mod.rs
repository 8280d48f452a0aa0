//! Variants in their one form: as far to the left as they go, and no longer than they have to be
//! (Tan et al. 2015), as `bcftools norm -f` writes them.
//!
//! `align` is the algorithm. [`VcfNormalizer`] and [`TsvNormalizer`] stand between the parser of
//! a file and its sink, and look at each record before it becomes columns; nearly all of them need
//! nothing, and cost one comparison with the reference.

mod align;
mod cursor;
mod normalizer;
mod split;
mod summary;
mod tsv;
mod vcf;

pub use align::{Change, align};
pub use cursor::Cursor;
pub use normalizer::{NormalizeOptions, RefMismatch};
pub use split::{AlleleSplitter, SplitAllele};
pub use summary::{Counts, Normalized, NormalizedForm};
pub use tsv::{TsvNormalizer, TsvNormalizers, tsv_records};
pub use vcf::{VcfNormalizer, VcfNormalizers, vcf_records};

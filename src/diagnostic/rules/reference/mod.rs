//! Rules about variants held against a reference.

mod beyond_contig;
mod contig_not_in_reference;
mod duplicate_once_normalized;
mod first_alternate_only;
mod not_normalized;
mod reference_mismatch;

pub use beyond_contig::BEYOND_CONTIG;
pub use contig_not_in_reference::CONTIG_NOT_IN_REFERENCE;
pub use duplicate_once_normalized::DUPLICATE_ONCE_NORMALIZED;
pub use first_alternate_only::FIRST_ALTERNATE_ONLY;
pub use not_normalized::NOT_NORMALIZED;
pub use reference_mismatch::REFERENCE_MISMATCH;

//! Rules about a GFF3 file as a whole: directives and sequences.

mod duplicate_sequence_region;
mod fasta_without_header;
mod malformed_sequence_region;
mod misplaced_version;
mod missing_version;
mod negative_sequence_region;
mod outside_sequence_region;
mod row_among_sequences;
mod unsupported_version;

pub use duplicate_sequence_region::DUPLICATE_SEQUENCE_REGION;
pub use fasta_without_header::FASTA_WITHOUT_HEADER;
pub use malformed_sequence_region::MALFORMED_SEQUENCE_REGION;
pub use misplaced_version::MISPLACED_VERSION;
pub use missing_version::MISSING_VERSION;
pub use negative_sequence_region::NEGATIVE_SEQUENCE_REGION;
pub use outside_sequence_region::OUTSIDE_SEQUENCE_REGION;
pub use row_among_sequences::ROW_AMONG_SEQUENCES;
pub use unsupported_version::UNSUPPORTED_VERSION;

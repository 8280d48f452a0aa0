//! Rules about the header of a VCF file.

mod duplicate_definition;
mod duplicate_sample;
mod flag_with_number;
mod invalid_number;
mod invalid_type;
mod malformed_definition;
mod missing_column_line;
mod missing_fileformat;
mod unsupported_version;
mod wrong_column_names;

pub use duplicate_definition::DUPLICATE_DEFINITION;
pub use duplicate_sample::DUPLICATE_SAMPLE;
pub use flag_with_number::FLAG_WITH_NUMBER;
pub use invalid_number::INVALID_NUMBER;
pub use invalid_type::INVALID_TYPE;
pub use malformed_definition::MALFORMED_DEFINITION;
pub use missing_column_line::MISSING_COLUMN_LINE;
pub use missing_fileformat::MISSING_FILEFORMAT;
pub use unsupported_version::UNSUPPORTED_VERSION;
pub use wrong_column_names::WRONG_COLUMN_NAMES;

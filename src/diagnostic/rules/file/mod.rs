//! Rules about files as such, whatever their format.

mod compression_and_name_disagree;
mod invalid_utf8;
mod no_final_newline;
mod no_records;

pub use compression_and_name_disagree::COMPRESSION_AND_NAME_DISAGREE;
pub use invalid_utf8::INVALID_UTF8;
pub use no_final_newline::NO_FINAL_NEWLINE;
pub use no_records::NO_RECORDS;

//! Rules about the first eight columns of a GFF3 row.

mod cds_without_phase;
mod control_character;
mod empty_column;
mod empty_name;
mod end_before_start;
mod invalid_phase;
mod invalid_strand;
mod malformed_md5_seqid;
mod missing_column;
mod missing_position;
mod phase_not_an_integer;
mod position_not_an_integer;
mod quoted_column;
mod score_not_a_number;
mod score_out_of_range;
mod start_below_one;
mod unescaped_seqid;
mod wrong_column_count;

pub use cds_without_phase::CDS_WITHOUT_PHASE;
pub use control_character::CONTROL_CHARACTER;
pub use empty_column::EMPTY_COLUMN;
pub use empty_name::EMPTY_NAME;
pub use end_before_start::END_BEFORE_START;
pub use invalid_phase::INVALID_PHASE;
pub use invalid_strand::INVALID_STRAND;
pub use malformed_md5_seqid::MALFORMED_MD5_SEQID;
pub use missing_column::MISSING_COLUMN;
pub use missing_position::MISSING_POSITION;
pub use phase_not_an_integer::PHASE_NOT_AN_INTEGER;
pub use position_not_an_integer::POSITION_NOT_AN_INTEGER;
pub use quoted_column::QUOTED_COLUMN;
pub use score_not_a_number::SCORE_NOT_A_NUMBER;
pub use score_out_of_range::SCORE_OUT_OF_RANGE;
pub use start_below_one::START_BELOW_ONE;
pub use unescaped_seqid::UNESCAPED_SEQID;
pub use wrong_column_count::WRONG_COLUMN_COUNT;

//! Rules about the JSON of a request: what a store is made with, and what an import job is started with.

mod duplicate_member;
mod length_out_of_limits;
mod malformed_value;
mod missing_member;
mod not_json;
mod not_one_union_member;
mod other_destination;
mod source_not_in_s3;
mod unknown_member;
mod unknown_word;
mod wrong_member_type;

pub use duplicate_member::DUPLICATE_MEMBER;
pub use length_out_of_limits::LENGTH_OUT_OF_LIMITS;
pub use malformed_value::MALFORMED_VALUE;
pub use missing_member::MISSING_MEMBER;
pub use not_json::NOT_JSON;
pub use not_one_union_member::NOT_ONE_UNION_MEMBER;
pub use other_destination::OTHER_DESTINATION;
pub use source_not_in_s3::SOURCE_NOT_IN_S3;
pub use unknown_member::UNKNOWN_MEMBER;
pub use unknown_word::UNKNOWN_WORD;
pub use wrong_member_type::WRONG_MEMBER_TYPE;

//! Rules about the annotations of VEP and `SnpEff` in INFO.

mod annotation_codons_replaced;
mod annotation_field_absent;
mod annotation_field_count;
mod annotation_fields_not_named;
mod annotation_format_not_standard;
mod annotation_key_unknown;
mod annotation_line_not_unique;

pub use annotation_codons_replaced::ANNOTATION_CODONS_REPLACED;
pub use annotation_field_absent::ANNOTATION_FIELD_ABSENT;
pub use annotation_field_count::ANNOTATION_FIELD_COUNT;
pub use annotation_fields_not_named::ANNOTATION_FIELDS_NOT_NAMED;
pub use annotation_format_not_standard::ANNOTATION_FORMAT_NOT_STANDARD;
pub use annotation_key_unknown::ANNOTATION_KEY_UNKNOWN;
pub use annotation_line_not_unique::ANNOTATION_LINE_NOT_UNIQUE;

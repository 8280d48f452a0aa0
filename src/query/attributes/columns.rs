//! The columns that hold INFO.

/// The virtual column.
pub const ATTRIBUTES_COLUMN: &str = "attributes";
/// The struct with one typed field per declared INFO key.
pub const INFO_COLUMN: &str = "info";
/// The map of whatever has no declaration or does not fit it.
pub const OTHER_COLUMN: &str = "info_other";

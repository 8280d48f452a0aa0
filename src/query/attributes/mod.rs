//! `attributes`: INFO as a map from text to text, as the service keeps it, computed from typed
//! columns when it is asked for.

pub mod adapter;
pub mod functions;
pub mod text;

/// The virtual column.
pub const ATTRIBUTES_COLUMN: &str = "attributes";
/// The struct with one typed field per declared INFO key.
pub const INFO_COLUMN: &str = "info";
/// The map of whatever has no declaration or does not fit it.
pub const OTHER_COLUMN: &str = "info_other";

pub use adapter::AttributesAdapterFactory;
pub use functions::{attributes_type, header_key};

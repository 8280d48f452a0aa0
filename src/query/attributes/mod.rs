//! `attributes`: INFO as a map from text to text, as the service keeps it, computed from typed
//! columns when it is asked for.

mod adapter;
mod columns;
mod functions;
mod text;

pub use adapter::AttributesAdapterFactory;
pub use columns::{ATTRIBUTES_COLUMN, INFO_COLUMN, OTHER_COLUMN};
pub use functions::{attributes_type, header_key};
pub use text::append_float;

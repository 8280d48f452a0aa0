//! JSON: its values, their one form, paths into them, and values of other types as JSON and back.
//!
//! A `json` of SQL is a `LargeUtf8`, which nothing else is here: a type that goes through plans,
//! arrays, maps and rows, compares as the canonical text that it holds, and is shown as that.

pub mod decode;
pub mod encode;
pub mod path;
pub mod standard;
pub mod value;

use arrow::datatypes::DataType;

/// The type that `json` is.
pub const JSON: DataType = DataType::LargeUtf8;

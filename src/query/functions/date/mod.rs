//! Dates and times. A time without a zone is of UTC where an instant is asked for, as in a session
//! of Athena.

pub mod fields;
mod formats;
pub mod iso;
mod joda;
mod mysql;
mod parsing;
pub mod patterns;
pub mod spans;
mod teradata;
pub mod units;
mod when;
mod zoned;

pub use zoned::all as zoned;

//! CAST and `TRY_CAST` as in Trino: floats and decimals become integers by rounding, floats are
//! written as `1.0E7`, and a text is the number that it is from its first character to its last.

mod chars;
mod convert;
mod rule;
mod text;
mod times;
mod varchar;

pub use chars::CharRule;
pub use convert::{Failing, converted};
pub use rule::CastRule;
pub use text::of_float;
pub use times::{date, written};
pub use varchar::{SHORTENED, VARCHAR, char_cast};

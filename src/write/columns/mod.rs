//! Growing columns that become Arrow arrays. They are filled row by row, but only where a row has a
//! value: the rows that were passed over become null when the next value comes or the column is
//! finished.

mod arrays;
mod flags;
mod misfit;
mod numbers;
mod offsets;
mod texts;

pub use arrays::{Arrays, list_array, not_the_type};
pub use flags::{Booleans, Flags};
pub use misfit::Misfit;
pub use numbers::{NumberLists, Numbers};
pub use offsets::Offsets;
pub use texts::{TextLists, TextMaps, Texts};

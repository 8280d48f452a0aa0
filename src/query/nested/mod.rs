//! Arrays and maps put together of elements that there are, and how their values compare.
//!
//! ```text
//! pick      arrays: which elements each row takes of an array
//! entries   maps: the same for keys and values
//! keys      values as bytes, to find equal ones among many, and to put them in order
//! equal     whether two values are equal, or one of them has a null that nobody knows
//! rule      the same in the place of operators
//! ```

pub mod entries;
pub mod equal;
pub mod keys;
pub mod pick;
pub mod rule;

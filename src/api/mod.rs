//! The API in the shapes that its clients know.

pub mod dto;

//! Reports for people and for programs: one file per form.

pub mod json;
pub mod profile;
pub mod text;

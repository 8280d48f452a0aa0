//! Reports for people and for programs: a file for each form, and the list of the forms.

pub mod consequence;
mod form;
pub mod json;
pub mod number;
pub mod profile;
pub mod table;
pub mod text;

pub use form::{Form, Renderer, Style};

/// The forms of a report, the usual one first. `--output` takes their names.
pub static FORMS: [&Form; 2] = [&text::FORM, &json::FORM];

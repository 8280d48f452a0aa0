//! Reports for people and for programs: a file for each form, and the list of the forms.

mod choice;
pub mod concise;
pub mod consequence;
mod fingerprint;
mod form;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
pub mod multiqc;
pub mod ndjson;
pub mod number;
pub mod page;
#[cfg(feature = "store")]
pub mod parquet;
mod place;
pub mod profile;
pub mod sarif;
pub mod table;
pub mod text;

pub use form::{Form, Renderer, Style};

/// The forms of a report, the usual one first. `--output` takes their names.
pub static FORMS: &[&Form] = &[
    &text::FORM,
    &concise::FORM,
    &json::FORM,
    &ndjson::FORM,
    &sarif::FORM,
    &junit::FORM,
    &github::FORM,
    &gitlab::FORM,
    &multiqc::TABLE,
    &multiqc::PLOT,
    &html::FORM,
    #[cfg(feature = "store")]
    &parquet::FORM,
];

//! A version whose values are added.

use super::fields::Field;
use super::lookup::Lookup;
use super::request::OnMany;

/// A version, and what of it is added.
pub struct Source {
    /// Store and version.
    pub table: String,
    /// Its rows.
    pub lookup: Lookup,
    /// Its fields, with the number of the first among those of all stores.
    pub fields: Vec<SourceField>,
    /// Number of the first field among those of all stores.
    pub first_field: usize,
    /// Whether rows are found by their alleles, else by overlap.
    pub by_alleles: bool,
    /// What to do with several rows of one variant.
    pub on_many: OnMany,
}

/// A field that is added.
#[derive(Clone, Debug)]
pub struct SourceField {
    /// What it is.
    pub field: Field,
    /// Whether the file has it as one value for each record.
    pub once: bool,
}

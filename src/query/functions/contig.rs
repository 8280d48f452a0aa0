//! One name for a contig, however a file calls it.

use std::borrow::Cow;

use crate::model::contigs::plain_name;
use crate::query::rows::by_row;
use crate::query::scalar::ScalarFunction;

/// What SQL calls.
pub static FUNCTIONS: &[&ScalarFunction] = &[&CONTIG];

/// `contig(name)`: the plain name of a contig of the human genome, see [`plain_name`]; `1` of
/// `chr1` and of `NC_000001.11`. Not one of Trino's.
pub static CONTIG: ScalarFunction =
    by_row!("contig", |name: &str| -> Cow<'_, str> { plain_name(name) });

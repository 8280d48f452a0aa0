//! Functions whose meaning in Trino (Athena) is not DataFusion's: registered under Trino's names, over DataFusion's where both have one.
//!
//! Forms that are syntax rather than functions (`if`, `concat`) are rewritten in [`super::dialect`].

mod collection;
mod text;

use std::sync::{Arc, LazyLock};

use datafusion::logical_expr::ScalarUDF;

pub use collection::map_entry;

/// `element_at(map, key)` and `element_at(array, index)`, also what a subscript becomes.
pub static ELEMENT_AT: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::from(collection::ElementAt::new())));

/// All functions of this folder.
pub fn all() -> Vec<Arc<ScalarUDF>> {
    vec![
        Arc::clone(&ELEMENT_AT),
        Arc::new(ScalarUDF::from(collection::Cardinality::new())),
        Arc::new(ScalarUDF::from(collection::Contains::new())),
        Arc::new(ScalarUDF::from(text::Split::new())),
        Arc::new(ScalarUDF::from(text::SplitPart::new())),
    ]
}

//! Which fields of `info` somebody wants: those of the others need not be built.

use std::collections::BTreeSet;

/// Which fields of `info` are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Their names; all of them where there are none.
    fields: Option<BTreeSet<String>>,
}

impl Wanted {
    /// All of them.
    pub fn all() -> Self {
        Self::default()
    }

    /// None of them, but for those that are added.
    pub fn nothing() -> Self {
        Self { fields: Some(BTreeSet::new()) }
    }

    /// Wants a field more.
    pub fn add(&mut self, field: &str) {
        if let Some(fields) = &mut self.fields {
            fields.insert(field.to_owned());
        }
    }

    /// Whether a field is wanted.
    pub fn has(&self, field: &str) -> bool {
        self.fields.as_ref().is_none_or(|it| it.contains(field))
    }
}

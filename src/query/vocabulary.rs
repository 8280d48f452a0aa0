//! The names that a statement may use, for whoever proposes them to a person.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{DataType, Schema};
use datafusion::catalog::TableProvider;
use datafusion::execution::SessionStateDefaults;

use super::attributes::INFO_COLUMN;
use super::functions;
use super::names::Tables;
use super::version_table::VersionTable;
use crate::catalog::StoreEntry;
use crate::model::Result;

/// Stores that are looked into for names of columns.
const LOOKED_INTO: usize = 50;

/// The names that a statement may use.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Vocabulary {
    /// Tables: the stores.
    pub tables: Vec<String>,
    /// Columns.
    pub columns: Vec<String>,
    /// Fields of `info`.
    pub fields: Vec<String>,
    /// Keys of `attributes`.
    pub keys: Vec<String>,
    versions: Vec<(String, Vec<String>)>,
}

impl Vocabulary {
    /// The names in tables that a text names; those in all tables where it names none.
    pub fn of(tables: &dyn Tables, text: &str) -> Result<Self> {
        let view = tables.view()?;
        let stores = view.stores()?;
        let text = text.to_lowercase();
        let words: BTreeSet<&str> =
            text.split(|it: char| !it.is_alphanumeric() && it != '_').collect();
        let is_named = |it: &&StoreEntry| words.contains(it.sql_name.as_str());
        let mut named: Vec<_> = stores.iter().filter(is_named).collect();
        if named.is_empty() {
            named = stores.iter().take(LOOKED_INTO).collect();
        }
        let (mut columns, mut fields, mut keys) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for store in named.into_iter().filter(|it| it.versions.contains(&it.default_version)) {
            let table = VersionTable::open(&view, store, &store.default_version)?;
            let schema = table.schema();
            columns.extend(schema.fields().iter().map(|it| it.name().clone()));
            fields.extend(fields_of_info(&schema));
            keys.extend(table.info_keys().into_iter().flatten().map(str::to_owned));
        }
        let versions = |it: &StoreEntry| {
            (it.sql_name.clone(), it.versions.iter().map(ToString::to_string).collect())
        };
        Ok(Self {
            tables: stores.iter().map(|it| it.sql_name.clone()).collect(),
            columns: columns.into_iter().collect(),
            fields: fields.into_iter().collect(),
            keys: keys.into_iter().collect(),
            versions: stores.iter().map(versions).collect(),
        })
    }

    /// What may stand behind a name and a dot: fields of `info`, versions of a store, or, behind
    /// any other name, columns.
    pub fn members_of(self, name: &str) -> Vec<String> {
        let name = name.to_lowercase();
        if name == INFO_COLUMN {
            return self.fields;
        }
        let versions = self.versions.into_iter().filter(|it| it.0 == name).flat_map(|it| it.1);
        versions.chain(self.columns).collect()
    }

    /// The functions, by the names that statements call them by.
    pub fn functions() -> Vec<String> {
        Self::functions_by_kind().into_iter().map(|(name, _)| name).collect()
    }

    /// The functions, by the names that statements call them by, each with its kind.
    pub fn functions_by_kind() -> Vec<(String, &'static str)> {
        let (mut names, mut aggregates, mut windows) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let scalars = SessionStateDefaults::default_scalar_functions();
        for function in scalars.iter().chain(&functions::scalar()) {
            names.insert(function.name().to_owned());
            names.extend(function.aliases().iter().cloned());
        }
        for function in functions::higher_order() {
            names.insert(function.name().to_owned());
            names.extend(function.aliases().iter().cloned());
        }
        for function in super::aggregates::aggregates() {
            aggregates.insert(function.name().to_owned());
            aggregates.extend(function.aliases().iter().cloned());
        }
        for function in SessionStateDefaults::default_window_functions() {
            windows.insert(function.name().to_owned());
        }
        let kinds = [(names, "scalar"), (aggregates, "aggregate"), (windows, "window")];
        let all = kinds
            .into_iter()
            .flat_map(|(names, kind)| names.into_iter().map(move |name: String| (name, kind)));
        let is_name = |it: &str| it.chars().all(|it| it.is_alphanumeric() || it == '_');
        let all: BTreeSet<_> = all.filter(|(name, _)| is_name(name)).collect();
        all.into_iter().collect()
    }
}

fn fields_of_info(schema: &Arc<Schema>) -> Vec<String> {
    match schema.field_with_name(INFO_COLUMN).map(arrow::datatypes::Field::data_type) {
        Ok(DataType::Struct(fields)) => fields.iter().map(|it| it.name().clone()).collect(),
        _ => Vec::new(),
    }
}

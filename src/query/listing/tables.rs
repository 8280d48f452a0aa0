//! Which tables, views, databases and functions there are.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray, UInt64Array};

use super::{listed, texts};
use crate::catalog::SqlView;
use crate::model::Result;
use crate::query::dialect::Pattern;
use crate::query::names::{CATALOG, DEFAULT, View, table_name};
use crate::query::vocabulary::Vocabulary;

/// Every version of every store, and which of them the bare store name means; then the user's own
/// views. Of a store alone where it is named.
pub fn tables(
    view: &dyn View,
    pattern: Option<&Pattern>,
    of_store: Option<&str>,
) -> Result<RecordBatch> {
    let takes = |name: &str| pattern.is_none_or(|it| it.takes(name));
    let stores = view.stores()?;
    let one = of_store.filter(|name| stores.iter().any(|it| it.sql_name == *name));
    let (mut names, mut defaults, mut formats, mut rows) = (vec![], vec![], vec![], vec![]);
    for store in &stores {
        if one.is_some_and(|it| it != store.sql_name) {
            continue;
        }
        let counts = view.row_counts(store)?;
        for (version, count) in store.versions.iter().zip(counts) {
            let is_default = *version == store.default_version;
            let name = table_name(store, version);
            if takes(&name) || is_default && takes(&store.sql_name) {
                names.push(name);
                defaults.push(Some(is_default));
                formats.push(store.format.as_str());
                rows.push(Some(count));
            }
        }
    }
    if one.is_none() {
        for own in view.views()?.into_iter().filter(|it| takes(it.name.as_str())) {
            names.push(own.name.to_string());
            defaults.push(None);
            formats.push("VIEW");
            rows.push(None);
        }
    }
    let columns: [(&str, ArrayRef, bool); 4] = [
        ("table", Arc::new(StringArray::from(names)), false),
        ("is_default", Arc::new(BooleanArray::from(defaults)), true),
        ("format", Arc::new(StringArray::from(formats)), false),
        ("rows", Arc::new(UInt64Array::from(rows)), true),
    ];
    listed(RecordBatch::try_from_iter_with_nullable(columns))
}

/// The user's own views, with their SQL.
pub fn views(all: Vec<SqlView>, pattern: Option<&Pattern>) -> Result<RecordBatch> {
    let taken = all.into_iter().filter(|it| pattern.is_none_or(|by| by.takes(it.name.as_str())));
    texts(["view", "sql"], taken.map(|it| [Some(it.name.to_string()), Some(it.sql)]))
}

/// The databases: that of all stores, and each store, whose tables are its versions.
pub fn schemas(
    view: &dyn View,
    database: Option<&str>,
    pattern: Option<&Pattern>,
) -> Result<RecordBatch> {
    let stores = view.stores()?;
    let of_all = [database.unwrap_or(DEFAULT), super::INFORMATION_SCHEMA].map(str::to_owned);
    let names = of_all.into_iter().chain(stores.into_iter().map(|it| it.sql_name));
    let taken = names.filter(|it| pattern.is_none_or(|by| by.takes(it)));
    texts(["schema"], taken.map(|it| [Some(it)]))
}

/// The only catalog.
pub fn catalogs(pattern: Option<&Pattern>) -> Result<RecordBatch> {
    let taken = [CATALOG].into_iter().filter(|it| pattern.is_none_or(|by| by.takes(it)));
    texts(["catalog"], taken.map(|it| [Some(it.to_owned())]))
}

/// The functions, and of which kind each is.
pub fn functions(pattern: Option<&Pattern>) -> Result<RecordBatch> {
    let all = Vocabulary::functions_by_kind().into_iter();
    let taken = all.filter(|(name, _)| pattern.is_none_or(|by| by.takes(name)));
    texts(["function", "kind"], taken.map(|(name, kind)| [Some(name), Some(kind.to_owned())]))
}

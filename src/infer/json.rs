//! What was found, in the API's form.

use serde_json::{Map, Value, json};

use super::Inferred;
use crate::model::{Name, ReadOptions, TsvStoreOptions};

/// Which of the options to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of them.
    All,
    /// What makes a store.
    Store,
    /// What an import job takes.
    Import,
}

impl Inferred {
    /// The options as JSON: `storeFormat` and `storeOptions` as `CreateAnnotationStore` takes them, with the `name` where one is given,
    /// and `formatOptions` as `StartAnnotationImportJob` takes them.
    pub fn json(&self, name: Option<&Name>, part: Part) -> Value {
        let mut members = Map::new();
        if part != Part::Import {
            if let Some(name) = name {
                members.insert("name".to_owned(), name.as_str().into());
            }
            members.insert("storeFormat".to_owned(), "TSV".into());
            let options = json!({ "tsvStoreOptions": store(&self.store) });
            members.insert("storeOptions".to_owned(), options);
        }
        if part != Part::Store {
            let options = json!({ "tsvOptions": { "readOptions": read(&self.read) } });
            members.insert("formatOptions".to_owned(), options);
        }
        Value::Object(members)
    }
}

fn store(options: &TsvStoreOptions) -> Value {
    let mut members = Map::new();
    members.insert("annotationType".to_owned(), options.annotation_type.as_str().into());
    if !options.format_to_header.is_empty() {
        let roles = options.format_to_header.iter();
        let roles: Map<_, _> =
            roles.map(|(key, column)| (key.as_str().to_owned(), column.as_str().into())).collect();
        members.insert("formatToHeader".to_owned(), roles.into());
    }
    let column =
        |it: &crate::model::SchemaColumn| json!({ it.name.as_str(): it.data_type.as_str() });
    members.insert("schema".to_owned(), options.schema.iter().map(column).collect());
    members.into()
}

fn read(options: &ReadOptions) -> Value {
    let texts = [
        ("sep", &options.sep),
        ("encoding", &options.encoding),
        ("quote", &options.quote),
        ("escape", &options.escape),
        ("comment", &options.comment),
        ("lineSep", &options.line_sep),
    ];
    let mut members: Map<String, Value> = texts
        .into_iter()
        .filter_map(|(member, value)| Some((member.to_owned(), value.as_deref()?.into())))
        .collect();
    if let Some(header) = options.header {
        members.insert("header".to_owned(), header.into());
    }
    members.into()
}

//! What a judged request says, in checked form.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Request;
use crate::model::{FormatOptions, StoreFormat, TsvStoreOptions, api};

impl Request {
    /// `storeFormat`; TSV where there are options of a TSV store.
    pub fn store_format(&self) -> Option<StoreFormat> {
        let named = self.text("storeFormat").and_then(StoreFormat::parse);
        named.or_else(|| self.tsv().map(|_| StoreFormat::Tsv))
    }

    /// `destinationName`
    pub fn destination(&self) -> Option<&str> {
        self.text("destinationName")
    }

    /// `versionName`
    pub fn version(&self) -> Option<&str> {
        self.text("versionName")
    }

    /// `runLeftNormalization`
    pub fn left_normalizes(&self) -> bool {
        self.body["runLeftNormalization"].as_bool().unwrap_or_default()
    }

    /// `annotationFields`
    pub fn annotation_fields(&self) -> BTreeMap<String, String> {
        read(&self.body["annotationFields"]).unwrap_or_default()
    }

    /// The schema and the roles of its columns; none where the document has no schema that can be
    /// used. Whether roles and columns belong together is for the reader to say.
    pub fn tsv_store_options(&self) -> Option<TsvStoreOptions> {
        read::<api::TsvStoreOptions>(self.tsv()?)?.resolve()
    }

    /// `formatOptions`
    pub fn format_options(&self) -> Option<FormatOptions> {
        read::<api::FormatOptions>(&self.body["formatOptions"])?.resolve()
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.body.get(member)?.as_str()
    }

    /// `tsvStoreOptions` or `tsvVersionOptions`, wherever the document has them.
    fn tsv(&self) -> Option<&Value> {
        let inner = ["storeOptions", "versionOptions"].iter().find_map(|it| self.body.get(it));
        let found = inner.unwrap_or(&self.body);
        let options = ["tsvStoreOptions", "tsvVersionOptions"].iter().find_map(|it| found.get(it));
        options.or_else(|| found.get("schema").map(|_| found))
    }
}

/// A part of a body, which the judge has left with members that fit only.
fn read<T: DeserializeOwned>(part: &Value) -> Option<T> {
    T::deserialize(part).ok()
}

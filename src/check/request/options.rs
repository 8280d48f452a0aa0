//! What a judged request says, in checked form.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Request;
use crate::model::{
    AnnotationType, ColumnType, FormatOptions, HeaderKey, ReadOptions, SchemaColumn, StoreFormat,
    TsvStoreOptions, VcfOptions,
};

impl Request {
    /// `storeFormat`; TSV where there are options of a TSV store.
    pub fn store_format(&self) -> Option<StoreFormat> {
        let named = self.text("storeFormat").and_then(|it| it.parse().ok());
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
        texts(&self.body["annotationFields"])
    }

    /// The schema and the roles of its columns; none where the document has no schema that can be used. Whether roles and columns
    /// belong together is for the reader to say.
    pub fn tsv_store_options(&self) -> Option<TsvStoreOptions> {
        let found = self.tsv()?;
        let schema =
            found["schema"].as_array()?.iter().filter_map(|it| it.as_object()?.iter().next());
        let schema = schema.map(|(name, data_type)| {
            let data_type = ColumnType::parse(data_type.as_str()?)?;
            Some(SchemaColumn { name: name.clone(), data_type })
        });
        // The service takes rows for GENERIC where it knows no type.
        let kind = found["annotationType"].as_str().and_then(AnnotationType::parse);
        let roles = texts(&found["formatToHeader"]).into_iter();
        Some(TsvStoreOptions {
            annotation_type: kind.unwrap_or(AnnotationType::Generic),
            format_to_header: roles
                .filter_map(|(key, column)| Some((HeaderKey::parse(&key)?, column)))
                .collect(),
            schema: schema.collect::<Option<_>>()?,
        })
    }

    /// `formatOptions`
    pub fn format_options(&self) -> Option<FormatOptions> {
        let found = self.body.get("formatOptions")?;
        if let Some(vcf) = found.get("vcfOptions") {
            return Some(FormatOptions::Vcf(VcfOptions {
                ignore_qual_field: vcf["ignoreQualField"].as_bool().unwrap_or_default(),
                ignore_filter_field: vcf["ignoreFilterField"].as_bool().unwrap_or_default(),
            }));
        }
        let read = found.get("tsvOptions")?.get("readOptions");
        Some(FormatOptions::Tsv(read.map(read_options)))
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

fn read_options(found: &Value) -> ReadOptions {
    let text = |member: &str| found[member].as_str().map(str::to_owned);
    ReadOptions {
        sep: text("sep"),
        encoding: text("encoding"),
        quote: text("quote"),
        quote_all: found["quoteAll"].as_bool(),
        escape: text("escape"),
        escape_quotes: found["escapeQuotes"].as_bool(),
        comment: text("comment"),
        header: found["header"].as_bool(),
        line_sep: text("lineSep"),
    }
}

fn texts(found: &Value) -> BTreeMap<String, String> {
    let entries = found.as_object().into_iter().flatten();
    entries.filter_map(|(key, it)| Some((key.clone(), it.as_str()?.to_owned()))).collect()
}

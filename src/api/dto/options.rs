//! Bodies that are parts of others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model;
use crate::service::request;

/// `reference`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reference {
    /// `referenceArn`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_arn: Option<String>,
}

impl Reference {
    /// The reference of a store, if it has one.
    pub(super) fn of(arn: Option<&String>) -> Option<Self> {
        arn.map(|it| Self { reference_arn: Some(it.clone()) })
    }
}

impl From<Reference> for request::Reference {
    fn from(it: Reference) -> Self {
        Self { reference_arn: it.reference_arn }
    }
}

/// `sseConfig`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SseConfig {
    /// `type`
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `keyArn`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_arn: Option<String>,
}

impl SseConfig {
    /// What the service shows, which encrypts with a key of its own where none was given.
    pub(super) fn of(key_arn: Option<&String>) -> Self {
        Self { kind: Some("KMS".to_owned()), key_arn: key_arn.cloned() }
    }
}

impl From<SseConfig> for request::SseConfig {
    fn from(it: SseConfig) -> Self {
        Self { kind: it.kind, key_arn: it.key_arn }
    }
}

/// `storeOptions`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StoreOptions {
    /// `tsvStoreOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tsv_store_options: Option<TsvOptions>,
}

impl From<StoreOptions> for request::StoreOptions {
    fn from(it: StoreOptions) -> Self {
        Self { tsv: it.tsv_store_options.map(Into::into) }
    }
}

impl From<&model::TsvStoreOptions> for StoreOptions {
    fn from(it: &model::TsvStoreOptions) -> Self {
        Self { tsv_store_options: Some(it.into()) }
    }
}

/// `versionOptions`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VersionOptions {
    /// `tsvVersionOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tsv_version_options: Option<TsvOptions>,
}

impl From<VersionOptions> for request::StoreOptions {
    fn from(it: VersionOptions) -> Self {
        Self { tsv: it.tsv_version_options.map(Into::into) }
    }
}

impl From<&model::TsvStoreOptions> for VersionOptions {
    fn from(it: &model::TsvStoreOptions) -> Self {
        Self { tsv_version_options: Some(it.into()) }
    }
}

/// `tsvStoreOptions` and `tsvVersionOptions`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TsvOptions {
    /// `annotationType`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotation_type: Option<String>,
    /// `formatToHeader`
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub format_to_header: BTreeMap<String, String>,
    /// `schema`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Vec<BTreeMap<String, String>>>,
}

impl From<TsvOptions> for request::TsvOptions {
    fn from(it: TsvOptions) -> Self {
        Self {
            annotation_type: it.annotation_type,
            format_to_header: it.format_to_header,
            schema: it.schema,
        }
    }
}

impl From<&model::TsvStoreOptions> for TsvOptions {
    fn from(it: &model::TsvStoreOptions) -> Self {
        let role =
            |(key, column): (&model::HeaderKey, &String)| (key.as_str().to_owned(), column.clone());
        let column = |it: &model::SchemaColumn| {
            BTreeMap::from([(it.name.clone(), it.data_type.as_str().to_owned())])
        };
        Self {
            annotation_type: Some(it.annotation_type.as_str().to_owned()),
            format_to_header: it.format_to_header.iter().map(role).collect(),
            schema: Some(it.schema.iter().map(column).collect()),
        }
    }
}

/// `formatOptions`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FormatOptions {
    /// `tsvOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tsv_options: Option<TsvImportOptions>,
    /// `vcfOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vcf_options: Option<VcfImportOptions>,
}

impl From<FormatOptions> for request::FormatOptions {
    fn from(it: FormatOptions) -> Self {
        let tsv = |it: TsvImportOptions| request::TsvImportOptions {
            read_options: it.read_options.map(Into::into),
        };
        let vcf = |it: VcfImportOptions| request::VcfImportOptions {
            ignore_qual_field: it.ignore_qual_field,
            ignore_filter_field: it.ignore_filter_field,
        };
        Self { tsv: it.tsv_options.map(tsv), vcf: it.vcf_options.map(vcf) }
    }
}

impl From<&model::FormatOptions> for FormatOptions {
    fn from(it: &model::FormatOptions) -> Self {
        match it {
            model::FormatOptions::Tsv(read) => {
                let read_options = read.as_ref().map(Into::into);
                Self { tsv_options: Some(TsvImportOptions { read_options }), vcf_options: None }
            }
            model::FormatOptions::Vcf(vcf) => {
                let options = VcfImportOptions {
                    ignore_qual_field: Some(vcf.ignore_qual_field),
                    ignore_filter_field: Some(vcf.ignore_filter_field),
                };
                Self { tsv_options: None, vcf_options: Some(options) }
            }
        }
    }
}

/// `tsvOptions`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TsvImportOptions {
    /// `readOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_options: Option<ReadOptions>,
}

/// `vcfOptions`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VcfImportOptions {
    /// `ignoreQualField`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_qual_field: Option<bool>,
    /// `ignoreFilterField`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_filter_field: Option<bool>,
}

/// `readOptions`
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadOptions {
    /// `sep`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sep: Option<String>,
    /// `encoding`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// `quote`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// `quoteAll`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote_all: Option<bool>,
    /// `escape`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escape: Option<String>,
    /// `escapeQuotes`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escape_quotes: Option<bool>,
    /// `comment`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// `header`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// `lineSep`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_sep: Option<String>,
}

impl From<ReadOptions> for model::ReadOptions {
    fn from(it: ReadOptions) -> Self {
        Self {
            sep: it.sep,
            encoding: it.encoding,
            quote: it.quote,
            quote_all: it.quote_all,
            escape: it.escape,
            escape_quotes: it.escape_quotes,
            comment: it.comment,
            header: it.header,
            line_sep: it.line_sep,
        }
    }
}

impl From<&model::ReadOptions> for ReadOptions {
    fn from(it: &model::ReadOptions) -> Self {
        let it = it.clone();
        Self {
            sep: it.sep,
            encoding: it.encoding,
            quote: it.quote,
            quote_all: it.quote_all,
            escape: it.escape,
            escape_quotes: it.escape_quotes,
            comment: it.comment,
            header: it.header,
            line_sep: it.line_sep,
        }
    }
}

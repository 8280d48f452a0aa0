//! Requests as callers give them: every member optional where the API says so, and nothing checked yet.

use std::collections::BTreeMap;

/// `CreateAnnotationStore`
#[derive(Clone, Debug, Default)]
pub struct CreateStore {
    /// `name`: required here, since the service's rule for a name of its own is not known.
    pub name: Option<String>,
    /// `storeFormat`: required.
    pub store_format: Option<String>,
    /// `reference`: required except for TSV stores of type GENERIC.
    pub reference: Option<Reference>,
    /// `description`
    pub description: Option<String>,
    /// `tags`
    pub tags: BTreeMap<String, String>,
    /// `versionName`: the store's name where absent.
    pub version_name: Option<String>,
    /// `sseConfig`
    pub sse_config: Option<SseConfig>,
    /// `storeOptions`: required for TSV, refused for others.
    pub store_options: Option<StoreOptions>,
}

/// `reference`, a union of one member.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// `referenceArn`
    pub reference_arn: Option<String>,
}

/// `sseConfig`
#[derive(Clone, Debug, Default)]
pub struct SseConfig {
    /// `type`: required, KMS.
    pub kind: Option<String>,
    /// `keyArn`
    pub key_arn: Option<String>,
}

/// `storeOptions` and `versionOptions`, unions of one member.
#[derive(Clone, Debug, Default)]
pub struct StoreOptions {
    /// `tsvStoreOptions` or `tsvVersionOptions`
    pub tsv: Option<TsvOptions>,
}

/// `tsvStoreOptions` and `tsvVersionOptions`
#[derive(Clone, Debug, Default)]
pub struct TsvOptions {
    /// `annotationType`: required.
    pub annotation_type: Option<String>,
    /// `formatToHeader`: has to have the keys that the annotation type needs.
    pub format_to_header: BTreeMap<String, String>,
    /// `schema`: required; a list of maps with one entry each.
    pub schema: Option<Vec<BTreeMap<String, String>>>,
}

/// `ListAnnotationStores`
#[derive(Clone, Debug, Default)]
pub struct ListStores {
    /// `ids`
    pub ids: Option<Vec<String>>,
    /// `filter.status`
    pub status: Option<String>,
    /// Which page.
    pub page: PageOf,
}

/// The page that a list operation is asked for.
#[derive(Clone, Debug, Default)]
pub struct PageOf {
    /// `maxResults`: 1 to 100; 100 where absent.
    pub max_results: Option<i64>,
    /// `nextToken`: from the page before.
    pub next_token: Option<String>,
}

/// `CreateAnnotationStoreVersion`
#[derive(Clone, Debug, Default)]
pub struct CreateVersion {
    /// `name` of the store.
    pub name: String,
    /// `versionName`: required.
    pub version_name: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `versionOptions`: those of the store where absent.
    pub version_options: Option<StoreOptions>,
    /// `tags`
    pub tags: BTreeMap<String, String>,
}

/// `ListAnnotationStoreVersions`
#[derive(Clone, Debug, Default)]
pub struct ListVersions {
    /// `name` of the store.
    pub name: String,
    /// `filter.status`
    pub status: Option<String>,
    /// Which page.
    pub page: PageOf,
}

/// `StartAnnotationImportJob`
#[derive(Clone, Debug, Default)]
pub struct StartImport {
    /// `destinationName`: required.
    pub destination_name: Option<String>,
    /// `versionName`: the store's first version where absent.
    pub version_name: Option<String>,
    /// `roleArn`: required over the API; the terminal has one of its own.
    pub role_arn: Option<String>,
    /// `items[].source`: one.
    pub sources: Vec<String>,
    /// `formatOptions`
    pub format_options: Option<FormatOptions>,
    /// `runLeftNormalization`: false where absent.
    pub run_left_normalization: Option<bool>,
    /// `annotationFields`
    pub annotation_fields: BTreeMap<String, String>,
}

/// `formatOptions`, a union of two members.
#[derive(Clone, Debug, Default)]
pub struct FormatOptions {
    /// `tsvOptions`
    pub tsv: Option<TsvImportOptions>,
    /// `vcfOptions`
    pub vcf: Option<VcfImportOptions>,
}

impl From<&crate::model::FormatOptions> for FormatOptions {
    fn from(checked: &crate::model::FormatOptions) -> Self {
        match checked {
            crate::model::FormatOptions::Tsv(read_options) => Self {
                tsv: Some(TsvImportOptions { read_options: read_options.clone() }),
                vcf: None,
            },
            crate::model::FormatOptions::Vcf(options) => {
                let vcf = VcfImportOptions {
                    ignore_qual_field: Some(options.ignore_qual_field),
                    ignore_filter_field: Some(options.ignore_filter_field),
                };
                Self { tsv: None, vcf: Some(vcf) }
            }
        }
    }
}

/// `tsvOptions`
#[derive(Clone, Debug, Default)]
pub struct TsvImportOptions {
    /// `readOptions`
    pub read_options: Option<crate::model::ReadOptions>,
}

/// `vcfOptions`
#[derive(Clone, Debug, Default)]
pub struct VcfImportOptions {
    /// `ignoreQualField`: false where absent.
    pub ignore_qual_field: Option<bool>,
    /// `ignoreFilterField`: false where absent.
    pub ignore_filter_field: Option<bool>,
}

/// `CreateShare`
#[derive(Clone, Debug, Default)]
pub struct CreateShare {
    /// `resourceArn`: required, of a store of the caller.
    pub resource_arn: Option<String>,
    /// `principalSubscriber`: required, the account that is to read the store.
    pub principal_subscriber: Option<String>,
    /// `shareName`
    pub share_name: Option<String>,
}

/// `ListShares`
#[derive(Clone, Debug, Default)]
pub struct ListShares {
    /// `resourceOwner`: required, SELF or OTHER.
    pub resource_owner: Option<String>,
    /// `filter.resourceArns`
    pub resource_arns: Option<Vec<String>>,
    /// `filter.status`
    pub status: Option<Vec<String>>,
    /// `filter.type`
    pub types: Option<Vec<String>>,
    /// Which page.
    pub page: PageOf,
}

/// `ListAnnotationImportJobs`
#[derive(Clone, Debug, Default)]
pub struct ListJobs {
    /// `ids`
    pub ids: Option<Vec<String>>,
    /// `filter.status`
    pub status: Option<String>,
    /// `filter.storeName`
    pub store_name: Option<String>,
    /// Which page.
    pub page: PageOf,
}

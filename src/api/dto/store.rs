//! Bodies of the operations on stores.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::options::{Reference, SseConfig, StoreOptions};
use super::time;
use crate::catalog::Store;
use crate::service::{Listed, Service, request};

/// `CreateAnnotationStore`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateStoreRequest {
    /// `name`
    pub name: Option<String>,
    /// `storeFormat`
    pub store_format: Option<String>,
    /// `reference`
    pub reference: Option<Reference>,
    /// `description`
    pub description: Option<String>,
    /// `tags`
    pub tags: Option<BTreeMap<String, String>>,
    /// `versionName`
    pub version_name: Option<String>,
    /// `sseConfig`
    pub sse_config: Option<SseConfig>,
    /// `storeOptions`
    pub store_options: Option<StoreOptions>,
}

impl CreateStoreRequest {
    /// The same with the members of another request where it has none.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        Self {
            name: self.name.or(other.name),
            store_format: self.store_format.or(other.store_format),
            reference: self.reference.or(other.reference),
            description: self.description.or(other.description),
            tags: self.tags.or(other.tags),
            version_name: self.version_name.or(other.version_name),
            sse_config: self.sse_config.or(other.sse_config),
            store_options: self.store_options.or(other.store_options),
        }
    }
}

impl From<CreateStoreRequest> for request::CreateStore {
    fn from(it: CreateStoreRequest) -> Self {
        Self {
            name: it.name,
            store_format: it.store_format,
            reference: it.reference.map(Into::into),
            description: it.description,
            tags: it.tags.unwrap_or_default(),
            version_name: it.version_name,
            sse_config: it.sse_config.map(Into::into),
            store_options: it.store_options.map(Into::into),
        }
    }
}

/// What `CreateAnnotationStore` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateStoreResponse {
    /// `id`
    pub id: String,
    /// `reference`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// `status`
    pub status: &'static str,
    /// `name`
    pub name: String,
    /// `versionName`
    pub version_name: String,
    /// `creationTime`
    pub creation_time: String,
    /// `storeFormat`
    pub store_format: &'static str,
    /// `storeOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_options: Option<StoreOptions>,
}

impl From<&Store> for CreateStoreResponse {
    fn from(it: &Store) -> Self {
        Self {
            id: it.id.clone(),
            reference: Reference::of(it.reference_arn.as_ref()),
            status: it.status.as_str(),
            name: it.name.to_string(),
            version_name: it.default_version.to_string(),
            creation_time: time(it.created),
            store_format: it.format.as_str(),
            store_options: it.options.as_ref().map(Into::into),
        }
    }
}

/// What `GetAnnotationStore` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetStoreResponse {
    /// The members that an item of the list has too.
    #[serde(flatten)]
    pub item: StoreItem,
    /// `tags`
    pub tags: BTreeMap<String, String>,
    /// `storeOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_options: Option<StoreOptions>,
    /// `numVersions`
    pub num_versions: u32,
}

impl GetStoreResponse {
    /// The store as the service shows it.
    pub fn new(service: &Service, it: &Store) -> Self {
        Self {
            item: StoreItem::new(service, it),
            tags: it.tags.clone(),
            store_options: it.options.as_ref().map(Into::into),
            num_versions: it.version_count,
        }
    }
}

/// `ListAnnotationStores`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListStoresRequest {
    /// `ids`
    pub ids: Option<Vec<String>>,
    /// `filter`
    pub filter: Option<StatusFilter>,
}

impl ListStoresRequest {
    /// The request with the page that the query string asks for.
    pub fn on_page(self, page: request::PageOf) -> request::ListStores {
        request::ListStores { ids: self.ids, status: self.filter.and_then(|it| it.status), page }
    }
}

/// `filter` of stores and versions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StatusFilter {
    /// `status`
    pub status: Option<String>,
}

/// What `ListAnnotationStores` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListStoresResponse {
    /// `annotationStores`
    pub annotation_stores: Vec<StoreItem>,
    /// `nextToken`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl ListStoresResponse {
    /// The page as the service shows it.
    pub fn new(service: &Service, page: &Listed<Store>) -> Self {
        Self {
            annotation_stores: page.items.iter().map(|it| StoreItem::new(service, it)).collect(),
            next_token: page.next_token.clone(),
        }
    }
}

/// An item of `annotationStores`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreItem {
    /// `id`
    pub id: String,
    /// `reference`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// `status`
    pub status: &'static str,
    /// `storeArn`
    pub store_arn: String,
    /// `name`
    pub name: String,
    /// `storeFormat`
    pub store_format: &'static str,
    /// `description`
    pub description: String,
    /// `sseConfig`
    pub sse_config: SseConfig,
    /// `creationTime`
    pub creation_time: String,
    /// `updateTime`
    pub update_time: String,
    /// `statusMessage`
    pub status_message: String,
    /// `storeSizeBytes`
    pub store_size_bytes: u64,
}

impl StoreItem {
    /// The store as a list shows it.
    pub fn new(service: &Service, it: &Store) -> Self {
        Self {
            id: it.id.clone(),
            reference: Reference::of(it.reference_arn.as_ref()),
            status: it.status.as_str(),
            store_arn: service.store_arn(it).to_string(),
            name: it.name.to_string(),
            store_format: it.format.as_str(),
            description: it.description.clone(),
            sse_config: SseConfig::of(it.sse_key_arn.as_ref()),
            creation_time: time(it.created),
            update_time: time(it.updated),
            status_message: it.status_message.clone(),
            store_size_bytes: it.size_bytes,
        }
    }
}

/// `UpdateAnnotationStore` and `UpdateAnnotationStoreVersion`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateRequest {
    /// `description`
    pub description: Option<String>,
}

/// What `UpdateAnnotationStore` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateStoreResponse {
    /// `id`
    pub id: String,
    /// `reference`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// `status`
    pub status: &'static str,
    /// `name`
    pub name: String,
    /// `description`
    pub description: String,
    /// `creationTime`
    pub creation_time: String,
    /// `updateTime`
    pub update_time: String,
    /// `storeOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_options: Option<StoreOptions>,
    /// `storeFormat`
    pub store_format: &'static str,
}

impl From<&Store> for UpdateStoreResponse {
    fn from(it: &Store) -> Self {
        Self {
            id: it.id.clone(),
            reference: Reference::of(it.reference_arn.as_ref()),
            status: it.status.as_str(),
            name: it.name.to_string(),
            description: it.description.clone(),
            creation_time: time(it.created),
            update_time: time(it.updated),
            store_options: it.options.as_ref().map(Into::into),
            store_format: it.format.as_str(),
        }
    }
}

/// What `DeleteAnnotationStore` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteStoreResponse {
    /// `status`
    pub status: &'static str,
}

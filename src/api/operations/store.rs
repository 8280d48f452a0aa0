//! The operations on stores.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answer::{Answer, answer, time};
use crate::api::call::Call;
use crate::api::route::{Route, routes};
use crate::catalog::Store;
use crate::model::api::{ListAnnotationStores, Reference, SseConfig, StoreOptions};
use crate::service::{Listed, Service};

pub(super) const ROUTES: &[Route] = routes! {
    "CreateAnnotationStore" create_store:
        POST "/annotationStore" NONE true true Other;
    "GetAnnotationStore" get_store:
        GET "/annotationStore/{name}" NONE false false Other;
    "ListAnnotationStores" list_stores:
        POST "/annotationStores" PAGE false false Other;
    "UpdateAnnotationStore" update_store:
        POST "/annotationStore/{name}" NONE false false Other;
    "DeleteAnnotationStore" delete_store:
        DELETE "/annotationStore/{name}" FORCE true false Other;
};

fn create_store(service: &Service, call: &Call) -> Answer {
    answer(CreateStoreResponse::from(&service.create_annotation_store(&call.body()?)?))
}

fn get_store(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    answer(GetStoreResponse::new(service, &service.get_annotation_store(call.label("name")?)?))
}

fn list_stores(service: &Service, call: &Call) -> Answer {
    let (max_results, next_token) = call.page()?;
    let request = ListAnnotationStores { max_results, next_token, ..call.body()? };
    answer(ListStoresResponse::new(service, &service.list_annotation_stores(&request)?))
}

fn update_store(service: &Service, call: &Call) -> Answer {
    let store = service.update_annotation_store(call.label("name")?, &call.body()?)?;
    answer(UpdateStoreResponse::from(&store))
}

fn delete_store(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let status = service.delete_annotation_store(call.label("name")?, call.flag("force")?)?;
    answer(DeleteStoreResponse { status: status.as_str() })
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
            reference: it.reference_arn.clone().map(Reference::from),
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
            reference: it.reference_arn.clone().map(Reference::from),
            status: it.status.as_str(),
            store_arn: service.store_arn(it).to_string(),
            name: it.name.to_string(),
            store_format: it.format.as_str(),
            description: it.description.clone(),
            sse_config: encryption(it),
            creation_time: time(it.created),
            update_time: time(it.updated),
            status_message: it.status_message.clone(),
            store_size_bytes: it.size_bytes,
        }
    }
}

/// What the service shows, which encrypts with a key of its own where none was given.
fn encryption(it: &Store) -> SseConfig {
    SseConfig { kind: Some("KMS".to_owned()), key_arn: it.sse_key_arn.clone() }
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
            reference: it.reference_arn.clone().map(Reference::from),
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

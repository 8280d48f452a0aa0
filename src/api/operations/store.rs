//! The operations on stores.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answer::{Answer, answer, response, time};
use crate::api::call::Call;
use crate::api::route::{Route, routes};
use crate::catalog::Store;
use crate::model::api::{ListAnnotationStores, Reference, SseConfig, StoreOptions};
use crate::model::{ReadOptions, TsvSettings};
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
    answer(CreateStoreResponse::new(&service.create_annotation_store(&call.body()?)?))
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
    answer(UpdateStoreResponse::new(&store))
}

fn delete_store(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let status = service.delete_annotation_store(call.label("name")?, call.flag("force")?)?;
    answer(DeleteStoreResponse { status: status.as_str() })
}

response! {
    /// What `CreateAnnotationStore` answers.
    CreateStoreResponse(it: &Store) {
        id: String = it.id.clone();
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<Reference> = it.reference_arn.clone().map(Reference::from);
        status: &'static str = it.status.as_str();
        name: String = it.name.to_string();
        version_name: String = it.default_version.to_string();
        creation_time: String = time(it.created);
        store_format: &'static str = it.format.as_str();
        #[serde(skip_serializing_if = "Option::is_none")]
        store_options: Option<StoreOptions> = it.options.as_ref().map(Into::into);
    }
}

response! {
    /// What `GetAnnotationStore` answers.
    GetStoreResponse(service: &Service, it: &Store) {
        #[serde(flatten)]
        item: StoreItem = StoreItem::new(service, it);
        tags: BTreeMap<String, String> = it.tags.clone();
        #[serde(skip_serializing_if = "Option::is_none")]
        store_options: Option<StoreOptions> = it.options.as_ref().map(Into::into);
        num_versions: u32 = it.version_count;
        /// What the service does not have; only where it is set.
        #[serde(skip_serializing_if = "Option::is_none")]
        annostore: Option<StoreSettings> =
            Some(&it.settings).filter(|it| !it.is_empty()).map(StoreSettings::new);
    }
}

response! {
    /// The settings of a TSV store that are annostore's own.
    StoreSettings(it: &TsvSettings) {
        #[serde(skip_serializing_if = "Vec::is_empty")]
        null_marks: Vec<String> = it.null_marks.as_slice().to_vec();
        #[serde(skip_serializing_if = "Option::is_none")]
        read_options: Option<ReadOptions> = it.read_options.clone();
    }
}

response! {
    /// What `ListAnnotationStores` answers.
    ListStoresResponse(service: &Service, page: &Listed<Store>) {
        annotation_stores: Vec<StoreItem> =
            page.items.iter().map(|it| StoreItem::new(service, it)).collect();
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String> = page.next_token.clone();
    }
}

response! {
    /// An item of `annotationStores`.
    StoreItem(service: &Service, it: &Store) {
        id: String = it.id.clone();
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<Reference> = it.reference_arn.clone().map(Reference::from);
        status: &'static str = it.status.as_str();
        store_arn: String = service.store_arn(it).to_string();
        name: String = it.name.to_string();
        store_format: &'static str = it.format.as_str();
        description: String = it.description.clone();
        sse_config: SseConfig = encryption(it);
        creation_time: String = time(it.created);
        update_time: String = time(it.updated);
        status_message: String = it.status_message.clone();
        store_size_bytes: u64 = it.size_bytes;
    }
}

/// What the service shows, which encrypts with a key of its own where none was given.
fn encryption(it: &Store) -> SseConfig {
    SseConfig { kind: Some(SseConfig::KMS.to_owned()), key_arn: it.sse_key_arn.clone() }
}

response! {
    /// What `UpdateAnnotationStore` answers.
    UpdateStoreResponse(it: &Store) {
        id: String = it.id.clone();
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<Reference> = it.reference_arn.clone().map(Reference::from);
        status: &'static str = it.status.as_str();
        name: String = it.name.to_string();
        description: String = it.description.clone();
        creation_time: String = time(it.created);
        update_time: String = time(it.updated);
        #[serde(skip_serializing_if = "Option::is_none")]
        store_options: Option<StoreOptions> = it.options.as_ref().map(Into::into);
        store_format: &'static str = it.format.as_str();
    }
}

/// What `DeleteAnnotationStore` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteStoreResponse {
    /// `status`
    pub status: &'static str,
}

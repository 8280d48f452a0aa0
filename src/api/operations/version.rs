//! The operations on versions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answer::{Answer, answer, time};
use crate::api::call::Call;
use crate::api::route::{Route, routes};
use crate::catalog::Version;
use crate::model::Error;
use crate::model::api::{
    CreateAnnotationStoreVersion, DeleteAnnotationStoreVersions, ListAnnotationStoreVersions,
    VersionOptions,
};
use crate::service::{Listed, Service, VersionDeleteError};

pub(super) const ROUTES: &[Route] = routes! {
    "CreateAnnotationStoreVersion" create_version:
        POST "/annotationStore/{name}/version" NONE true true Other;
    "GetAnnotationStoreVersion" get_version:
        GET "/annotationStore/{name}/version/{versionName}" NONE false false Other;
    "ListAnnotationStoreVersions" list_versions:
        POST "/annotationStore/{name}/versions" PAGE false false Other;
    "UpdateAnnotationStoreVersion" update_version:
        POST "/annotationStore/{name}/version/{versionName}" NONE false false Other;
    "DeleteAnnotationStoreVersions" delete_versions:
        POST "/annotationStore/{name}/versions/delete" FORCE true false Other;
};

fn create_version(service: &Service, call: &Call) -> Answer {
    let request: CreateAnnotationStoreVersion = call.body()?;
    if request.name.is_some() {
        return Err(Error::invalid("name is in the path, and no member of the body"));
    }
    let name = Some(call.label("name")?.to_owned());
    let request = CreateAnnotationStoreVersion { name, ..request };
    answer(CreateVersionResponse::from(&service.create_annotation_store_version(&request)?))
}

fn get_version(service: &Service, call: &Call) -> Answer {
    call.no_body()?;
    let (store, version) = (call.label("name")?, call.label("versionName")?);
    let version = service.get_annotation_store_version(store, version)?;
    answer(GetVersionResponse::new(service, &version))
}

fn list_versions(service: &Service, call: &Call) -> Answer {
    let (max_results, next_token) = call.page()?;
    let request = ListAnnotationStoreVersions { max_results, next_token, ..call.body()? };
    let listed = service.list_annotation_store_versions(call.label("name")?, &request)?;
    answer(ListVersionsResponse::new(service, &listed))
}

fn update_version(service: &Service, call: &Call) -> Answer {
    let (store, version) = (call.label("name")?, call.label("versionName")?);
    let version = service.update_annotation_store_version(store, version, &call.body()?)?;
    answer(UpdateVersionResponse::from(&version))
}

fn delete_versions(service: &Service, call: &Call) -> Answer {
    let force = Some(call.flag("force")?);
    let request = DeleteAnnotationStoreVersions { force, ..call.body()? };
    let errors = service.delete_annotation_store_versions(call.label("name")?, &request)?;
    answer(DeleteVersionsResponse { errors })
}

/// What `CreateAnnotationStoreVersion` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateVersionResponse {
    /// `id`
    pub id: String,
    /// `versionName`
    pub version_name: String,
    /// `storeId`
    pub store_id: String,
    /// `versionOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_options: Option<VersionOptions>,
    /// `name` of the store
    pub name: String,
    /// `status`
    pub status: &'static str,
    /// `creationTime`
    pub creation_time: String,
}

impl From<&Version> for CreateVersionResponse {
    fn from(it: &Version) -> Self {
        Self {
            id: it.id.clone(),
            version_name: it.name.to_string(),
            store_id: it.store_id.clone(),
            version_options: it.options.as_ref().map(Into::into),
            name: it.store_name.to_string(),
            status: it.status.as_str(),
            creation_time: time(it.created),
        }
    }
}

/// What `GetAnnotationStoreVersion` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GetVersionResponse {
    /// The members that an item of the list has too.
    #[serde(flatten)]
    pub item: VersionItem,
    /// `tags`
    pub tags: BTreeMap<String, String>,
    /// `versionOptions`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_options: Option<VersionOptions>,
}

impl GetVersionResponse {
    /// The version as the service shows it.
    pub fn new(service: &Service, it: &Version) -> Self {
        Self {
            item: VersionItem::new(service, it),
            tags: it.tags.clone(),
            version_options: it.options.as_ref().map(Into::into),
        }
    }
}

/// What `ListAnnotationStoreVersions` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListVersionsResponse {
    /// `annotationStoreVersions`
    pub annotation_store_versions: Vec<VersionItem>,
    /// `nextToken`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl ListVersionsResponse {
    /// The page as the service shows it.
    pub fn new(service: &Service, page: &Listed<Version>) -> Self {
        let items = page.items.iter().map(|it| VersionItem::new(service, it)).collect();
        Self { annotation_store_versions: items, next_token: page.next_token.clone() }
    }
}

/// An item of `annotationStoreVersions`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionItem {
    /// `storeId`
    pub store_id: String,
    /// `id`
    pub id: String,
    /// `status`
    pub status: &'static str,
    /// `versionArn`
    pub version_arn: String,
    /// `name` of the store
    pub name: String,
    /// `versionName`
    pub version_name: String,
    /// `description`
    pub description: String,
    /// `creationTime`
    pub creation_time: String,
    /// `updateTime`
    pub update_time: String,
    /// `statusMessage`
    pub status_message: String,
    /// `versionSizeBytes`
    pub version_size_bytes: u64,
}

impl VersionItem {
    /// The version as a list shows it.
    pub fn new(service: &Service, it: &Version) -> Self {
        Self {
            store_id: it.store_id.clone(),
            id: it.id.clone(),
            status: it.status.as_str(),
            version_arn: service.version_arn(it).to_string(),
            name: it.store_name.to_string(),
            version_name: it.name.to_string(),
            description: it.description.clone(),
            creation_time: time(it.created),
            update_time: time(it.updated),
            status_message: it.status_message.clone(),
            version_size_bytes: it.size_bytes,
        }
    }
}

/// What `UpdateAnnotationStoreVersion` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateVersionResponse {
    /// `storeId`
    pub store_id: String,
    /// `id`
    pub id: String,
    /// `status`
    pub status: &'static str,
    /// `name` of the store
    pub name: String,
    /// `versionName`
    pub version_name: String,
    /// `description`
    pub description: String,
    /// `creationTime`
    pub creation_time: String,
    /// `updateTime`
    pub update_time: String,
}

impl From<&Version> for UpdateVersionResponse {
    fn from(it: &Version) -> Self {
        Self {
            store_id: it.store_id.clone(),
            id: it.id.clone(),
            status: it.status.as_str(),
            name: it.store_name.to_string(),
            version_name: it.name.to_string(),
            description: it.description.clone(),
            creation_time: time(it.created),
            update_time: time(it.updated),
        }
    }
}

/// What `DeleteAnnotationStoreVersions` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteVersionsResponse {
    /// `errors`: one for each version that was not deleted.
    pub errors: Vec<VersionDeleteError>,
}

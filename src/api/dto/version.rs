//! Bodies of the operations on versions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::options::VersionOptions;
use super::store::StatusFilter;
use super::time;
use crate::catalog::Version;
use crate::service::{self, Listed, Service, request};

/// `CreateAnnotationStoreVersion`; the store's name is in the path.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateVersionRequest {
    /// `name` of the store, where the whole request is one document, as for the AWS CLI.
    pub name: Option<String>,
    /// `versionName`
    pub version_name: Option<String>,
    /// `description`
    pub description: Option<String>,
    /// `versionOptions`
    pub version_options: Option<VersionOptions>,
    /// `tags`
    pub tags: Option<BTreeMap<String, String>>,
}

impl CreateVersionRequest {
    /// The request for the store of this name.
    pub fn of_store(self, name: String) -> request::CreateVersion {
        request::CreateVersion {
            name,
            version_name: self.version_name,
            description: self.description,
            version_options: self.version_options.map(Into::into),
            tags: self.tags.unwrap_or_default(),
        }
    }
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

/// `ListAnnotationStoreVersions`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListVersionsRequest {
    /// `filter`
    pub filter: Option<StatusFilter>,
}

impl ListVersionsRequest {
    /// The request for a store, with the page that the query string asks for.
    pub fn on_page(self, name: String, page: request::PageOf) -> request::ListVersions {
        request::ListVersions { name, status: self.filter.and_then(|it| it.status), page }
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

/// `DeleteAnnotationStoreVersions`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteVersionsRequest {
    /// `versions`
    #[serde(default)]
    pub versions: Vec<String>,
}

/// What `DeleteAnnotationStoreVersions` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteVersionsResponse {
    /// `errors`: one for each version that was not deleted.
    pub errors: Vec<VersionDeleteError>,
}

/// An item of `errors`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionDeleteError {
    /// `versionName`
    pub version_name: String,
    /// `message`
    pub message: String,
}

impl From<Vec<service::VersionDeleteError>> for DeleteVersionsResponse {
    fn from(errors: Vec<service::VersionDeleteError>) -> Self {
        let item = |it: service::VersionDeleteError| VersionDeleteError {
            version_name: it.version_name,
            message: it.message,
        };
        Self { errors: errors.into_iter().map(item).collect() }
    }
}

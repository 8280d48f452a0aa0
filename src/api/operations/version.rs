//! The operations on versions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answer::{Answer, answer, response, time};
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
    answer(CreateVersionResponse::new(&service.create_annotation_store_version(&request)?))
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
    answer(UpdateVersionResponse::new(&version))
}

fn delete_versions(service: &Service, call: &Call) -> Answer {
    let force = Some(call.flag("force")?);
    let request = DeleteAnnotationStoreVersions { force, ..call.body()? };
    let errors = service.delete_annotation_store_versions(call.label("name")?, &request)?;
    answer(DeleteVersionsResponse { errors })
}

response! {
    /// What `CreateAnnotationStoreVersion` answers.
    CreateVersionResponse(it: &Version) {
        id: String = it.id.clone();
        version_name: String = it.name.to_string();
        store_id: String = it.store_id.clone();
        #[serde(skip_serializing_if = "Option::is_none")]
        version_options: Option<VersionOptions> = it.options.as_ref().map(Into::into);
        name: String = it.store_name.to_string();
        status: &'static str = it.status.as_str();
        creation_time: String = time(it.created);
    }
}

response! {
    /// What `GetAnnotationStoreVersion` answers.
    GetVersionResponse(service: &Service, it: &Version) {
        #[serde(flatten)]
        item: VersionItem = VersionItem::new(service, it);
        tags: BTreeMap<String, String> = it.tags.clone();
        #[serde(skip_serializing_if = "Option::is_none")]
        version_options: Option<VersionOptions> = it.options.as_ref().map(Into::into);
    }
}

response! {
    /// What `ListAnnotationStoreVersions` answers.
    ListVersionsResponse(service: &Service, page: &Listed<Version>) {
        annotation_store_versions: Vec<VersionItem> =
            page.items.iter().map(|it| VersionItem::new(service, it)).collect();
        #[serde(skip_serializing_if = "Option::is_none")]
        next_token: Option<String> = page.next_token.clone();
    }
}

response! {
    /// An item of `annotationStoreVersions`.
    VersionItem(service: &Service, it: &Version) {
        store_id: String = it.store_id.clone();
        id: String = it.id.clone();
        status: &'static str = it.status.as_str();
        version_arn: String = service.version_arn(it).to_string();
        name: String = it.store_name.to_string();
        version_name: String = it.name.to_string();
        description: String = it.description.clone();
        creation_time: String = time(it.created);
        update_time: String = time(it.updated);
        status_message: String = it.status_message.clone();
        version_size_bytes: u64 = it.size_bytes;
    }
}

response! {
    /// What `UpdateAnnotationStoreVersion` answers.
    UpdateVersionResponse(it: &Version) {
        store_id: String = it.store_id.clone();
        id: String = it.id.clone();
        status: &'static str = it.status.as_str();
        name: String = it.store_name.to_string();
        version_name: String = it.name.to_string();
        description: String = it.description.clone();
        creation_time: String = time(it.created);
        update_time: String = time(it.updated);
    }
}

/// What `DeleteAnnotationStoreVersions` answers.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeleteVersionsResponse {
    /// `errors`: one for each version that was not deleted.
    pub errors: Vec<VersionDeleteError>,
}

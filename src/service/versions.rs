//! The operations on versions.

use serde::Serialize;

use super::Service;
use super::page::{List, Listed};
use super::validate::{required, version_options};
use crate::catalog::{NewVersion, ResourceStatus, Version, VersionFilter};
use crate::check::request::accept;
use crate::model::api::{
    CreateAnnotationStoreVersion, DeleteAnnotationStoreVersions, ListAnnotationStoreVersions,
    UpdateAnnotationStoreVersion,
};
use crate::model::{ErrorKind, Name, Result};

/// Why a version was not deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionDeleteError {
    /// The version as the request named it.
    pub version_name: String,
    /// Why, and what to do.
    pub message: String,
}

impl Service {
    /// `CreateAnnotationStoreVersion`. The version is ACTIVE at once.
    pub fn create_annotation_store_version(
        &self,
        request: &CreateAnnotationStoreVersion,
    ) -> Result<Version> {
        let store = required("name", request.name.as_deref())?;
        // A name that no store can have is answered as that of a store that is not there.
        if Name::new("name", store).is_ok() {
            accept(request)?;
        }
        let store = self.catalog.own_store(&self.account, store)?;
        let name = required("versionName", request.version_name.as_deref())?;
        let new = NewVersion {
            name: Name::new("versionName", name)?,
            description: request.description.clone().unwrap_or_default(),
            options: version_options(&store, request.version_options.as_ref())?,
            tags: request.tags.clone().unwrap_or_default(),
        };
        self.catalog.create_version(&self.account, store.name.as_str(), &new)
    }

    /// `GetAnnotationStoreVersion`
    pub fn get_annotation_store_version(&self, store: &str, version: &str) -> Result<Version> {
        self.catalog.version(&self.account, store, version)
    }

    /// `ListAnnotationStoreVersions`, newest first.
    pub fn list_annotation_store_versions(
        &self,
        store: &str,
        request: &ListAnnotationStoreVersions,
    ) -> Result<Listed<Version>> {
        accept(request)?;
        let status = request.filter.as_ref().and_then(|it| it.status.as_deref());
        let status = status.and_then(ResourceStatus::parse);
        let list = List {
            service: self,
            operation: "ListAnnotationStoreVersions",
            filter: (store, status),
        };
        let (after, limit) = list.place(request.max_results, request.next_token.as_deref())?;
        let filter = VersionFilter { status, after, limit };
        list.page(self.catalog.versions(&self.account, store, &filter)?)
    }

    /// `UpdateAnnotationStoreVersion`. An absent description stays.
    pub fn update_annotation_store_version(
        &self,
        store: &str,
        version: &str,
        request: &UpdateAnnotationStoreVersion,
    ) -> Result<Version> {
        accept(request)?;
        let description = request.description.as_deref();
        self.catalog.describe_version(&self.account, store, version, description)
    }

    /// `DeleteAnnotationStoreVersions`: each by itself; gives those that were not deleted, and
    /// why.
    pub fn delete_annotation_store_versions(
        &self,
        store: &str,
        request: &DeleteAnnotationStoreVersions,
    ) -> Result<Vec<VersionDeleteError>> {
        use ErrorKind::{Conflict, NotFound};
        accept(request)?;
        self.catalog.own_store(&self.account, store)?;
        let force = request.force.unwrap_or_default();
        let mut errors = Vec::new();
        for version in request.versions.iter().flatten() {
            match self.catalog.delete_version(&self.account, store, version, force) {
                Ok(()) => {}
                Err(error) if matches!(error.kind(), NotFound | Conflict) => {
                    let message = match error.help() {
                        Some(help) => format!("{}: {help}", error.message()),
                        None => error.message().to_owned(),
                    };
                    errors.push(VersionDeleteError { version_name: version.clone(), message });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(errors)
    }
}

//! The operations on versions.

use super::page::{List, Listed};
use super::request::{CreateVersion, ListVersions};
use super::stores::version_options;
use super::{Service, validate};
use crate::catalog::{NewVersion, Version, VersionFilter};
use crate::model::{AnnotationType, Error, ErrorKind, Result};

/// Why a version was not deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionDeleteError {
    /// The version as the request named it.
    pub version_name: String,
    /// Why, and what to do.
    pub message: String,
}

impl Service {
    /// `CreateAnnotationStoreVersion`. The version is ACTIVE at once.
    pub fn create_annotation_store_version(&self, request: &CreateVersion) -> Result<Version> {
        let name = validate::required("versionName", request.version_name.as_deref())?;
        let name = validate::name("versionName", name)?;
        let description = validate::description(request.description.as_deref())?;
        validate::tags(&request.tags)?;
        let store = self.catalog.own_store(&self.account, &request.name)?;
        let options = version_options(store.format, &store.name, request.version_options.as_ref())?;
        let positions =
            options.as_ref().is_some_and(|it| it.annotation_type != AnnotationType::Generic);
        if positions && store.reference_arn.is_none() {
            return Err(Error::invalid(
                "versionOptions.tsvVersionOptions.annotationType has positions, but the store has no reference",
            )
            .with_help("use GENERIC, or make a store with a reference"));
        }
        let new = NewVersion { name, description, options, tags: request.tags.clone() };
        self.catalog.create_version(&self.account, &request.name, &new)
    }

    /// `GetAnnotationStoreVersion`
    pub fn get_annotation_store_version(&self, store: &str, version: &str) -> Result<Version> {
        self.catalog.version(&self.account, store, version)
    }

    /// `ListAnnotationStoreVersions`, newest first.
    pub fn list_annotation_store_versions(
        &self,
        request: &ListVersions,
    ) -> Result<Listed<Version>> {
        let status = validate::resource_status(request.status.as_deref())?;
        let list = List {
            service: self,
            operation: "ListAnnotationStoreVersions",
            filter: (&request.name, status),
        };
        let (after, limit) = list.place(&request.page)?;
        let filter = VersionFilter { status, after, limit };
        list.page(self.catalog.versions(&self.account, &request.name, &filter)?)
    }

    /// `UpdateAnnotationStoreVersion`. An absent description stays.
    pub fn update_annotation_store_version(
        &self,
        store: &str,
        version: &str,
        description: Option<&str>,
    ) -> Result<Version> {
        validate::description(description)?;
        self.catalog.describe_version(&self.account, store, version, description)
    }

    /// `DeleteAnnotationStoreVersions`: each by itself; gives those that were not deleted, and why. With `force` also where an import runs,
    /// which then fails.
    pub fn delete_annotation_store_versions(
        &self,
        store: &str,
        versions: &[String],
        force: bool,
    ) -> Result<Vec<VersionDeleteError>> {
        validate::version_names(versions)?;
        self.catalog.own_store(&self.account, store)?;
        let mut errors = Vec::new();
        for version in versions {
            match self.catalog.delete_version(&self.account, store, version, force) {
                Ok(()) => {}
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Conflict) => {
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

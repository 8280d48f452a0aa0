//! The operations on stores.

use super::Service;
use super::page::{List, Listed};
use super::validate::{self, required};
use crate::catalog::{NewStore, ResourceStatus, Store, StoreFilter};
use crate::check::request::accept;
use crate::model::api::{CreateAnnotationStore, ListAnnotationStores, UpdateAnnotationStore};
use crate::model::{Name, Result, StoreFormat, TsvSettings};

impl Service {
    /// `CreateAnnotationStore`. The store is ACTIVE at once.
    pub fn create_annotation_store(&self, request: &CreateAnnotationStore) -> Result<Store> {
        self.create_annotation_store_with(request, TsvSettings::default())
    }

    /// `CreateAnnotationStore`, of a TSV store with settings that the API does not have.
    pub fn create_annotation_store_with(
        &self,
        request: &CreateAnnotationStore,
        settings: TsvSettings,
    ) -> Result<Store> {
        accept(request)?;
        let name = Name::new("name", required("name", request.name.as_deref())?)?;
        let format = request.store_format.as_deref().and_then(StoreFormat::parse);
        let format = required("storeFormat", format)?;
        let version = request.version_name.as_deref();
        let version = version.map(|it| Name::new("versionName", it)).transpose()?;
        let options = validate::store_options(format, request)?;
        validate::settings(format, &settings)?;
        let new = NewStore {
            account: self.account.clone(),
            reference_arn: validate::reference(format, request)?,
            description: request.description.clone().unwrap_or_default(),
            tags: request.tags.clone().unwrap_or_default(),
            version: version.unwrap_or_else(|| name.clone()),
            sse_key_arn: request.sse_config.as_ref().and_then(|it| it.key_arn.clone()),
            name,
            format,
            options,
            settings,
        };
        self.catalog.create_store_within(&new, self.quotas.stores())
    }

    /// `GetAnnotationStore`: of the account, or shared with it. Where several accounts share one
    /// of that name, `<owner>_<name>` tells them apart.
    pub fn get_annotation_store(&self, name: &str) -> Result<Store> {
        self.catalog.store(&self.account, name)
    }

    /// A store that the account owns.
    pub fn get_own_annotation_store(&self, name: &str) -> Result<Store> {
        self.catalog.own_store(&self.account, name)
    }

    /// `ListAnnotationStores`, newest first, those that are shared with the account among them.
    pub fn list_annotation_stores(&self, request: &ListAnnotationStores) -> Result<Listed<Store>> {
        accept(request)?;
        let status = request.filter.as_ref().and_then(|it| it.status.as_deref());
        let status = status.and_then(ResourceStatus::parse);
        let list = List {
            service: self,
            operation: "ListAnnotationStores",
            filter: (&request.ids, status),
        };
        let (after, limit) = list.place(request.max_results, request.next_token.as_deref())?;
        let filter = StoreFilter { ids: request.ids.clone(), status, after, limit };
        list.page(self.catalog.stores(&self.account, &filter)?)
    }

    /// `UpdateAnnotationStore`. An absent description stays.
    pub fn update_annotation_store(
        &self,
        name: &str,
        request: &UpdateAnnotationStore,
    ) -> Result<Store> {
        accept(request)?;
        self.catalog.describe_store(&self.account, name, request.description.as_deref())
    }

    /// Makes a version the default one of its store, which the store's bare name means. The service
    /// has no such operation.
    pub fn set_default_version(&self, name: &str, version: &str) -> Result<Store> {
        self.catalog.set_default_version(&self.account, name, version)
    }

    /// `DeleteAnnotationStore`. With `force` also where it has several versions or an import runs,
    /// which then fails.
    pub fn delete_annotation_store(&self, name: &str, force: bool) -> Result<ResourceStatus> {
        self.catalog.delete_store(&self.account, name, force)?;
        Ok(ResourceStatus::Deleting)
    }
}

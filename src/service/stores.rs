//! The operations on stores.

use super::page::{List, Listed};
use super::request::{CreateStore, ListStores, StoreOptions};
use super::tsv_options::check_tsv_options;
use super::{Service, validate};
use crate::catalog::{NewStore, ResourceStatus, Store, StoreFilter};
use crate::model::{AnnotationType, Error, Name, Result, StoreFormat, TsvStoreOptions};

impl Service {
    /// `CreateAnnotationStore`. The store is ACTIVE at once.
    pub fn create_annotation_store(&self, request: &CreateStore) -> Result<Store> {
        let name = validate::name("name", validate::required("name", request.name.as_deref())?)?;
        let format = validate::required("storeFormat", request.store_format.as_deref())?;
        let format: StoreFormat =
            validate::one_of("storeFormat", format, |it| it.parse().ok(), &["GFF", "TSV", "VCF"])?;
        let version = match &request.version_name {
            Some(version) => validate::name("versionName", version)?,
            None => name.clone(),
        };
        validate::tags(&request.tags)?;
        let options = store_options(format, request.store_options.as_ref())?;
        let sse_key_arn =
            request.sse_config.as_ref().map(validate::sse_config).transpose()?.flatten();
        let new = NewStore {
            account: self.account.clone(),
            reference_arn: reference(request, format, options.as_ref())?,
            description: validate::description(request.description.as_deref())?,
            tags: request.tags.clone(),
            name,
            format,
            sse_key_arn,
            options,
            version,
        };
        self.catalog.create_store_within(&new, self.quotas.stores())
    }

    /// `GetAnnotationStore`: of the account, or shared with it. Where several accounts share one of that name, `<owner>_<name>` tells them apart.
    pub fn get_annotation_store(&self, name: &str) -> Result<Store> {
        self.catalog.store(&self.account, name)
    }

    /// A store that the account owns.
    pub fn get_own_annotation_store(&self, name: &str) -> Result<Store> {
        self.catalog.own_store(&self.account, name)
    }

    /// `ListAnnotationStores`, newest first, those that are shared with the account among them.
    pub fn list_annotation_stores(&self, request: &ListStores) -> Result<Listed<Store>> {
        validate::ids(request.ids.as_deref())?;
        let status = validate::resource_status(request.status.as_deref())?;
        let list = List {
            service: self,
            operation: "ListAnnotationStores",
            filter: (&request.ids, status),
        };
        let (after, limit) = list.place(&request.page)?;
        let filter = StoreFilter { ids: request.ids.clone(), status, after, limit };
        list.page(self.catalog.stores(&self.account, &filter)?)
    }

    /// `UpdateAnnotationStore`. An absent description stays.
    pub fn update_annotation_store(&self, name: &str, description: Option<&str>) -> Result<Store> {
        validate::description(description)?;
        self.catalog.describe_store(&self.account, name, description)
    }

    /// `DeleteAnnotationStore`. With `force` also where it has several versions or an import runs, which then fails.
    pub fn delete_annotation_store(&self, name: &str, force: bool) -> Result<ResourceStatus> {
        self.catalog.delete_store(&self.account, name, force)?;
        Ok(ResourceStatus::Deleting)
    }
}

fn store_options(
    format: StoreFormat,
    options: Option<&StoreOptions>,
) -> Result<Option<TsvStoreOptions>> {
    match (format, options) {
        (StoreFormat::Tsv, Some(StoreOptions { tsv: Some(tsv) })) => {
            check_tsv_options("storeOptions.tsvStoreOptions", tsv).map(Some)
        }
        (StoreFormat::Tsv, _) => Err(Error::invalid("storeOptions.tsvStoreOptions is missing")
            .with_help("a TSV store needs annotationType, formatToHeader and schema")),
        (_, None) => Ok(None),
        (format, Some(_)) => Err(Error::invalid(format!(
            "storeOptions is given, but the store's format is {format}"
        ))
        .with_help("leave storeOptions out, or make it a TSV store")),
    }
}

fn reference(
    request: &CreateStore,
    format: StoreFormat,
    options: Option<&TsvStoreOptions>,
) -> Result<Option<String>> {
    if let Some(reference) = &request.reference {
        let arn = validate::required("reference.referenceArn", reference.reference_arn.clone())?;
        validate::reference_arn(&arn)?;
        return Ok(Some(arn));
    }
    if options.is_some_and(|it| it.annotation_type == AnnotationType::Generic) {
        return Ok(None);
    }
    Err(Error::invalid(format!("reference is missing, which a {format} store needs")).with_help(
        "give reference.referenceArn, the ARN of the genome that the positions are on; only TSV stores of type GENERIC go without",
    ))
}

/// `versionOptions` of a version of this store; none where the store's are to be used.
pub(super) fn version_options(
    format: StoreFormat,
    store: &Name,
    options: Option<&StoreOptions>,
) -> Result<Option<TsvStoreOptions>> {
    let Some(options) = options else { return Ok(None) };
    if format != StoreFormat::Tsv {
        return Err(Error::invalid(format!(
            "versionOptions is given, but the format of store {store} is {format}"
        ))
        .with_help("leave versionOptions out"));
    }
    let tsv = validate::required("versionOptions.tsvVersionOptions", options.tsv.as_ref())?;
    check_tsv_options("versionOptions.tsvVersionOptions", tsv).map(Some)
}

//! What the API asks of several members together, and of a member that its model leaves open.

use super::tsv_options::check_tsv_options;
use crate::catalog::Store;
use crate::check::request::accept_member;
use crate::model::api::{CreateAnnotationStore, TsvStoreOptions, VersionOptions};
use crate::model::shape::Shaped;
use crate::model::{self, AnnotationType, Error, ReadOptions, Result, StoreFormat, TsvSettings};
use crate::read::tsv::Dialect;

/// A member that has to be given.
pub(super) fn required<T>(member: &str, value: Option<T>) -> Result<T> {
    value.ok_or_else(|| {
        Error::invalid(format!("{member} is missing")).with_help(format!("give {member}"))
    })
}

/// `storeOptions` of a store of this format.
pub(super) fn store_options(
    format: StoreFormat,
    request: &CreateAnnotationStore,
) -> Result<Option<model::TsvStoreOptions>> {
    let given = request.store_options.as_ref();
    match (format, given) {
        (StoreFormat::Tsv, given) => {
            let tsv = given.and_then(|it| it.tsv_store_options.as_ref());
            let tsv = tsv.ok_or_else(|| {
                Error::invalid("storeOptions.tsvStoreOptions is missing")
                    .with_help("a TSV store needs annotationType, formatToHeader and schema")
            })?;
            resolve("storeOptions.tsvStoreOptions", tsv).map(Some)
        }
        (_, None) => Ok(None),
        (format, Some(_)) => Err(Error::invalid(format!(
            "storeOptions is given, but the store's format is {format}"
        ))
        .with_help("leave storeOptions out, or make it a TSV store")),
    }
}

/// The settings of a store of this format that the API does not have.
pub(super) fn settings(format: StoreFormat, settings: &TsvSettings) -> Result<()> {
    if format != StoreFormat::Tsv && !settings.is_empty() {
        let message = format!("a {format} store has neither null marks nor read options");
        return Err(Error::invalid(message).with_help("leave them out, or make it a TSV store"));
    }
    let Some(read) = &settings.read_options else { return Ok(()) };
    accept_member("readOptions", read, &ReadOptions::SHAPE)?;
    Dialect::new(Some(read)).map(drop)
}

/// `reference` of a store of this format.
pub(super) fn reference(
    format: StoreFormat,
    request: &CreateAnnotationStore,
) -> Result<Option<String>> {
    if request.lacks_reference() {
        let message = format!("reference is missing, which a {format} store needs");
        return Err(Error::invalid(message).with_help(
            "give reference.referenceArn, the ARN of the genome that the positions are on; only \
             TSV stores of type GENERIC go without",
        ));
    }
    Ok(request.reference.as_ref().and_then(|it| it.reference_arn.clone()))
}

/// `versionOptions` of a version of this store; none where the store's are to be used.
pub(super) fn version_options(
    store: &Store,
    options: Option<&VersionOptions>,
) -> Result<Option<model::TsvStoreOptions>> {
    let Some(options) = options else { return Ok(None) };
    if store.format != StoreFormat::Tsv {
        return Err(Error::invalid(format!(
            "versionOptions is given, but the format of store {} is {}",
            store.name, store.format
        ))
        .with_help("leave versionOptions out"));
    }
    let member = "versionOptions.tsvVersionOptions";
    let tsv = required(member, options.tsv_version_options.as_ref())?;
    let options = resolve(member, tsv)?;
    if options.annotation_type != AnnotationType::Generic && store.reference_arn.is_none() {
        return Err(Error::invalid(format!(
            "{member}.annotationType has positions, but the store has no reference"
        ))
        .with_help("use GENERIC, or make a store with a reference"));
    }
    Ok(Some(options))
}

fn resolve(member: &str, options: &TsvStoreOptions) -> Result<model::TsvStoreOptions> {
    let options = required(&format!("{member}.schema"), options.resolve())?;
    check_tsv_options(member, &options)?;
    Ok(options)
}

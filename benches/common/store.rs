//! A home with a store for each format, for the benches that write and query.

use std::path::Path;

use annostore::import::{self, ImportOptions, OnError};
use annostore::model::api::{
    CreateAnnotationStore, ImportItem, Reference, StartAnnotationImportJob, StoreOptions,
};
use annostore::model::{Account, FormatOptions};
use annostore::service::Service;

/// A home with the store `bench`, `own` for a file of the user's, and `scores` for TSV.
pub fn service(folder: &Path) -> Service {
    let account = Account::new(Account::DEFAULT).unwrap();
    let service = Service::open(&folder.join("home"), account, "us-east-1").unwrap();
    let store = CreateAnnotationStore {
        name: Some("bench".to_owned()),
        store_format: Some("VCF".to_owned()),
        reference: Some(Reference::from("arn:x".to_owned())),
        ..CreateAnnotationStore::default()
    };
    service.create_annotation_store(&store).unwrap();
    let own = CreateAnnotationStore { name: Some("own".to_owned()), ..store.clone() };
    service.create_annotation_store(&own).unwrap();
    let tsv = super::tsv::reading().store;
    let scores = CreateAnnotationStore {
        name: Some("scores".to_owned()),
        store_format: Some("TSV".to_owned()),
        store_options: Some(StoreOptions::from(&tsv)),
        ..store
    };
    service.create_annotation_store(&scores).unwrap();
    service
}

/// Imports a file with all records into `bench`.
pub fn import(service: &Service, path: &str) {
    let rows = import_into(service, "bench", path, &ImportOptions::default());
    assert_eq!(rows, super::RECORDS as u64);
}

/// Imports a file of the user's into `own`, but for lines that cannot be stored.
pub fn import_own(service: &Service, path: &str) -> u64 {
    let options = ImportOptions { on_error: OnError::Skip, ..ImportOptions::default() };
    import_into(service, "own", path, &options)
}

/// Imports a file with all rows into `scores`.
pub fn import_scores(service: &Service, path: &str) {
    let format = Some(FormatOptions::Tsv(Some(super::tsv::read_options())));
    let options = ImportOptions { format, ..ImportOptions::default() };
    let rows = import_into(service, "scores", path, &options);
    assert_eq!(rows, super::tsv::ROWS as u64);
}

fn import_into(service: &Service, store: &str, path: &str, options: &ImportOptions) -> u64 {
    let start = StartAnnotationImportJob {
        destination_name: Some(store.to_owned()),
        items: Some(vec![ImportItem::from(path.to_owned())]),
        format_options: options.format.as_ref().map(Into::into),
        ..StartAnnotationImportJob::default()
    };
    let run = service.begin_import(&start).unwrap();
    let imported = import::import(run, path, &super::pipe(), options).unwrap();
    imported.job.unwrap().rows_stored
}

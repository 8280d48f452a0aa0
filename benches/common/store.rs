//! A home with a store for each format, for the benches that write and query.

use std::path::Path;

use annostore::api::dto;
use annostore::import::{self, ImportOptions};
use annostore::model::{Account, FormatOptions};
use annostore::service::Service;
use annostore::service::request::{CreateStore, Reference, StartImport, StoreOptions};

/// A home with the store `bench`, and `scores` for TSV.
pub fn service(folder: &Path) -> Service {
    let account = Account::new(Account::DEFAULT).unwrap();
    let service = Service::open(&folder.join("home"), account, "us-east-1").unwrap();
    let store = CreateStore {
        name: Some("bench".to_owned()),
        store_format: Some("VCF".to_owned()),
        reference: Some(Reference { reference_arn: Some("arn:x".to_owned()) }),
        ..CreateStore::default()
    };
    service.create_annotation_store(&store).unwrap();
    let tsv = super::tsv::reading().store;
    let scores = CreateStore {
        name: Some("scores".to_owned()),
        store_format: Some("TSV".to_owned()),
        store_options: Some(StoreOptions { tsv: Some(dto::TsvOptions::from(&tsv).into()) }),
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

/// Imports a file with all rows into `scores`.
pub fn import_scores(service: &Service, path: &str) {
    let format = Some(FormatOptions::Tsv(Some(super::tsv::read_options())));
    let options = ImportOptions { format, ..ImportOptions::default() };
    let rows = import_into(service, "scores", path, &options);
    assert_eq!(rows, super::tsv::ROWS as u64);
}

fn import_into(service: &Service, store: &str, path: &str, options: &ImportOptions) -> u64 {
    let start = StartImport {
        destination_name: Some(store.to_owned()),
        sources: vec![path.to_owned()],
        format_options: options.format.as_ref().map(Into::into),
        ..StartImport::default()
    };
    let run = service.begin_import(&start).unwrap();
    let imported = import::import(run, path, &super::pipe(), options).unwrap();
    imported.job.unwrap().rows_stored
}

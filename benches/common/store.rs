//! A home with a store, for the benches that write and query.

use std::path::Path;

use annostore::import::{self, ImportOptions};
use annostore::model::Account;
use annostore::service::Service;
use annostore::service::request::{CreateStore, Reference, StartImport};

/// A home with the store `bench`.
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
    service
}

/// Imports a file with all records into it.
pub fn import(service: &Service, path: &str) {
    let start = StartImport {
        destination_name: Some("bench".to_owned()),
        sources: vec![path.to_owned()],
        ..StartImport::default()
    };
    let run = service.begin_import(&start).unwrap();
    let options = ImportOptions::default();
    let imported = import::import(run, path, &super::pipe(), &options).unwrap();
    assert_eq!(imported.job.unwrap().rows_stored, super::RECORDS as u64);
}

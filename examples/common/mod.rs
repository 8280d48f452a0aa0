//! What the examples of queries ask: a home with the demo's variants of ClinVar.

use std::path::Path;

use annostore::import::{ImportOptions, import};
use annostore::model::api::{
    CreateAnnotationStore, ImportItem, Reference, StartAnnotationImportJob,
};
use annostore::{Account, DEFAULT_CHUNK_BYTES, Pipe, Report, Service};

/// Makes store `clinvar` in a new home and fills it.
pub fn filled(home: &Path) -> annostore::Result<(Service, Report)> {
    let service = Service::open(home, Account::new(Account::DEFAULT)?, "us-east-1")?;
    service.create_annotation_store(&CreateAnnotationStore {
        name: Some("clinvar".to_owned()),
        store_format: Some("VCF".to_owned()),
        reference: Some(Reference::from("arn:x".to_owned())),
        ..CreateAnnotationStore::default()
    })?;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo/clinvar.vcf");
    let run = service.begin_import(&StartAnnotationImportJob {
        destination_name: Some("clinvar".to_owned()),
        items: Some(vec![ImportItem::from(file.to_owned())]),
        ..StartAnnotationImportJob::default()
    })?;
    let pipe = Pipe::new(None, DEFAULT_CHUNK_BYTES)?;
    let imported = import(run, file, &pipe, &ImportOptions::default())?;
    Ok((service, imported.report))
}

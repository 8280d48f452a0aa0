//! Makes a store in a home of its own and imports a file into it.
//!
//! `cargo run --example import`
// An example prints.
#![allow(clippy::print_stdout)]

use annostore::import::{ImportOptions, import};
use annostore::model::api::{
    CreateAnnotationStore, ImportItem, Reference, StartAnnotationImportJob,
};
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use annostore::{Account, Service};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let home = tempfile::tempdir()?;
    let service = Service::open(home.path(), Account::new(Account::DEFAULT)?, "us-east-1")?;
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
    println!("{} records, {} findings", imported.report.records, imported.report.findings.total());
    match imported.job {
        Some(job) => println!("job {} has ended as {:?}", job.id, job.status),
        None => println!("the file was rejected, and nothing stored"),
    }
    Ok(())
}

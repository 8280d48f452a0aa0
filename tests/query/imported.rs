//! Stores made by the import itself, from texts of a few lines.

use std::fs;

use annostore::import::{ImportOptions, import};
use annostore::model::api::{
    CreateAnnotationStore, ImportItem, Reference, StartAnnotationImportJob,
};
use annostore::model::{Account, Result};
use annostore::query::{CatalogTables, Engine, Options};
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use annostore::service::Service;

/// A home that imports texts.
pub struct Imports {
    folder: tempfile::TempDir,
    service: Service,
    files: usize,
}

impl Imports {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let account = Account::new(Account::DEFAULT).unwrap();
        let service = Service::open(&folder.path().join("home"), account, "us-east-1").unwrap();
        Self { folder, service, files: 0 }
    }

    /// Imports a VCF text, whose fields may be separated by blanks, into a store that is made where
    /// there is none.
    pub fn vcf(&mut self, store: &str, text: &str) -> &mut Self {
        self.try_vcf(store, text, &ImportOptions::default()).unwrap();
        self
    }

    pub fn try_vcf(&mut self, store: &str, text: &str, options: &ImportOptions) -> Result<()> {
        self.files += 1;
        let path = self.folder.path().join(format!("{}.vcf", self.files));
        fs::write(&path, tabbed(text)).unwrap();
        self.file(store, path.to_str().unwrap(), options)
    }

    /// Imports a file.
    pub fn file(&mut self, store: &str, path: &str, options: &ImportOptions) -> Result<()> {
        if self.service.get_annotation_store(store).is_err() {
            let request = CreateAnnotationStore {
                name: Some(store.to_owned()),
                store_format: Some("VCF".to_owned()),
                reference: Some(Reference { reference_arn: Some("arn:x".to_owned()) }),
                ..CreateAnnotationStore::default()
            };
            self.service.create_annotation_store(&request).unwrap();
        }
        let start = StartAnnotationImportJob {
            destination_name: Some(store.to_owned()),
            items: Some(vec![ImportItem::from(path.to_owned())]),
            ..StartAnnotationImportJob::default()
        };
        let run = self.service.begin_import(&start)?;
        let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
        let imported = import(run, path, &pipe, options)?;
        assert!(imported.job.is_some(), "{:?}", imported.report.findings.kept());
        Ok(())
    }

    /// An engine over the stores. The folder goes with it.
    pub fn engine(self) -> (Engine, tempfile::TempDir) {
        let account = Account::new(Account::DEFAULT).unwrap();
        let catalog = self.service.catalog().clone();
        let tables = CatalogTables { catalog, account };
        let options = Options { threads: 2, ..Options::default() };
        (Engine::new(std::sync::Arc::new(tables), options).unwrap(), self.folder)
    }
}

/// Tabs for the runs of blanks, in the lines that have fields.
fn tabbed(text: &str) -> String {
    let line = |line: &str| {
        let line = line.trim();
        let fields = line.starts_with("##").then(|| line.to_owned());
        fields.unwrap_or_else(|| line.split_whitespace().collect::<Vec<_>>().join("\t")) + "\n"
    };
    text.trim().lines().map(line).collect()
}

//! How DataFusion comes to the data files: under an address that no SQL can name, by readers that
//! keep the files as long as a plan needs them.

use std::sync::Arc;

use datafusion::common::{Result, internal_datafusion_err};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::ParquetFileReaderFactory;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use object_store::memory::InMemory;
use parquet::arrow::async_reader::AsyncFileReader;
use sha2::{Digest, Sha256};

use super::checked::{CheckedFile, Damage, Written};
use crate::catalog::{DataFile, Storage};
use crate::query::names::View;

/// Under which address DataFusion finds the files: each storage has its own, since a session may
/// read two homes.
pub fn url(storage: &Storage) -> ObjectStoreUrl {
    url_of(storage.place("").to_string().as_bytes())
}

/// An address for what lies somewhere, which no SQL can name.
pub fn url_of(somewhere: &[u8]) -> ObjectStoreUrl {
    let digest = Sha256::digest(somewhere);
    // It parses; the alternative of the registry is the root of the file system, which an engine
    // has not got.
    ObjectStoreUrl::parse(format!("annostore://{digest:x}"))
        .unwrap_or_else(|_| ObjectStoreUrl::local_filesystem())
}

/// Makes the address known. DataFusion asks for what is there before it opens a file; all files are
/// opened by [`KeptFiles`].
pub fn mount(runtime: &RuntimeEnv, storage: &Storage) {
    let url = url(storage);
    if runtime.object_store(&url).is_err() {
        runtime.register_object_store(url.as_ref(), Arc::new(InMemory::new()));
    }
}

/// A data file, by its key.
pub fn partitioned(file: &DataFile) -> PartitionedFile {
    let written = Written { place: file.place.clone(), checksums: file.checksums.clone() };
    PartitionedFile::new(file.place.key(), file.bytes).with_extension(written)
}

/// Opens files, and keeps them where they are: a plan lives longer than the table that it came of.
/// What is read of them is held against their checksums.
#[derive(Debug)]
pub struct KeptFiles {
    footers: Arc<FileMetadataCache>,
    damage: Arc<Damage>,
    _view: Arc<dyn View>,
}

impl KeptFiles {
    /// A reader of the files of a view, which leaves in `damage` what it finds.
    pub fn new(view: &Arc<dyn View>, runtime: &RuntimeEnv, damage: &Arc<Damage>) -> Self {
        let footers = runtime.cache_manager.get_file_metadata_cache();
        Self { footers, damage: Arc::clone(damage), _view: Arc::clone(view) }
    }
}

impl ParquetFileReaderFactory for KeptFiles {
    fn create_reader(
        &self,
        partition: usize,
        file: PartitionedFile,
        footer_hint: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let Some(written) = file.extension::<Written>().cloned() else {
            return Err(internal_datafusion_err!("nothing is known of a data file"));
        };
        let (bytes, damage) = (file.object_meta.size, Arc::clone(&self.damage));
        let files = Arc::new(CheckedFile { written, bytes, damage });
        CachedParquetFileReaderFactory::new(files, Arc::clone(&self.footers)).create_reader(
            partition,
            file,
            footer_hint,
            metrics,
        )
    }
}

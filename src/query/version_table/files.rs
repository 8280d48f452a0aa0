//! How DataFusion comes to the data files: a folder under an address that no SQL can name, and
//! readers that keep the files as long as a plan needs them.

use std::path::Path;
use std::sync::Arc;

use datafusion::common::{Result, exec_datafusion_err};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::ParquetFileReaderFactory;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use object_store::local::LocalFileSystem;
use parquet::arrow::async_reader::AsyncFileReader;
use sha2::{Digest, Sha256};

use crate::catalog::DataFile;
use crate::model;
use crate::query::names::View;

/// Where a data folder is mounted for DataFusion: each its own, since a session may read two homes.
pub fn url(folder: &Path) -> ObjectStoreUrl {
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    // It parses; the alternative of the registry is the root of the file system, which an engine
    // has not got.
    ObjectStoreUrl::parse(format!("annostore://{digest:x}"))
        .unwrap_or_else(|_| ObjectStoreUrl::local_filesystem())
}

/// Makes a data folder readable. A new home has none yet.
pub fn mount(runtime: &RuntimeEnv, folder: &Path) -> model::Result<()> {
    let url = url(folder);
    if runtime.object_store(&url).is_ok() || !folder.is_dir() {
        return Ok(());
    }
    let files = LocalFileSystem::new_with_prefix(folder).map_err(|error| {
        model::Error::new(model::ErrorKind::Storage, "cannot read the data folder")
            .with("folder", folder.display())
            .with_source(error)
    })?;
    runtime.register_object_store(url.as_ref(), Arc::new(files));
    Ok(())
}

/// A data file by its place in the folder.
pub fn partitioned(file: &DataFile, folder: &Path) -> Result<PartitionedFile> {
    let path = file.path.strip_prefix(folder).ok().and_then(Path::to_str);
    let path = path.ok_or_else(|| {
        exec_datafusion_err!("data file {} is not in the data folder", file.path.display())
    })?;
    Ok(PartitionedFile::new(path, file.bytes))
}

/// Opens files, and keeps them where they are: a plan lives longer than the table that it came of.
#[derive(Debug)]
pub struct KeptFiles {
    inner: CachedParquetFileReaderFactory,
    _view: Arc<dyn View>,
}

impl KeptFiles {
    /// A reader of the files of a view.
    pub fn new(view: &Arc<dyn View>, runtime: &RuntimeEnv) -> Result<Self> {
        let files = runtime.object_store(url(view.data_folder()))?;
        let footers = runtime.cache_manager.get_file_metadata_cache();
        let inner = CachedParquetFileReaderFactory::new(files, footers);
        Ok(Self { inner, _view: Arc::clone(view) })
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
        self.inner.create_reader(partition, file, footer_hint, metrics)
    }
}

//! How DataFusion comes to the data files: a folder under an address that no SQL can name, and
//! readers that keep the files as long as a plan needs them.

use std::path::Path;
use std::sync::Arc;

use datafusion::common::{DataFusionError, Result, exec_datafusion_err, internal_datafusion_err};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::ParquetFileReaderFactory;
use datafusion::datasource::physical_plan::parquet::CachedParquetFileReaderFactory;
use datafusion::execution::cache::cache_manager::FileMetadataCache;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use parquet::arrow::async_reader::AsyncFileReader;
use sha2::{Digest, Sha256};

use super::checked::{CheckedFile, Damage, Written};
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
    let written = Written { path: file.path.clone(), checksums: file.checksums.clone() };
    Ok(PartitionedFile::new(path, file.bytes).with_extension(written))
}

/// Opens files, and keeps them where they are: a plan lives longer than the table that it came of.
/// What is read of them is held against their checksums.
#[derive(Debug)]
pub struct KeptFiles {
    files: Arc<dyn ObjectStore>,
    footers: Arc<FileMetadataCache>,
    damage: Arc<Damage>,
    _view: Arc<dyn View>,
}

impl KeptFiles {
    /// A reader of the files of a view, which leaves in `damage` what it finds.
    pub fn new(view: &Arc<dyn View>, runtime: &RuntimeEnv, damage: &Arc<Damage>) -> Result<Self> {
        let folder = view.data_folder();
        // It was not there to be mounted, although there are files to be read in it.
        let files = runtime.object_store(url(folder)).map_err(|_| {
            let gone = model::Error::new(model::ErrorKind::Storage, "the data folder is not there");
            DataFusionError::External(gone.with("folder", folder.display()).into())
        })?;
        let footers = runtime.cache_manager.get_file_metadata_cache();
        Ok(Self { files, footers, damage: Arc::clone(damage), _view: Arc::clone(view) })
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
        let Some(Written { path, checksums }) = file.extension().cloned() else {
            return Err(internal_datafusion_err!("nothing is known of a data file"));
        };
        let bytes = file.object_meta.size;
        let (files, damage) = (Arc::clone(&self.files), Arc::clone(&self.damage));
        let files = match checksums {
            Some(checksums) => Arc::new(CheckedFile { files, path, bytes, checksums, damage }),
            // An earlier program wrote it.
            None => files,
        };
        CachedParquetFileReaderFactory::new(files, Arc::clone(&self.footers)).create_reader(
            partition,
            file,
            footer_hint,
            metrics,
        )
    }
}

//! A Parquet file as a table.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::config::TableParquetOptions;
use datafusion::common::stats::Precision;
use datafusion::common::{Result, Statistics};
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::logical_expr::Expr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;
use object_store::local::LocalFileSystem;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::reading::no_positions;
use crate::model::{self, Error, ErrorKind};
use crate::query::in_region;
use crate::query::region::Region;
use crate::query::version_table::{Hidden, columns_of, url_of, with_path};
use crate::write::CoordinateNames;

/// A Parquet file as a table. Its columns have names in small letters, as SQL knows no case.
#[derive(Debug)]
pub struct ParquetTable {
    folder: PathBuf,
    file: PartitionedFile,
    rows: usize,
    /// The columns as the file names them.
    of_file: SchemaRef,
    schema: SchemaRef,
    coordinates: Option<CoordinateNames>,
    regions: Vec<Region>,
    /// Whether the last column is the path of the file.
    has_path: bool,
}

/// Whether a file begins as Parquet does.
pub fn is_parquet(path: &str) -> bool {
    let mut start = [0; 4];
    File::open(path).and_then(|mut it| it.read_exact(&mut start)).is_ok() && start == *b"PAR1"
}

/// The address of a folder.
fn url(folder: &Path) -> ObjectStoreUrl {
    url_of(folder.as_os_str().as_encoded_bytes())
}

/// Makes a folder readable.
fn mount(runtime: &RuntimeEnv, folder: &Path) -> object_store::Result<()> {
    let url = url(folder);
    if runtime.object_store(&url).is_err() {
        let files = LocalFileSystem::new_with_prefix(folder)?;
        runtime.register_object_store(url.as_ref(), Arc::new(files));
    }
    Ok(())
}

impl ParquetTable {
    /// Reads what the file says of its columns. It has no numbers of records.
    pub fn open(
        path: &str,
        regions: &[String],
        hidden: &Hidden,
        runtime: &RuntimeEnv,
    ) -> model::Result<Self> {
        let damaged = |why: &dyn std::fmt::Display| {
            Error::new(ErrorKind::Unreadable, format!("this is no sound Parquet file: {why}"))
                .with("file", path)
                .with_help("copy it again, or write it again with the program that made it")
        };
        let real = std::fs::canonicalize(path).map_err(|it| damaged(&it))?;
        let opened = File::open(&real).map_err(|it| damaged(&it))?;
        let bytes = opened.metadata().map_err(|it| damaged(&it))?.len();
        let reader = ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|it| damaged(&it))?;
        let rows = reader.metadata().file_metadata().num_rows();
        let hidden = Hidden { record: None, path: hidden.path.clone() };
        let of_file = hidden.behind(&plain_texts(reader.schema()));
        let schema = in_small_letters(&of_file);
        let (Some(folder), Some(name)) =
            (real.parent(), real.file_name().and_then(|it| it.to_str()))
        else {
            return Err(damaged(&"its name is no text"));
        };
        mount(runtime, folder).map_err(|it| damaged(&it))?;
        let coordinates = Some(CoordinateNames::vcf()).filter(|it| has_coordinates(&schema, it));
        if !regions.is_empty() && coordinates.is_none() {
            return Err(no_positions(path));
        }
        let regions = regions.iter().map(|it| Region::parse(it, |_| false));
        Ok(Self {
            folder: folder.to_owned(),
            file: match hidden.path {
                Some(_) => with_path(PartitionedFile::new(name, bytes), path.to_owned()),
                None => PartitionedFile::new(name, bytes),
            },
            has_path: hidden.path.is_some(),
            rows: usize::try_from(rows).unwrap_or_default(),
            of_file,
            schema,
            coordinates,
            regions: regions.collect::<model::Result<_>>()?,
        })
    }

    fn rows_of(&self, state: &dyn Session, columns: &[usize]) -> Result<Arc<dyn ExecutionPlan>> {
        let options = TableParquetOptions {
            global: state.config_options().execution.parquet.clone(),
            ..TableParquetOptions::default()
        };
        let source = ParquetSource::new(columns_of(&self.of_file, self.has_path))
            .with_table_parquet_options(options);
        let mut statistics = Statistics::new_unknown(&self.of_file);
        statistics.num_rows = Precision::Exact(self.rows);
        let config = FileScanConfigBuilder::new(url(&self.folder), Arc::new(source))
            .with_file(self.file.clone())
            .with_statistics(statistics)
            .with_projection_indices(Some(columns.to_vec()))?
            .build();
        let scan = DataSourceExec::from_data_source(config);
        if self.schema == self.of_file {
            return Ok(scan);
        }
        let named = columns.iter().enumerate().map(|(at, column)| {
            let name = self.schema.field(*column).name().clone();
            (Arc::new(Column::new(self.of_file.field(*column).name(), at)) as _, name)
        });
        Ok(Arc::new(ProjectionExec::try_new(named.collect::<Vec<_>>(), scan)?))
    }
}

/// The columns by names in small letters, and without metadata, which DataFusion drops on some
/// ways. Two names that differ in case only stay as they are.
fn in_small_letters(schema: &Schema) -> SchemaRef {
    let lower = schema.fields().iter().map(|it| it.name().to_lowercase());
    let is_unique = lower.clone().collect::<HashSet<_>>().len() == schema.fields().len();
    let fields = schema.fields().iter().zip(lower).map(|(field, lower)| {
        let name = if is_unique { lower } else { field.name().clone() };
        Arc::new(field.as_ref().clone().with_name(name))
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The columns with plain texts in the place of those with 64-bit offsets, which are `json` in SQL.
fn plain_texts(schema: &Schema) -> SchemaRef {
    let plain =
        |it: &FieldRef| Arc::new(Field::new(it.name(), plain(it.data_type()), it.is_nullable()));
    Arc::new(Schema::new(schema.fields().iter().map(plain).collect::<Fields>()))
}

fn plain(data_type: &DataType) -> DataType {
    let of = |it: &FieldRef| Arc::new(it.as_ref().clone().with_data_type(plain(it.data_type())));
    match data_type {
        DataType::LargeUtf8 => DataType::Utf8,
        DataType::List(field) => DataType::List(of(field)),
        DataType::Map(field, is_sorted) => DataType::Map(of(field), *is_sorted),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(of).collect()),
        other => other.clone(),
    }
}

fn has_coordinates(schema: &Schema, names: &CoordinateNames) -> bool {
    let is = |name: &str, fits: fn(&DataType) -> bool| {
        schema.field_with_name(name).map(Field::data_type).is_ok_and(fits)
    };
    let text = |it: &DataType| matches!(it, DataType::Utf8 | DataType::LargeUtf8);
    is(&names.contig, text)
        && is(&names.start, DataType::is_integer)
        && is(&names.end, DataType::is_integer)
}

#[async_trait]
impl TableProvider for ParquetTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let names = self.coordinates.as_ref();
        let scan = |columns: Vec<usize>| self.rows_of(state, &columns);
        in_region::rows(state, &self.schema, names, projection, &self.regions, scan)
    }
}

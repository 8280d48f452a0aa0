//! One version of a store as a table: a known list of Parquet files, never a directory listing.

mod by_name;
mod checked;
mod files;
mod hidden;
mod pruning;

use files::url;
pub use files::{mount, url_of};
pub use hidden::{Hidden, columns_of, with_path};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::config::TableParquetOptions;
use datafusion::common::stats::Precision;
use datafusion::common::{DataFusionError, Result, Statistics, plan_err};
use datafusion::datasource::TableType;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfig, FileScanConfigBuilder, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;

use super::attributes::{
    ATTRIBUTES_COLUMN, AttributesAdapterFactory, INFO_COLUMN, OTHER_COLUMN, attributes_type,
    header_key,
};
use super::in_region;
use super::names::View;
use super::region::Region;
use crate::catalog::{DataFile, StoreEntry};
use crate::model::key_case::fields_by_case;
use crate::model::{self, Name, StoreFormat, TsvStoreOptions};
use crate::write::schema::{INFO_KEY, gff_schema, tsv_schema, vcf_schema};
use crate::write::{CoordinateNames, tsv_columns};
use by_name::FileToScan;
use checked::Damage;
use files::{KeptFiles, partitioned};

/// The place of `attributes` among the service's columns, from zero.
const ATTRIBUTES_AT: usize = 10;

/// A version, as it was when the statement was planned.
#[derive(Debug)]
pub struct VersionTable {
    name: String,
    /// The id of the version.
    id: String,
    schema: SchemaRef,
    /// The columns that give the place of a row, where rows have one.
    coordinates: Option<CoordinateNames>,
    /// The name of the last column, where that is the path of a row's file.
    path_column: Option<String>,
    files: Vec<DataFile>,
    other_keys: Option<Arc<BTreeSet<String>>>,
    regions: Vec<Region>,
    /// Which fields of `info` hold keys that differ in case only.
    keys_by_case: Option<String>,
    /// What reading the files found.
    damage: Arc<Damage>,
    /// Keeps the files.
    view: Arc<dyn View>,
}

impl VersionTable {
    /// The table of a version of a store.
    pub fn open(view: &Arc<dyn View>, store: &StoreEntry, version: &Name) -> model::Result<Self> {
        let (version, files) = view.open(store, version)?;
        let (schema, coordinates) = match (store.format, &version.options) {
            (StoreFormat::Vcf, _) => {
                (table_schema(&vcf_schema(&version.info_columns)), Some(CoordinateNames::vcf()))
            }
            (StoreFormat::Tsv, Some(options)) => {
                (tsv_table(options), CoordinateNames::tsv(options))
            }
            (StoreFormat::Gff, _) => (gff_table(), Some(CoordinateNames::gff())),
            (StoreFormat::Tsv, None) => {
                return Err(model::Error::internal("a TSV store has no options")
                    .with("store", &version.store_name));
            }
        };
        let known = files.iter().map(|it| it.other_keys.as_deref()).collect::<Option<Vec<_>>>();
        let other_keys = known.map(|keys| Arc::new(keys.concat().into_iter().collect()));
        Ok(Self {
            name: format!("{}.{}", version.store_name, version.name),
            id: version.id,
            schema,
            coordinates,
            path_column: None,
            files: files.into_iter().filter(|it| it.rows > 0).collect(),
            other_keys,
            regions: Vec::new(),
            keys_by_case: fields_by_case(&version.info_columns.iter().collect::<Vec<_>>()),
            damage: Arc::default(),
            view: Arc::clone(view),
        })
    }

    /// Has hidden columns, too, under these names.
    #[must_use]
    pub fn with_hidden(mut self, hidden: &Hidden) -> Self {
        self.schema = hidden.behind(&self.schema);
        self.path_column.clone_from(&hidden.path);
        self
    }

    /// Shows only rows that overlap one of the regions; all rows where there are none.
    #[must_use]
    pub fn with_regions(mut self, regions: Vec<Region>) -> Self {
        self.regions = regions;
        self
    }

    /// Store and version.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which fields of `info` hold keys that differ in case only, where there are such.
    pub fn keys_by_case(&self) -> Option<&str> {
        self.keys_by_case.as_deref()
    }

    /// What the keys of INFO mean, as the headers of its files describe them.
    pub fn descriptions(&self) -> model::Result<BTreeMap<String, String>> {
        self.view.descriptions(&self.id)
    }

    /// The files it reads.
    pub fn files(&self) -> &[DataFile] {
        &self.files
    }

    /// What is wrong with a file of it, where reading has found damage.
    pub fn damage(&self) -> Option<model::Error> {
        self.damage.error().map(|it| it.with("version", &self.name))
    }

    /// Whether its rows have a place in the genome.
    pub fn has_positions(&self) -> bool {
        self.coordinates.is_some()
    }

    /// Whether some row lies on the contig.
    pub fn has_contig(&self, contig: &str) -> bool {
        self.contigs().any(|it| it == contig)
    }

    /// The contigs of its rows, file by file.
    pub fn contigs(&self) -> impl Iterator<Item = &str> {
        self.files.iter().flat_map(|it| &it.bounds).map(|it| it.contig.as_str())
    }

    /// The columns that give the place of a row, where rows have one.
    pub fn coordinates(&self) -> Option<&CoordinateNames> {
        self.coordinates.as_ref()
    }

    /// The column that gives the contig of a row, where rows have one.
    pub fn contig_column(&self) -> Option<&str> {
        self.coordinates.as_ref().map(|it| it.contig.as_str())
    }

    /// Whether its rows have the map `attributes`.
    pub fn has_attributes(&self) -> bool {
        self.schema.index_of(ATTRIBUTES_COLUMN).is_ok()
    }

    /// The keys of `attributes` that some row may have; none where a file does not tell.
    pub fn info_keys(&self) -> Option<BTreeSet<&str>> {
        let mut keys: BTreeSet<&str> =
            self.other_keys.as_deref()?.iter().map(String::as_str).collect();
        if let Ok(DataType::Struct(fields)) =
            self.schema.field_with_name(INFO_COLUMN).map(Field::data_type)
        {
            keys.extend(fields.iter().map(header_key));
        }
        Some(keys)
    }

    fn is_coordinate(&self, name: &str) -> bool {
        let is = |it: &CoordinateNames| it.contig == name || it.start == name || it.end == name;
        self.coordinates.as_ref().is_some_and(is)
    }

    /// True for rows that overlap one of the regions; none where there are no regions.
    fn region_filter(&self) -> Result<Option<Expr>> {
        if self.regions.is_empty() {
            return Ok(None);
        }
        let Some(names) = &self.coordinates else {
            return plan_err!(
                "rows of {} have no position, so that no region can be asked for",
                self.name
            );
        };
        Ok(in_region::overlaps_one(&self.regions, names))
    }

    fn no_rows(&self, projection: Option<&Vec<usize>>) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = match projection {
            Some(indices) => Arc::new(self.schema.project(indices)?),
            None => Arc::clone(&self.schema),
        };
        Ok(Arc::new(EmptyExec::new(schema)))
    }

    fn scan_config(
        &self,
        state: &dyn Session,
        files: &[FileToScan<'_>],
        projection: Option<Vec<usize>>,
        limit: Option<usize>,
    ) -> Result<FileScanConfig> {
        let runtime = state.runtime_env();
        let options = TableParquetOptions {
            global: state.config_options().execution.parquet.clone(),
            ..TableParquetOptions::default()
        };
        let files_of_view = KeptFiles::new(&self.view, runtime, &self.damage);
        let source = ParquetSource::new(columns_of(&self.schema, self.path_column.is_some()))
            .with_table_parquet_options(options)
            .with_parquet_file_reader_factory(Arc::new(files_of_view));
        let adapter = AttributesAdapterFactory { other_keys: self.other_keys.clone(), path: None };
        let group = files.iter().map(|it| {
            let mut file = partitioned(it.file);
            if let Some(row_groups) = &it.row_groups {
                file = file.with_extension(row_groups.clone());
            }
            Ok(match self.path_column {
                Some(_) => with_path(file, it.file.place.to_string()),
                None => file,
            })
        });
        let group = group.collect::<Result<Vec<_>>>()?;
        Ok(FileScanConfigBuilder::new(url(&self.view.storage()), Arc::new(source))
            .with_file_group(FileGroup::new(group))
            .with_statistics(self.statistics_of(files))
            .with_projection_indices(projection)?
            .with_limit(limit)
            .with_expr_adapter(Some(Arc::new(adapter)))
            .build())
    }

    fn statistics_of(&self, files: &[FileToScan<'_>]) -> Statistics {
        let rows: u64 = files.iter().map(|it| it.file.rows).sum();
        let mut statistics = Statistics::new_unknown(&self.schema);
        statistics.num_rows = usize::try_from(rows).map_or(Precision::Absent, Precision::Exact);
        if files.iter().any(|it| it.row_groups.is_some()) {
            statistics.num_rows = statistics.num_rows.to_inexact();
        }
        statistics
    }
}

#[async_trait]
impl TableProvider for VersionTable {
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
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let region = self.region_filter()?;
        let predicates: Vec<Expr> = filters.iter().cloned().chain(region.clone()).collect();
        let files = pruning::files_with_rows(
            state,
            &self.schema,
            self.coordinates.as_ref(),
            &self.files,
            predicates,
        )?;
        // A new home has no folder of files to ask.
        if files.is_empty() {
            return self.no_rows(projection);
        }
        let kept = KeptFiles::new(&self.view, state.runtime_env(), &self.damage);
        let files = by_name::files(&kept, files, filters).await?;
        if files.is_empty() {
            return self.no_rows(projection);
        }
        if let (Some(region), Some(names)) = (region, &self.coordinates) {
            return in_region::filtered(
                state,
                &self.schema,
                names,
                projection,
                region,
                |columns| {
                    let config = self.scan_config(state, &files, Some(columns), None)?;
                    Ok(DataSourceExec::from_data_source(config))
                },
            );
        }
        // A limit below a filter that is applied later would cut off rows that pass.
        let limit = limit.filter(|_| filters.is_empty());
        let config = self.scan_config(state, &files, projection.cloned(), limit)?;
        Ok(DataSourceExec::from_data_source(config))
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>, DataFusionError> {
        // Coordinates and names are asked for here to leave out files and row groups; everything
        // that Parquet can filter finds its way to the scan later, as a physical expression.
        let prunes = |filter: &&Expr| {
            let columns = filter.column_refs();
            !columns.is_empty()
                && columns.iter().all(|it| self.is_coordinate(&it.name))
                && !filter.is_volatile()
        };
        let support = |filter| {
            if prunes(filter) || by_name::names_of(filter).is_some() {
                TableProviderFilterPushDown::Inexact
            } else {
                TableProviderFilterPushDown::Unsupported
            }
        };
        Ok(filters.iter().map(support).collect())
    }

    fn statistics(&self) -> Option<Statistics> {
        let all: Vec<_> = self.files.iter().map(FileToScan::whole).collect();
        self.regions.is_empty().then(|| self.statistics_of(&all))
    }
}

/// The columns of the files with `attributes` at its place, and `info` and `info_other` last.
pub fn table_schema(file: &Schema) -> SchemaRef {
    let last = [INFO_COLUMN, OTHER_COLUMN];
    let (tail, mut fields): (Vec<FieldRef>, Vec<FieldRef>) =
        file.fields().iter().map(without_ids).partition(|it| last.contains(&it.name().as_str()));
    let attributes = Field::new(ATTRIBUTES_COLUMN, attributes_type(), true);
    fields.insert(ATTRIBUTES_AT.min(fields.len()), Arc::new(attributes));
    fields.extend(tail);
    Arc::new(Schema::new(fields))
}

/// The columns of a GFF store.
pub fn gff_table() -> SchemaRef {
    Arc::new(Schema::new(gff_schema().fields().iter().map(without_ids).collect::<Fields>()))
}

/// The field without Parquet's ids of it and of what is nested in it: DataFusion drops such
/// metadata on some ways (a cross join does), takes those of one side on others (a UNION does), and
/// then finds that types or columns differ. The keys of `info` stay.
fn without_ids(field: &FieldRef) -> FieldRef {
    let all = |fields: &Fields| fields.iter().map(without_ids).collect();
    let data_type = match field.data_type() {
        DataType::List(inner) => DataType::List(without_ids(inner)),
        DataType::Map(inner, sorted) => DataType::Map(without_ids(inner), *sorted),
        DataType::Struct(inner) => DataType::Struct(all(inner)),
        other => other.clone(),
    };
    let keys = field.metadata().iter().filter(|(name, _)| *name == INFO_KEY);
    let keys = keys.map(|(name, value)| (name.clone(), value.clone())).collect();
    Arc::new(field.as_ref().clone().with_data_type(data_type).with_metadata(keys))
}

/// The columns of a TSV store: those on disk, and `information`, which the service always leaves
/// null.
pub fn tsv_table(options: &TsvStoreOptions) -> SchemaRef {
    let columns = tsv_columns(options);
    let mut fields: Vec<FieldRef> = tsv_schema(&columns).fields().iter().map(without_ids).collect();
    fields.push(Arc::new(Field::new("information", attributes_type(), true)));
    Arc::new(Schema::new(fields))
}

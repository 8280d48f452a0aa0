//! A file as a table of a statement.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::Result;
use datafusion::datasource::TableType;
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::sql::sqlparser::ast::{ObjectNamePart, Statement, visit_relations};

use super::parquet::{ParquetTable, is_parquet};
use super::reading::{FileReading, Opened, no_positions};
use super::scan::{FileScan, TableFile};
use super::told::Told;
use crate::model::{self, Error, ErrorKind};
use crate::objects;
use crate::query::dialect;
use crate::query::in_region;
use crate::query::options::Options;
use crate::query::region::Region;
use crate::query::version_table::{Hidden, gff_table, table_schema, tsv_table};
use crate::read::source::{Input, Object};
use crate::read::{DEFAULT_CHUNK_BYTES, Pipe};
use crate::write::{RecordNumbers, Wanted};

/// The files of a statement.
pub struct Files {
    is_allowed: bool,
    aws_region: String,
    threads: usize,
    stop: Arc<AtomicBool>,
    pipe: OnceLock<Pipe>,
    told: Told,
}

impl Files {
    /// No files yet.
    pub fn of(options: &Options) -> Self {
        Self {
            is_allowed: options.files,
            aws_region: options.aws_region.clone(),
            threads: options.threads,
            stop: options.stop.clone().unwrap_or_default(),
            pipe: OnceLock::new(),
            told: Told::default(),
        }
    }

    /// What is to be said of the files, once they were read.
    pub fn told(&self) -> Told {
        self.told.clone()
    }

    /// The table of a file, of which only rows in the regions are asked for, with its hidden
    /// columns.
    pub fn open(
        &self,
        path: &str,
        regions: &[String],
        hidden: &Hidden,
        runtime: &RuntimeEnv,
    ) -> model::Result<Arc<dyn TableProvider>> {
        if !self.is_allowed {
            return Err(Error::new(ErrorKind::AccessDenied, "files are no tables here")
                .with("file", path.escape_debug())
                .with_help(
                    "import the file into a store, or ask at a terminal with `annostore sql`",
                ));
        }
        if Input::scheme_of(path)?.is_some() {
            return Ok(Arc::new(self.open_url(path, regions, hidden)?));
        }
        let metadata = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if !metadata.is_file() {
            let message = "this is no file, and a table may have to be read twice";
            return Err(Error::new(ErrorKind::Unreadable, message)
                .with("file", path)
                .with_help("name a file; what comes through a pipe can be imported"));
        }
        if is_parquet(path) {
            self.told.reads_parquet(path);
            return Ok(Arc::new(ParquetTable::open(path, regions, hidden, runtime)?));
        }
        Ok(Arc::new(self.open_text(&path.into(), regions, hidden)?))
    }

    /// The table of a file of a server, opened on a thread of its own: one that drives the query
    /// may not wait for the server.
    fn open_url(&self, url: &str, regions: &[String], hidden: &Hidden) -> model::Result<FileTable> {
        let open = || {
            let object = objects::of_url(url, &self.aws_region, &self.stop)?;
            refuse_parquet(object.as_ref())?;
            self.open_text(&Input::Object(object), regions, hidden)
        };
        thread::scope(|scope| scope.spawn(open).join())
            .unwrap_or_else(|_| Err(Error::internal("cannot open a file of a server")))
    }

    fn open_text(
        &self,
        input: &Input,
        regions: &[String],
        hidden: &Hidden,
    ) -> model::Result<FileTable> {
        let path = input.name();
        let pipe = self.pipe()?.stopped_by(&self.stop);
        let located = |error: Error| error.or_with("file", path);
        let reading = FileReading::of(input, &pipe).map_err(located)?;
        let opened = reading.open(input, &pipe, &Wanted::all()).map_err(located)?;
        let Opened { schema, coordinates, minor, .. } = opened;
        let table = match &reading {
            FileReading::Vcf(_) => table_schema(&schema),
            FileReading::Gff(_) => gff_table(),
            FileReading::Tsv(it) => tsv_table(&it.store),
        };
        let mut file = schema;
        if hidden.record.is_some() {
            file = Arc::clone(RecordNumbers::new(&file).schema());
        }
        if !regions.is_empty() && coordinates.is_none() {
            return Err(no_positions(path));
        }
        let regions = regions.iter().map(|it| Region::parse(it, |_| false));
        Ok(FileTable(Arc::new(TableFile {
            path: path.to_owned(),
            input: input.clone(),
            reading,
            table: hidden.behind(&table),
            file,
            numbered: hidden.record.is_some(),
            coordinates,
            // Indexes know no SVLEN and LEN, which say in VCF 4.4 where a record ends.
            is_indexable: minor.is_none_or(|it| it < 4),
            regions: regions.collect::<model::Result<_>>()?,
            pipe: self.pipe()?,
            stop: Arc::clone(&self.stop),
            told: self.told.clone(),
            meters: Mutex::default(),
        })))
    }

    /// The threads that read the files of a statement.
    fn pipe(&self) -> model::Result<Pipe> {
        if let Some(pipe) = self.pipe.get() {
            return Ok(pipe.clone());
        }
        let pipe = Pipe::new(Some(self.threads), DEFAULT_CHUNK_BYTES)?;
        Ok(self.pipe.get_or_init(|| pipe).clone())
    }
}

/// The files that a statement names: tables in single quotes.
pub fn named_in(statement: &Statement) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    let _ = visit_relations(statement, |name| {
        if let [ObjectNamePart::Identifier(part)] = name.0.as_slice()
            && part.quote_style == Some('\'')
        {
            files.insert(part.value.clone());
        }
        ControlFlow::<()>::Continue(())
    });
    files
}

/// Whether a statement names a file.
pub fn names_files(sql: &str) -> bool {
    let parsed = dialect::parse(sql).ok().and_then(|it| it.statement);
    parsed.is_some_and(|it| !named_in(&it).is_empty())
}

fn unreadable(path: &str, error: &std::io::Error) -> Error {
    let is_absent = error.kind() == std::io::ErrorKind::NotFound;
    if is_absent && path.contains(['*', '?', '[', ',']) {
        return Error::new(ErrorKind::Unreadable, "there is no file of this name")
            .with("file", path.escape_debug())
            .with_help(
                "a name in single quotes is one file: read several with SELECT … FROM 'a.vcf.gz' \
                 UNION ALL SELECT … FROM 'b.vcf.gz', or import them into one store",
            );
    }
    let message = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => format!("cannot read: {error}"),
    };
    Error::new(ErrorKind::Unreadable, message).with("file", path.escape_debug()).with_help(
        "check the path, which begins in the folder of the program; a name in single quotes is a \
         file, and one without quotes a store",
    )
}

/// Parquet is read from its end, and by DataFusion, which knows files of this machine alone.
fn refuse_parquet(object: &dyn Object) -> model::Result<()> {
    let mut start = [0; 4];
    if object.read_from(0).read_exact(&mut start).is_ok() && start == *b"PAR1" {
        let message = "a Parquet file of a server cannot be asked";
        return Err(Error::new(ErrorKind::Unreadable, message)
            .with("file", object.name())
            .with_help("fetch it first, and name the file on this machine"));
    }
    Ok(())
}

/// A VCF, GFF3, TSV or CSV file as a table.
pub struct FileTable(Arc<TableFile>);

impl fmt::Debug for FileTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "FileTable({})", self.0.path)
    }
}

#[async_trait]
impl TableProvider for FileTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.0.table)
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
        let scan = |columns: Vec<usize>| -> Result<Arc<dyn ExecutionPlan>> {
            Ok(DataSourceExec::from_data_source(FileScan::new(&self.0, &columns)?))
        };
        let FileTable(table) = self;
        let names = table.coordinates.as_ref();
        in_region::rows(state, &table.table, names, projection, &table.regions, scan)
    }
}

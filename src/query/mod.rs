//! SQL over the versions of stores, with DataFusion.
//!
//! ```text
//!  SQL ──► dialect (Trino's forms) ──► names (catalog snapshot) ──► session (DataFusion) ──► version_table ──► Parquet
//!            guard: one query only                                    planner, functions      attributes: `info` as a map
//! ```
//!
//! The rest of the crate is synchronous; `async` begins and ends here. An [`Engine`] owns the threads, an [`Answer`] hands out batches
//! one by one, so that an answer of any size needs no more memory than the query itself.

pub mod answer;
pub mod attributes;
pub mod dialect;
mod error;
pub mod format;
pub mod functions;
pub mod guard;
mod listing;
pub mod names;
pub mod planner;
pub mod region;
mod session;
mod unnest;
pub mod version_table;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use datafusion::catalog::TableProvider;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::execution::session_state::SessionState;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast::Statement;
use tokio::runtime::Runtime;

pub use answer::Answer;
use answer::Waiter;
pub use names::{CatalogTables, Tables, View};
pub use region::Region;
pub use version_table::VersionTable;

use crate::model::{Error, ErrorKind, Result};

/// Memory of a query unless told otherwise: 1 GiB.
pub const DEFAULT_MEMORY: usize = 1 << 30;

/// The stack of a thread that plans: enough for every statement that [`guard`] lets through. Only touched pages cost memory.
const STACK: usize = 256 << 20;

/// What a query may use.
#[derive(Clone, Debug)]
pub struct Options {
    /// Threads, and parts that a scan is cut into.
    pub threads: usize,
    /// Bytes of memory; sorts, joins and aggregations that need more go to disk.
    pub memory: usize,
    /// How long a query may take.
    pub timeout: Option<Duration>,
    /// Whether Ctrl-C ends the query. From then on the process no longer dies of it.
    pub interruptible: bool,
}

impl Default for Options {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self { threads, memory: DEFAULT_MEMORY, timeout: None, interruptible: false }
    }
}

/// Runs SQL over a set of tables.
pub struct Engine {
    tables: Arc<dyn Tables>,
    options: Options,
    runtime: Arc<RuntimeEnv>,
    threads: Option<Runtime>,
    /// Waits for the threads. Clocks and signals of their own, because a busy thread looks at neither.
    waiting: Runtime,
}

impl Engine {
    /// An engine over these tables.
    pub fn new(tables: Arc<dyn Tables>, options: Options) -> Result<Self> {
        let runtime = session::runtime(&options)?;
        let threads = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(options.threads.max(1))
            .thread_stack_size(STACK)
            .enable_all()
            .build()
            .map_err(|error| Error::internal("cannot start threads").with_source(error))?;
        let waiting = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::internal("cannot set up a clock").with_source(error))?;
        Ok(Self { tables, options, runtime, threads: Some(threads), waiting })
    }

    /// Plans and starts a query; `regions` as in [`Region::parse`] keep only rows that overlap one of them, in every table.
    pub fn query(&self, sql: &str, regions: &[String]) -> Result<Answer<'_>> {
        let waiter = Waiter::new(&self.waiting, &self.options);
        let folder = self.tables.data_folder();
        session::mount(&self.runtime, &folder)?;
        let job = Job {
            view: self.tables.view()?,
            folder,
            options: self.options.clone(),
            runtime: Arc::clone(&self.runtime),
            sql: sql.to_owned(),
            regions: regions.to_vec(),
        };
        let running = waiter.wait(self.threads()?.spawn(job.start()))??;
        Ok(Answer::new(waiter, self.threads()?, running))
    }

    fn threads(&self) -> Result<&Runtime> {
        self.threads.as_ref().ok_or_else(|| Error::internal("the engine has ended"))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // A query that was given up may be in the middle of a long computation: nobody waits for it.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

/// A query that was planned and runs.
pub struct Running {
    stream: SendableRecordBatchStream,
    plan: Arc<dyn ExecutionPlan>,
    sources: Vec<Arc<VersionTable>>,
    /// Keeps the data files until the last batch was handed out.
    view: Box<dyn View>,
}

struct Job {
    view: Box<dyn View>,
    folder: PathBuf,
    options: Options,
    runtime: Arc<RuntimeEnv>,
    sql: String,
    regions: Vec<String>,
}

impl Job {
    async fn start(self) -> Result<Running> {
        let statement = dialect::parse(&self.sql)?;
        if matches!(statement, Statement::ShowTables { .. }) {
            return listing::tables(self.view, &self.runtime);
        }
        let describes = matches!(statement, Statement::ExplainTable { .. });
        let statement = DfStatement::Statement(Box::new(statement));
        let opened = self.open_tables(&statement)?;
        if let (true, [(_, table)]) = (describes, opened.as_slice()) {
            return listing::columns(table, self.view, &self.runtime);
        }
        let sources: Vec<_> = opened.iter().map(|(_, table)| Arc::clone(table)).collect();
        let provider = |table| table as Arc<dyn TableProvider>;
        let resolved = opened.into_iter().map(|(key, table)| (key, provider(table))).collect();
        let state = session::state(&self.options, &self.runtime, resolved);
        match run(&state, statement).await {
            Ok((plan, stream)) => Ok(Running { stream, plan, sources, view: self.view }),
            Err(error) => Err(error::translate(&error, &sources)),
        }
    }

    /// The tables that the statement names, by the key under which the session looks for them.
    fn open_tables(
        &self,
        statement: &DfStatement,
    ) -> Result<Vec<(session::Key, Arc<VersionTable>)>> {
        let (references, _) = resolve_table_references(statement, true)
            .map_err(|error| error::translate(&error, &[]))?;
        let stores = self.view.stores()?;
        let mut opened = Vec::new();
        for reference in references {
            let (store, version) = names::resolve(&stores, &reference)?;
            let (version, files) = self.view.open(store, version)?;
            let table = VersionTable::new(store.format, &version, files, &self.folder)?;
            opened.push((session::key(&reference), table));
        }
        let regions = self.regions_of(&opened.iter().map(|(_, it)| it).collect::<Vec<_>>())?;
        let with_regions =
            |(key, table): (_, VersionTable)| (key, Arc::new(table.with_regions(regions.clone())));
        Ok(opened.into_iter().map(with_regions).collect())
    }

    fn regions_of(&self, tables: &[&VersionTable]) -> Result<Vec<Region>> {
        let known = |contig: &str| tables.iter().any(|it| it.has_contig(contig));
        let mut regions = Vec::with_capacity(self.regions.len());
        for text in &self.regions {
            let region = Region::parse(text, known)?;
            if !known(&region.contig) && tables.iter().any(|it| !it.files().is_empty()) {
                let mut contigs: Vec<_> = tables.iter().flat_map(|it| it.contigs()).collect();
                contigs.sort_unstable();
                contigs.dedup();
                let near = names::nearest(&region.contig, contigs.into_iter());
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    format!("no row lies on contig `{}`", region.contig.escape_debug()),
                )
                .with("region", text.escape_debug())
                .with_help(format!("the contigs are {near}")));
            }
            regions.push(region);
        }
        Ok(regions)
    }
}

async fn run(
    state: &SessionState,
    statement: DfStatement,
) -> datafusion::common::Result<(Arc<dyn ExecutionPlan>, SendableRecordBatchStream)> {
    let plan = state.statement_to_plan(statement).await?;
    // The statement was judged before; this holds should DataFusion make more of it than meets the eye.
    SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(&plan)?;
    let plan = state.create_physical_plan(&plan).await?;
    let stream = execute_stream(Arc::clone(&plan), state.task_ctx())?;
    Ok((plan, stream))
}

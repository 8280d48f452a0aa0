//! The engine: SQL in, an answer out, from any thread.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use datafusion::execution::runtime_env::RuntimeEnv;

use super::answer::{Answer, panicked};
use super::names::Tables;
use super::options::Options;
use super::session;
use super::statement::Statement;
use super::threads::{Threads, block_on};
use super::watch::Watch;
use crate::model::Result;

/// Runs SQL, in Trino's words, over a set of tables.
///
/// It computes on threads of its own, so that it can be used from a plain thread and from within
/// any asynchronous runtime. To use the tables in a DataFusion session of your own instead, see
/// [`super::register`].
///
/// ```
/// use annostore::{Account, CatalogTables, Engine, QueryOptions, Service};
///
/// let home = tempfile::tempdir()?;
/// let service = Service::open(home.path(), Account::new(Account::DEFAULT)?, "us-east-1")?;
/// let tables = CatalogTables::of(&service);
/// let engine = Engine::new(std::sync::Arc::new(tables), QueryOptions::default())?;
/// let answer = engine.query("SELECT cardinality(ARRAY['A', 'C']) AS alleles", &[])?;
/// assert_eq!(answer.schema().field(0).name(), "alleles");
/// for batch in answer {
///     assert_eq!(batch?.num_rows(), 1);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Engine {
    tables: Arc<dyn Tables>,
    options: Options,
    runtime: Arc<RuntimeEnv>,
    threads: Arc<Threads>,
}

impl Engine {
    /// An engine over these tables.
    pub fn new(tables: Arc<dyn Tables>, options: Options) -> Result<Self> {
        let runtime = session::runtime(&options)?;
        let threads = Arc::new(Threads::start(options.threads)?);
        Ok(Self { tables, options, runtime, threads })
    }

    /// Plans and starts a query, and waits until it has started; `regions` as in
    /// [`Region::parse`](super::Region::parse) keep only rows that overlap one of them, in every
    /// table.
    pub fn query(&self, sql: &str, regions: &[String]) -> Result<Answer> {
        block_on(self.query_async(sql, regions))
    }

    /// Plans and starts a query without blocking the thread; `regions` as in [`Engine::query`].
    pub async fn query_async(&self, sql: &str, regions: &[String]) -> Result<Answer> {
        let mut watch = Watch::start(&self.threads, &self.options);
        let statement = Statement {
            tables: Arc::clone(&self.tables),
            options: self.options.clone(),
            runtime: Arc::clone(&self.runtime),
            sql: sql.to_owned(),
            regions: regions.to_vec(),
        };
        let mut planning = self.threads.compute(statement.start());
        let planned =
            poll_fn(|context| watch.poll(context, |context| Pin::new(&mut planning).poll(context)));
        let running = planned.await?.map_err(|error| panicked(&error))??;
        Ok(Answer::new(running, watch, Arc::clone(&self.threads)))
    }
}

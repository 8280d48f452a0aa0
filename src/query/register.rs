//! The stores in a DataFusion session of somebody else.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_trait::async_trait;
use datafusion::catalog::{CatalogProvider, SchemaProvider, TableProvider};
use datafusion::common::DataFusionError;
use datafusion::execution::FunctionRegistry;
use datafusion::execution::context::SessionContext;

use super::functions;
use super::names::{CATALOG, Tables, View};
use super::version_table::{VersionTable, mount};
use crate::catalog::StoreEntry;
use crate::model::{Error, Name, Result};

/// Puts the stores, as they are now, into a DataFusion session.
///
/// | SQL | means |
/// | --- | --- |
/// | `annostore.clinvar` | the default version of store `clinvar` |
/// | `annostore.clinvar.v2` | version `v2` of it |
///
/// SQL stays DataFusion's own: `attributes['AF']` is the text of an INFO key and reads one column,
/// `info['af']` its typed value; of our functions (`regexp_extract`, `reduce`, …) those are added
/// whose names the session does not know yet. An [`Engine`](super::Engine) speaks Trino's dialect
/// instead.
///
/// A statement sees the stores as they were when it was planned, or as they were for another one of
/// the session that still lives; until then their data files stay where they are. A session without
/// plans holds nothing up. To see stores and versions that were made since, register again.
///
/// ```
/// use annostore::{Account, CatalogTables, Service, query};
/// use datafusion::execution::context::SessionContext;
///
/// let home = tempfile::tempdir()?;
/// let service = Service::open(home.path(), Account::new(Account::DEFAULT)?, "us-east-1")?;
/// let context = SessionContext::new();
/// query::register(&context, CatalogTables::of(&service))?;
/// assert!(context.catalog("annostore").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn register(context: &SessionContext, tables: impl Tables + 'static) -> Result<()> {
    let view = tables.view()?;
    let stores = view.stores()?;
    let views = Arc::new(Views { tables: Box::new(tables), last: Mutex::default() });
    let runtime = context.runtime_env();
    mount(&runtime, &view.storage());
    let own = context.state().config_options().catalog.default_catalog.clone();
    let catalog = context.catalog(&own).ok_or_else(|| {
        Error::invalid("the session has no default catalog")
            .with("catalog", &own)
            .with_help("make the session with a default catalog")
    })?;
    let defaults = Arc::new(Versions::defaults(&views, &stores));
    catalog.register_schema(CATALOG, defaults).map_err(|error| {
        Error::invalid("the session does not take the stores")
            .with("catalog", &own)
            .with_source(error)
    })?;
    context.register_catalog(CATALOG, Arc::new(Stores::new(&views, stores)));
    for function in functions::scalar() {
        if context.udf(function.name()).is_err() {
            context.register_udf(function.as_ref().clone());
        }
    }
    let reduce = functions::reduce();
    if context.higher_order_function(reduce.name()).is_err() {
        context.register_higher_order_function(reduce);
    }
    Ok(())
}

/// Views of the tables, one for all that lives at a time: the tables of a statement are opened one
/// by one, and are to be of one state.
struct Views {
    tables: Box<dyn Tables>,
    /// The last one, which its tables and their plans keep.
    last: Mutex<Option<Weak<dyn View>>>,
}

impl Views {
    fn view(&self) -> Result<Arc<dyn View>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = last.as_ref().and_then(Weak::upgrade) {
            return Ok(view);
        }
        let view = self.tables.view()?;
        *last = Some(Arc::downgrade(&view));
        Ok(view)
    }
}

impl fmt::Debug for Views {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Views")
    }
}

/// Every store as a schema.
#[derive(Debug)]
struct Stores(BTreeMap<String, Arc<Versions>>);

impl Stores {
    fn new(views: &Arc<Views>, stores: Vec<StoreEntry>) -> Self {
        let schema = |it: StoreEntry| (it.sql_name.clone(), Arc::new(Versions::all(views, it)));
        Self(stores.into_iter().map(schema).collect())
    }
}

impl CatalogProvider for Stores {
    fn schema_names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn schema(&self, name: &str) -> Option<Arc<dyn SchemaProvider>> {
        self.0.get(name).map(|it| Arc::clone(it) as _)
    }
}

/// Versions as tables: all of a store by their names, or the default versions by those of their
/// stores.
#[derive(Debug)]
struct Versions {
    views: Arc<Views>,
    tables: BTreeMap<String, (Arc<StoreEntry>, Name)>,
}

impl Versions {
    fn all(views: &Arc<Views>, store: StoreEntry) -> Self {
        let store = Arc::new(store);
        let table = |it: &Name| (it.to_string(), (Arc::clone(&store), it.clone()));
        Self { views: Arc::clone(views), tables: store.versions.iter().map(table).collect() }
    }

    fn defaults(views: &Arc<Views>, stores: &[StoreEntry]) -> Self {
        // The default version of a store may have been deleted.
        let there = stores.iter().filter(|it| it.versions.contains(&it.default_version));
        let table = |it: &StoreEntry| {
            (it.sql_name.clone(), (Arc::new(it.clone()), it.default_version.clone()))
        };
        Self { views: Arc::clone(views), tables: there.map(table).collect() }
    }
}

#[async_trait]
impl SchemaProvider for Versions {
    fn table_names(&self) -> Vec<String> {
        self.tables.keys().cloned().collect()
    }

    async fn table(
        &self,
        name: &str,
    ) -> datafusion::common::Result<Option<Arc<dyn TableProvider>>> {
        let Some((store, version)) = self.tables.get(name) else { return Ok(None) };
        let opened = self.views.view().and_then(|it| VersionTable::open(&it, store, version));
        match opened {
            Ok(table) => Ok(Some(Arc::new(table))),
            Err(error) => Err(DataFusionError::External(Box::new(error))),
        }
    }

    fn table_exist(&self, name: &str) -> bool {
        self.tables.contains_key(name)
    }
}

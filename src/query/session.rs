//! The DataFusion session of one statement: only what a query needs, nothing that reaches beyond
//! the versions it names.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{CatalogProvider, CatalogProviderList, SchemaProvider, TableProvider};
use datafusion::common::{ResolvedTableReference, Result};
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::context::SessionConfig;
use datafusion::execution::disk_manager::DiskManagerBuilder;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};

use super::abandoned::{Abandoned, YieldingJoins};
use super::aggregates::{AggregatePlanner, aggregates};
use super::bounds::bounded;
use super::casts::{CastRule, CharRule, char_cast};
use super::columns::{ApartPlanner, NamePlanner, as_cast};
use super::concat::ConcatRule;
use super::constants::constants;
use super::correlated::CorrelatedSubqueries;
use super::empty_subqueries::EmptySubqueries;
use super::functions;
use super::in_lists::ListsApart;
use super::in_subqueries::InSubqueries;
use super::intervals::{IntervalRule, IntervalWindows};
use super::join_keys::JoinKeyNames;
use super::likes::{like, like_pattern};
use super::memory::Pool;
use super::merges::MergesInFull;
use super::multisets::MultisetPlanner;
use super::names::CATALOG;
use super::nan::NanRule;
use super::nested::rule::{EqualJoins, EqualRule};
use super::numbers::{self, ArithmeticPlanner, IntegerPlanner, RelationsPlanner};
use super::options::Options;
use super::overlap;
use super::parts::UnnestsInParts;
use super::physical::BottomUp;
use super::planner::SubscriptPlanner;
use super::projections;
use super::sort_keys::SortKeyColumns;
use super::spill::Spills;
use super::sql_types::TrinoTypes;
use super::unique_keys;
use super::unnest::UnnestPlanner;
use super::wide::SortsThatSpill;
use crate::model;

/// The default schema: no store can have this name, so that a bare table name is a store and
/// nothing else.
const NO_SCHEMA: &str = "";

/// Schema and table.
pub type Key = (String, String);

/// The tables of one statement, by the name under which DataFusion looks for them.
pub type Resolved = HashMap<Key, Arc<dyn TableProvider>>;

/// Where DataFusion looks a reference up.
pub fn key(reference: &datafusion::common::TableReference) -> Key {
    let ResolvedTableReference { schema, table, .. } =
        reference.clone().resolve(CATALOG, NO_SCHEMA);
    (schema.to_string(), table.to_string())
}

/// The runtime that all statements of an engine share: memory and spilling, and no files yet.
pub fn runtime(options: &Options) -> model::Result<Arc<RuntimeEnv>> {
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(Pool::new(options.memory)))
        .with_disk_manager_builder(
            DiskManagerBuilder::default().with_temp_file_factory(Arc::new(Spills::default())),
        )
        .build_arc()
        .map_err(|error| {
            model::Error::internal("cannot set up the query engine").with_source(error)
        })?;
    // The registry comes with the whole file system in it.
    let _ = runtime.deregister_object_store(ObjectStoreUrl::local_filesystem().as_ref());
    Ok(runtime)
}

/// What a statement is planned in.
pub struct Setting<'a> {
    /// What the query may use.
    pub options: &'a Options,
    /// Memory and disk.
    pub runtime: &'a Arc<RuntimeEnv>,
    /// Who asks.
    pub user: String,
    /// Ends the query.
    pub abandoned: &'a Abandoned,
}

/// A session that knows these tables. Its joins end once the query is abandoned.
pub fn state(of: &Setting<'_>, tables: Resolved) -> SessionState {
    let Setting { options, runtime, abandoned, .. } = of;
    let mut planners: Vec<Arc<dyn datafusion::logical_expr::planner::ExprPlanner>> = vec![
        Arc::new(NamePlanner),
        Arc::new(IntegerPlanner),
        Arc::new(SubscriptPlanner),
        Arc::new(ArithmeticPlanner),
    ];
    planners.push(Arc::new(AggregatePlanner));
    planners.extend(SessionStateDefaults::default_expr_planners());
    // Ours last: a later function replaces an earlier one of the same name.
    let scalars = SessionStateDefaults::default_scalar_functions().into_iter();
    let mut scalars: Vec<_> = scalars.map(bounded).collect();
    scalars.extend(functions::scalar());
    scalars.extend([as_cast(), like(), like_pattern(), char_cast()]);
    scalars.extend(constants(of.user.clone(), options.database.as_deref()));
    SessionStateBuilder::new()
        .with_config(config(options))
        .with_runtime_env(Arc::clone(runtime))
        .with_catalog_list(Arc::new(StatementCatalog { tables: Arc::new(tables) }))
        .with_expr_planners(planners)
        .with_type_planner(Arc::new(TrinoTypes))
        .with_relation_planners(vec![
            Arc::new(ApartPlanner::default()),
            Arc::new(UnnestPlanner),
            Arc::new(MultisetPlanner),
            Arc::new(RelationsPlanner),
        ])
        .with_analyzer_rules(numbers::analyzer_rules([
            Arc::new(IntervalWindows),
            Arc::new(EmptySubqueries),
        ]))
        .with_analyzer_rule(Arc::new(ListsApart))
        .with_analyzer_rule(Arc::new(EqualRule))
        .with_analyzer_rule(Arc::new(CastRule))
        .with_analyzer_rule(Arc::new(CharRule))
        .with_analyzer_rule(Arc::new(IntervalRule))
        .with_analyzer_rule(Arc::new(NanRule))
        .with_analyzer_rule(Arc::new(ConcatRule))
        .with_analyzer_rule(Arc::new(SortKeyColumns))
        .with_analyzer_rule(Arc::new(InSubqueries))
        .with_analyzer_rule(Arc::new(CorrelatedSubqueries))
        .with_optimizer_rules(projections::optimizer_rules())
        .with_optimizer_rule(Arc::new(EqualJoins))
        .with_optimizer_rule(Arc::new(JoinKeyNames))
        .with_physical_optimizer_rules(unique_keys::around_sorts(overlap::physical_rules()))
        .with_physical_optimizer_rule(Arc::new(BottomUp(YieldingJoins((*abandoned).clone()))))
        .with_physical_optimizer_rule(Arc::new(BottomUp(SortsThatSpill { memory: options.memory })))
        .with_physical_optimizer_rule(Arc::new(BottomUp(UnnestsInParts)))
        .with_physical_optimizer_rule(Arc::new(BottomUp(unique_keys::Settled)))
        .with_physical_optimizer_rule(Arc::new(BottomUp(MergesInFull)))
        .with_scalar_functions(scalars)
        .with_higher_order_functions(functions::higher_order())
        .with_aggregate_functions(aggregates())
        .with_window_functions(SessionStateDefaults::default_window_functions())
        .build()
}

fn config(options: &Options) -> SessionConfig {
    let memory = options.memory;
    let mut config = SessionConfig::new()
        .with_target_partitions(options.threads)
        .with_create_default_catalog_and_schema(false)
        .with_information_schema(false)
        .with_default_catalog_and_schema(CATALOG, NO_SCHEMA);
    let options = config.options_mut();
    // Trino: nulls come last, ascending and descending.
    "nulls_last".clone_into(&mut options.sql_parser.default_null_ordering);
    // Those with an exponent are made floats in the dialect.
    options.sql_parser.parse_float_as_decimal = true;
    // Whose days they are that times with a zone are of.
    options.execution.time_zone = Some("UTC".to_owned());
    options.sql_parser.map_string_types_to_utf8view = false;
    options.execution.enable_recursive_ctes = true;
    // What each sort keeps to merge with: of little memory little, or nothing is left to sort in.
    let to_merge_with = &mut options.execution.sort_spill_reservation_bytes;
    *to_merge_with = memory.div_ceil(MERGING_SHARE).min(*to_merge_with);
    // Filters are evaluated while reading: the other columns of rows that fail are never decoded.
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    config
}

/// The part of the memory that each sort keeps to merge with, at most.
const MERGING_SHARE: usize = 16;

/// All three levels of DataFusion's catalog: the names of one statement are few and were resolved
/// before.
#[derive(Clone, Debug)]
struct StatementCatalog {
    tables: Arc<Resolved>,
}

impl CatalogProviderList for StatementCatalog {
    fn register_catalog(
        &self,
        _: String,
        _: Arc<dyn CatalogProvider>,
    ) -> Option<Arc<dyn CatalogProvider>> {
        None
    }

    fn catalog_names(&self) -> Vec<String> {
        vec![CATALOG.to_owned()]
    }

    fn catalog(&self, _: &str) -> Option<Arc<dyn CatalogProvider>> {
        Some(Arc::new(self.clone()))
    }
}

impl CatalogProvider for StatementCatalog {
    fn schema_names(&self) -> Vec<String> {
        self.tables.keys().map(|(schema, _)| schema.clone()).collect()
    }

    fn schema(&self, name: &str) -> Option<Arc<dyn SchemaProvider>> {
        Some(Arc::new(StatementSchema {
            schema: name.to_owned(),
            tables: Arc::clone(&self.tables),
        }))
    }
}

#[derive(Debug)]
struct StatementSchema {
    schema: String,
    tables: Arc<Resolved>,
}

#[async_trait]
impl SchemaProvider for StatementSchema {
    fn table_names(&self) -> Vec<String> {
        self.tables.keys().map(|(_, table)| table.clone()).collect()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        Ok(self.tables.get(&(self.schema.clone(), name.to_owned())).cloned())
    }

    fn table_exist(&self, name: &str) -> bool {
        self.tables.contains_key(&(self.schema.clone(), name.to_owned()))
    }
}

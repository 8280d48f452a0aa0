//! One statement, from its text to a plan that runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::execution::session_state::SessionState;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::resolve::resolve_table_references;
use datafusion::sql::sqlparser::ast;

use super::abandoned::Abandoned;
use super::files::{self, Files};
use super::names::{self, Tables, View};
use super::options::Options;
use super::region::{Region, unknown_contig};
use super::running::Running;
use super::version_table::{VersionTable, mount};
use super::{bounds, dialect, error, listing, notes, session};
use crate::model::{Error, Result};

/// Versions, by the keys under which the session looks for them.
type Versions = Vec<(session::Key, Arc<VersionTable>)>;

/// What is asked, and of what.
pub struct Statement {
    /// Where the tables come from.
    pub tables: Arc<dyn Tables>,
    /// What the query may use.
    pub options: Options,
    /// Memory and disk of the engine.
    pub runtime: Arc<RuntimeEnv>,
    /// The text.
    pub sql: String,
    /// The regions that rows have to overlap; all rows where there are none.
    pub regions: Vec<String>,
}

impl Statement {
    /// Plans the statement and starts it.
    pub async fn start(self) -> Result<Running> {
        let view = self.tables.view()?;
        mount(&self.runtime, view.data_folder())?;
        let dialect::ReadStatement { statement, names_record } = dialect::parse(&self.sql)?;
        if matches!(statement, ast::Statement::ShowTables { .. }) {
            return listing::tables(view.as_ref(), &self.runtime);
        }
        let describes = matches!(statement, ast::Statement::ExplainTable { .. });
        let named = files::named_in(&statement);
        let files = Files::of(&self.options);
        let statement = DfStatement::Statement(Box::new(statement));
        let (opened, of_files) =
            self.open_tables(&view, &statement, names_record, (&named, &files))?;
        if let (true, [(_, table)]) = (describes, opened.as_slice()) {
            return listing::columns(table, &self.runtime);
        }
        let sources: Vec<_> = opened.iter().map(|(_, table)| Arc::clone(table)).collect();
        let provider = |table| table as Arc<dyn TableProvider>;
        let stores = opened.into_iter().map(|(key, table)| (key, provider(table)));
        let resolved = stores.chain(of_files).collect();
        let abandoned = Abandoned::default();
        let state = session::state(&self.options, &self.runtime, resolved, &abandoned);
        match run(state, statement, &sources).await {
            Ok((plan, stream, notes)) => {
                let told = files.told();
                Ok(Running { stream, plan, abandoned, sources, notes, told })
            }
            Err(error) => Err(files.told().named(error::translate(&error, &sources))),
        }
    }

    /// The tables that the statement names, by the key under which the session looks for them; with
    /// their column of record numbers where it names that.
    fn open_tables(
        &self,
        view: &Arc<dyn View>,
        statement: &DfStatement,
        names_record: bool,
        (named, files): (&BTreeSet<String>, &Files),
    ) -> Result<(Versions, session::Resolved)> {
        let (references, _) = resolve_table_references(statement, true)
            .map_err(|error| error::translate(&error, &[]))?;
        let stores = view.stores()?;
        let (mut opened, mut of_files) = (Vec::new(), session::Resolved::new());
        for reference in references {
            let parts = [reference.catalog(), reference.schema(), Some(reference.table())];
            let number = names_record.then(|| dialect::column_of(parts.into_iter().flatten()));
            if parts[..2] == [None, None] && named.contains(reference.table()) {
                let (path, number) = (reference.table(), number.as_deref());
                let table = files.open(path, &self.regions, number, &self.runtime)?;
                of_files.insert(session::key(&reference), table);
                continue;
            }
            let (store, version) =
                names::resolve(&stores, &reference, self.options.database.as_deref())?;
            let mut table = VersionTable::open(view, store, version)?;
            if let Some(number) = &number {
                table = table.with_record_number(number);
            }
            opened.push((session::key(&reference), table));
        }
        let regions = self.regions_of(&opened.iter().map(|(_, it)| it).collect::<Vec<_>>())?;
        let with_regions =
            |(key, table): (_, VersionTable)| (key, Arc::new(table.with_regions(regions.clone())));
        Ok((opened.into_iter().map(with_regions).collect(), of_files))
    }

    fn regions_of(&self, tables: &[&VersionTable]) -> Result<Vec<Region>> {
        let without = tables.iter().find(|it| !it.has_positions());
        if let (Some(table), false) = (without, self.regions.is_empty()) {
            return Err(no_positions(table));
        }
        let known = |contig: &str| tables.iter().any(|it| it.has_contig(contig));
        let mut regions = Vec::with_capacity(self.regions.len());
        for text in &self.regions {
            let region = Region::parse(text, known)?;
            if !known(&region.contig) && tables.iter().any(|it| !it.files().is_empty()) {
                let contigs = tables.iter().flat_map(|it| it.contigs());
                return Err(unknown_contig(&region, contigs));
            }
            regions.push(region);
        }
        Ok(regions)
    }
}

fn no_positions(table: &VersionTable) -> Error {
    let what = "rows of this store have no position (annotation type GENERIC) to be in a region";
    Error::invalid(what).with("version", table.name()).with_help(
        "leave --region out and ask for values with WHERE, or make a store whose annotation type \
         has positions, such as CHR_POS: `annostore infer FILE` proposes one",
    )
}

async fn run(
    mut state: SessionState,
    statement: DfStatement,
    tables: &[Arc<VersionTable>],
) -> datafusion::common::Result<(Arc<dyn ExecutionPlan>, SendableRecordBatchStream, Vec<String>)> {
    let plan = state.statement_to_plan(statement).await?;
    // The statement was judged before; this holds should DataFusion make more of it than meets the
    // eye.
    SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(&plan)?;
    let notes = notes::of(&plan, tables);
    bounds::check_lambdas(&plan)?;
    let plan = state.optimize(&plan)?;
    if let Some(rows) = bounds::batch_size(&plan)? {
        let rows = rows.min(state.config().batch_size());
        *state.config_mut() = state.config().clone().with_batch_size(rows);
    }
    let planner = Arc::clone(state.query_planner());
    let plan = planner.create_physical_plan(&plan, &state).await?;
    let stream = execute_stream(Arc::clone(&plan), state.task_ctx())?;
    Ok((plan, stream, notes))
}

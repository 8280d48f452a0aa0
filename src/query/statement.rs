//! One statement, from its text to a plan that runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::sqlparser::ast;

use super::abandoned::Abandoned;
use super::dialect::{Command, Named, ReadStatement};
use super::files::{self, Files};
use super::listing::Described;
use super::names::{self, View};
use super::opening::Opening;
use super::options::Options;
use super::own_views::OwnViews;
use super::prepared::Prepared;
use super::running::Running;
use super::session::Setting;
use super::version_table::mount;
use super::{dialect, error, explain, listing, opening};
use crate::model::{Error, Result};

/// What is asked, and of what.
pub struct Statement {
    /// Where the tables come from.
    pub tables: Arc<dyn names::Tables>,
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
        mount(&self.runtime, &view.storage());
        let ReadStatement { command, statement, hidden } = dialect::parse(&self.sql)?;
        let Some(mut statement) = statement else {
            return listing::run(self.listed(&command, view.as_ref())?, &self.runtime);
        };
        let stores = view.stores()?;
        let own =
            OwnViews { views: view.views()?, stores, database: self.options.database.clone() };
        let asked = Asked { of: &self, view: &view, own: &own, files: Files::of(&self.options) };
        if !matches!(command, Command::Query | Command::Explain(_)) {
            let batch = asked.described(&command, &statement).await?;
            return listing::run(batch, &self.runtime);
        }
        own.expand(&mut statement)?;
        if let Command::Explain(how) = &command
            && how.analyze
        {
            statement = explain::analyzed(statement);
        }
        asked.started(&command, statement, &hidden).await
    }

    /// What there is.
    fn listed(&self, command: &Command, view: &dyn View) -> Result<arrow::array::RecordBatch> {
        let database = self.options.database.as_deref();
        match command {
            Command::Tables(pattern, within) => {
                if let Some(within) = within {
                    names::check_database(&view.stores()?, within, database)?;
                }
                listing::tables(view, pattern.as_ref(), within.as_deref())
            }
            Command::Views(pattern) => listing::views(view.views()?, pattern.as_ref()),
            Command::Schemas(pattern) => listing::schemas(view, database, pattern.as_ref()),
            Command::Catalogs(pattern) => listing::catalogs(pattern.as_ref()),
            Command::Functions(pattern) => listing::functions(pattern.as_ref()),
            _ => Err(Error::internal("a statement without a text")),
        }
    }
}

/// A statement with what its names are looked up in.
struct Asked<'a> {
    of: &'a Statement,
    view: &'a Arc<dyn View>,
    own: &'a OwnViews,
    files: Files,
}

impl Asked<'_> {
    fn opening(&self, named_files: BTreeSet<String>) -> Opening<'_> {
        Opening {
            views: Vec::new(),
            view: self.view,
            stores: &self.own.stores,
            database: self.of.options.database.as_deref(),
            files: &self.files,
            named_files,
            regions: &self.of.regions,
            runtime: &self.of.runtime,
        }
    }

    /// A query, or the plan of one.
    async fn started(
        &self,
        command: &Command,
        statement: ast::Statement,
        hidden: &Named,
    ) -> Result<Running> {
        let abandoned = Abandoned::default();
        let mut opening = self.opening(files::named_in(&statement));
        let statement = DfStatement::Statement(Box::new(statement));
        if opening::lists_columns(&statement)? {
            opening.views = self.columns_of_views().await;
        }
        let tables = opening.tables(&statement, hidden)?;
        let sources = tables.sources();
        let setting = Setting {
            options: &self.of.options,
            runtime: &self.of.runtime,
            user: self.view.user(),
            abandoned: &abandoned,
        };
        let failed = |error| self.files.told().named(error::translate(&error, &sources));
        let prepared =
            Prepared::of(&setting, tables.resolved(), statement, &sources).await.map_err(failed)?;
        if let Command::Explain(how) = command
            && !how.analyze
        {
            return listing::run(explain::shown(&prepared, how)?, &self.of.runtime);
        }
        let notes = prepared.notes.clone();
        let (plan, stream) = prepared.run().map_err(failed)?;
        let stream = match command {
            Command::Explain(_) => explain::plan_alone(stream),
            _ => stream,
        };
        Ok(Running { stream, plan, abandoned, sources, notes, told: self.files.told() })
    }

    /// What is known of a table.
    async fn described(
        &self,
        command: &Command,
        statement: &ast::Statement,
    ) -> Result<arrow::array::RecordBatch> {
        let ast::Statement::ExplainTable { table_name, .. } = statement else {
            return Err(Error::internal("a statement without a table"));
        };
        let own = self.own.find(table_name);
        if let (Command::Create, Some(own)) = (command, own) {
            return listing::create_view(own.name.as_str(), &own.sql);
        }
        let described = if let Some(own) = own {
            Described::Other(own.name.to_string(), self.schema_of(&own.sql).await?)
        } else {
            let opening = self.opening(files::named_in(statement));
            let statement = DfStatement::Statement(Box::new(statement.clone()));
            let mut tables = opening.tables(&statement, &Named::new())?;
            match (tables.versions.pop(), tables.others.into_iter().next()) {
                (Some((_, table)), _) => Described::Version(table),
                (None, Some(((_, name), table))) => Described::Other(name, table.schema()),
                (None, None) => return Err(Error::internal("no table to describe")),
            }
        };
        match command {
            Command::Create => listing::create_table(&described),
            Command::Stats => listing::stats(&described),
            Command::Partitions => listing::partitions(),
            Command::Properties => listing::properties(&described),
            Command::Columns(pattern) => listing::columns(&described, pattern.as_ref()),
            _ => Err(Error::internal("a statement that describes nothing")),
        }
    }

    /// The columns of the views that can be planned, but of those that ask for columns themselves.
    async fn columns_of_views(&self) -> Vec<(String, SchemaRef)> {
        let mut all = Vec::new();
        for own in &self.own.views {
            if own.sql.to_lowercase().contains(listing::INFORMATION_SCHEMA) {
                continue;
            }
            if let Ok(schema) = self.schema_of(&own.sql).await {
                all.push((own.name.to_string(), schema));
            }
        }
        all
    }

    /// The columns of a query.
    async fn schema_of(&self, sql: &str) -> Result<SchemaRef> {
        let mut statement = ast::Statement::Query(super::own_views::query(sql)?);
        self.own.expand(&mut statement)?;
        let running = Box::pin(self.started(&Command::Query, statement, &Named::new())).await?;
        Ok(super::answer::readable_names(&running.stream.schema()))
    }
}

//! The user's own views: each stands for its query, which is put in its place.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    self, Ident, ObjectName, ObjectNamePart, Query, Statement, TableAlias, TableFactor, VisitMut,
    VisitorMut,
};

use super::names::{CATALOG, DEFAULT};
use super::{dialect, files, guard};
use crate::catalog::{SqlView, StoreEntry};
use crate::model::{Error, Result};

/// How deep views may read views.
const MAX_DEPTH: usize = 16;
/// How often a statement may name views, with those that they read.
const MAX_VIEWS: usize = 100;

/// What names of views are looked up in.
pub struct OwnViews {
    /// The views.
    pub views: Vec<SqlView>,
    /// The stores, whose names go before those of views.
    pub stores: Vec<StoreEntry>,
    /// The only name of the database, where there is one.
    pub database: Option<String>,
}

impl OwnViews {
    /// The view that a table's name means.
    pub fn find(&self, name: &ObjectName) -> Option<&SqlView> {
        let parts: Vec<&str> =
            name.0.iter().map(|it| Some(it.as_ident()?.value.as_str())).collect::<Option<_>>()?;
        let is_file =
            |it: &ObjectNamePart| it.as_ident().is_some_and(|it| it.quote_style == Some('\''));
        if name.0.iter().any(is_file) {
            return None;
        }
        let (table, schema) = match parts.as_slice() {
            [table] => (*table, None),
            [schema, table] | [_, schema, table] => (*table, Some(*schema)),
            _ => return None,
        };
        let is_store = |name: &str| self.stores.iter().any(|it| it.sql_name == name);
        let is_database = |name: &str| match &self.database {
            Some(database) => [CATALOG, DEFAULT].contains(&name) || database.to_lowercase() == name,
            None => !is_store(name),
        };
        if is_store(table) || schema.is_some_and(|it| !is_database(it)) {
            return None;
        }
        self.views.iter().find(|it| it.name.as_str() == table)
    }

    /// Puts queries in the places of views. Whether there were any.
    pub fn expand(&self, statement: &mut Statement) -> Result<bool> {
        if self.views.is_empty() {
            return Ok(false);
        }
        let mut count = 0;
        let mut expander =
            Expander { own: self, within: Vec::new(), count: &mut count, queries: Vec::new() };
        match statement.visit(&mut expander) {
            ControlFlow::Break(error) => return Err(*error),
            ControlFlow::Continue(()) => {}
        }
        if count > 0 {
            guard::check_statement(statement)?;
        }
        Ok(count > 0)
    }
}

struct Expander<'a> {
    own: &'a OwnViews,
    /// The views that the walk is in.
    within: Vec<&'a str>,
    count: &'a mut usize,
    /// For each query that the walk is in the names that its WITH gives, and how many of them it
    /// has passed.
    queries: Vec<(Vec<String>, usize, bool)>,
}

impl VisitorMut for Expander<'_> {
    type Break = Box<Error>;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Box<Error>> {
        let with = query.with.iter().flat_map(|it| &it.cte_tables);
        let names = with.map(|it| it.alias.name.value.clone()).collect();
        let recursive = query.with.as_ref().is_some_and(|it| it.recursive);
        self.queries.push((names, 0, recursive));
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<Box<Error>> {
        self.queries.pop();
        // Those of a WITH are the first queries within a query.
        if let Some((names, passed, _)) = self.queries.last_mut() {
            *passed = names.len().min(*passed + 1);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_table_factor(&mut self, table: &mut TableFactor) -> ControlFlow<Box<Error>> {
        match self.replaced(table) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(Box::new(error)),
        }
    }
}

impl Expander<'_> {
    fn replaced(&mut self, table: &mut TableFactor) -> Result<()> {
        let TableFactor::Table { name, alias, args: None, sample, .. } = table else {
            return Ok(());
        };
        let single = match name.0.as_slice() {
            [part] => part.as_ident().cloned(),
            _ => None,
        };
        if single.as_ref().is_some_and(|it| self.is_of_with(&it.value)) {
            return Ok(());
        }
        let Some(view) = self.own.find(name) else {
            // Within a view a name means a store, whatever the query around it calls so.
            if let (Some(single), false) = (single, self.within.is_empty()) {
                let parts = vec![Ident::with_quote('"', CATALOG), single.clone()];
                *name = ObjectName::from(parts);
                alias.get_or_insert_with(|| called(single));
            }
            return Ok(());
        };
        let alias =
            alias.take().unwrap_or_else(|| called(Ident::with_quote('"', view.name.as_str())));
        let subquery = self.query_of(view)?;
        let sample = sample.take();
        *table = TableFactor::Derived { lateral: false, subquery, alias: Some(alias), sample };
        Ok(())
    }

    /// Whether a WITH gives a name that is seen from here.
    fn is_of_with(&self, name: &str) -> bool {
        self.queries.iter().any(|(names, passed, recursive)| {
            let seen = if *recursive { names.len() } else { *passed };
            names[..seen].iter().any(|it| it == name)
        })
    }

    fn query_of(&mut self, view: &SqlView) -> Result<Box<Query>> {
        let name = view.name.as_str();
        if self.within.contains(&name) {
            let path: Vec<_> = self.within.iter().copied().chain([name]).collect();
            let message = format!("view {name} reads itself: {}", path.join(" reads "));
            return Err(Error::invalid(message)
                .with_help("make one of them anew with `annostore view create --replace`"));
        }
        *self.count += 1;
        if self.within.len() >= MAX_DEPTH || *self.count > MAX_VIEWS {
            let message = format!(
                "views read views more than {MAX_DEPTH} deep, or more than {MAX_VIEWS} of them"
            );
            return Err(Error::invalid(message).with_help("write one view for several"));
        }
        let mut query = query(&view.sql).map_err(|it| it.with("view", name))?;
        let within = self.within.iter().copied().chain([name]).collect();
        let mut inner = Expander { own: self.own, within, count: self.count, queries: Vec::new() };
        match query.visit(&mut inner) {
            ControlFlow::Break(error) => Err(*error),
            ControlFlow::Continue(()) => Ok(query),
        }
    }
}

fn called(name: Ident) -> TableAlias {
    TableAlias { explicit: true, name, columns: Vec::new(), at: None }
}

/// The query of a view, or why there cannot be a view of it.
pub fn query(sql: &str) -> Result<Box<Query>> {
    let read = dialect::parse(sql)?;
    let (dialect::Command::Query, Some(statement)) = (read.command, read.statement) else {
        return Err(Error::invalid("a view is a query").with_help("write SELECT, WITH or VALUES"));
    };
    if let Some(file) = files::named_in(&statement).into_iter().next() {
        return Err(Error::invalid("a view reads stores, and no files")
            .with("file", file)
            .with_help("import the file into a store"));
    }
    if let Some(hidden) = read.hidden.first() {
        return Err(Error::invalid(format!("a view cannot name \"{hidden}\""))
            .with_help("query the stores themselves for it"));
    }
    match statement {
        ast::Statement::Query(query) => Ok(query),
        _ => Err(Error::invalid("a view is a query")),
    }
}

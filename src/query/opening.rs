//! The tables that a statement names, opened.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::TableReference;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::resolve::resolve_table_references;

use super::dialect::{Named, PATH};
use super::files::Files;
use super::listing::{INFORMATION_SCHEMA, beside, hidden, information_schema};
use super::names::{self, View};
use super::region::{Region, unknown_contig};
use super::version_table::{Hidden, VersionTable};
use super::{dialect, error, session};
use crate::catalog::StoreEntry;
use crate::model::{Error, Result};
use crate::write::schema::RECORD_NUMBER;

/// Versions, by the keys under which the session looks for them.
type Versions = Vec<(session::Key, Arc<VersionTable>)>;

/// What names of tables are looked up in.
pub struct Opening<'a> {
    /// The stores.
    pub view: &'a Arc<dyn View>,
    /// Their names.
    pub stores: &'a [StoreEntry],
    /// The columns of the user's own views, where the statement asks for columns.
    pub views: Vec<(String, SchemaRef)>,
    /// The only name of the database, where there is one.
    pub database: Option<&'a str>,
    /// The files.
    pub files: &'a Files,
    /// The names that are files, since they are in single quotes.
    pub named_files: BTreeSet<String>,
    /// The regions that rows have to overlap.
    pub regions: &'a [String],
    /// Where files are read.
    pub runtime: &'a Arc<RuntimeEnv>,
}

/// The tables of a statement.
#[derive(Default)]
pub struct Tables {
    /// Versions of stores.
    pub versions: Versions,
    /// All others: files, and the tables of `information_schema`.
    pub others: session::Resolved,
}

impl Tables {
    /// The versions.
    pub fn sources(&self) -> Vec<Arc<VersionTable>> {
        self.versions.iter().map(|(_, table)| Arc::clone(table)).collect()
    }

    /// All of them, for a session.
    pub fn resolved(self) -> session::Resolved {
        let provider = |table| table as Arc<dyn TableProvider>;
        let versions = self.versions.into_iter().map(|(key, table)| (key, provider(table)));
        versions.chain(self.others).collect()
    }
}

/// Whether a statement asks for the columns of all tables.
pub fn lists_columns(statement: &DfStatement) -> Result<bool> {
    let (references, _) =
        resolve_table_references(statement, true).map_err(|error| error::translate(&error, &[]))?;
    let lists =
        |it: &TableReference| it.schema() == Some(INFORMATION_SCHEMA) && it.table() == "columns";
    Ok(references.iter().any(lists))
}

impl Opening<'_> {
    /// The tables that a statement names, by the key under which the session looks for them; with
    /// the hidden columns that it names.
    pub fn tables(&self, statement: &DfStatement, named: &Named) -> Result<Tables> {
        let (references, _) = resolve_table_references(statement, true)
            .map_err(|error| error::translate(&error, &[]))?;
        let (mut opened, mut others) = (Vec::new(), session::Resolved::new());
        for reference in references {
            let parts = [reference.catalog(), reference.schema(), Some(reference.table())];
            let column = |it| dialect::column_of(it, parts.into_iter().flatten());
            let named = |it| named.contains(&it).then(|| column(it));
            let columns = Hidden { record: named(RECORD_NUMBER), path: named(PATH) };
            let key = session::key(&reference);
            if parts[..2] == [None, None] && self.named_files.contains(reference.table()) {
                let path = reference.table();
                let table = self.files.open(path, self.regions, &columns, self.runtime)?;
                others.insert(key, table);
                continue;
            }
            if reference.schema() == Some(INFORMATION_SCHEMA) {
                let (name, views) = (reference.table(), self.views.clone());
                let table = information_schema(name, self.view, views, self.database)?;
                others.insert(key, table);
                continue;
            }
            if let Some((of, what)) = beside(&reference) {
                let (store, version) = names::resolve(self.stores, &of, self.database)?;
                others.insert(key, hidden(self.view.as_ref(), store, version, what)?);
                continue;
            }
            let (store, version) = names::resolve(self.stores, &reference, self.database)?;
            let table = VersionTable::open(self.view, store, version)?;
            opened.push((key, table.with_hidden(&columns)));
        }
        let regions = self.regions_of(&opened.iter().map(|(_, it)| it).collect::<Vec<_>>())?;
        let with_regions =
            |(key, table): (_, VersionTable)| (key, Arc::new(table.with_regions(regions.clone())));
        Ok(Tables { versions: opened.into_iter().map(with_regions).collect(), others })
    }

    fn regions_of(&self, tables: &[&VersionTable]) -> Result<Vec<Region>> {
        let without = tables.iter().find(|it| !it.has_positions());
        if let (Some(table), false) = (without, self.regions.is_empty()) {
            return Err(no_positions(table));
        }
        let known = |contig: &str| tables.iter().any(|it| it.has_contig(contig));
        let mut regions = Vec::with_capacity(self.regions.len());
        for text in self.regions {
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

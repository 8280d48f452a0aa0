//! `information_schema`: what the account may read, as tables.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{DataFusionError, Result, ToDFSchema};
use datafusion::datasource::TableType;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, ident};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use futures::stream;

use crate::catalog::StoreEntry;
use crate::model::{self, Error, ErrorKind, Name};
use crate::query::fields::external;
use crate::query::names::{CATALOG, DEFAULT, View};
use crate::query::types::sql_type;
use crate::query::version_table::VersionTable;

/// The name of the schema.
pub const INFORMATION_SCHEMA: &str = "information_schema";

/// A table of the schema by its name, with the columns of the user's own views. It is read when it
/// is scanned.
pub fn information_schema(
    name: &str,
    view: &Arc<dyn View>,
    views: Vec<(String, SchemaRef)>,
    database: Option<&str>,
) -> model::Result<Arc<dyn TableProvider>> {
    const TABLES: [(&str, SchemaKind, &[&str]); 4] = [
        ("schemata", SchemaKind::Schemata, &["catalog_name", "schema_name"]),
        (
            "tables",
            SchemaKind::Tables,
            &["table_catalog", "table_schema", "table_name", "table_type"],
        ),
        (
            "views",
            SchemaKind::Views,
            &["table_catalog", "table_schema", "table_name", "view_definition"],
        ),
        (
            "columns",
            SchemaKind::Columns,
            &[
                "table_catalog",
                "table_schema",
                "table_name",
                "column_name",
                "ordinal_position",
                "column_default",
                "is_nullable",
                "data_type",
            ],
        ),
    ];
    let Some((_, kind, columns)) = TABLES.iter().find(|it| it.0 == name) else {
        let message = format!("there is no table `{INFORMATION_SCHEMA}.{}`", name.escape_debug());
        let names = TABLES.map(|it| it.0).join(", ");
        return Err(
            Error::new(ErrorKind::NotFound, message).with_help(format!("its tables are {names}"))
        );
    };
    let field = |name: &&str| {
        let is_number = *name == "ordinal_position";
        let data_type = if is_number { DataType::Int64 } else { DataType::Utf8 };
        Field::new(*name, data_type, true)
    };
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let database = database.unwrap_or(DEFAULT).to_lowercase();
    Ok(Arc::new(SchemaTable { kind: *kind, schema, view: Arc::clone(view), views, database }))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SchemaKind {
    Schemata,
    Tables,
    Views,
    Columns,
}

struct SchemaTable {
    kind: SchemaKind,
    schema: SchemaRef,
    view: Arc<dyn View>,
    /// The columns of the user's own views.
    views: Vec<(String, SchemaRef)>,
    database: String,
}

impl fmt::Debug for SchemaTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{INFORMATION_SCHEMA}: {:?}", self.kind)
    }
}

/// The tables that filters leave, by schema and name: those that are not wanted are not opened.
struct Wanted(HashSet<(String, String)>);

impl Wanted {
    /// Those of some tables that the filters leave which ask for nothing but names.
    fn of(session: &dyn Session, filters: &[Expr], all: Vec<(String, String)>) -> Result<Self> {
        const NAMES: [&str; 3] = ["table_catalog", "table_schema", "table_name"];
        let fields = NAMES.map(|it| Field::new(it, DataType::Utf8, true));
        let schema = Arc::new(Schema::new(fields.to_vec()));
        let catalogs = StringArray::from(vec![CATALOG; all.len()]);
        let schemas: StringArray = all.iter().map(|(it, _)| Some(it)).collect();
        let tables: StringArray = all.iter().map(|(_, it)| Some(it)).collect();
        let columns: Vec<ArrayRef> = vec![Arc::new(catalogs), Arc::new(schemas), Arc::new(tables)];
        let names = RecordBatch::try_new(Arc::clone(&schema), columns)?;
        let of_names = |it: &&Expr| {
            !it.is_volatile() && it.column_refs().iter().all(|it| NAMES.contains(&it.name()))
        };
        let mut kept = vec![true; all.len()];
        let schema = schema.to_dfschema()?;
        for filter in filters.iter().filter(of_names) {
            let filter = unqualified(filter.clone())?;
            let found = session.create_physical_expr(filter, &schema)?.evaluate(&names)?;
            let found = found.into_array(all.len())?;
            for (kept, found) in kept.iter_mut().zip(found.as_boolean()) {
                *kept &= found == Some(true);
            }
        }
        let mut kept = kept.into_iter();
        Ok(Self(all.into_iter().filter(|_| kept.next() == Some(true)).collect()))
    }

    fn has(&self, schema: &str, table: &str) -> bool {
        self.0.contains(&(schema.to_owned(), table.to_owned()))
    }
}

/// A filter with the bare names of columns.
fn unqualified(filter: Expr) -> Result<Expr> {
    let plain = filter.transform(|it| match it {
        Expr::Column(column) => Ok(Transformed::yes(ident(column.name))),
        other => Ok(Transformed::no(other)),
    });
    plain.data()
}

/// A row: texts, but for the number of a column.
type Row = Vec<Option<String>>;

impl SchemaTable {
    /// Each table with its schema, its name and the place of its store; the default version of a
    /// store is in the database, and all versions are in the schema of their store.
    fn names<'a>(&self, stores: &'a [StoreEntry]) -> Vec<(String, String, usize, &'a Name)> {
        let mut all = Vec::new();
        for (at, store) in stores.iter().enumerate() {
            let default = &store.default_version;
            if store.versions.contains(default) {
                all.push((self.database.clone(), store.sql_name.clone(), at, default));
            }
        }
        for (at, store) in stores.iter().enumerate() {
            let version = |it: &'a Name| (store.sql_name.clone(), it.to_string(), at, it);
            all.extend(store.versions.iter().map(version));
        }
        all
    }

    /// All tables, by schema and name.
    fn all(&self) -> model::Result<Vec<(String, String)>> {
        let stores = self.view.stores()?;
        let names = self.names(&stores).into_iter().map(|(schema, table, ..)| (schema, table));
        let views = self.view.views()?.into_iter().map(|it| it.name.to_string());
        let views = views.map(|it| (self.database.clone(), it));
        Ok(names.chain(views).collect())
    }

    /// What the table lists of what is wanted.
    fn listing(&self, wanted: &Wanted) -> model::Result<Listing> {
        let stores = self.view.stores()?;
        let text = |it: &str| Some(it.to_owned());
        let mut all = Vec::new();
        if self.kind == SchemaKind::Schemata {
            let names = [self.database.as_str(), INFORMATION_SCHEMA].into_iter();
            let names = names.chain(stores.iter().map(|it| it.sql_name.as_str()));
            all.extend(names.map(|it| Listed::Row(vec![text(CATALOG), text(it)])));
            return Ok(self.listed(stores, all));
        }
        if self.kind != SchemaKind::Views {
            for (schema, table, store, version) in self.names(&stores) {
                if !wanted.has(&schema, &table) {
                    continue;
                }
                let place = vec![text(CATALOG), Some(schema), Some(table)];
                all.push(if self.kind == SchemaKind::Tables {
                    Listed::Row([place, vec![text("BASE TABLE")]].concat())
                } else {
                    Listed::Version(place, store, version.clone())
                });
            }
        }
        if self.kind == SchemaKind::Columns {
            for (name, schema) in self.views.iter().filter(|it| wanted.has(&self.database, &it.0)) {
                let place = [text(CATALOG), text(&self.database), text(name)];
                all.extend(columns(&place, schema).into_iter().map(Listed::Row));
            }
        } else {
            for own in self.view.views()? {
                if wanted.has(&self.database, own.name.as_str()) {
                    let last = if self.kind == SchemaKind::Views { &own.sql } else { "VIEW" };
                    let place = vec![text(CATALOG), text(&self.database), text(own.name.as_str())];
                    all.push(Listed::Row([place, vec![text(last)]].concat()));
                }
            }
        }
        Ok(self.listed(stores, all))
    }

    fn listed(&self, stores: Vec<StoreEntry>, all: Vec<Listed>) -> Listing {
        let (schema, view) = (Arc::clone(&self.schema), Arc::clone(&self.view));
        Listing { stores: Arc::new(stores), all: Arc::new(all), schema, view }
    }
}

/// What becomes rows.
enum Listed {
    Row(Row),
    /// The columns of a version, with the first values of their rows, and the place of its store.
    Version(Row, usize, Name),
}

/// So much is listed in one batch.
const AT_ONCE: usize = 64;

/// The rows of a table, of which each batch opens the versions that it lists.
#[derive(Clone)]
struct Listing {
    stores: Arc<Vec<StoreEntry>>,
    all: Arc<Vec<Listed>>,
    schema: SchemaRef,
    view: Arc<dyn View>,
}

impl fmt::Debug for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{INFORMATION_SCHEMA}: {} entries", self.all.len())
    }
}

impl PartitionStream for Listing {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let listing = self.clone();
        let batches = (0..self.all.len()).step_by(AT_ONCE).map(move |from| {
            let until = listing.all.len().min(from + AT_ONCE);
            listing.batch(&listing.all[from..until])
        });
        let schema = Arc::clone(&self.schema);
        Box::pin(RecordBatchStreamAdapter::new(schema, stream::iter(batches)))
    }
}

impl Listing {
    fn batch(&self, listed: &[Listed]) -> Result<RecordBatch> {
        let mut rows = Vec::new();
        for it in listed {
            match it {
                Listed::Row(row) => rows.push(row.clone()),
                Listed::Version(place, store, version) => {
                    let opened = VersionTable::open(&self.view, &self.stores[*store], version);
                    let schema = TableProvider::schema(&opened.map_err(external)?);
                    rows.extend(columns(place, &schema));
                }
            }
        }
        let column = |(place, field): (usize, &Arc<Field>)| -> ArrayRef {
            let values = rows.iter().map(|it| it.get(place).cloned().flatten());
            match field.data_type() {
                DataType::Int64 => {
                    Arc::new(values.map(|it| it?.parse::<i64>().ok()).collect::<Int64Array>())
                }
                _ => Arc::new(values.collect::<StringArray>()),
            }
        };
        let columns = self.schema.fields().iter().enumerate().map(column).collect();
        Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
    }
}

fn columns(place: &[Option<String>], schema: &SchemaRef) -> Vec<Row> {
    let row = |(number, field): (usize, &Arc<Field>)| {
        let nullable = if field.is_nullable() { "YES" } else { "NO" };
        let own = vec![
            Some(field.name().clone()),
            Some((number + 1).to_string()),
            None,
            Some(nullable.to_owned()),
            Some(sql_type(field.data_type())),
        ];
        [place.to_vec(), own].concat()
    };
    schema.fields().iter().enumerate().map(row).collect()
}

#[async_trait]
impl TableProvider for SchemaTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        let wanted = Wanted::of(session, filters, self.all().map_err(external)?)?;
        let listing = Arc::new(self.listing(&wanted).map_err(external)?);
        let schema = Arc::clone(&self.schema);
        let plan =
            StreamingTableExec::try_new(schema, vec![listing], projection, [], false, limit)?;
        Ok(Arc::new(plan))
    }
}

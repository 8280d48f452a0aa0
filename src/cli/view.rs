//! `annostore view`

use std::io::{self, Read};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::resource::{self, print_table};
use super::signals::stop_on_signals;
use super::{Globals, output};
use crate::catalog::SqlView;
use crate::model::{Error, ErrorKind, Name, Result};
use crate::query::{CatalogTables, Engine, Options, WithView};

/// Keep queries under names, which SQL takes for tables
///
/// A view sees stores as they are when it is queried. It belongs to the account that made it, reads
/// stores and other views, but no files, and is for SQL alone: the service knows no views.
#[derive(Args, Clone, Debug)]
#[command(after_help = r#"Examples:
  annostore view create pathogenic \
    "SELECT contigname, start FROM clinvar WHERE attributes['CLNSIG'] = 'Pathogenic'"
  annostore view create pathogenic --replace - < pathogenic.sql
  annostore query "SELECT count(*) FROM pathogenic"
  annostore view show pathogenic
  annostore view drop pathogenic"#)]
pub struct ViewArgs {
    #[command(subcommand)]
    command: ViewCommand,
}

#[derive(Clone, Debug, Subcommand)]
enum ViewCommand {
    /// Keep a query under a name
    Create(QueryToKeep),
    /// List the views
    List(ListArgs),
    /// Show the query of a view
    Show(NameArg),
    /// Drop a view
    Drop(NameArg),
}

#[derive(Args, Clone, Debug)]
struct QueryToKeep {
    /// Name of the view: small letters, digits and _, as of a store
    name: String,
    /// The query; `-` reads it from standard input
    #[arg(value_name = "SQL")]
    sql: String,
    /// Put it in the place of a view of the same name
    #[arg(long)]
    replace: bool,
}

#[derive(Args, Clone, Debug)]
struct NameArg {
    /// Name of the view
    name: String,
}

#[derive(Args, Clone, Debug)]
struct ListArgs {
    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Runs `annostore view`.
pub fn run(args: ViewArgs, globals: &Globals) -> Result<ExitCode> {
    match args.command {
        ViewCommand::Create(args) => create(&args, globals),
        ViewCommand::List(args) => list(&args, globals),
        ViewCommand::Show(args) => {
            let catalog = resource::service(globals)?.catalog().clone();
            let view = catalog.view(&globals.account()?, &args.name)?;
            output::result(&format!("{}\n", view.sql.trim_end()))
        }
        ViewCommand::Drop(args) => {
            let catalog = resource::service(globals)?.catalog().clone();
            catalog.drop_view(&globals.account()?, &args.name)?;
            output::result(&format!("dropped {}\n", args.name))
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

fn create(args: &QueryToKeep, globals: &Globals) -> Result<()> {
    let name = Name::new("name", &args.name)?;
    let sql = match args.sql.as_str() {
        "-" => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map_err(|error| {
                Error::new(ErrorKind::Unreadable, "cannot read the query").with_source(error)
            })?;
            text
        }
        sql => sql.to_owned(),
    };
    let sql = sql.trim().trim_end_matches(';').trim_end().to_owned();
    let catalog = resource::service_of_new(globals)?.catalog().clone();
    let account = globals.account()?;
    check(&CatalogTables { catalog: catalog.clone(), account: account.clone() }, &name, &sql)?;
    catalog.create_view(&account, &name, &sql, args.replace)?;
    output::result(&format!("created {name}\n"))
}

/// Plans the query of a view, as if the view were there.
fn check(tables: &CatalogTables, name: &Name, sql: &str) -> Result<()> {
    let options = Options { threads: 1, stop: Some(stop_on_signals()?), ..Options::default() };
    let tables = WithView::new(tables.clone(), name.clone(), sql.to_owned());
    let engine = Engine::new(Arc::new(tables), options)?;
    let statement = format!("EXPLAIN (TYPE VALIDATE) SELECT * FROM {name}");
    engine.query(&statement, &[]).map(|_| ())
}

fn list(args: &ListArgs, globals: &Globals) -> Result<()> {
    let catalog = resource::service(globals)?.catalog().clone();
    let views = catalog.views(&globals.account()?)?;
    if args.json {
        let json = |it: &SqlView| {
            serde_json::json!({
                "name": it.name.as_str(),
                "sql": it.sql,
                "creationTime": it.created.to_string(),
            })
        };
        return resource::print_json(&views.iter().map(json).collect::<Vec<_>>());
    }
    let one_line = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    let rows: Vec<_> = views.iter().map(|it| [it.name.to_string(), one_line(&it.sql)]).collect();
    print_table(["NAME", "SQL"], &rows)
}

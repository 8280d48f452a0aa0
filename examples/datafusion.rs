//! Puts the stores of a home into a DataFusion session of one's own, beside other tables.
//!
//! `cargo run --example datafusion -- HOME`, or without one over an empty home.
// An example prints.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;

use annostore::{Account, CatalogTables, Service, query};
use datafusion::execution::context::SessionContext;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let temporary = tempfile::tempdir()?;
    let home = std::env::args().nth(1).map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let service = Service::open(&home, Account::new(Account::DEFAULT)?, "us-east-1")?;

    let context = SessionContext::new();
    query::register(&context, &CatalogTables::of(&service))?;
    let stores = context.catalog("annostore").map(|it| it.schema_names()).unwrap_or_default();
    for store in stores {
        let rows = context.sql(&format!("SELECT * FROM annostore.{store}")).await?.count().await?;
        println!("{store}: {rows} rows");
    }
    Ok(())
}

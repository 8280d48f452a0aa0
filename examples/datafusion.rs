//! Puts the stores into a DataFusion session of one's own, and joins them with a table of its own.
//!
//! `cargo run --example datafusion`
// An example prints.
#![allow(clippy::print_stdout)]

mod common;

use annostore::{CatalogTables, query};
use datafusion::execution::context::SessionContext;

const SQL: &str = "SELECT mine.gene, count(*) AS variants FROM annostore.clinvar c
    JOIN (VALUES ('BRCA1'), ('TP53')) AS mine(gene)
    ON starts_with(c.attributes['GENEINFO'], mine.gene) GROUP BY mine.gene ORDER BY mine.gene";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let home = tempfile::tempdir()?;
    let (service, _) = common::filled(home.path())?;
    let context = SessionContext::new();
    query::register(&context, CatalogTables::of(&service))?;
    let answer = context.sql(SQL).await?;
    println!("{}", answer.to_string().await?);
    Ok(())
}

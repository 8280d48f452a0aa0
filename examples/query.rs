//! Asks an engine, from within an asynchronous program, and takes the answer batch by batch.
//!
//! `cargo run --example query`, or with a statement of your own behind `--`
// An example prints.
#![allow(clippy::print_stdout)]

mod common;

use std::sync::Arc;

use annostore::{CatalogTables, Engine, QueryOptions};
use datafusion::arrow::util::pretty::pretty_format_batches;
use futures::StreamExt;

const SQL: &str = "SELECT attributes['CLNSIG'] AS significance, count(*) AS variants
    FROM clinvar GROUP BY attributes['CLNSIG'] ORDER BY variants DESC";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let home = tempfile::tempdir()?;
    let (service, _) = common::filled(home.path())?;
    let engine = Engine::new(Arc::new(CatalogTables::of(&service)), QueryOptions::default())?;
    let sql = std::env::args().nth(1).unwrap_or_else(|| SQL.to_owned());
    let mut batches = engine.query_async(&sql, &[]).await?.into_stream();
    while let Some(batch) = batches.next().await {
        println!("{}", pretty_format_batches(&[batch?])?);
    }
    Ok(())
}

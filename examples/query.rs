//! Asks an engine, from within an asynchronous program, and takes the answer batch by batch.
//!
//! `cargo run --example query -- HOME SQL`, or without arguments over an empty home.
// An example prints.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::sync::Arc;

use annostore::{Account, CatalogTables, Engine, QueryOptions, Service};
use futures::StreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let temporary = tempfile::tempdir()?;
    let mut arguments = std::env::args().skip(1);
    let home = arguments.next().map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let sql = arguments.next().unwrap_or_else(|| "SELECT split('A/C', '/') AS alleles".to_owned());

    let service = Service::open(&home, Account::new(Account::DEFAULT)?, "us-east-1")?;
    let tables = Arc::new(CatalogTables::of(&service));
    let engine = Engine::new(tables, QueryOptions::default())?;
    let answer = engine.query_async(&sql, &[]).await?;
    let names: Vec<_> = answer.schema().fields().iter().map(|it| it.name().clone()).collect();
    println!("columns: {}", names.join(", "));
    let mut batches = answer.into_stream();
    while let Some(batch) = batches.next().await {
        println!("{} rows", batch?.num_rows());
    }
    Ok(())
}

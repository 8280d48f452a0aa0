//! Makes a store in a home of its own and imports a file into it: see `common/mod.rs`.
//!
//! `cargo run --example import`
// An example prints.
#![allow(clippy::print_stdout)]

mod common;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let home = tempfile::tempdir()?;
    let (service, report) = common::filled(home.path())?;
    println!("{} records, {} findings", report.records, report.findings.total());
    let store = service.get_annotation_store("clinvar")?;
    println!("store {} has {} bytes", store.name, store.size_bytes);
    Ok(())
}

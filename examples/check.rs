//! Checks a file and prints what is wrong with it.
//!
//! `cargo run --example check -- FILE`, or without a file the demo's one of mistakes.
// An example prints.
#![allow(clippy::print_stdout)]

use annostore::check::{CheckOptions, check};
use annostore::{DEFAULT_CHUNK_BYTES, Pipe, VcfReading};

fn main() -> annostore::Result<()> {
    let mistakes = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/demo/mistakes.vcf");
    let file = std::env::args().nth(1).unwrap_or_else(|| mistakes.to_owned());
    let pipe = Pipe::new(None, DEFAULT_CHUNK_BYTES)?;
    let report = check(&file, &pipe, &VcfReading::default(), &CheckOptions::default())?;
    for finding in report.findings.kept() {
        let severity = report.severity(finding.rule);
        println!(
            "{severity:?} {} line {}: {}",
            finding.rule.code, finding.at.line, finding.message
        );
    }
    println!("{} records, {} findings", report.records, report.findings.total());
    Ok(())
}

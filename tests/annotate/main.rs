//! `annostore annotate`: what it adds is what a model that looks at every row finds, and what
//! `bcftools annotate` adds; all other bytes stay.
#![cfg(all(feature = "store", unix))]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;

mod alleles;
mod entries;
mod model;
mod options;
mod outputs;
mod overlaps;
mod peers;
mod refusals;
mod structural;

use common::program::{Home, Said};

/// Makes a VCF store of this text, in two imports where it has two parts.
fn vcf_store(home: &Home, name: &str, files: &[String]) {
    home.done(
        ["store", "create", "--name", name, "--store-format", "VCF"]
            .iter()
            .chain(&["--reference-arn", "arn:x"]),
    );
    for text in files {
        let path = home.file("store.vcf", text);
        home.done(["import", path.to_str().unwrap(), "--store", name]);
    }
}

/// Annotates a file of this text with these arguments, to standard output.
fn annotate(home: &Home, input: &str, arguments: &[&str]) -> Said {
    home.file("in.vcf", input);
    home.run(["annotate", "in.vcf", "-o", "-", "--no-version"].iter().chain(arguments))
}

/// The same; it has to succeed. The lines of records, without their breaks.
#[track_caller]
fn records(home: &Home, input: &str, arguments: &[&str]) -> Vec<String> {
    let said = annotate(home, input, arguments);
    assert_eq!(said.code, 0, "{}", said.err);
    said.out.lines().filter(|it| !it.starts_with('#')).map(str::to_owned).collect()
}

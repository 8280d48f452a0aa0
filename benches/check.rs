//! A whole check: a sound file, plain and compressed, and one with a finding on every record.

// clippy.toml allows unwrapping in tests only.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;

use annostore::check::{self, CheckOptions};
use annostore::read::vcf::VcfReading;
use common::{Files, own_vcf, pipe, tsv};
use criterion::{Criterion, Throughput};

fn main() {
    common::run(check);
}

fn check(criterion: &mut Criterion) {
    let files = Files::new();
    // Without its definition every record has an undeclared key.
    let sound = fs::read_to_string(files.path("plain.vcf")).unwrap();
    let definition = sound.lines().find(|it| it.starts_with("##INFO=<ID=AN,")).unwrap();
    fs::write(files.path("faulty.vcf"), sound.replace(&format!("{definition}\n"), "")).unwrap();

    let pipe = pipe();
    let options = CheckOptions::default();
    let mut group = criterion.benchmark_group("check");
    group.throughput(Throughput::Bytes(files.bytes));
    for (name, findings) in
        [("plain.vcf", 0), ("bgzf.vcf.gz", 0), ("faulty.vcf", common::RECORDS as u64)]
    {
        let path = files.name(name);
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let report = check::check(&path, &pipe, &VcfReading::default(), &options).unwrap();
                assert_eq!(report.findings.total(), findings);
            });
        });
    }
    if let Some((path, bytes)) = own_vcf() {
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function("own", |bench| {
            bench.iter(|| {
                check::check(&path, &pipe, &VcfReading::default(), &options).unwrap().records
            });
        });
    }
    let path = files.path("faulty.tsv");
    fs::write(&path, tsv::faulty_scores(tsv::ROWS)).unwrap();
    let reading = tsv::reading();
    group.throughput(Throughput::Bytes(files.tsv_bytes));
    for (name, findings) in [("plain.tsv", 0), ("bgzf.tsv.gz", 0), ("faulty.tsv", tsv::ROWS as u64)]
    {
        let path = files.name(name);
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let report = check::check(&path, &pipe, &reading, &options).unwrap();
                assert_eq!(report.findings.total(), findings);
            });
        });
    }
    group.finish();
}

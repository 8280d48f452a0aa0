//! Records to columns, columns to Parquet files, and a whole import from BGZF to its commit.

// clippy.toml allows unwrapping in tests only.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use annostore::model::VcfOptions;
use annostore::model::info::assign_columns;
use annostore::read::source::Source;
use annostore::read::vcf::Reader;
use annostore::write::{CoordinateNames, VcfLayout, VcfRows, VersionWriter};
use arrow::array::RecordBatch;
use common::store::{import, service};
use common::{Files, pipe};
use criterion::{BatchSize, Criterion, Throughput};

fn main() {
    common::run(write);
}

fn write(criterion: &mut Criterion) {
    let files = Files::new();
    let mut group = criterion.benchmark_group("write");
    group.throughput(Throughput::Bytes(files.bytes));
    let plain = files.name("plain.vcf");
    group.bench_function("columns", |bench| bench.iter(|| columns(&plain)));

    let batches = columns(&plain);
    let pipe = pipe();
    group.bench_function("parquet", |bench| {
        let folder = || tempfile::tempdir_in(files.folder()).unwrap();
        let encode = |folder: tempfile::TempDir| {
            let schema = batches[0].schema();
            let order = CoordinateNames::vcf();
            let mut writer =
                VersionWriter::new(folder.path(), schema, Some(&order), &pipe.pool).unwrap();
            for batch in &batches {
                writer.add(batch).unwrap();
            }
            writer.finish().unwrap();
            folder
        };
        bench.iter_batched(folder, encode, BatchSize::PerIteration);
    });

    let service = service(files.folder());
    let compressed = files.name("bgzf.vcf.gz");
    group.bench_function("import", |bench| bench.iter(|| import(&service, &compressed)));
    group.finish();
}

fn columns(path: &str) -> Vec<RecordBatch> {
    let pipe = pipe();
    let source = Source::open(path, &pipe.meter).unwrap();
    let reader = Reader::open(source, &pipe, 0).unwrap();
    let columns = assign_columns(&[], &reader.declared()).unwrap();
    let layout = Arc::new(VcfLayout::new(columns.clone(), Vec::new(), Vec::new(), "job"));
    let make = move || VcfRows::new(Arc::clone(&layout));
    let parsed = reader.records(columns, VcfOptions::default(), make);
    parsed.map(|it| it.unwrap().output.batch).collect()
}

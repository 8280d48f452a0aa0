//! Records to columns, columns to Parquet files, and a whole import from BGZF to its commit. Of TSV
//! rows likewise.

// clippy.toml allows unwrapping in tests only.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use annostore::model::info::assign_columns;
use annostore::read::source::Source;
use annostore::read::vcf::{Reader, VcfReading};
use annostore::read::{Format, tsv as tsv_file};
use annostore::write::{CoordinateNames, TsvLayout, TsvRows, VcfLayout, VcfRows, VersionWriter};
use arrow::array::RecordBatch;
use common::store::{import, import_own, import_scores, service};
use common::{Files, own_vcf, pipe, tsv};
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, Throughput};

fn main() {
    common::run(write);
}

fn write(criterion: &mut Criterion) {
    let files = Files::new();
    let mut group = criterion.benchmark_group("write");
    group.throughput(Throughput::Bytes(files.bytes));
    let plain = files.name("plain.vcf");
    group.bench_function("columns", |bench| bench.iter(|| columns(&plain)));

    parquet(&mut group, "parquet", &files, &columns(&plain), &CoordinateNames::vcf());

    let service = service(files.folder());
    let compressed = files.name("bgzf.vcf.gz");
    group.bench_function("import", |bench| bench.iter(|| import(&service, &compressed)));

    if let Some((path, bytes)) = own_vcf() {
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function("own", |bench| bench.iter(|| import_own(&service, &path)));
    }

    group.throughput(Throughput::Bytes(files.tsv_bytes));
    let plain = files.name("plain.tsv");
    group.bench_function("tsv/columns", |bench| bench.iter(|| tsv_columns(&plain)));
    let order = CoordinateNames::tsv(&tsv::reading().store).unwrap();
    parquet(&mut group, "tsv/parquet", &files, &tsv_columns(&plain), &order);
    let compressed = files.name("bgzf.tsv.gz");
    group.bench_function("tsv/import", |bench| bench.iter(|| import_scores(&service, &compressed)));
    group.finish();
}

fn parquet(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    files: &Files,
    batches: &[RecordBatch],
    order: &CoordinateNames,
) {
    let pipe = pipe();
    group.bench_function(name, |bench| {
        let folder = || tempfile::tempdir_in(files.folder()).unwrap();
        let encode = |folder: tempfile::TempDir| {
            let schema = batches[0].schema();
            let mut writer =
                VersionWriter::new(folder.path(), schema, Some(order), &pipe.pool).unwrap();
            for batch in batches {
                writer.add(batch).unwrap();
            }
            writer.finish().unwrap();
            folder
        };
        bench.iter_batched(folder, encode, BatchSize::PerIteration);
    });
}

fn tsv_columns(path: &str) -> Vec<RecordBatch> {
    let pipe = pipe();
    let reading = tsv::reading();
    let source = reading.source(path, &pipe.meter).unwrap();
    let reader = tsv_file::Reader::open(source, &pipe, &reading, 0).unwrap();
    let layout = Arc::new(TsvLayout::new(&reading, "job"));
    let parsed = reader.records(move || TsvRows::new(&layout));
    parsed.map(|it| it.unwrap().output.batch).collect()
}

fn columns(path: &str) -> Vec<RecordBatch> {
    let pipe = pipe();
    let source = Source::open(path, &pipe.meter).unwrap();
    let mut reader = Reader::open(source, &pipe, &VcfReading::default(), 0).unwrap();
    let columns = assign_columns(&[], &reader.file.declared()).unwrap();
    reader.file.store_in(&columns);
    let layout = Arc::new(VcfLayout::new(columns, Vec::new(), Vec::new(), "job"));
    let parsed = reader.records(move || VcfRows::new(&layout));
    parsed.map(|it| it.unwrap().output.batch).collect()
}

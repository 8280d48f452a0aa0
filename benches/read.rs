//! Bytes to texts: what each kind of compression costs, before anything looks at a line.

// clippy.toml allows unwrapping in tests only.
#![allow(clippy::unwrap_used)]

mod common;

use annostore::read::Pipe;
use annostore::read::source::Source;
use common::{Files, own_vcf, pipe};
use criterion::{Criterion, Throughput};

fn main() {
    common::run(read);
}

fn read(criterion: &mut Criterion) {
    let files = Files::new();
    let pipe = pipe();
    let mut group = criterion.benchmark_group("read");
    for name in ["plain.vcf", "gzip.vcf.gz", "bgzf.vcf.gz", "plain.tsv", "bgzf.tsv.gz"] {
        let is_tsv = name.contains(".tsv");
        group.throughput(Throughput::Bytes(if is_tsv { files.tsv_bytes } else { files.bytes }));
        let path = files.name(name);
        group.bench_function(name, |bench| bench.iter(|| bytes_of(&path, &pipe)));
    }
    if let Some((path, bytes)) = own_vcf() {
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function("own", |bench| bench.iter(|| bytes_of(&path, &pipe)));
    }
    group.finish();
}

fn bytes_of(path: &str, pipe: &Pipe) -> usize {
    let texts = Source::open(path, &pipe.meter).unwrap().texts(pipe);
    texts.map(|it| it.unwrap().bytes().len()).sum()
}

//! Queries over one imported version, each planned anew and read to its last row.

// clippy.toml allows unwrapping in tests only.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use annostore::query::{CatalogTables, Engine, Options};
use common::Files;
use common::store::{import, service};
use criterion::{Criterion, Throughput};

/// What is asked, and the region, if any.
const QUERIES: [(&str, &str, &[&str]); 6] = [
    ("region", "SELECT count(*) FROM bench", &["chr21:100,000-110,000"]),
    ("contigs", "SELECT contigname, count(*) FROM bench GROUP BY contigname", &[]),
    ("typed", "SELECT contigname, avg(info.vardp) FROM bench GROUP BY contigname", &[]),
    ("attribute", "SELECT count(*) FROM bench WHERE attributes['grpmax'] = 'nfe'", &[]),
    (
        "join",
        "SELECT count(*) FROM bench a JOIN bench b ON a.contigname = b.contigname AND a.start = b.start
            AND a.referenceallele = b.referenceallele AND a.alternatealleles = b.alternatealleles",
        &[],
    ),
    ("everything", "SELECT * FROM bench", &[]),
];

fn main() {
    common::run(query);
}

fn query(criterion: &mut Criterion) {
    let files = Files::new();
    let service = service(files.folder());
    import(&service, &files.name("plain.vcf"));
    let tables =
        CatalogTables { catalog: service.catalog().clone(), account: service.account().clone() };
    let options = Options { threads: common::THREADS, ..Options::default() };
    let engine = Engine::new(Arc::new(tables), options).unwrap();

    let mut group = criterion.benchmark_group("query");
    // Of the text that the rows came from, so that the figures stand beside those of the other
    // stages.
    group.throughput(Throughput::Bytes(files.bytes));
    for (name, sql, regions) in QUERIES {
        let regions: Vec<_> = regions.iter().map(|it| (*it).to_owned()).collect();
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let answer = engine.query(sql, &regions).unwrap();
                answer.map(|it| it.unwrap().num_rows()).sum::<usize>()
            });
        });
    }
    group.finish();
}

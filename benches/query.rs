//! Queries over one imported version, each planned anew and read to its last row.

// clippy.toml allows unwrapping in tests only.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use annostore::query::{CatalogTables, Engine, Options};
use common::store::{import, import_own, service};
use common::{Files, own_vcf};
use criterion::{Criterion, Throughput};

/// What is asked, and the region, if any.
const QUERIES: [(&str, &str, &[&str]); 6] = [
    ("region", "SELECT count(*) FROM bench", &["chr21:100,000-110,000"]),
    ("contigs", "SELECT contigname, count(*) FROM bench GROUP BY contigname", &[]),
    ("typed", "SELECT contigname, avg(info.vardp) FROM bench GROUP BY contigname", &[]),
    ("attribute", "SELECT count(*) FROM bench WHERE attributes['grpmax'] = 'nfe'", &[]),
    (
        "join",
        "SELECT count(*) FROM bench a JOIN bench b ON a.contigname = b.contigname AND a.start = \
        b.start
            AND a.referenceallele = b.referenceallele AND a.alternatealleles = b.alternatealleles",
        &[],
    ),
    ("everything", "SELECT * FROM bench", &[]),
];

/// What is asked of a file of the user's own, whose fields nobody knows here.
const OF_OWN: [(&str, &str); 2] = [
    ("own/contigs", "SELECT contigname, count(*) FROM own GROUP BY contigname"),
    ("own/everything", "SELECT * FROM own"),
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
    let mut bench = |name: &str, bytes: u64, sql: &str, regions: &[&str]| {
        // Of the text that the rows came from, so that figures stand beside those of other stages.
        group.throughput(Throughput::Bytes(bytes));
        let regions: Vec<_> = regions.iter().map(|it| (*it).to_owned()).collect();
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let answer = engine.query(sql, &regions).unwrap();
                answer.map(|it| it.unwrap().num_rows()).sum::<usize>()
            });
        });
    };
    for (name, sql, regions) in QUERIES {
        bench(name, files.bytes, sql, regions);
    }
    if let Some((path, bytes)) = own_vcf() {
        import_own(&service, &path);
        for (name, sql) in OF_OWN {
            bench(name, bytes, sql, &[]);
        }
    }
    group.finish();
}

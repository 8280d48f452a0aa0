//! What a key of `attributes` reads.

use annostore::model::ValueType::{Integer, String};
use annostore::query::Engine;
use serde_json::json;

use super::fixture::{Home, info, metric, plan};

/// 20,000 rows with wide INFO.
fn wide() -> Engine {
    let mut home = Home::new();
    let columns =
        info(&[("CLNSIG", String, false), ("CLNDN", String, true), ("N", Integer, false)]);
    let data: Vec<_> = (0..20_000)
        .map(|n| {
            let significance = if n % 2 == 0 { "Benign" } else { "Pathogenic" };
            let names = [format!("disease {}", n * 7919), format!("other {}", n * 104_729)];
            json!({"start": n, "info": {"clnsig": significance, "clndn": names, "n": n},
                "info_other": {"RARE": format!("value {}", n * 31)}})
        })
        .collect();
    let file = home.file(&columns, &data);
    home.version("clinvar", "clinvar", &columns, vec![file]);
    home.engine()
}

#[test]
fn one_key_reads_one_column() {
    let engine = wide();
    let bytes = |sql: &str| metric(&engine, sql, &[], "bytes_scanned");
    let all = bytes("SELECT count(attributes) FROM clinvar WHERE cardinality(attributes) > 0");
    let direct = bytes("SELECT count(info.clnsig) FROM clinvar");
    for sql in [
        "SELECT count(attributes['CLNSIG']) FROM clinvar",
        "SELECT count(*) FROM clinvar WHERE attributes['CLNSIG'] = 'Benign'",
        "SELECT c.attributes['CLNSIG'] FROM clinvar c",
        "SELECT attributes['CLNSIG'], count(*) FROM clinvar GROUP BY attributes['CLNSIG']",
        "WITH c AS (SELECT attributes AS a FROM clinvar) SELECT a['CLNSIG'] FROM c",
    ] {
        let one = bytes(sql);
        assert!(one <= direct, "{one} > {direct}: {sql}\n{}", plan(&engine, sql));
        assert!(one * 10 < all, "{one} of {all}: {sql}");
    }
    // Where the file keeps a key in info_other, that is read besides.
    let rare = bytes("SELECT count(attributes['RARE']) FROM clinvar");
    assert!(direct < rare && rare < all, "{direct} {rare} {all}");
    // A key that the version knows nothing of reads no column of INFO.
    assert!(bytes("SELECT count(attributes['ABSENT']) FROM clinvar") <= direct);
}

#[test]
fn the_plan_takes_the_key_within_the_scan() {
    let engine = wide();
    for sql in [
        "SELECT a.start FROM clinvar a JOIN clinvar b ON a.start = b.start
            WHERE b.attributes['CLNSIG'] = 'Benign'",
        "SELECT start, attributes['CLNSIG'] FROM clinvar ORDER BY attributes['CLNSIG']",
    ] {
        let plan = plan(&engine, sql);
        let scans = plan.lines().filter(|it| it.contains("DataSourceExec"));
        assert!(scans.clone().any(|it| it.contains("element_at(attributes@10, CLNSIG)")), "{plan}");
        let elsewhere = plan.lines().filter(|it| !it.contains("DataSourceExec"));
        assert!(elsewhere.clone().all(|it| !it.contains("element_at")), "{plan}");
    }
}

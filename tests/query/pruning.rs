//! Coordinate predicates leave out files, row groups and pages.

use annostore::query::Engine;
use serde_json::{Value, json};

use super::fixture::{Home, metric, rows, rows_in};

const PRUNED_GROUPS: &str = "row_groups_pruned_statistics";
const PRUNED_PAGES: &str = "page_index_pages_pruned";

/// Four files of 10,000 rows, each on a contig of its own; row groups of 2,000 rows, pages of 100.
fn engine(break_others: bool) -> Engine {
    let mut home = Home::new();
    let mut files = Vec::new();
    for contig in ["1", "2", "10", "X"] {
        let data: Vec<Value> =
            (0..10_000).map(|n| json!({"contigname": contig, "start": n * 10})).collect();
        let file = home.file_in_groups(&[], &data, 2_000, 100);
        if break_others && contig != "2" {
            std::fs::write(file.place.path().unwrap(), b"not Parquet").unwrap();
        }
        files.push(file);
    }
    home.version("big", "big", &[], files);
    home.engine()
}

#[test]
fn files_outside_are_not_even_opened() {
    let engine = engine(true);
    let sql =
        "SELECT count(*) AS n FROM big WHERE contigname = '2' AND start >= 500 AND start < 700";
    assert_eq!(rows(&engine, sql)[0]["n"], 20);
    assert_eq!(rows_in(&engine, "SELECT count(*) AS n FROM big", &["2:501-700"])[0]["n"], 20);
    let sql = "SELECT count(*) AS n FROM big WHERE contigname IN ('2', 'Y') AND \"end\" > 99000";
    assert_eq!(rows(&engine, sql)[0]["n"], 100);
    assert_eq!(rows(&engine, "SELECT count(*) AS n FROM big WHERE contigname = 'Y'")[0]["n"], 0);
}

#[test]
fn row_groups_and_pages_outside_are_skipped() {
    let engine = engine(false);
    let by_where =
        "SELECT sum(\"end\") FROM big WHERE contigname = '2' AND start >= 500 AND start < 700";
    let by_region = ("SELECT sum(\"end\") FROM big", ["2:501-700"]);
    for (sql, regions) in [(by_where, &[][..]), (by_region.0, &by_region.1[..])] {
        assert_eq!(metric(&engine, sql, regions, PRUNED_GROUPS), 4, "{sql}");
        let pages = metric(&engine, sql, regions, PRUNED_PAGES);
        assert!(pages >= 18, "{pages}: {sql}");
    }
}

#[test]
fn a_limit_does_not_cut_before_the_filter() {
    let engine = engine(false);
    let sql = "SELECT contigname, start FROM big WHERE start = 77770 AND contigname <> '1'
        ORDER BY contigname LIMIT 2";
    assert_eq!(
        json!(rows(&engine, sql)),
        json!([{"contigname": "10", "start": 77770}, {"contigname": "2", "start": 77770}])
    );
    let rows = rows_in(&engine, "SELECT start FROM big LIMIT 3", &["X:50001-60000"]);
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|it| (50_000..60_000).contains(&it["start"].as_i64().unwrap())));
}

#[test]
fn either_side_of_an_or_keeps_a_file() {
    let engine = engine(false);
    let sql = "SELECT count(*) AS n FROM big WHERE (contigname = '1' AND start < 100)
        OR (contigname = 'X' AND \"end\" > 99980)";
    assert_eq!(rows(&engine, sql)[0]["n"], 12);
}

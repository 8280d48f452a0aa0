//! NaN against Rust's own floats, which compare as Java's and so as Trino's do; and what statistics
//! may leave out.

// Floats are compared exactly, and not with others in mind: that is what is tested.
#![expect(clippy::float_cmp, clippy::neg_cmp_op_on_partial_ord)]

use annostore::query::Engine;
use serde_json::{Value, json};

use super::fixture::{Home, metric, rows};

/// As SQL and as a float; a null is none.
const VALUES: [(&str, Option<f64>); 9] = [
    ("nan()", Some(f64::NAN)),
    ("-nan()", Some(-f64::NAN)),
    ("-infinity()", Some(f64::NEG_INFINITY)),
    ("-1.5", Some(-1.5)),
    ("-0e0", Some(-0.0)),
    ("0e0", Some(0.0)),
    ("1.5", Some(1.5)),
    ("infinity()", Some(f64::INFINITY)),
    ("NULL", None),
];

type Comparison = (&'static str, fn(f64, f64) -> bool);

const COMPARISONS: [Comparison; 10] = [
    ("a.x = b.x", |a, b| a == b),
    ("a.x <> b.x", |a, b| a != b),
    ("a.x < b.x", |a, b| a < b),
    ("a.x <= b.x", |a, b| a <= b),
    ("a.x > b.x", |a, b| a > b),
    ("a.x >= b.x", |a, b| a >= b),
    ("a.x BETWEEN b.x AND b.x", |a, b| a == b),
    ("a.x IN (b.x, b.x)", |a, b| a == b),
    ("a.x NOT IN (b.x)", |a, b| a != b),
    ("NOT (a.x < b.x)", |a, b| !(a < b)),
];

fn with_values(query: &str) -> String {
    let values = VALUES.iter().enumerate().map(|(n, (sql, _))| format!("({n}, {sql})"));
    let values = values.collect::<Vec<_>>().join(", ");
    format!("WITH v(n, x) AS (VALUES {values}) {query}")
}

fn engine() -> Engine {
    Home::new().engine()
}

/// Where a comparison holds, as pairs of places in [`VALUES`]; a null is null, or fails a filter.
fn pairs(mut holds: impl FnMut(Option<f64>, Option<f64>) -> bool) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (a, (_, left)) in VALUES.iter().enumerate() {
        for (b, (_, right)) in VALUES.iter().enumerate() {
            if holds(*left, *right) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

fn found(rows: &[Value]) -> Vec<(usize, usize)> {
    let place = |row: &Value, name: &str| usize::try_from(row[name].as_u64().unwrap()).unwrap();
    rows.iter().map(|it| (place(it, "a"), place(it, "b"))).collect()
}

#[test]
fn every_comparison_is_that_of_plain_floats() {
    let engine = engine();
    for (sql, holds) in COMPARISONS {
        let expected = pairs(|a, b| a.zip(b).is_some_and(|(a, b)| holds(a, b)));
        let order = "ORDER BY a, b";
        for query in [
            format!("SELECT a.n AS a, b.n AS b FROM v a, v b WHERE {sql} {order}"),
            format!("SELECT a.n AS a, b.n AS b FROM v a JOIN v b ON {sql} {order}"),
            format!(
                "SELECT a, b FROM (SELECT a.n AS a, b.n AS b, {sql} AS c FROM v a, v b) \
                 WHERE c {order}"
            ),
        ] {
            assert_eq!(found(&rows(&engine, &with_values(&query))), expected, "{query}");
        }
        let unknown = format!(
            "SELECT a.n AS a, b.n AS b FROM v a, v b WHERE ({sql}) IS NULL AND a.x < 9 {order}"
        );
        let null = pairs(|a, b| a.is_some_and(|a| a < 9.0) && b.is_none());
        assert_eq!(found(&rows(&engine, &with_values(&unknown))), null, "{unknown}");
    }
}

#[test]
fn a_set_has_one_nan_and_one_zero() {
    let same = |a: Option<f64>, b: Option<f64>| match a.zip(b) {
        Some((a, b)) => a == b || a.is_nan() && b.is_nan(),
        None => a.is_none() && b.is_none(),
    };
    let engine = engine();
    let query = "SELECT a.n AS a, b.n AS b FROM v a, v b
        WHERE a.x IS NOT DISTINCT FROM b.x ORDER BY a, b";
    assert_eq!(found(&rows(&engine, &with_values(query))), pairs(same));
    for query in [
        "SELECT count(*) AS n FROM (SELECT DISTINCT x FROM v)",
        "SELECT count(*) AS n FROM (SELECT x FROM v GROUP BY x)",
        "SELECT count(*) AS n FROM (SELECT x FROM v UNION SELECT x FROM v)",
        "SELECT count(DISTINCT x) + 1 AS n FROM v",
        "SELECT max(r) AS n FROM (SELECT dense_rank() OVER (ORDER BY x) AS r FROM v)",
    ] {
        assert_eq!(rows(&engine, &with_values(query))[0]["n"], 7, "{query}");
    }
}

/// Statistics leave NaN out: a row group of 2s and a NaN has 2 as lowest and highest value.
#[test]
fn statistics_of_floats_spare_row_groups_and_lose_no_row() {
    let mut home = Home::new();
    let qual = |n: usize| if n % 2_000 == 7 { json!("NaN") } else { json!(n / 2_000) };
    let data: Vec<Value> =
        (0..10_000).map(|n| json!({"contigname": "1", "start": n, "qual": qual(n)})).collect();
    let file = home.file_in_groups(&[], &data, 2_000, 100);
    home.version("big", "big", &[], vec![file]);
    let engine = home.engine();
    for (condition, count, pruned) in [
        ("qual > 3.5", 1_999, 4),
        ("qual >= 3", 3_998, 3),
        ("qual < 1", 1_999, 4),
        ("qual <= 0", 1_999, 4),
        ("1 > qual", 1_999, 4),
        ("qual = 2", 1_999, 4),
        ("qual BETWEEN 1.5 AND 2.5", 1_999, 4),
        ("qual <> 2", 8_001, 0),
        ("NOT (qual < 10)", 5, 0),
        ("NOT (qual >= 0)", 5, 0),
        ("qual NOT IN (0, 1, 2, 3, 4)", 5, 0),
        ("qual IS DISTINCT FROM 2", 8_001, 0),
    ] {
        let sql = format!("SELECT count(start) AS n FROM big WHERE {condition}");
        assert_eq!(rows(&engine, &sql)[0]["n"], count, "{sql}");
        assert_eq!(metric(&engine, &sql, &[], "row_groups_pruned_statistics"), pruned, "{sql}");
    }
}

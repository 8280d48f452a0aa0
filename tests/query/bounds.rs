//! What functions make of rows takes no more memory than it may, and what is far less is made.

use annostore::model::ErrorKind;
use annostore::query::Engine;
use serde_json::json;

use super::fixture::{Home, refused, rows};

/// Store `big` with 3,000 rows.
fn engine() -> Engine {
    let mut home = Home::new();
    let data: Vec<_> = (0..3_000).map(|n| json!({"start": n})).collect();
    let file = home.file(&[], &data);
    home.version("big", "big", &[], vec![file]);
    home.engine()
}

#[test]
fn a_batch_of_large_values_is_refused() {
    let engine = engine();
    for sql in [
        "SELECT max(length(rpad('', 1000000, contigname))) FROM big",
        "SELECT max(length(lpad(contigname, 10000000, 'y'))) FROM big",
        "SELECT max(cardinality(range(start, start + 1000000))) FROM big",
        "SELECT max(cardinality(array_repeat(start, 1000000))) FROM big",
    ] {
        let error = refused(&engine, sql);
        assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{sql}: {error}");
        assert!(error.to_string().contains("MiB"), "{sql}: {error}");
    }
    let values = "SELECT sum(length(rpad('', 1000, contigname))) AS n FROM big";
    assert!(rows(&engine, values)[0]["n"].as_u64().unwrap() >= 3_000_000);
}

#[test]
fn one_value_is_refused_where_it_is_too_large() {
    let engine = engine();
    for sql in [
        "SELECT length(rpad('', 70000000, 'x')) AS n",
        "SELECT cardinality(range(0, 9000000)) AS n",
        "SELECT length(replace(rpad('', 1000000, 'a'), 'a', rpad('', 80, 'b'))) AS n",
        "SELECT cardinality(array_agg(rpad('', 40000, contigname))) AS n FROM big",
        "SELECT cardinality(map_agg(start, rpad('', 40000, contigname))) AS n FROM big",
        "SELECT max(cardinality(a)) AS n FROM (
            SELECT array_agg(rpad('', 200, contigname)) OVER (ORDER BY start) AS a FROM big)",
    ] {
        let error = refused(&engine, sql);
        assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{sql}: {error}");
    }
    let some = "SELECT cardinality(array_agg(rpad('', 10000, contigname))) AS n FROM big";
    assert_eq!(rows(&engine, some)[0]["n"], 3_000);
}

/// A constant is there for each row of a batch: 3,000 rows of a megabyte are more than an array
/// holds.
#[test]
fn batches_are_small_where_constants_are_large() {
    let sql = "SELECT sum(length(x)) AS n FROM
        (SELECT rpad('', 1000000, 'x') || CAST(start % 10 AS varchar) AS x FROM big)";
    assert_eq!(rows(&engine(), sql)[0]["n"], 3_000 * 1_000_001_u64);
}

/// It would be there for each element, before anything can look at the plan.
#[test]
fn a_large_constant_in_a_lambda_is_refused_before_it_is_computed() {
    for of_constant in
        ["transform(range(0, 100000), y -> x * y)", "array_append(range(0, 100000), x)"]
    {
        let sql = format!(
            "SELECT cardinality(transform(range(0, 100000), x -> cardinality({of_constant}))) AS n"
        );
        let error = refused(&engine(), &sql);
        assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{sql}: {error}");
        assert!(error.to_string().contains("781 KiB"), "{sql}: {error}");
    }
    let few = "SELECT cardinality(transform(range(0, 1000), x -> cardinality(range(0, 99)))) AS n";
    assert_eq!(rows(&engine(), few)[0]["n"], 1000);
}

#[test]
fn long_lists_of_arguments_are_no_deep_ones() {
    let parts = vec!["contigname"; 5_000].join(", ");
    let sql = format!("SELECT length(concat({parts})) AS n FROM big LIMIT 1");
    let one = rows(&engine(), "SELECT length(contigname) AS n FROM big LIMIT 1");
    let all = rows(&engine(), &sql);
    assert_eq!(all[0]["n"].as_u64().unwrap(), 5_000 * one[0]["n"].as_u64().unwrap());
}

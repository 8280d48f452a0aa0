//! `attributes`, `info` and `info_other`.

use annostore::model::ValueType::{Flag, Float, Integer, String};
use annostore::query::Engine;
use serde_json::json;

use super::fixture::{Home, info, metric, plan, rows};

/// Two files: the second knows one key more, and declares an Integer where the version has a Float.
fn engine() -> Engine {
    let mut home = Home::new();
    let keys =
        [("AF", Float, true), ("DB", Flag, false), ("AC", Integer, true), ("DP", Float, false)];
    let version = info(&[&keys[..], &[("CLNSIG", String, false)]].concat());
    let first = home.file(
        &info(&keys),
        &[
            json!({"start": 10, "info": {"af": [6.58770e-6, null], "db": true, "ac": [1, 2], "dp": 1.0}}),
            json!({"start": 20, "info": {"db": null}, "info_other": {"X": "odd", "AF": "1,x"}}),
            json!({"start": 30}),
        ],
    );
    let second = home.file(
        &info(&[("CLNSIG", String, false), ("DP", Integer, false)]),
        &[json!({"start": 40, "info": {"clnsig": "Benign", "dp": 7}, "info_other": {"Y": ""}})],
    );
    home.version("clinvar", "clinvar", &version, vec![first, second]);
    home.engine()
}

#[test]
fn the_map_holds_what_the_line_held_in_header_order() {
    let rows = rows(&engine(), "SELECT start, attributes FROM clinvar ORDER BY start");
    let texts: Vec<_> = rows.iter().map(|it| it["attributes"].to_string()).collect();
    assert_eq!(
        texts,
        [
            r#"{"AF":"6.5877e-6,.","DB":"","AC":"1,2","DP":"1"}"#,
            r#"{"AF":"1,x","X":"odd"}"#,
            r"{}",
            r#"{"DP":"7","CLNSIG":"Benign","Y":""}"#,
        ]
        .map(|it| serde_json::from_str::<serde_json::Value>(it).unwrap().to_string())
    );
}

#[test]
fn a_value_that_does_not_fit_its_column_stands_where_the_header_has_its_key() {
    let mut home = Home::new();
    let keys = info(&[
        ("AF", Float, true),
        ("DB", Flag, false),
        ("AC", Integer, true),
        ("DP", Float, false),
    ]);
    let file = home.file(
        &keys,
        &[
            // AC is in both, as of a record that has it twice: the map has it once.
            json!({"start": 1, "info": {"db": true, "ac": [3]},
                "info_other": {"Z": "1", "DP": "many", "AC": "x", "AF": "y", "A": null}}),
            json!({"start": 2, "info_other": {"Z": "2", "DP": "few"}}),
            json!({"start": 3, "info": {"ac": [4]}}),
        ],
    );
    home.version("clinvar", "clinvar", &keys, vec![file]);
    let rows = rows(&home.engine(), "SELECT attributes FROM clinvar ORDER BY start");
    let texts: Vec<_> = rows.iter().map(|it| it["attributes"].to_string()).collect();
    let expected = [
        r#"{"AF":"y","DB":"","AC":"3","DP":"many","Z":"1","A":null}"#,
        r#"{"DP":"few","Z":"2"}"#,
        r#"{"AC":"4"}"#,
    ];
    assert_eq!(texts, expected);
}

#[test]
fn one_key_is_the_value_of_the_map_however_it_is_asked_for() {
    let engine = engine();
    let expected = json!([
        ["6.5877e-6,.", null, "1"],
        ["1,x", "odd", null],
        [null, null, null],
        [null, null, "7"]
    ]);
    for sql in [
        "SELECT start, attributes['AF'] AS a, attributes['X'] AS b, attributes['DP'] AS c FROM clinvar ORDER BY start",
        "SELECT start, element_at(attributes, 'AF') AS a, element_at(attributes, 'X') AS b, element_at(attributes, 'DP') AS c FROM clinvar ORDER BY start",
        "SELECT t.start, t.attributes['AF'] AS a, t.attributes['X'] AS b, t.attributes['DP'] AS c FROM clinvar t ORDER BY t.start",
        // The map alone travels here; the key is looked up far from the scan.
        "WITH c AS (SELECT start, attributes FROM clinvar) SELECT start, attributes['AF'] AS a, attributes['X'] AS b, attributes['DP'] AS c FROM c ORDER BY start",
        "SELECT x.start, x.attributes['AF'] AS a, y.attributes['X'] AS b, x.attributes['DP'] AS c FROM clinvar x JOIN clinvar y ON x.start = y.start ORDER BY x.start",
        "SELECT start, attributes['AF'] AS a, attributes['X'] AS b, attributes['DP'] AS c FROM (SELECT start, attributes FROM clinvar UNION ALL SELECT start, attributes FROM clinvar WHERE start < 0) ORDER BY start",
        // A window stops the key from moving to the scan.
        "SELECT start, max(attributes['AF']) OVER (PARTITION BY start) AS a, max(attributes['X']) OVER (PARTITION BY start) AS b, max(attributes['DP']) OVER (PARTITION BY start) AS c FROM clinvar ORDER BY start",
    ] {
        let found: Vec<_> =
            rows(&engine, sql).iter().map(|it| json!([it["a"], it["b"], it["c"]])).collect();
        assert_eq!(json!(found), expected, "{sql}");
    }
}

#[test]
fn one_key_filters_groups_sorts_and_joins() {
    let engine = engine();
    let count = |sql: &str| rows(&engine, sql)[0]["n"].clone();
    assert_eq!(count("SELECT count(*) AS n FROM clinvar WHERE attributes['CLNSIG'] = 'Benign'"), 1);
    assert_eq!(count("SELECT count(*) AS n FROM clinvar WHERE attributes['CLNSIG'] IS NULL"), 3);
    assert_eq!(count("SELECT count(*) AS n FROM clinvar WHERE attributes['DB'] = ''"), 1);
    assert_eq!(
        count(
            "SELECT count(*) AS n FROM clinvar a JOIN clinvar b ON a.attributes['DP'] = b.attributes['DP']"
        ),
        2
    );
    let grouped = rows(
        &engine,
        "SELECT attributes['DP'], count(*) FROM clinvar GROUP BY attributes['DP'] ORDER BY attributes['DP']",
    );
    assert_eq!(
        json!(grouped),
        json!([
            {"attributes['DP']": "1", "count(*)": 1},
            {"attributes['DP']": "7", "count(*)": 1},
            {"attributes['DP']": null, "count(*)": 2},
        ])
    );
    let sorted = rows(&engine, "SELECT start FROM clinvar ORDER BY attributes['DP'] DESC, start");
    assert_eq!(json!(sorted), json!([{"start": 40}, {"start": 10}, {"start": 20}, {"start": 30}]));
}

#[test]
fn info_has_typed_fields_by_name_and_by_key() {
    let engine = engine();
    let expected = json!([{"x": 3}]);
    for sql in [
        "SELECT sum(info.ac[1] + info.ac[2]) AS x FROM clinvar",
        "SELECT sum(info['AC'][1] + info['ac'][2]) AS x FROM clinvar",
        "SELECT sum(t.info.ac[1] + element_at(t.info['AC'], -1)) AS x FROM clinvar t",
    ] {
        assert_eq!(json!(rows(&engine, sql)), expected, "{sql}");
    }
    assert_eq!(
        json!(rows(&engine, "SELECT info.dp FROM clinvar WHERE info['DP'] > 1")),
        json!([{"dp": 7.0}])
    );
}

#[test]
fn all_columns_come_in_the_order_of_the_service() {
    let engine = engine();
    let schema = engine.query("SELECT * FROM clinvar LIMIT 10", &[]).unwrap().schema();
    let names: Vec<_> = schema.fields().iter().map(|it| it.name().as_str()).collect();
    assert_eq!(names.len(), 25);
    assert_eq!(names[..4], ["importjobid", "contigname", "start", "end"]);
    assert_eq!(names[9..12], ["splitfrommultiallelic", "attributes", "phased"]);
    assert_eq!(names[21..], ["information", "annotations", "info", "info_other"]);
    assert_eq!(rows(&engine, "SELECT * FROM clinvar LIMIT 10").len(), 4);
}

/// 20,000 rows with wide INFO.
fn wide() -> Engine {
    let mut home = Home::new();
    let columns =
        info(&[("CLNSIG", String, false), ("CLNDN", String, true), ("N", Integer, false)]);
    let data: Vec<_> = (0..20_000)
        .map(|n| {
            json!({"start": n, "info": {"clnsig": if n % 2 == 0 { "Benign" } else { "Pathogenic" },
                "clndn": [format!("disease {}", n * 7919), format!("other {}", n * 104_729)], "n": n},
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
        "SELECT a.start FROM clinvar a JOIN clinvar b ON a.start = b.start WHERE b.attributes['CLNSIG'] = 'Benign'",
        "SELECT start, attributes['CLNSIG'] FROM clinvar ORDER BY attributes['CLNSIG']",
    ] {
        let plan = plan(&engine, sql);
        let scans = plan.lines().filter(|it| it.contains("DataSourceExec"));
        assert!(scans.clone().any(|it| it.contains("element_at(attributes@10, CLNSIG)")), "{plan}");
        let elsewhere = plan.lines().filter(|it| !it.contains("DataSourceExec"));
        assert!(elsewhere.clone().all(|it| !it.contains("element_at")), "{plan}");
    }
}

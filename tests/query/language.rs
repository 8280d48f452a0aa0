//! The queries of the field, as people wrote them for Athena.

use annostore::model::ValueType::{Integer, String};
use annostore::query::Engine;
use serde_json::json;

use super::fixture::{Home, info, rows, rows_in};

/// `c`: ClinVar-like, contigs without `chr`; `v`: variants of samples, with `chr`; store `t` with versions one and two.
fn engine() -> Engine {
    let mut home = Home::new();
    let clinvar = info(&[("CLNSIG", String, false), ("RS", Integer, false)]);
    let file = home.file(
        &clinvar,
        &[
            json!({"contigname": "1", "start": 99, "alternatealleles": ["G"], "info": {"clnsig": "Likely_pathogenic"}}),
            json!({"contigname": "1", "start": 199, "alternatealleles": ["G", "T"], "info": {"clnsig": "Likely_pathogenic"}}),
            json!({"contigname": "2", "start": 99, "alternatealleles": null, "info": {"clnsig": "Benign"}, "importjobid": "job-2"}),
            json!({"contigname": "2", "start": -1, "end": 0, "qual": 7.5, "filters": null, "importjobid": "job-2"}),
        ],
    );
    home.version("ccc", "ccc", &clinvar, vec![file]);
    let file = home.file(
        &[],
        &[
            json!({"start": 99, "sampleid": "NA1", "calls": [0, 1]}),
            json!({"start": 199, "alternatealleles": ["G"], "sampleid": "NA1", "calls": [1, 1]}),
            json!({"start": 199, "alternatealleles": ["G", "T"], "sampleid": "NA2", "calls": [1, 2]}),
            json!({"contigname": "chr2", "start": 99, "sampleid": "NA2", "calls": [-1]}),
        ],
    );
    home.version("vvv", "vvv", &[], vec![file]);
    let one = home.file(&clinvar, &[json!({"start": 1}), json!({"start": 2}), json!({"start": 3})]);
    let two = home.file(
        &clinvar,
        &[json!({"start": 2}), json!({"start": 3, "referenceallele": "C"}), json!({"start": 4})],
    );
    home.version("ttt", "one", &clinvar, vec![one]);
    home.version("ttt", "two", &clinvar, vec![two]);
    home.engine()
}

#[test]
fn q1_everything() {
    let rows = rows(&engine(), "SELECT * FROM ccc LIMIT 10");
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0]["attributes"], json!({"CLNSIG": "Likely_pathogenic"}));
}

#[test]
fn q2_some_columns_sorted() {
    let sql = "SELECT contigname, start, referenceallele, alternatealleles, attributes FROM ccc ORDER BY contigname LIMIT 10";
    let rows = rows(&engine(), sql);
    assert_eq!(
        rows.iter().map(|it| it["contigname"].as_str().unwrap()).collect::<Vec<_>>(),
        ["1", "1", "2", "2"]
    );
    let lists = rows.iter().filter(|it| it["alternatealleles"] == json!(["G", "T"]));
    assert_eq!(lists.count(), 1);
}

#[test]
fn q3_join_on_arrays_and_a_key() {
    let sql = r#"SELECT v.sampleid, v.start, v."end", c.attributes FROM vvv v INNER JOIN ccc c
        ON v.contigname = concat('chr', c.contigname) AND v.start = c.start AND v."end" = c."end"
        AND v.referenceallele = c.referenceallele AND v.alternatealleles = c.alternatealleles
        WHERE c.attributes['CLNSIG'] = 'Likely_pathogenic'"#;
    let mut rows = rows(&engine(), sql);
    rows.sort_by_key(|it| it["start"].as_i64());
    let attributes = json!({"CLNSIG": "Likely_pathogenic"});
    assert_eq!(
        json!(rows),
        json!([
            {"sampleid": "NA1", "start": 99, "end": 100, "attributes": attributes},
            {"sampleid": "NA2", "start": 199, "end": 200, "attributes": attributes},
        ])
    );
}

#[test]
fn q12_count_of_a_job() {
    let engine = engine();
    let sql = "SELECT count(*) FROM ccc WHERE importjobid = 'job-2'";
    assert_eq!(json!(rows(&engine, sql)), json!([{"count(*)": 2}]));
    assert_eq!(json!(rows(&engine, "SELECT count(*) FROM ccc")), json!([{"count(*)": 4}]));
}

#[test]
fn q16_difference_of_versions() {
    let engine = engine();
    let sql = "SELECT contigname, start, referenceallele, alternatealleles, attributes FROM ttt.two
        EXCEPT SELECT contigname, start, referenceallele, alternatealleles, attributes FROM ttt.one ORDER BY start";
    let starts: Vec<_> =
        rows(&engine, sql).iter().map(|it| it["start"].as_i64().unwrap()).collect();
    assert_eq!(starts, [3, 4]);
    let sql = "SELECT new.start FROM ttt.two AS new LEFT JOIN ttt.one AS old
        ON new.contigname = old.contigname AND new.start = old.start AND new.alternatealleles = old.alternatealleles
        WHERE old.start IS NULL";
    assert_eq!(json!(rows(&engine, sql)), json!([{"start": 4}]));
    let sql = "SELECT start FROM ttt.one o WHERE NOT EXISTS (SELECT 1 FROM ttt.two n WHERE n.start = o.start)";
    assert_eq!(json!(rows(&engine, sql)), json!([{"start": 1}]));
}

#[test]
fn every_column_passes_every_kind_of_join() {
    let engine = engine();
    for (join, rows_expected) in [
        ("CROSS JOIN ccc b", 16),
        ("JOIN ccc b ON a.start < b.start", 5),
        ("JOIN ccc b ON a.start = b.start", 6),
        ("LEFT JOIN ccc b ON a.start > b.start + 1000", 4),
        ("FULL JOIN vvv b ON a.alternatealleles = b.alternatealleles AND a.start = b.start", 6),
    ] {
        let sql = format!("SELECT a.*, b.* FROM ccc a {join}");
        assert_eq!(rows(&engine, &sql).len(), rows_expected, "{join}");
    }
    let union = "SELECT * FROM ttt.one UNION ALL SELECT * FROM ttt.two";
    assert_eq!(rows(&engine, union).len(), 6);
    assert_eq!(rows(&engine, "SELECT * FROM ttt.one EXCEPT SELECT * FROM ttt.two").len(), 2);
}

#[test]
fn nulls_come_last_both_ways() {
    let engine = engine();
    for order in ["ASC", "DESC"] {
        let rows = rows(&engine, &format!("SELECT qual FROM ccc ORDER BY qual {order}"));
        assert_eq!(rows[0]["qual"], json!(7.5), "{order}");
    }
    let rows = rows(&engine, "SELECT qual FROM ccc ORDER BY qual NULLS FIRST");
    assert_eq!(rows[3]["qual"], json!(7.5));
}

#[test]
fn functions_mean_what_they_mean_in_trino() {
    let engine = engine();
    for (expression, expected) in [
        ("if(1 > 2, 'yes', 'no')", json!("no")),
        ("if(1 > 2, 'yes')", json!(null)),
        ("concat('a', NULL)", json!(null)),
        ("concat('a', 'b', 'c')", json!("abc")),
        ("split('a:b:c', ':')", json!(["a", "b", "c"])),
        ("split('a:b:c', ':', 2)", json!(["a", "b:c"])),
        ("split('', ':')", json!([""])),
        ("split('a:b', ':')[2]", json!("b")),
        ("split('a:b', ':')[3]", json!(null)),
        ("split_part('a:b', ':', 2)", json!("b")),
        ("split_part('a:b', ':', 3)", json!(null)),
        ("cardinality(ARRAY[1, 2, 3])", json!(3)),
        ("cardinality(ARRAY[ARRAY[1, 2], ARRAY[3]])", json!(2)),
        ("cardinality(ARRAY[1]) - 2", json!(-1)),
        ("contains(ARRAY[1, 2], 2)", json!(true)),
        ("contains(ARRAY['a'], 'b')", json!(false)),
        ("contains(ARRAY[1, NULL], 2)", json!(null)),
        ("element_at(ARRAY[5, 6], 2)", json!(6)),
        ("element_at(ARRAY[5, 6], -1)", json!(6)),
        ("element_at(ARRAY[5, 6], 3)", json!(null)),
        ("ARRAY[5, 6][1]", json!(5)),
        ("element_at(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), 'b')", json!(2)),
        ("element_at(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), 'c')", json!(null)),
        ("coalesce(NULL, 'x')", json!("x")),
        ("TRY_CAST('x' AS double)", json!(null)),
        ("CAST(10 AS varchar)", json!("10")),
        ("'a' || 'b'", json!("ab")),
        ("upper(substr('chr1', 1, 3))", json!("CHR")),
        ("length('abc')", json!(3)),
        ("replace('chr1', 'chr', '')", json!("1")),
        ("round(1234.567, 1)", json!(1234.6)),
        ("CASE WHEN 'ab' LIKE 'a%' THEN 1 ELSE 0 END", json!(1)),
    ] {
        let rows = rows(&engine, &format!("SELECT {expression} AS x"));
        assert_eq!(rows[0]["x"], expected, "{expression}");
    }
    let sql = "SELECT sampleid FROM vvv WHERE contains(alternatealleles, 'T') AND calls[2] = 2 AND filters[1] = 'PASS'";
    assert_eq!(json!(rows(&engine, sql)), json!([{"sampleid": "NA2"}]));
}

#[test]
fn identifiers_have_no_case() {
    let sql = r#"SELECT C.Start AS S FROM CCC c WHERE "C"."End" = 0"#;
    assert_eq!(json!(rows(&engine(), sql)), json!([{"s": -1}]));
}

#[test]
fn regions_keep_what_overlaps() {
    let engine = engine();
    let count = |regions: &[&str]| {
        rows_in(&engine, "SELECT count(*) AS n FROM ccc", regions)[0]["n"].clone()
    };
    assert_eq!(count(&["1"]), 2);
    assert_eq!(count(&["1:100-100"]), 1);
    assert_eq!(count(&["1:101-199"]), 0);
    assert_eq!(count(&["1:100"]), 2);
    assert_eq!(count(&["1:100-100", "2:1-200"]), 2);
    // The telomere is on the contig, but not within its bases unless asked for.
    assert_eq!(count(&["2"]), 2);
    assert_eq!(count(&["2:1-200"]), 1);
    assert_eq!(count(&["2:0-200"]), 2);
    let limited = rows_in(&engine, "SELECT start FROM ccc LIMIT 1", &["1:200-200"]);
    assert_eq!(json!(limited), json!([{"start": 199}]));
    let error = engine.query("SELECT 1 FROM ccc", &["chr1:1-2".to_owned()]).err().unwrap();
    assert!(error.help().unwrap().contains("1, 2"), "{error:?}");
}

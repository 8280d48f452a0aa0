//! Joins of intervals run as such, in whatever words they are asked for, and give what a comparison
//! of each row with each gives.

use annostore::query::{Engine, Options};
use serde_json::{Value, json};

use super::fixture::{Home, metric, plan, rows};

/// Store `vvv` with 3,000 variants on three contigs, and `ggg` with 300 intervals, some of which
/// hold others, have no length, or lie where no variant is.
fn engine_with(options: Options) -> Engine {
    let mut home = Home::new();
    let contig = |n: u64| ["1", "2", "X"][(n % 3) as usize];
    let variant = |n: u64| {
        let start = n * 7919 % 20_000;
        json!({"contigname": contig(n), "start": start, "end": start + n % 4})
    };
    let interval = |n: u64| {
        let start = n * 104_729 % 25_000;
        let length = if n.is_multiple_of(20) { 4_000 } else { n % 60 };
        let alleles = [if n.is_multiple_of(2) { "C" } else { "G" }];
        json!({"contigname": contig(n / 2), "start": start, "end": start + length,
               "alternatealleles": alleles})
    };
    let variants: Vec<Value> = (0..3_000).map(variant).collect();
    let intervals: Vec<Value> = (0..300).map(interval).collect();
    let (variants, intervals) = (home.file(&[], &variants), home.file(&[], &intervals));
    home.version("vvv", "vvv", &[], vec![variants]);
    home.version("ggg", "ggg", &[], vec![intervals]);
    home.engine_with(options)
}

fn engine() -> Engine {
    engine_with(Options { threads: 2, ..Options::default() })
}

fn is_interval_join(engine: &Engine, sql: &str) -> bool {
    plan(engine, sql).contains("OverlapJoinExec")
}

/// What stands in braces is a comparison; as a text of four letters, `true`, it means the same, and
/// is no form.
fn asked(sql: &str, is_hidden: bool) -> String {
    let mut text = String::new();
    for part in sql.split_inclusive(['{', '}']) {
        match part.strip_suffix('}') {
            Some(comparison) if is_hidden => {
                text += &format!("length(CAST({comparison} AS varchar)) = 4");
            }
            Some(comparison) => text += comparison,
            None => text += part.trim_end_matches('{'),
        }
    }
    text
}

#[test]
fn each_form_is_found_and_gives_what_a_comparison_of_all_gives() {
    let engine = engine();
    let on = "v.contigname = g.contigname";
    let overlap = r#"{v.start < g."end"} AND {g.start < v."end"}"#;
    let both = format!("{on} AND {overlap}");
    let of_sides = |condition: &str| {
        let counts = "SELECT count(*) AS n, sum(v.start) AS a, sum(g.start) AS b FROM vvv v";
        format!("{counts} {condition}")
    };
    let count = |condition: &str| format!("SELECT count(*) AS n FROM {condition}");
    let inner = |condition: &str| of_sides(&format!("JOIN ggg g ON {on} AND {condition}"));
    for sql in [
        of_sides(&format!(", ggg g WHERE {both}")),
        of_sides(&format!("JOIN ggg g ON {overlap}")),
        of_sides(&format!("LEFT JOIN ggg g ON {both}")),
        of_sides(&format!("LEFT JOIN ggg g ON {both} AND g.alternatealleles[1] = 'C'")),
        of_sides(&format!("RIGHT JOIN ggg g ON {both}")),
        of_sides(&format!("FULL JOIN ggg g ON {both}")),
        inner(overlap),
        inner(&format!("{overlap} AND v.start % 2 <> g.start % 2")),
        inner(r#"{v.start >= g.start} AND {v.start < g."end"}"#),
        inner(r#"{v.start <= g."end" - 1} AND {v.start + 1 > g.start}"#),
        inner(r#"{g.start <= v.start} AND {v."end" <= g."end"}"#),
        count(&format!("vvv v WHERE EXISTS (SELECT 1 FROM ggg g WHERE {both})")),
        count(&format!("vvv v WHERE NOT EXISTS (SELECT 1 FROM ggg g WHERE {both})")),
        count(&format!("ggg g WHERE NOT EXISTS (SELECT 1 FROM vvv v WHERE {both})")),
        count(&format!("vvv v WHERE v.start = 3 OR EXISTS (SELECT 1 FROM ggg g WHERE {both})")),
    ] {
        let (form, hidden) = (asked(&sql, false), asked(&sql, true));
        assert!(is_interval_join(&engine, &form), "{form}");
        assert!(!is_interval_join(&engine, &hidden), "{hidden}");
        let seen = rows(&engine, &form);
        assert_eq!(seen, rows(&engine, &hidden), "{form}");
        assert!(seen[0]["n"].as_u64().unwrap() > 0, "{form}: {seen:?}");
    }
    for condition in [
        r#"v.start BETWEEN g.start AND g."end""#,
        r#"NOT (v."end" <= g.start OR v.start >= g."end")"#,
    ] {
        assert!(is_interval_join(&engine, &inner(condition)), "{condition}");
    }
}

#[test]
fn both_sides_may_be_larger_than_memory() {
    let sql = r#"SELECT count(*) AS n, sum(length(a.contigname)) AS length FROM vvv a
        LEFT JOIN vvv b
        ON a.contigname = b.contigname AND a.start < b."end" AND b.start < a."end""#;
    let small = engine_with(Options { threads: 2, memory: 300 << 10, ..Options::default() });
    assert!(is_interval_join(&small, sql));
    assert_eq!(rows(&small, sql), rows(&engine(), sql));
}

#[test]
fn a_side_without_rows_meets_nothing() {
    let engine = engine();
    let on = r#"v.contigname = g.contigname AND v.start < g."end" AND g.start < v."end""#;
    for (join, wanted) in [("JOIN", 0), ("LEFT JOIN", 3_000)] {
        for further in ["", "AND v.start % 2 <> g.start % 2"] {
            let none = "(SELECT * FROM ggg WHERE start % 7 = 8) g";
            let sql = format!("SELECT count(*) AS n FROM vvv v {join} {none} ON {on} {further}");
            assert_eq!(rows(&engine, &sql)[0]["n"], wanted, "{sql}");
        }
    }
}

/// Few intervals tell what has to be read of the other side.
#[test]
fn rows_far_from_all_intervals_are_not_read() {
    let mut home = Home::new();
    let variants: Vec<Value> = (0..20_000).map(|n| json!({"start": n * 10})).collect();
    let file = home.file_in_groups(&[], &variants, 2_000, 100);
    let genes = [json!({"start": 500, "end": 700}), json!({"start": 90_000, "end": 90_050})];
    let genes = home.file(&[], &genes);
    home.version("vvv", "vvv", &[], vec![file]);
    home.version("ggg", "ggg", &[], vec![genes]);
    let engine = home.engine();
    let on = r#"v.contigname = g.contigname AND v.start < g."end" AND g.start < v."end""#;
    for (join, wanted) in [("JOIN", 25), ("RIGHT JOIN", 25), ("LEFT JOIN", 20_000)] {
        let sql =
            format!("SELECT count(*) AS n, count(v.names) AS m FROM vvv v {join} ggg g ON {on}");
        assert_eq!(rows(&engine, &sql)[0]["n"], wanted, "{sql}");
        let pruned = metric(&engine, &sql, &[], "row_groups_pruned_statistics");
        assert_eq!(pruned, if wanted == 25 { 8 } else { 0 }, "{sql}");
    }
}

//! What SQL may not do, and how it says so.

use std::time::Duration;

use annostore::model::ErrorKind;
use annostore::query::{Engine, Options};
use serde_json::json;

use super::fixture::{Home, refused, rows};

fn engine() -> Engine {
    let mut home = Home::new();
    let file = home.file(&[], &[json!({"start": 1}), json!({"start": 2})]);
    home.version("clinvar", "clinvar", &[], vec![file]);
    home.engine()
}

#[test]
fn nothing_beyond_the_stores_can_be_read_or_written() {
    let engine = engine();
    let target = std::env::temp_dir().join("annostore-must-not-exist.csv");
    for sql in [
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM \"/etc/passwd\"",
        "SELECT * FROM \"file:///etc/passwd\"",
        "SELECT * FROM \"annostore://data/x.parquet\"",
        "SELECT * FROM read_parquet('/etc/passwd')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM parquet_metadata('/etc/passwd')",
        "SELECT * FROM generate_series(1, 1000000000000)",
        "SELECT * FROM information_schema.df_settings",
        "SHOW ALL",
        "SET datafusion.execution.batch_size = 1",
        &format!("COPY clinvar TO '{}'", target.display()),
        &format!("EXPLAIN ANALYZE COPY clinvar TO '{}'", target.display()),
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
        "CREATE TABLE x AS SELECT 1",
        "INSERT INTO clinvar SELECT * FROM clinvar",
        "DROP TABLE clinvar",
        "SELECT 1; SELECT 2",
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT n FROM t",
    ] {
        let error = refused(&engine, sql);
        let allowed = [ErrorKind::InvalidInput, ErrorKind::NotFound, ErrorKind::AccessDenied];
        assert!(allowed.contains(&error.kind()), "{sql}: {error:?}");
    }
    assert!(!target.exists());
}

#[test]
fn deep_statements_end_with_words_and_the_deepest_allowed_run() {
    let engine = engine();
    for sql in [
        format!("SELECT 1{}", "+1".repeat(2_000)),
        format!("SELECT 1 WHERE {}", vec!["1=2"; 20_000].join(" OR ")),
        vec!["SELECT 1"; 3_000].join(" UNION ALL "),
        format!("SELECT {}1{}", "(".repeat(2_000), ")".repeat(2_000)),
    ] {
        assert_eq!(refused(&engine, &sql).kind(), ErrorKind::InvalidInput);
    }
    let sum = format!("SELECT start{} AS x FROM clinvar ORDER BY x", "+1".repeat(450));
    assert_eq!(rows(&engine, &sum)[0]["x"], 451);
    let any =
        format!("SELECT count(*) AS n FROM clinvar WHERE {}", vec!["start=1"; 450].join(" OR "));
    assert_eq!(rows(&engine, &any)[0]["n"], 1);
    let union = format!(
        "SELECT count(*) AS n FROM ({})",
        vec!["SELECT start FROM clinvar"; 95].join(" UNION ALL ")
    );
    assert_eq!(rows(&engine, &union)[0]["n"], 190);
}

#[test]
fn a_missing_or_damaged_file_is_named() {
    for damage in ["missing", "short", "changed"] {
        let mut home = Home::new();
        let good = home.file(&[], &[json!({"start": 1})]);
        let mut bad = home.file(&[], &[json!({"start": 2})]);
        let path = bad.place.path().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        match damage {
            "missing" => std::fs::remove_file(&path).unwrap(),
            "short" => std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap(),
            _ => {
                std::fs::write(&path, vec![0; bytes.len()]).unwrap();
                bad.sha256 = "0".repeat(64);
            }
        }
        let name = path.display().to_string();
        home.version("clinvar", "clinvar", &[], vec![good, bad]);
        let error = refused(&home.engine(), "SELECT start FROM clinvar WHERE start > 0");
        assert_eq!(error.kind(), ErrorKind::Storage, "{damage}: {error}");
        assert!(error.to_string().contains(&name), "{damage}: {error}");
    }
}

#[test]
fn a_slow_query_ends_in_time() {
    let mut home = Home::new();
    let data: Vec<_> = (0..3_000).map(|n| json!({"start": n})).collect();
    let file = home.file(&[], &data);
    home.version("big", "big", &[], vec![file]);
    let timeout = Some(Duration::from_millis(300));
    let engine = home.engine_with(Options { threads: 2, timeout, ..Options::default() });
    let begun = std::time::Instant::now();
    let error = refused(
        &engine,
        "SELECT count(*) FROM big a, big b, big c WHERE a.start + b.start * c.start % 7 = 3",
    );
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{error}");
    assert!(error.help().unwrap().contains("--timeout"));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn memory_is_bounded() {
    let mut home = Home::new();
    let data: Vec<_> = (0..20_000).map(|n| json!({"start": n})).collect();
    let file = home.file(&[], &data);
    home.version("big", "big", &[], vec![file]);
    let engine = home.engine_with(Options { threads: 2, memory: 1 << 20, ..Options::default() });
    let error = refused(&engine, "SELECT array_agg(a.start) FROM big a, big b");
    assert_eq!(error.kind(), ErrorKind::QuotaExceeded, "{error}");
    assert!(error.help().unwrap().contains("--memory"));
}

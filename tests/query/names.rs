//! Which table a name means.

use annostore::model::ErrorKind;
use annostore::query::Engine;
use serde_json::json;

use super::fixture::{Home, refused, rows};

fn engine() -> Engine {
    let mut home = Home::new();
    let one = home.file(&[], &[json!({"start": 1})]);
    let two = home.file(&[], &[json!({"start": 2})]);
    home.version("clinvar", "clinvar", &[], vec![one.clone()]);
    home.version("clinvar", "v2024", &[], vec![two]);
    home.version("empty", "empty", &[], vec![]);
    home.version("lost", "other", &[], vec![one]);
    home.defaults.insert("lost".into(), "lost".into());
    home.engine()
}

#[test]
fn a_store_is_its_default_version_and_a_schema_of_all() {
    let engine = engine();
    for (table, start) in [
        ("clinvar", 1),
        ("ClinVar", 1),
        ("annostore.clinvar", 1),
        ("clinvar.clinvar", 1),
        ("annostore.clinvar.clinvar", 1),
        ("clinvar.v2024", 2),
        ("annostore.clinvar.v2024", 2),
        (r#""clinvar"."V2024""#, 2),
        ("lost.other", 1),
    ] {
        let rows = rows(&engine, &format!("SELECT start FROM {table}"));
        assert_eq!(json!(rows), json!([{"start": start}]), "{table}");
    }
}

#[test]
fn a_version_without_rows_answers() {
    let engine = engine();
    assert_eq!(json!(rows(&engine, "SELECT count(*) AS n FROM empty")), json!([{"n": 0}]));
    assert!(rows(&engine, "SELECT start, attributes FROM empty WHERE start > 5").is_empty());
}

#[test]
fn a_common_table_hides_a_store() {
    let sql = "WITH clinvar AS (SELECT start + 10 AS x FROM clinvar) SELECT x FROM clinvar";
    assert_eq!(json!(rows(&engine(), sql)), json!([{"x": 11}]));
}

#[test]
fn unknown_names_say_what_there_is() {
    let engine = engine();
    for (sql, message, help) in [
        ("SELECT 1 FROM clinva", "no store `clinva`", "clinvar"),
        ("SELECT 1 FROM clinvar.v2", "no version `v2`", "clinvar, v2024"),
        ("SELECT 1 FROM lost", "was deleted", "lost.other"),
        ("SELECT 1 FROM elsewhere.clinvar.clinvar", "no store", "clinvar"),
        ("SELECT 1 FROM information_schema.tables", "no store `information_schema`", "clinvar"),
    ] {
        let error = refused(&engine, sql);
        assert_eq!(error.kind(), ErrorKind::NotFound, "{sql}");
        assert!(error.to_string().contains(message), "{error}");
        assert!(error.help().unwrap().contains(help), "{:?}", error.help());
    }
    let error = refused(&engine, "SELECT positon FROM clinvar");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("no column `positon`"), "{error}");
    assert!(error.help().unwrap().contains("start"), "{:?}", error.help());
}

#[test]
fn tables_and_columns_can_be_listed() {
    let engine = engine();
    let tables = rows(&engine, "SHOW TABLES");
    assert_eq!(tables.len(), 4);
    assert_eq!(
        tables[0],
        json!({"table": "clinvar.clinvar", "is_default": true, "format": "VCF", "rows": 1})
    );
    let columns = rows(&engine, "DESCRIBE clinvar");
    assert_eq!(columns[10], json!({"column": "attributes", "type": "map(varchar, varchar)"}));
    assert_eq!(columns[4], json!({"column": "names", "type": "array(varchar)"}));
    assert!(!rows(&engine, "EXPLAIN SELECT * FROM clinvar").is_empty());
}

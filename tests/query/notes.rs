//! Names that no row has are told: SQL takes them without a word.

use annostore::model::ValueType::String;
use annostore::query::Engine;
use serde_json::json;

use super::fixture::{Home, info};

/// Store `clinvar`, with CLNSIG in its header and CLNDN in some row without one.
fn engine() -> Engine {
    let mut home = Home::new();
    let columns = info(&[("CLNSIG", String, false)]);
    let one = json!({"start": 1, "info": {"clnsig": "Benign"}, "info_other": {"CLNDN": "x"}});
    let file = home.file(&columns, &[one]);
    home.version("clinvar", "clinvar", &columns, vec![file]);
    home.version("empty", "empty", &columns, vec![]);
    home.engine()
}

fn notes(engine: &Engine, sql: &str) -> Vec<std::string::String> {
    let mut answer = engine.query(sql, &[]).unwrap();
    while answer.next_batch().unwrap().is_some() {}
    answer.notes()
}

#[test]
fn a_key_that_no_row_has_is_told_with_those_that_there_are() {
    let engine = engine();
    for sql in [
        "SELECT attributes['CLNSG'] FROM clinvar",
        "SELECT 1 FROM clinvar c WHERE element_at(c.attributes, 'CLNSG') = 'Benign'",
        "SELECT count(*) FROM (SELECT attributes AS a, attributes['CLNSG'] AS b FROM clinvar)",
        "SELECT start FROM clinvar WHERE start IN
         (SELECT start FROM clinvar WHERE attributes['CLNSG'] IS NOT NULL)",
    ] {
        let expected = "no row has the INFO key `CLNSG`; the keys are CLNDN, CLNSIG";
        assert_eq!(notes(&engine, sql), [expected], "{sql}");
    }
    for sql in [
        "SELECT attributes['CLNSIG'], attributes['CLNDN'] FROM clinvar",
        "SELECT attributes FROM clinvar",
        "SELECT attributes['CLNSG'] FROM empty",
    ] {
        assert_eq!(notes(&engine, sql), [""; 0], "{sql}");
    }
}

#[test]
fn a_contig_that_no_row_lies_on_is_told_unless_another_is_named() {
    let engine = engine();
    let contig = &notes(&engine, "SELECT 1 FROM clinvar WHERE contigname = 'nosuch'")[0];
    let known = contig.rsplit(' ').next().unwrap().to_owned();
    assert_eq!(*contig, format!("no row lies on contig `nosuch`; the contigs are {known}"));
    let told = notes(&engine, "SELECT 1 FROM clinvar WHERE contigname IN ('nosuch', 'other')");
    assert_eq!(told, [contig.as_str()]);
    for condition in
        [format!("contigname = '{known}'"), format!("contigname IN ('{known}', 'nosuch')")]
    {
        let sql = format!("SELECT 1 FROM clinvar WHERE {condition}");
        assert_eq!(notes(&engine, &sql), [""; 0], "{sql}");
    }
}

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

#[test]
fn a_join_of_contigs_in_two_styles_is_told() {
    let mut home = Home::new();
    let columns = info(&[]);
    for (store, contigs) in
        [("calls", ["chr1", "chrM"]), ("known", ["1", "MT"]), ("both", ["chr1", "2"])]
    {
        let rows = contigs.map(|it| json!({"contigname": it, "start": 1}));
        let file = home.file(&columns, &rows);
        home.version(store, store, &columns, vec![file]);
    }
    let engine = home.engine();
    let told = "no contig of calls.calls is one of known.known: one has `chr1` where the other has \
                `1`; contig(c.contigname) = contig(k.contigname) compares them";
    for sql in [
        "SELECT 1 FROM calls c JOIN known k ON c.contigname = k.contigname AND c.start = k.start",
        "SELECT 1 FROM calls c, known k WHERE c.contigname = k.contigname AND c.start < k.\"end\"",
        "SELECT 1 FROM (SELECT * FROM calls WHERE start > 0) c LEFT JOIN known k
         ON c.contigname = k.contigname",
    ] {
        assert_eq!(notes(&engine, sql), [told], "{sql}");
    }
    for sql in [
        "SELECT 1 FROM calls c JOIN known k ON contig(c.contigname) = contig(k.contigname)",
        "SELECT 1 FROM calls c JOIN known k ON c.contigname = 'chr' || k.contigname",
        "SELECT 1 FROM calls c JOIN both b ON c.contigname = b.contigname",
        "SELECT 1 FROM calls a JOIN calls b ON a.contigname = b.contigname",
    ] {
        assert_eq!(notes(&engine, sql), [""; 0], "{sql}");
    }
}

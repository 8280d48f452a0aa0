//! Cases of GFF3 and GTF.

use serde_json::{Value, json};

use super::{Case, case};

fn stored(file: &str) -> Option<Case> {
    let case = case("tsv")?;
    let said = case.import("GFF", file, &[]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    Some(case)
}

fn information(case: &Case) -> Vec<Value> {
    case.column("SELECT information FROM s00 ORDER BY start, \"end\"")
}

#[test]
fn attributes_of_gtf_have_no_quotes() {
    let Some(case) = stored("G64_gencode.gtf") else { return };
    let rows = information(&case);
    assert_eq!(rows[0]["exon_number"], "1");
    assert_eq!(rows[0]["level"], "2");
    assert!(rows.iter().all(|it| !it.to_string().contains("\\\"")), "{rows:?}");
    let Some(case) = stored("G07_gtf.gtf") else { return };
    let rows = information(&case);
    assert!(rows.iter().all(|it| !it.to_string().contains("\\\"")), "{rows:?}");
    assert!(rows.iter().any(|it| it["gene_version"] == "5"), "{rows:?}");
    assert!(rows.iter().any(|it| it["exon_number"] == "1"), "{rows:?}");
}

/// The note of a row: its column, or what is kept of it among the other attributes.
fn note(case: &Case, row: usize) -> Option<String> {
    let notes = case.rows("SELECT note, information FROM s00 ORDER BY start, \"end\"");
    let row = notes.get(row)?;
    let kept = row["information"]["note"].as_str();
    kept.or(row["note"][0].as_str()).map(str::to_owned)
}

#[test]
fn quotes_of_gtf_hold_semicolons() {
    let Some(case) = stored("G64_gencode.gtf") else { return };
    assert_eq!(note(&case, 1).as_deref(), Some("a; b=c"));
    let Some(case) = stored("G07_gtf.gtf") else { return };
    let found = (0..2).any(|it| note(&case, it).as_deref() == Some("n1;n2"));
    assert!(found);
}

#[test]
fn a_quoted_ninth_column_is_read_as_the_service_does() {
    let Some(case) = stored("G13_quoted.gff3") else { return };
    assert_eq!(case.column("SELECT id FROM s00 ORDER BY start"), [json!("L1"), json!("L2")]);
}

#[test]
fn a_tag_without_value_is_no_id() {
    let Some(case) = stored("G51_ensembl.gff3") else { return };
    let ids = case.column("SELECT id FROM s00 WHERE type = 'repeat_region'");
    assert_eq!(ids, [Value::Null]);
}

#[test]
fn escaped_commas_can_be_told_from_those_that_separate() {
    let Some(case) = stored("G01_ncbi.gff3") else { return };
    let kept = case.column("SELECT information['gene_synonym'] FROM s00 WHERE id = 'gene-A'");
    let findings = case.check("G01_ncbi.gff3", &[]);
    let is_told = kept[0] != json!("A,B,C") || findings.says(&["%2C"]);
    assert!(is_told, "{kept:?} {}", findings.text);
}

#[test]
fn carriage_returns_end_lines() {
    let Some(case) = case("tsv") else { return };
    let said = case.check("G29b_cr.gff3", &[]);
    assert!(said.says(&["2 records", "line end", "carriage return"]), "{}", said.text);
}

#[test]
fn formats_that_names_tell() {
    let Some(case) = case("tsv") else { return };
    for (name, is_read) in [
        ("G07_gtf.gtf", "2 records"),
        ("L11_maf.maf", "3 records"),
        ("L73_bedpe.bedpe", "2 records"),
    ] {
        let said = case.check(name, &[]);
        assert!(said.says(&["--store-format", is_read]), "{name}: {}", said.text);
    }
    let guess = case.infer("G07_gtf.gtf", &[]);
    assert!(guess.says(&["GTF"]), "{}", guess.said.err);
}

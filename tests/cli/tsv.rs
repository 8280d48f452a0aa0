//! TSV stores: from a file to an answer, and what is refused on the way.

use serde_json::json;

use crate::common::program::Home;

const OPTIONS: &str = r#"{"tsvStoreOptions": {"annotationType": "CHR_POS_REF_ALT",
    "formatToHeader": {"CHR": "chrom", "POS": "pos", "REF": "ref", "ALT": "alt"},
    "schema": [{"chrom": "STRING"}, {"pos": "INT"}, {"ref": "STRING"}, {"alt": "STRING"}, {"score": "DOUBLE"}]}}"#;
const ROWS: &str = "chrom\tpos\tref\talt\tscore
chr1\t100\tA\tG\t0.5
chr1\t200\tAT\tA\t
chr2\t300\tC\tT\t1e-3
";

fn scores() -> Home {
    let home = Home::new();
    let reference = "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1";
    let named = ["store", "create", "--name", "scores", "--store-format", "TSV"];
    home.done(named.into_iter().chain(["--store-options", OPTIONS, "--reference-arn", reference]));
    home
}

fn rows(home: &Home, sql: &str) -> Vec<serde_json::Value> {
    let answer = home.done(["query", sql, "--format", "ndjson"]);
    answer.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
}

#[test]
fn rows_are_stored_with_the_types_and_coordinates_of_the_store() {
    let home = scores();
    home.file("scores.tsv", ROWS);
    home.done(["check", "scores.tsv", "--store", "scores"]);
    home.done(["import", "scores.tsv", "--store", "scores"]);
    let sql =
        "SELECT chrom, pos, \"end\", ref, alt, score, information FROM scores ORDER BY chrom, pos";
    let expected = [
        json!({"chrom": "chr1", "pos": 99, "end": 100, "ref": "A", "alt": "G", "score": 0.5, "information": null}),
        json!({"chrom": "chr1", "pos": 199, "end": 201, "ref": "AT", "alt": "A", "score": null, "information": null}),
        json!({"chrom": "chr2", "pos": 299, "end": 300, "ref": "C", "alt": "T", "score": 0.001, "information": null}),
    ];
    assert_eq!(rows(&home, sql), expected);
    let found = home.done([
        "query",
        "SELECT alt FROM scores",
        "--region",
        "chr1:201-201",
        "--format",
        "csv",
    ]);
    assert_eq!(found, "alt\nA\n");
}

#[test]
fn read_options_replace_the_defaults_as_a_whole() {
    let home = scores();
    home.file("scores.tsv", ROWS);
    let said = home.run(["import", "scores.tsv", "--store", "scores", "--header", "true"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("sep"), "{}", said.out);
    home.done(["import", "scores.tsv", "--store", "scores", "--header", "true", "--sep", "\\t"]);
    assert_eq!(rows(&home, "SELECT count(*) AS n FROM scores"), [json!({"n": 3})]);
}

#[test]
fn a_bad_row_rejects_its_file_and_is_left_out_on_request() {
    let home = scores();
    let bad = "chr2\tx400\tA\tG\t0.1\n";
    home.file("bad.tsv", [ROWS, bad].concat());
    let said = home.run(["import", "bad.tsv", "--store", "scores"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("bad.tsv:5:6"), "{}", said.out);
    assert!(home.files("data").is_empty());
    let said = home.run(["import", "bad.tsv", "--store", "scores", "--on-error", "skip"]);
    assert_eq!(said.code, 1, "{}", said.err);
    let kept = home.files("reports").into_iter().find(|it| it.ends_with("rejected.tsv")).unwrap();
    assert_eq!(std::fs::read_to_string(home.path().join(kept)).unwrap(), bad);
    assert_eq!(rows(&home, "SELECT count(*) AS n FROM scores"), [json!({"n": 3})]);
}

#[test]
fn options_of_another_format_and_a_region_without_positions_are_refused() {
    let home = scores();
    home.file("scores.tsv", ROWS);
    let said = home.run(["import", "scores.tsv", "--store", "scores", "--ignore-qual-field"]);
    assert_eq!(said.code, 2, "{}", said.err);
    let generic =
        r#"{"tsvStoreOptions": {"annotationType": "GENERIC", "schema": [{"gene": "STRING"}]}}"#;
    home.done([
        "store",
        "create",
        "--name",
        "genes",
        "--store-format",
        "TSV",
        "--store-options",
        generic,
    ]);
    home.file("genes.tsv", "gene\nBRCA1\n");
    home.done(["import", "genes.tsv", "--store", "genes"]);
    assert_eq!(rows(&home, "SELECT gene FROM genes"), [json!({"gene": "BRCA1"})]);
    let said = home.run(["query", "SELECT gene FROM genes", "--region", "chr1:1-2"]);
    assert_eq!(said.code, 2, "{}", said.err);
}

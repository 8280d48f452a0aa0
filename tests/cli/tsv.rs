//! TSV stores: from a file to an answer, and what is refused on the way.

use serde_json::json;

use crate::common::program::Home;

const OPTIONS: &str = r#"{"tsvStoreOptions": {"annotationType": "CHR_POS_REF_ALT",
    "formatToHeader": {"CHR": "chrom", "POS": "pos", "REF": "ref", "ALT": "alt"},
    "schema": [{"chrom": "STRING"}, {"pos": "INT"}, {"ref": "STRING"}, {"alt": "STRING"},
               {"score": "DOUBLE"}]}}"#;
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
    let row = |contig, start: i64, end: i64, reference, alternate, score: Option<f64>| {
        json!({"chrom": contig, "pos": start, "end": end, "ref": reference, "alt": alternate,
               "score": score, "information": null})
    };
    let expected = [
        row("chr1", 99, 100, "A", "G", Some(0.5)),
        row("chr1", 199, 201, "AT", "A", None),
        row("chr2", 299, 300, "C", "T", Some(0.001)),
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
    assert!(said.err.contains("have no position (annotation type GENERIC)"), "{}", said.err);
    assert!(said.err.contains("leave --region out"), "{}", said.err);
}

#[test]
fn what_infer_prints_makes_a_store_checks_and_imports() {
    let home = Home::new();
    home.file("scores.tsv", ROWS);
    let json = home.done(["infer", "scores.tsv", "--full"]);
    home.file("it.json", &json);
    home.done(["check", "scores.tsv", "--options", "it.json", "--request", "it.json"]);
    let reference = "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1";
    let create = ["store", "create", "--request", "it.json", "--name", "scores"];
    home.done(create.into_iter().chain(["--reference-arn", reference]));
    home.done(["import", "scores.tsv", "--store", "scores", "--request", "it.json"]);
    assert_eq!(rows(&home, "SELECT sum(score) AS sum FROM scores"), [json!({"sum": 0.501})]);
}

#[test]
fn a_misspelt_request_is_a_finding_in_its_place_and_counts_as_it_was_meant() {
    let home = scores();
    home.file("scores.csv", ROWS.replace('\t', ","));
    let job = r#"{
      "destinationName": "other",
      "format_options": {"tsvOptions": {"readOptions": {"seperator": ",", "header": "true"}}}
    }"#;
    home.file("job.json", job);
    let arguments = ["check", "scores.csv", "--store", "scores", "--request", "job.json"];
    let said = home.run(arguments);
    assert_eq!(said.code, 1, "{}", said.err);
    for part in ["job.json:3:8", "did you mean `formatOptions`?", "REQ003", "REQ007", "REQ010"] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    assert!(said.out.contains("scores.csv: 3 records in 4 lines; 0 errors"), "{}", said.out);
    let said = home.run(arguments.into_iter().chain(["--output", "json"]));
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["requests"][0]["findings"][0]["rule"], "REQ007");
    assert_eq!(report["files"][0]["errors"], 0);
    let said = home.run(["import", "scores.csv", "--store", "scores", "--request", "job.json"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert!(home.files("data").is_empty());
}

#[test]
fn a_request_says_where_an_import_goes_and_flags_stand_in_for_it() {
    let home = scores();
    home.file("scores.csv", ROWS.replace('\t', ";"));
    home.file(
        "job.json",
        r#"{"destinationName": "scores", "versionName": "scores",
            "formatOptions": {"tsvOptions": {"readOptions": {"sep": ",", "header": true}}}}"#,
    );
    home.done(["import", "scores.csv", "--request", "job.json", "--sep", ";"]);
    assert_eq!(rows(&home, "SELECT count(*) AS n FROM scores"), [json!({"n": 3})]);
}

#[test]
fn options_without_a_schema_that_can_be_used_leave_the_file_alone() {
    let home = Home::new();
    home.file("scores.tsv", ROWS);
    for (options, rule) in [
        ("{\"storeOptions\": ", "REQ001"),
        (r#"{"storeOptions": {"tsvStoreOptions": {"annotationType": "GENERIC"}}}"#, "REQ007"),
        (
            r#"{"tsvStoreOptions": {"annotationType": "GENERIC", "schema": [{"a": "BLOB"}]}}"#,
            "REQ005",
        ),
        (r#"{"annotationType": "GENERIC", "schema": []}"#, "REQ004"),
    ] {
        home.file("options.json", options);
        let said = home.run(["check", "scores.tsv", "--options", "options.json"]);
        assert_eq!(said.code, 1, "{options}: {}", said.err);
        assert!(said.out.contains(rule), "{options}: {}", said.out);
        assert!(said.err.contains("scores.tsv: not checked"), "{options}: {}", said.err);
    }
}

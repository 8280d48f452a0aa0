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
fn an_end_is_made_of_alleles_alone() {
    let home = scores();
    let row = |reference| format!("chr1\t100\t{reference}\tG\t\n");
    let references = ["A", "ACR", "na", "NA", "N/A", "-", ".", "<DEL>"];
    let text = references.map(row).concat();
    home.file("scores.tsv", format!("chrom\tpos\tref\talt\tscore\n{text}"));
    home.run(["import", "scores.tsv", "--store", "scores"]);
    let lengths = rows(&home, "SELECT ref, \"end\" - pos AS n FROM scores");
    let expected = references.map(|it| json!({"ref": it, "n": if it == "ACR" { 3 } else { 1 }}));
    assert_eq!(lengths, expected);
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

/// A store with null marks and read options of its own, for files with semicolons.
const MARKED: &str = r#"{"tsvStoreOptions": {"annotationType": "CHR_POS_REF_ALT",
    "formatToHeader": {"CHR": "c", "POS": "p", "REF": "r", "ALT": "a"},
    "schema": [{"c": "STRING"}, {"p": "INT"}, {"r": "STRING"}, {"a": "STRING"},
               {"score": "DOUBLE"}, {"rank": "INT"}, {"note": "STRING"}]}}"#;
const MARKED_ROWS: &str = "1;100;A;.;0.5;NA;x\n1;200;C;T;.;7;.\n1;300;NA;G;1;.;.x\n";

fn marked() -> Home {
    let home = Home::new();
    home.done(["store", "create", "--name", "marked", "--store-format", "TSV"].into_iter().chain(
        [
            "--store-options",
            MARKED,
            "--reference-arn",
            "arn:x",
            "--null-marks",
            ".,NA",
            "--read-options",
            r#"{"sep": ";", "header": false}"#,
        ],
    ));
    home
}

#[test]
fn cells_that_are_a_null_mark_are_null_but_for_alleles() {
    let home = marked();
    home.file("a.csv", MARKED_ROWS);
    home.done(["import", "a.csv", "--store", "marked"]);
    let found = rows(&home, "SELECT r, a, score, rank, note FROM marked ORDER BY p");
    let expected = [
        json!({"r": "A", "a": ".", "score": 0.5, "rank": null, "note": "x"}),
        json!({"r": "C", "a": "T", "score": null, "rank": 7, "note": null}),
        json!({"r": "NA", "a": "G", "score": 1.0, "rank": null, "note": ".x"}),
    ];
    assert_eq!(found, expected);
    // The service would fail all the same, and it keeps texts.
    let said = home.run(["check", "a.csv", "--store", "marked"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("TSV150") && said.out.contains("TSV151"), "{}", said.out);
    assert!(said.out.contains("3 records in 3 lines"), "{}", said.out);
    assert!(said.err.contains("read options of the store"), "{}", said.err);
    let other =
        home.run(["check", "a.csv", "--store", "marked", "--null-marks", "NA", "--sep", ";"]);
    assert!(other.out.contains("TSV103"), "{}", other.out);
}

#[test]
fn settings_of_a_store_are_shown_and_an_import_has_its_own_way() {
    let home = marked();
    let shown = home.json(&["store", "get", "marked", "--json"]);
    let expected = json!({"nullMarks": [".", "NA"], "readOptions": {"sep": ";", "header": false}});
    assert_eq!(shown["annostore"], expected);
    let text = home.done(["store", "get", "marked"]);
    assert!(text.contains("null marks") && text.contains(".,NA"), "{text}");
    home.file("b.tsv", MARKED_ROWS.replace(';', "|"));
    assert_eq!(home.run(["import", "b.tsv", "--store", "marked"]).code, 1);
    home.done(["import", "b.tsv", "--store", "marked", "--sep", "|"]);
    assert_eq!(rows(&home, "SELECT count(*) AS n FROM marked"), [json!({"n": 3})]);
    let scores = scores();
    assert_eq!(scores.json(&["store", "get", "scores", "--json"]).get("annostore"), None);
}

#[test]
fn settings_are_those_of_tsv_stores_and_have_to_be_sound() {
    let home = Home::new();
    let create = |format, flag, value| {
        let named = ["store", "create", "--name", "other", "--reference-arn", "arn:x"];
        let given = ["--store-format", format, flag, value];
        home.run(
            named.into_iter().chain(given).chain(
                (format == "TSV")
                    .then_some("--store-options")
                    .into_iter()
                    .chain((format == "TSV").then_some(MARKED)),
            ),
        )
    };
    for (format, flag, value, what) in [
        ("VCF", "--null-marks", ".", "neither null marks nor read options"),
        ("TSV", "--null-marks", ".,", "an empty one"),
        ("TSV", "--read-options", r#"{"delimiter": ";"}"#, "delimiter"),
        ("TSV", "--read-options", r#"{"quote": "ab"}"#, "quote"),
        ("TSV", "--read-options", r#"{"sep": "\\n"}"#, "sep"),
        ("TSV", "--read-options", r#"{"formatOptions": {}}"#, "no readOptions"),
        ("TSV", "--read-options", "absent.json", "cannot read"),
    ] {
        let said = create(format, flag, value);
        assert!(said.code >= 2 && said.err.contains(what), "{flag} {value}: {}", said.err);
    }
    // A member of a request it is not: the API has none.
    let request = r#"{"name": "other", "storeFormat": "VCF", "nullMarks": ["."]}"#;
    let path = home.file("request.json", request);
    let said = home.run(["store", "create", "--request", path.to_str().unwrap()]);
    assert!(said.code == 2 && said.err.contains("nullMarks"), "{}", said.err);
}

#[test]
fn what_infer_prints_makes_a_store_that_needs_no_more() {
    let home = Home::new();
    home.file("in.csv", "gene,score,rank\nA,.,1\nB,0.5,NA\n");
    let plain = home.run(["infer", "in.csv"]);
    for part in ["2 columns are STRING", "TRY_CAST", "--null-marks '.,NA'"] {
        assert!(plain.err.contains(part), "{part}: {}", plain.err);
    }
    let found = home.run(["infer", "in.csv", "--null-marks", ".,NA", "--full"]);
    assert!(found.out.contains("\"score\": \"DOUBLE\""), "{}", found.out);
    assert!(found.out.contains("\"rank\": \"INT\""), "{}", found.out);
    home.file("it.json", &found.out);
    home.done(
        ["store", "create", "--request", "it.json", "--read-options", "it.json"]
            .into_iter()
            .chain(["--null-marks", ".,NA", "--name", "typed"]),
    );
    home.done(["import", "in.csv", "--store", "typed"]);
    let found = rows(&home, "SELECT score, rank FROM typed ORDER BY gene");
    assert_eq!(found, [json!({"score": null, "rank": 1}), json!({"score": 0.5, "rank": null})]);
}

//! The program itself, over a home with one imported store.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use annostore::catalog::{Catalog, ImportResult, JobStatus, NewFile, NewJob, NewStore, OwnerKind};
use annostore::model::ValueType::String as Text;
use annostore::model::{Account, Name, StoreFormat};
use assert_cmd::Command;
use serde_json::json;

use super::fixture::{Home, info};

/// A home with store `clinvar` and its three rows.
fn home() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(folder.path()).unwrap();
    let account = Account::new(Account::DEFAULT).unwrap();
    let name = Name::new("name", "clinvar").unwrap();
    let store = NewStore {
        account: account.clone(),
        name: name.clone(),
        format: StoreFormat::Vcf,
        reference_arn: None,
        description: String::new(),
        sse_key_arn: None,
        options: None,
        tags: BTreeMap::new(),
        version: name.clone(),
    };
    catalog.create_store(&store).unwrap();
    let job = NewJob {
        account,
        store: name,
        version: None,
        role_arn: "arn:aws:iam::000000000000:role/x".to_owned(),
        source: "/x.vcf".to_owned(),
        left_normalize: false,
        format_options: None,
        annotation_fields: BTreeMap::new(),
        owner: OwnerKind::Terminal,
    };
    let run = catalog.begin_import(&job).unwrap();
    let columns = info(&[("CLNSIG", Text, false)]);
    let made = Home::new();
    let rows = [
        json!({"start": 10, "info": {"clnsig": "Benign"}}),
        json!({"start": 20, "info": {"clnsig": "Pathogenic"}}),
        json!({"contigname": "chr2", "start": 10}),
    ];
    let file = made.file(&columns, &rows);
    let path = run.staging_dir().join("a.parquet");
    std::fs::copy(&file.path, &path).unwrap();
    let files = vec![NewFile {
        path,
        rows: file.rows,
        bytes: file.bytes,
        sha256: "0".repeat(64),
        bounds: file.bounds,
        other_keys: file.other_keys,
    }];
    let result = ImportResult {
        files,
        info_columns: columns,
        source_sha256: "0".repeat(64),
        rows_stored: 3,
        lines_rejected: 0,
        status: JobStatus::Completed,
        status_message: String::new(),
        normalization: None,
    };
    run.commit(&result).unwrap();
    folder
}

fn annostore(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("annostore").unwrap();
    command.arg("query").args(arguments).arg("--home").arg(home).output().unwrap()
}

fn stdout(home: &Path, arguments: &[&str]) -> String {
    let output = annostore(home, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn answers_come_in_the_form_asked_for() {
    let home = home();
    let sql = "SELECT start, attributes['CLNSIG'] AS sig FROM clinvar ORDER BY contigname, start";
    assert_eq!(
        stdout(home.path(), &[sql]),
        "+-------+------------+\n| start | sig        |\n+-------+------------+\n\
         |    10 | Benign     |\n|    20 | Pathogenic |\n|    10 | NULL       |\n+-------+------------+\n"
    );
    assert_eq!(
        stdout(home.path(), &[sql, "--format", "csv"]),
        "start,sig\n10,Benign\n20,Pathogenic\n10,\n"
    );
    assert_eq!(
        stdout(home.path(), &[sql, "-f", "ndjson", "--region", "chr1:21-30"]),
        "{\"start\":20,\"sig\":\"Pathogenic\"}\n"
    );
    let tables = stdout(home.path(), &["SHOW TABLES", "-f", "csv"]);
    assert_eq!(tables, "table,is_default,format,rows\nclinvar.clinvar,true,VCF,3\n");
}

#[test]
fn a_file_appears_whole_or_not_at_all() {
    let home = home();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.parquet");
    let path = file.to_str().unwrap();
    assert_eq!(stdout(home.path(), &["SELECT * FROM clinvar", "-o", path]), "");
    assert_eq!(&std::fs::read(&file).unwrap()[..4], b"PAR1");
    std::fs::remove_file(&file).unwrap();
    let output = annostore(home.path(), &["SELECT 1 / (start - start) FROM clinvar", "-o", path]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn exit_codes_and_messages_tell_what_is_wrong() {
    let home = home();
    for (arguments, code, words) in [
        (&["SELECT 1 FROM clinva"][..], 4, "the stores are clinvar"),
        (&["SELECT x FROM clinvar"], 2, "no column `x`"),
        (&["DROP TABLE clinvar"], 2, "read-only"),
        (&["SELECT 1 FROM clinvar", "--region", "chr9"], 2, "chr1, chr2"),
        (&["SELECT 1", "-o", "/nonexistent/x.csv"], 5, "/nonexistent/x.csv"),
        (&["--file", "/nonexistent.sql"], 3, "/nonexistent.sql"),
    ] {
        let output = annostore(home.path(), arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(said.lines().count() <= 2, "{said}");
    }
}

#[test]
fn the_query_may_come_from_standard_input() {
    let home = home();
    let mut command = Command::cargo_bin("annostore").unwrap();
    let arguments = ["query", "-", "-f", "tsv", "-q", "--home"];
    command.args(arguments).arg(home.path()).write_stdin("SELECT 1 AS a, 'x' AS b");
    command.assert().success().stdout("a\tb\n1\tx\n").stderr("");
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let home = home();
    let program = assert_cmd::cargo::cargo_bin("annostore");
    let sql = "SELECT a.* FROM clinvar a, clinvar b, clinvar c, clinvar d, clinvar e, clinvar f, clinvar g, clinvar h";
    let mut child = std::process::Command::new(program)
        .args(["query", sql, "-f", "ndjson", "--home"])
        .arg(home.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

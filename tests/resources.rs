//! `annostore store`, `version` and `job` as a person at a terminal meets them.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

use assert_cmd::Command;
use serde_json::Value;

struct Terminal(tempfile::TempDir);

impl Terminal {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Runs the program; gives its exit code, stdout and stderr.
    fn run(&self, arguments: &str, input: &str) -> (i32, String, String) {
        let mut command = Command::cargo_bin("annostore").unwrap();
        command.env("ANNOSTORE_HOME", self.0.path().join("home")).write_stdin(input);
        let output = command.args(arguments.split(' ')).output().unwrap();
        let text = |it| String::from_utf8(it).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    #[track_caller]
    fn done(&self, arguments: &str) -> String {
        let (code, out, err) = self.run(arguments, "");
        assert_eq!((code, err.as_str()), (0, ""));
        out
    }

    #[track_caller]
    fn refused(&self, arguments: &str, code: i32, says: &str) {
        let (found, out, err) = self.run(arguments, "");
        assert_eq!((found, out.as_str()), (code, ""), "{err}");
        assert!(err.starts_with("error: ") && err.contains(says), "{err}");
    }
}

const MAKE: &str = "store create --name clinvar --store-format VCF --reference-arn arn:x";

#[test]
fn a_store_from_its_making_to_its_end() {
    let terminal = Terminal::new();
    let out = terminal.done(&format!("{MAKE} --tags team=a --description hello"));
    assert_eq!(out, "made VCF store clinvar with version clinvar\n");
    let json: Value = serde_json::from_str(&terminal.done("store get clinvar --json")).unwrap();
    assert_eq!((&json["tags"]["team"], &json["numVersions"]), (&"a".into(), &1.into()));
    let shown = terminal.done("store get clinvar");
    assert!(shown.contains("reference        arn:x\n"), "{shown}");
    terminal.done("store update clinvar --description bye");
    let listed = terminal.done("store list");
    assert_eq!(listed.lines().count(), 2);
    assert!(listed.contains("bye"), "{listed}");
    assert_eq!(terminal.done("store delete clinvar --json"), "{\n  \"status\": \"DELETING\"\n}\n");
    terminal.refused("store get clinvar", 4, "no such store");
}

#[test]
fn a_format_may_be_in_any_case_on_the_command_line_alone() {
    let terminal = Terminal::new();
    let out = terminal.done(&MAKE.replace("VCF", "vcf"));
    assert_eq!(out, "made VCF store clinvar with version clinvar\n");
    let request =
        r#"{"name": "other", "storeFormat": "vcf", "reference": {"referenceArn": "arn:x"}}"#;
    let (code, _, err) = terminal.run("store create --request -", request);
    assert!(code == 2 && err.contains("storeFormat"), "{err}");
}

#[test]
fn a_store_without_its_default_version_says_what_is_left() {
    let terminal = Terminal::new();
    terminal.done(MAKE);
    terminal.done("version create clinvar --version-name second");
    terminal.done("version create clinvar --version-name third");
    terminal.refused("store delete clinvar", 4, "--force");
    let (code, out, err) = terminal.run("version delete clinvar clinvar", "");
    assert_eq!((code, out.as_str()), (0, "deleted version clinvar of store clinvar\n"));
    assert!(err.contains("`clinvar` alone names no version"), "{err}");
    assert!(err.contains("clinvar.third, clinvar.second"), "{err}");
    let (_, _, err) = terminal.run("version delete clinvar third", "");
    assert_eq!(err, "");
}

#[test]
fn versions_of_a_store() {
    let terminal = Terminal::new();
    terminal.done(MAKE);
    terminal.done("version create clinvar --version-name second --description two");
    let json: Value = serde_json::from_str(&terminal.done("version list clinvar --json")).unwrap();
    let names: Vec<_> = json["annotationStoreVersions"].as_array().unwrap().iter().collect();
    assert_eq!((&names[0]["versionName"], names.len()), (&"second".into(), 2));
    assert!(terminal.done("version get clinvar second").contains("description  two\n"));
    terminal.done("version update clinvar second --description 2");
    let (code, out, err) = terminal.run("version delete clinvar second absent", "");
    assert_eq!((code, out.as_str()), (4, "deleted version second of store clinvar\n"));
    assert!(err.contains("version absent is not deleted"), "{err}");
}

#[test]
fn a_request_as_one_document() {
    let terminal = Terminal::new();
    let store = r#"{"name": "genes", "storeFormat": "TSV", "storeOptions": {"tsvStoreOptions":
        {"annotationType": "GENERIC", "schema": [{"gene": "STRING"}]}}}"#;
    let (code, out, _) = terminal.run("store create --request -", store);
    assert_eq!((code, out.as_str()), (0, "made TSV store genes with version genes\n"));
    let version = r#"{"name": "genes", "versionName": "second"}"#;
    let (code, _, err) = terminal.run("version create --request -", version);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = terminal.run("version create other --request -", version);
    assert_eq!(code, 2, "{err}");
    let (code, _, err) = terminal.run("store create --request -", r#"{"naem": "x"}"#);
    assert_eq!(code, 2);
    assert!(err.contains("naem"), "{err}");
}

#[test]
fn refusals_have_a_reason_and_a_code() {
    let terminal = Terminal::new();
    terminal.done(MAKE);
    terminal.refused(MAKE, 4, "exists already");
    terminal.refused("store create --name Bad --store-format VCF", 2, "name is `Bad`");
    terminal.refused("store create --name abc", 2, "storeFormat is missing");
    terminal.refused("store create --request /absent", 3, "/absent");
    terminal.refused("version get clinvar absent", 4, "no such version");
    terminal.refused("version delete clinvar clinvar", 4, "only version");
    terminal.refused("job get absent", 2, "jobId is `absent`");
    let unknown = "00000000-0000-0000-0000-000000000000";
    terminal.refused(&format!("job get {unknown}"), 4, "no such job");
    terminal.refused(&format!("job cancel {unknown}"), 4, "no such job");
    terminal.refused("--account 12 store list", 2, "account");
    terminal.refused("--home /dev/null store list", 5, "/dev/null");
}

#[test]
fn jobs_of_an_empty_home() {
    let terminal = Terminal::new();
    let (code, out, err) = terminal.run("job list", "");
    assert_eq!((code, out.lines().count()), (0, 1));
    assert!(err.contains("there is no home"), "{err}");
    terminal.done(MAKE);
    assert_eq!(terminal.done("job list").lines().count(), 1);
    assert_eq!(terminal.done("job list --json"), "{\n  \"annotationImportJobs\": []\n}\n");
}

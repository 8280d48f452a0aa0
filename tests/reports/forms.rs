//! Each form as those read it that it is for. The script beside this file needs Python with the
//! packages of `requirements.txt`, which gets an environment of its own below `target/`, unless
//! `ANNOSTORE_REPORTS_PYTHON` names a Python that has them; the schema of SARIF comes from a
//! package of Node.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::common::program::Home;
use crate::common::{node, python};
use crate::{mistakes, repository};

/// A file whose name all forms have to escape somewhere.
const ODD: &str = "odd, 50%: é.vcf";

/// A home with files of all kinds, and their names: sound, with some findings and with very many,
/// one that cannot be read, a table with a fault, and GFF3.
pub fn files() -> (Home, Vec<String>) {
    let home = Home::new();
    fs::copy(mistakes(), home.beside("mistakes.vcf")).unwrap();
    fs::copy(repository("testdata/demo/clinvar.vcf"), home.beside("sound.vcf")).unwrap();
    let header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let faults = "1\tx\té<&>\"\u{1b}\tA\tQ\tz\tPASS\t%a: b,c\n".repeat(2000);
    home.file(ODD, format!("{header}{faults}"));
    let rule = repository("src/diagnostic/rules/GFF302/fail.gff3");
    fs::copy(rule, home.beside("cycle.gff3")).unwrap();
    let names = ["mistakes.vcf", "sound.vcf", ODD, "cycle.gff3", "absent.vcf"];
    (home, names.map(str::to_owned).to_vec())
}

/// Checks files, in one form.
fn check(home: &Home, files: &[String], output: &str) {
    let said =
        home.run(["check", "--output", output].into_iter().chain(files.iter().map(|it| &**it)));
    assert!([1, 3].contains(&said.code), "{}", said.err);
}

/// Lets the script judge files of one form.
pub fn judged(form: &str, files: &[&str]) {
    let Some(python) = python::python("reports", "ANNOSTORE_REPORTS_PYTHON") else { return };
    let mut command = Command::new(python);
    command.arg(repository("tests/reports/validate.py")).arg(form).args(files);
    if let Err(said) = python::run(&mut command) {
        panic!("{said}");
    }
}

fn path(home: &Home, name: &str) -> String {
    home.beside(name).to_str().unwrap().to_owned()
}

#[test]
fn sarif_follows_its_schema() {
    let Some(packages) = node::packages("reports") else { return };
    let schema = "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
    let (home, files) = files();
    check(&home, &files, "sarif=x.sarif");
    judged("sarif", &[&path(&home, "x.sarif"), packages.join(schema).to_str().unwrap()]);
}

#[test]
fn junit_is_read_by_a_parser_of_it() {
    let (home, files) = files();
    check(&home, &files, "junit=x.xml");
    judged("junit", &[&path(&home, "x.xml")]);
}

#[test]
fn github_gets_no_more_than_it_shows() {
    let (home, files) = files();
    check(&home, &files, "github=x.txt");
    judged("github", &[&path(&home, "x.txt")]);
}

#[test]
fn gitlab_gets_what_its_documentation_asks() {
    let (home, files) = files();
    check(&home, &files, "gitlab=x.json");
    judged("gitlab", &[&path(&home, "x.json")]);
}

#[test]
fn multiqc_makes_a_section_of_three_files() {
    let (home, files) = files();
    check(&home, &files[..3], "multiqc=files_mqc.json");
    check(&home, &files[..3], "multiqc-plot=findings_mqc.json");
    judged("multiqc", &[&path(&home, "files_mqc.json"), &path(&home, "findings_mqc.json")]);
}

#[test]
fn a_line_is_a_finding() {
    let (home, files) = files();
    check(&home, &files, "json=x.json");
    check(&home, &files, "ndjson=x.ndjson");
    check(&home, &files, "concise=x.txt");
    let text = |name: &str| fs::read_to_string(home.beside(name)).unwrap();
    let document: Value = serde_json::from_str(&text("x.json")).unwrap();
    let of = |it: &Value| it["findings"].as_array().cloned().unwrap_or_default();
    let kept: Vec<Value> = document["files"].as_array().unwrap().iter().flat_map(of).collect();
    // As lines of JSON, the same findings; the last line is about all files.
    let lines = text("x.ndjson");
    let mut lines: Vec<Value> = lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let last = lines.pop().unwrap();
    assert_eq!(last["files"].as_array().unwrap().len(), files.len());
    assert_eq!(last["type"], "summary");
    assert_eq!(lines.len(), kept.len());
    for (line, finding) in lines.iter().zip(&kept) {
        assert_eq!(line["type"], "finding");
        for (name, member) in finding.as_object().unwrap() {
            assert_eq!(&line[name], member, "{line}");
        }
    }
    // As text, one line each, then what is left out, and what could not be read.
    let concise = text("x.txt");
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for line in concise.lines() {
        let is_other = line.contains(": note: ") || line.contains(": error: ");
        if is_other { others.push(line) } else { found.push(line) }
    }
    assert_eq!((found.len(), others.len()), (kept.len(), 2), "{others:?}");
    assert_eq!(
        found[1],
        "mistakes.vcf:9:28: warning VCF114 INFO AF is `0,013`, but the header \
                          says one value of Type Float"
    );
    assert!(others[0].starts_with(ODD) && others[1].starts_with("absent.vcf: error: "));
}

//! `annostore check`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::common::program::{Home, said};
use crate::{SOUND, STORE};

fn json(home: &Home, arguments: &[&str], code: i32) -> Value {
    let said = home.run(["check", "--output", "json"].iter().chain(arguments));
    assert_eq!((said.code, said.err.as_str()), (code, ""), "{}", said.out);
    serde_json::from_str(&said.out).unwrap()
}

#[test]
fn a_sound_file_ends_with_zero() {
    let home = Home::new();
    home.file("sound.vcf", SOUND);
    let said = home.run(["check", "--no-profile", "sound.vcf"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(
        said.out,
        "sound.vcf: 2 records in 5 lines; 0 errors and 0 warnings: the service would import it\n"
    );
    assert_eq!(home.run_on(["check", "-"], SOUND.into()).code, 0);
    assert!(!home.path().exists(), "a check needs no home");
}

#[test]
fn a_warning_is_no_error() {
    let home = Home::new();
    home.file("warned.vcf", SOUND.trim_end());
    let report = json(&home, &["warned.vcf"], 0);
    assert_eq!(
        (&report["files"][0]["warnings"], &report["files"][0]["errors"]),
        (&1.into(), &0.into())
    );
}

#[test]
fn the_policy_says_what_an_error_is() {
    let home = Home::new();
    let undeclared = format!("{SOUND}chr1\t30\t.\tA\tC\t.\t.\tNEW=1\n");
    let twice = format!("{SOUND}{}", "chr1\t30\t.\tA\tC\t.\t.\t.\n".repeat(2));
    for (text, codes) in [
        // The service fails on a key without a definition; the specification allows it.
        (undeclared.as_str(), [1, 0, 0]),
        // That a variant stands twice matters to validators alone.
        (twice.as_str(), [0, 0, 1]),
    ] {
        home.file("file.vcf", text);
        for (policy, code) in ["service", "spec", "strict"].into_iter().zip(codes) {
            let report = json(&home, &["file.vcf", "--policy", policy], code);
            let file = &report["files"][0];
            assert_eq!((&file["policy"], &file["errors"]), (&policy.into(), &code.into()));
            let severity = if code == 1 { "error" } else { "warning" };
            assert_eq!(file["findings"][0]["severity"], severity, "{policy}");
            assert_eq!(file["rules"][0]["severity"], severity, "{policy}");
        }
    }
    let said = home.run(["check", "file.vcf", "--policy", "spec"]);
    assert!(said.out.ends_with("1 warning: it follows the specification\n"), "{}", said.out);
}

#[test]
fn every_finding_is_counted_however_few_are_kept() {
    let home = Home::new();
    let text = format!(
        "{SOUND}{}",
        "chr1\tx\t.\tA\tC\t.\t.\tDP=y\nchr1\t50\t.\tA\t<DEL>\t.\t.\tNEW=1\n".repeat(500)
    );
    home.file("bad.vcf", text);
    for (most, kept) in [("3", 6), ("0", 0), ("1000000", 1000)] {
        let report = json(&home, &["bad.vcf", "--max-findings", most], 1);
        assert_eq!(report["schema_version"], 1);
        let file = &report["files"][0];
        assert_eq!(file["findings"].as_array().unwrap().len(), kept);
        assert_eq!((&file["findings_kept"], &file["findings_total"]), (&kept.into(), &1000.into()));
        assert_eq!((&file["rejected_lines"], &file["records"]), (&500.into(), &502.into()));
        let tallies = file["rules"].as_array().unwrap().iter();
        let tallies: Vec<_> = tallies
            .map(|it| {
                (
                    it["rule"].as_str().unwrap(),
                    it["count"].as_u64().unwrap(),
                    it["first_line"].as_u64().unwrap(),
                )
            })
            .collect();
        assert_eq!(tallies, [("VCF102", 500, 6), ("VCF108", 500, 7)]);
    }
}

#[test]
fn a_report_counts_all_records_and_its_command_can_be_pasted() {
    let home = Home::new();
    home.file("two bad.vcf", format!("{SOUND}{}", "chr1\tx\t.\tA\tC\t.\t.\tDP=1\n".repeat(2)));
    let said = home.run(["check", "two bad.vcf"]);
    let told = "two bad.vcf: 4 records, 2 of them rejected, in 7 lines; 2 errors and 0 warnings";
    assert!(said.out.contains(told), "{}", said.out);
    let command = "`annostore check 'two bad.vcf' --output json`";
    assert!(said.out.contains(command), "{}", said.out);
}

#[test]
fn a_million_bad_rows_are_counted_to_the_last() {
    let home = Home::new();
    home.file("bad.vcf", format!("{SOUND}{}", "x\n".repeat(1_000_000)));
    let report = json(&home, &["bad.vcf"], 1);
    let file = &report["files"][0];
    assert_eq!(
        (&file["findings_total"], &file["findings_kept"]),
        (&1_000_000.into(), &1000.into())
    );
    assert_eq!((&file["lines"], &file["rejected_lines"]), (&1_000_005.into(), &1_000_000.into()));
}

#[test]
fn findings_tell_place_value_and_remedy() {
    let home = Home::new();
    home.file("bad.vcf", SOUND.replace("DP=2", "DP=two"));
    let report = json(&home, &["bad.vcf"], 0);
    let finding = &report["files"][0]["findings"][0];
    assert_eq!(
        (&finding["line"], &finding["column"], &finding["value"]),
        (&5.into(), &25.into(), &"two".into())
    );
    for member in ["rule", "effect", "outcome", "message", "help"] {
        assert!(finding[member].as_str().is_some_and(|it| !it.is_empty()), "{member}: {finding}");
    }
    let text = home.run(["check", "bad.vcf"]).out;
    assert!(text.contains("bad.vcf:5:25") && text.contains("help: "), "{text}");
}

#[test]
fn checks_that_were_not_made_are_listed() {
    let home = Home::new();
    home.file("sound.vcf", SOUND);
    let report = json(&home, &["sound.vcf", "--ignore-qual-field"], 0);
    let file = &report["files"][0];
    assert_eq!(file["skipped_checks"][0]["rule"], "VCF113");
    assert!(!file["checks"].as_array().unwrap().contains(&"VCF113".into()));
}

#[test]
fn a_signal_ends_a_check_with_130() {
    let home = Home::new();
    let mut child = home.command(["check", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than a pipe holds, so that the program has begun to read.
    input.write_all(SOUND.repeat(4000).as_bytes()).unwrap();
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    drop(input);
    let said = said(&child.wait_with_output().unwrap());
    assert_eq!((said.code, said.out.as_str()), (130, ""), "{}", said.err);
    assert!(said.err.contains("interrupted"), "{}", said.err);
}

#[test]
fn places_count_the_bytes_of_the_file_also_behind_bytes_that_are_no_text() {
    let home = Home::new();
    let line = b"chr1\t30\tcaf\xe9\xf0\x9f!\tA\tC\t.\tPASS\tDP=x\n".as_slice();
    home.file("bad.vcf", [SOUND.as_bytes(), line].concat());
    let report = json(&home, &["bad.vcf"], 1);
    let findings = report["files"][0]["findings"].as_array().unwrap().iter();
    let places: Vec<_> = findings
        .map(|it| {
            (
                it["rule"].as_str().unwrap(),
                it["column"].as_u64().unwrap(),
                it["value"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(places, [("FILE004", 12, "\u{fffd}"), ("VCF114", 31, "x")]);
}

#[test]
fn what_a_terminal_obeys_is_escaped() {
    let home = Home::with_store(STORE);
    let name = "a\u{1b}[2J\r\u{9b}.vcf";
    home.file(name, SOUND.replace("DP=1", "\u{9b}31m\u{1b}[31m=1"));
    let absent = format!("no{name}");
    for arguments in [
        &["check", name][..],
        &["import", name, "--store", STORE],
        &["infer", name],
        &["check", &absent],
    ] {
        let said = home.run(arguments);
        let text = said.out + &said.err;
        assert!(text.contains("[2J"), "{arguments:?}: {text}");
        assert!(!text.contains(|it: char| it.is_control() && it != '\n'), "{text:?}");
    }
}

//! What a report leaves out: by selectors, by `annostore.toml`, by a baseline, by an earlier
//! report.

use std::fs;

use serde_json::Value;

use crate::common::program::{Home, Said};
use crate::mistakes;

const HEAD: &str = "##fileformat=VCFv4.2
##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
";

/// Two errors that the service fails on: VCF102 and VCF108.
const BAD: &str = "chr1\tx\t.\tA\tC\t.\t.\tDP=1\nchr1\t30\t.\tA\tC\t.\t.\tNEW=1\n";

fn bad() -> String {
    format!("{HEAD}{BAD}")
}

fn check(home: &Home, arguments: &[&str]) -> Said {
    home.run(["check", "--no-profile"].iter().chain(arguments))
}

/// The report about the first file, and the exit code.
fn report(home: &Home, arguments: &[&str]) -> (Value, i32) {
    let said = check(home, &[&["--output", "json"], arguments].concat());
    let report: Value =
        serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}{}", said.out, said.err));
    (report["files"][0].clone(), said.code)
}

/// The codes of the rules that are told, and how often.
fn told(report: &Value) -> Vec<(&str, u64)> {
    let rules = report["rules"].as_array().unwrap().iter();
    rules.map(|it| (it["rule"].as_str().unwrap(), it["count"].as_u64().unwrap())).collect()
}

#[track_caller]
fn refused(said: &Said, parts: &[&str]) {
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
    for part in parts {
        assert!(said.err.contains(part), "{part}: {}", said.err);
    }
}

#[test]
fn selectors_hide_findings_and_not_the_verdict() {
    let home = Home::new();
    home.file("bad.vcf", bad());
    for (arguments, expected, code) in [
        (&["--select", "VCF102"][..], &[("VCF102", 1)][..], 1),
        (&["--ignore", "VCF1,vcf0"], &[], 0),
        (&["--ignore", "VCF1", "--select", "undeclared-info-key"], &[("VCF108", 1)], 1),
        (&["--ignore", "VCF102", "--ignore", "VCF108"], &[], 0),
        (&["--select", "GFF,TSV"], &[], 0),
    ] {
        let (report, ended) = report(&home, &[arguments, &["bad.vcf"]].concat());
        assert_eq!((told(&report).as_slice(), ended), (expected, code), "{arguments:?}");
        let shown: u64 = expected.iter().map(|it| it.1).sum();
        assert_eq!(report["findings_total"], shown);
        assert_eq!(report["findings_hidden"], 2 - shown);
        assert_eq!(report["rejected_lines"], 1);
    }
    let said = check(&home, &["--ignore", "VCF108,VCF102", "bad.vcf"]);
    assert_eq!(said.code, 0);
    assert_eq!(
        said.out,
        "hidden: 1 finding by --ignore VCF102, 1 finding by --ignore VCF108\n\
         bad.vcf: 2 records, 1 of them rejected, in 5 lines; 0 errors and 0 warnings (2 findings \
         hidden): the service would fail this import\n"
    );
}

#[test]
fn no_form_tells_what_is_hidden() {
    let home = Home::new();
    home.file("bad.vcf", bad());
    for form in ["text", "concise", "json", "ndjson", "sarif", "junit", "github", "gitlab", "html"]
    {
        let output = |rules: &str| check(&home, &["--output", form, "--ignore", rules, "bad.vcf"]);
        let message = "NEW is not defined";
        let (told, hidden) = (output("GFF"), output("VCF108"));
        assert!(told.out.contains(message), "{form}: {}", told.out);
        assert!(!hidden.out.contains(message), "{form}: {}", hidden.out);
        // Whoever makes a page of findings alone has no place for it.
        let says_so = hidden.out.contains("VCF108") && hidden.out.contains("--ignore");
        assert_eq!(says_so, !matches!(form, "github" | "gitlab"), "{form}: {}", hidden.out);
    }
}

#[test]
fn what_is_hidden_makes_room_for_what_is_told() {
    let home = Home::new();
    let flood = "chr1\t9\t.\tA\tC\t.\t.\tNEW=1\n".repeat(2_000);
    home.file("flood.vcf", format!("{HEAD}{flood}{}", "chr1\tx\t.\tA\tC\t.\t.\t.\n".repeat(100)));
    let kept = |arguments: &[&str]| {
        let (report, _) = report(&home, &[&["flood.vcf"], arguments].concat());
        report["findings_kept"].as_u64().unwrap()
    };
    assert_eq!(kept(&["--select", "VCF102,VCF108"]), 1_020);
    assert_eq!(kept(&["--select", "VCF102"]), 100);
    assert_eq!(kept(&["--select", "VCF102", "--max-findings", "7"]), 7);
}

#[test]
fn a_misspelt_rule_gets_near_ones() {
    let home = Home::new();
    home.file("bad.vcf", bad());
    refused(&check(&home, &["--select", "VCF1O2", "bad.vcf"]), &["'VCF1O2'", "`VCF102`"]);
    let said = check(&home, &["--ignore", "undeclared-info-keys", "bad.vcf"]);
    refused(&said, &["--ignore", "did you mean `undeclared-info-key`"]);
    refused(&check(&home, &["--fail-on", "warnings", "bad.vcf"]), &["warning"]);
}

#[test]
fn the_exit_code_follows_the_severity_that_is_asked_for() {
    let home = Home::new();
    home.file("warned.vcf", format!("{HEAD}chr1\t30\t.\tA\tC\t.\t.\tDP=1"));
    home.file("bad.vcf", bad());
    for (file, codes) in [("warned.vcf", [0, 1, 1, 0]), ("bad.vcf", [1, 1, 1, 0])] {
        for (severity, code) in ["error", "warning", "note", "never"].iter().zip(codes) {
            let said = check(&home, &["--fail-on", severity, file]);
            assert_eq!(said.code, code, "{severity} {file}: {}", said.out);
        }
    }
    let said = check(&home, &["--fail-on", "never", "bad.vcf", "absent.vcf"]);
    assert_eq!(said.code, 3, "what cannot be read fails whatever is found");
}

#[test]
fn settings_are_found_beside_the_file_or_above_it() {
    let home = Home::new();
    fs::create_dir_all(home.beside("data/deep")).unwrap();
    fs::create_dir_all(home.beside("other")).unwrap();
    home.file("data/deep/bad.vcf", bad());
    home.file("other/bad.vcf", bad());
    home.file("data/annostore.toml", "[check]\nignore = ['VCF102']\nfail-on = 'never'\n");
    let (deep, code) = report(&home, &["data/deep/bad.vcf"]);
    assert_eq!((told(&deep), code), (vec![("VCF108", 1)], 0));
    assert_eq!(deep["settings"], "data/annostore.toml");
    assert_eq!(deep["hidden"][0]["by"], "ignore VCF102 in data/annostore.toml");
    let text = check(&home, &["data/deep/bad.vcf"]).out;
    assert!(text.contains("\nsettings: data/annostore.toml\n"), "{text}");
    // Files beside each other may have settings of their own; one of them has none.
    let both = check(&home, &["data/deep/bad.vcf", "other/bad.vcf"]);
    assert_eq!(both.code, 1);
    assert_eq!(report(&home, &["--isolated", "data/deep/bad.vcf"]).0["findings_total"], 2);
    // So they do for data that a project links to, and for paths that go up and down.
    std::os::unix::fs::symlink(home.beside("other"), home.beside("data/linked")).unwrap();
    for file in ["data/linked/bad.vcf", "other/../data/deep/bad.vcf"] {
        assert_eq!(report(&home, &[file]).0["settings"], "data/annostore.toml", "{file}");
    }
    // The nearest file holds, alone.
    home.file("data/deep/annostore.toml", "[check]\n");
    let (nearest, code) = report(&home, &["data/deep/bad.vcf"]);
    assert_eq!((told(&nearest).len(), code), (2, 1));
}

#[test]
fn the_command_line_wins_over_the_settings() {
    let home = Home::new();
    home.file("bad.vcf", bad());
    home.file(
        "annostore.toml",
        "[check]\nselect = ['VCF108']\nfail-on = 'never'\n\
         [check.per-file-ignores]\n'raw*' = ['ALL']\n'*.vcf' = ['VCF0']\n",
    );
    let codes = |arguments: &[&str]| {
        let (report, code) = report(&home, arguments);
        let codes: Vec<_> = told(&report).iter().map(|it| it.0.to_owned()).collect();
        (codes.join(" "), code)
    };
    assert_eq!(codes(&["bad.vcf"]), ("VCF108".to_owned(), 0));
    assert_eq!(codes(&["bad.vcf", "--select", "VCF102"]), ("VCF102".to_owned(), 0));
    assert_eq!(codes(&["bad.vcf", "--ignore", "VCF"]), (String::new(), 0));
    assert_eq!(codes(&["bad.vcf", "--fail-on", "note"]), ("VCF108".to_owned(), 1));
    // The settings of the working folder hold for standard input.
    let said = home.run_on(["check", "--output", "json", "-"], bad().into());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("\"settings\": \"annostore.toml\""), "{}", said.out);
    // What a pattern leaves out is left out whatever is selected.
    home.file("raw.vcf", bad());
    assert_eq!(codes(&["raw.vcf", "--select", "ALL"]), (String::new(), 0));
}

#[test]
fn faults_in_the_settings_are_told_with_their_line() {
    let home = Home::new();
    home.file("bad.vcf", bad());
    for (text, parts) in [
        ("[check]\nselct = []\n", ["`selct`", "line: 2", "did you mean `select`?"]),
        ("[check]\nignore = [\n 'VCF1O2']\n", ["`VCF1O2`", "line: 3", "`VCF102`"]),
        ("check = [\n", ["file: annostore.toml", "line: 1", "correct the TOML"]),
    ] {
        home.file("annostore.toml", text);
        refused(&check(&home, &["bad.vcf"]), &parts);
    }
    assert_eq!(check(&home, &["--isolated", "bad.vcf"]).code, 1);
}

#[test]
fn a_baseline_takes_what_is_known_wherever_its_lines_move() {
    let home = Home::new();
    home.file("bad.vcf", bad());
    let written = check(&home, &["--write-baseline", "known.json", "bad.vcf"]);
    assert_eq!(written.code, 0);
    assert_eq!(
        written.err,
        "2 findings written to known.json: `--baseline known.json` leaves them out\n"
    );
    let (report_now, code) = report(&home, &["--baseline", "known.json", "bad.vcf"]);
    assert_eq!((told(&report_now), code), (vec![], 0));
    assert_eq!(report_now["findings_hidden"], 2);
    assert_eq!(report_now["compared"]["kind"], "baseline");
    // Lines above, another finding, and one more of a known one.
    let sound = ["5", "6", "7"].map(|it| format!("chr1\t{it}\t.\tA\tC\t.\t.\tDP=1\n")).concat();
    let more = "chr1\ty\t.\tA\tC\t.\t.\t.\nchr1\tx\t.\tA\tC\t.\t.\t.\n";
    home.file("bad.vcf", format!("{HEAD}{sound}{BAD}{more}"));
    let (moved, code) = report(&home, &["--baseline", "known.json", "bad.vcf"]);
    assert_eq!((told(&moved), code), (vec![("VCF102", 2)], 1));
    let lines: Vec<_> =
        moved["findings"].as_array().unwrap().iter().map(|it| &it["line"]).collect();
    assert_eq!(lines, [9, 10]);
    // What is not there any longer is told, so that the baseline shrinks.
    home.file("bad.vcf", HEAD.to_owned() + "chr1\tx\t.\tA\tC\t.\t.\t.\n");
    let said = check(&home, &["--baseline", "known.json", "bad.vcf"]);
    assert_eq!(said.code, 0, "{}", said.out);
    assert!(said.out.contains("1 finding of known.json is gone"), "{}", said.out);
    // What nobody asked for is not gone.
    let said = check(&home, &["--baseline", "known.json", "--ignore", "VCF108", "bad.vcf"]);
    assert!(!said.out.contains("gone"), "{}", said.out);
}

#[test]
fn a_baseline_has_files_by_their_paths_and_keeps_those_of_others() {
    let home = Home::new();
    for file in ["a/bad.vcf", "b/bad.vcf"] {
        fs::create_dir_all(home.beside(file).parent().unwrap()).unwrap();
        home.file(file, bad());
        assert_eq!(check(&home, &["--write-baseline", "known.json", file]).code, 0);
    }
    let known: Value =
        serde_json::from_slice(&fs::read(home.beside("known.json")).unwrap()).unwrap();
    let files: Vec<_> = known["files"].as_object().unwrap().keys().collect();
    assert_eq!(files, ["a/bad.vcf", "b/bad.vcf"]);
    let mut from_below = home.command(["check", "--baseline", "../known.json", "bad.vcf"]);
    let ended = from_below.current_dir(home.beside("b")).output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    home.file("c.vcf", bad());
    assert_eq!(check(&home, &["--baseline", "known.json", "a/bad.vcf", "c.vcf"]).code, 1);
    // The same findings make the same bytes.
    let before = fs::read(home.beside("known.json")).unwrap();
    check(&home, &["--quiet", "--write-baseline", "known.json", "b/bad.vcf", "a/bad.vcf"]);
    assert_eq!(fs::read(home.beside("known.json")).unwrap(), before);
}

#[test]
fn settings_name_a_baseline_that_may_be_yet_to_be() {
    let home = Home::new();
    fs::create_dir_all(home.beside("data")).unwrap();
    home.file("data/bad.vcf", bad());
    home.file("data/annostore.toml", "[check]\nbaseline = 'known.json'\n");
    let absent = check(&home, &["data/bad.vcf"]);
    assert_eq!((absent.code, absent.out.as_str()), (3, ""), "{}", absent.err);
    assert!(absent.err.contains("data/known.json") && absent.err.contains("help: "));
    assert_eq!(check(&home, &["--write-baseline", "data/known.json", "data/bad.vcf"]).code, 0);
    let (known, code) = report(&home, &["data/bad.vcf"]);
    assert_eq!((told(&known), code), (vec![], 0));
    assert_eq!(known["hidden"][0]["by"], "baseline data/known.json in data/annostore.toml");
}

#[test]
fn baselines_that_cannot_be_are_refused() {
    let home = Home::new();
    home.file("bad.vcf", bad());
    let over = check(&home, &["--write-baseline", "./bad.vcf", "bad.vcf"]);
    refused(&over, &["take the place of a file that is read", "help: "]);
    assert_eq!(fs::read_to_string(home.beside("bad.vcf")).unwrap(), bad());
    home.file("report.json", "{}");
    for flag in ["--baseline", "--write-baseline"] {
        let said = check(&home, &[flag, "report.json", "bad.vcf"]);
        refused(&said, &["no baseline of annostore", "file: report.json", "help: "]);
    }
    let both = check(&home, &["--baseline", "a", "--compare", "b", "bad.vcf"]);
    refused(&both, &["cannot be used with"]);
    let cut = check(&home, &["--write-baseline", "known.json", "bad.vcf", "absent.vcf"]);
    assert_eq!(cut.code, 3);
    assert!(!home.beside("known.json").exists());
}

#[test]
fn an_earlier_report_tells_what_changed() {
    let (home, file) = (Home::new(), mistakes());
    let run = |file: &str, arguments: &[&str]| {
        let said = check(&home, &[&["--output", "json"], arguments, &[file]].concat());
        home.file("old.json", said.out);
    };
    run(&file, &[]);
    let same = check(&home, &["--compare", "old.json", &file]);
    assert_eq!(same.code, 0);
    assert!(same.out.contains("\nnothing changed since old.json\n"), "{}", same.out);
    assert!(same.out.contains("the service would fail this import"), "{}", same.out);
    let (report_now, _) = report(&home, &["--compare", "old.json", &file]);
    let rules = report_now["compared"]["rules"].as_array().unwrap().clone();
    assert!(rules.len() > 5 && rules.iter().all(|it| it["new"] == 0 && it["gone"] == 0));

    // Under another name, with one finding gone, one moved, and a new one of another kind.
    home.file("v1.vcf", bad());
    run("v1.vcf", &[]);
    let sound = "chr1\t7\t.\tA\tC\t.\t.\tDP=1\n";
    let moved = "chr1\t30\t.\tA\tC\t.\t.\tNEW=1\nchr1\t31\t.\tA\t?\t.\t.\t.\n";
    home.file("v2.vcf", format!("{HEAD}{sound}{moved}"));
    let said = check(&home, &["--compare", "old.json", "v2.vcf"]);
    assert_eq!(said.code, 1, "{}", said.err);
    let table = "since old.json:\nrule    was  is  new  gone\nVCF102    1   0    0     1\nVCF105";
    assert!(said.out.contains(table), "{}", said.out);
    assert!(said.out.contains("v2.vcf:6:") && !said.out.contains("undeclared"), "{}", said.out);
    // What was not looked for is not gone.
    home.file("old.json", said_with_reference(&home));
    let said = check(&home, &["--compare", "old.json", "v1.vcf"]);
    assert!(said.out.contains("\nnothing changed since old.json\n"), "{}", said.out);
    // A report that left findings out knows of them.
    run("v1.vcf", &["--ignore", "VCF102"]);
    let said = check(&home, &["--compare", "old.json", "v1.vcf"]);
    assert_eq!(said.code, 0, "{}", said.out);
}

/// The report of a check against bases that no record has.
fn said_with_reference(home: &Home) -> String {
    home.file("bases.fa", ">chr1\n".to_owned() + &"T".repeat(60) + "\n");
    let said = check(home, &["--output", "json", "--reference", "bases.fa", "v1.vcf"]);
    assert!(said.out.contains("\"REF"), "{}", said.out);
    said.out
}

#[test]
fn several_files_are_held_against_their_own_reports() {
    let home = Home::new();
    home.file("a.vcf", bad());
    home.file("b.vcf", HEAD.to_owned() + "chr1\t7\t.\tA\tC\t.\t.\tDP=1\n");
    let old = check(&home, &["--output", "json", "a.vcf", "b.vcf"]);
    home.file("old.json", old.out);
    home.file("b.vcf", bad());
    home.file("c.vcf", bad());
    let said =
        check(&home, &["--output", "json", "--compare", "old.json", "a.vcf", "b.vcf", "c.vcf"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.err, "old.json says nothing of c.vcf: all of its findings are new\n");
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let files = report["files"].as_array().unwrap();
    let totals: Vec<_> = files.iter().map(|it| it["findings_total"].as_u64().unwrap()).collect();
    assert_eq!(totals, [0, 2, 2]);
    for text in ["", "{\"schema_version\": 7, \"files\": []}"] {
        home.file("old.json", text);
        let said = check(&home, &["--compare", "old.json", "a.vcf"]);
        refused(&said, &["report", "file: old.json", "help: "]);
    }
}

#[test]
fn findings_beyond_those_that_are_listed_are_compared_by_number() {
    let home = Home::new();
    let bad = |count: usize| HEAD.to_owned() + &"chr1\tx\t.\tA\tC\t.\t.\t.\n".repeat(count);
    home.file("bad.vcf", bad(3000));
    home.file("old.json", check(&home, &["--output", "json", "bad.vcf"]).out);
    let same = check(&home, &["--compare", "old.json", "bad.vcf"]);
    assert_eq!(same.code, 0);
    assert!(same.out.contains("by number where not all are listed: VCF102"), "{}", same.out);
    home.file("bad.vcf", bad(3001));
    let (more, code) = report(&home, &["--compare", "old.json", "bad.vcf"]);
    assert_eq!((told(&more), code), (vec![("VCF102", 1)], 1));
    assert_eq!(more["findings"][0]["line"], 3004);
}

#[test]
fn requests_are_cut_as_files_are() {
    let home = Home::new();
    home.file("a.vcf", HEAD.to_owned() + "chr1\t7\t.\tA\tC\t.\t.\tDP=1\n");
    home.file("job.json", "{\"destinationName\": \"a\", \"itms\": []}");
    let check_request =
        |more: &[&str]| check(&home, &[&["--request", "job.json", "a.vcf"], more].concat());
    assert_eq!(check_request(&[]).code, 1);
    let said = check_request(&["--ignore", "REQ"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("by --ignore REQ\njob.json: 0 errors"), "{}", said.out);
    assert!(said.out.contains("the service would refuse it"), "{}", said.out);
}

#[cfg(feature = "store")]
#[test]
fn parquet_has_all_findings_that_are_told_and_no_others() {
    let home = Home::new();
    let faults = |of: std::ops::Range<u32>| {
        let fault = |it| format!("chr1\t{it}\t.\tA\tQ\tz\t.\tX={it}\n");
        HEAD.to_owned() + &of.map(fault).collect::<Vec<_>>().concat()
    };
    home.file("faults.vcf", faults(1..3000));
    home.file("old.json", check(&home, &["--output", "json", "faults.vcf"]).out);
    home.file("annostore.toml", "[check]\nignore = ['VCF113']\n");
    home.file("faults.vcf", faults(1..3500));
    for arguments in
        [&["--select", "VCF1"][..], &["--ignore", "VCF105"], &["--compare", "old.json"]]
    {
        let outputs = ["--max-findings", "50", "--output", "parquet=told.parquet", "faults.vcf"];
        let (report, _) = report(&home, &[&outputs, arguments].concat());
        let mut expected: Vec<_> = told(&report);
        expected.sort_unstable();
        let sql =
            "SELECT code, sum(count) AS findings FROM 'told.parquet' GROUP BY code ORDER BY 1";
        let rows = home.done(["query", "-f", "ndjson", sql]);
        let rows: Vec<Value> = rows.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
        let found = rows.iter();
        let found: Vec<_> = found
            .map(|it| (it["code"].as_str().unwrap(), it["findings"].as_u64().unwrap()))
            .collect();
        assert_eq!(found, expected, "{arguments:?}");
        assert!(!expected.is_empty());
    }
}

//! Several forms at once, to files and to standard output.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::program::{Home, said};
use crate::mistakes;

const SOUND: &str = "##fileformat=VCFv4.2
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t10\ta\tA\tC\t.\tPASS\t.
";

/// The names of the files beside the home.
fn names(home: &Home) -> Vec<String> {
    let entries = fs::read_dir(home.beside("")).unwrap();
    let mut names: Vec<_> =
        entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn forms_go_to_files_and_to_standard_output_at_once() {
    let (home, file) = (Home::new(), mistakes());
    let text = home.run(["check", &file]);
    let json = home.run(["check", &file, "--output", "json"]);
    let both = home.run(["check", &file, "--output", "json=a.json", "--output", "text"]);
    assert_eq!((both.code, both.err.as_str()), (1, ""));
    assert_eq!(both.out, text.out);
    assert_eq!(fs::read_to_string(home.beside("a.json")).unwrap(), json.out);
    // What is there is replaced, as a later run in CI wants it.
    let again = home.run(["check", &file, "--output", "text=a.json", "--output=json=-"]);
    assert_eq!(again.out, json.out);
    assert_eq!(fs::read_to_string(home.beside("a.json")).unwrap(), text.out);
    assert_eq!(names(&home), ["a.json"]);
}

#[test]
fn a_line_for_each_file_is_told_where_all_goes_to_files() {
    let home = Home::new();
    home.file("a.vcf", SOUND);
    home.file("b.vcf", SOUND);
    let check = ["check", "a.vcf", "b.vcf", "absent.vcf", "--output", "json=all.json"];
    let said = home.run(check);
    assert_eq!((said.code, said.out.as_str()), (3, ""));
    let lines: Vec<_> = said.err.lines().collect();
    let sound = "1 record in 3 lines; 0 errors and 0 warnings: the service would import it";
    assert_eq!(lines[..2], [format!("a.vcf: {sound}"), format!("b.vcf: {sound}")]);
    assert!(lines[2].starts_with("error: "), "{}", said.err);
    assert_eq!(lines.last(), Some(&"json written to all.json"));
    let report: Value =
        serde_json::from_slice(&fs::read(home.beside("all.json")).unwrap()).unwrap();
    assert_eq!(report["files"].as_array().unwrap().len(), 3);
    let quiet = home.run(["--quiet", "check", "a.vcf", "--output", "json=all.json"]);
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
}

#[test]
fn reports_do_not_run_into_each_other_or_into_what_is_read() {
    let home = Home::new();
    home.file("a.vcf", SOUND);
    std::os::unix::fs::symlink("a.vcf", home.beside("link")).unwrap();
    fs::create_dir(home.beside("folder")).unwrap();
    for (outputs, told) in [
        (&["text", "json"][..], "both go to standard output"),
        (&["text", "json=-"], "`--output json=FILE`"),
        (&["text=x", "json=./x"], "two reports go to the same file"),
        (&["text=x", "json=folder/../x"], "two reports go to the same file"),
        (&["json=./a.vcf"], "the place of a file that is read"),
        (&["json=link"], "the place of a file that is read"),
        (&["json="], "name a file behind `json=`"),
        (&["jsn=x"], "possible values: text, concise, json"),
    ] {
        let outputs = outputs.iter().flat_map(|it| ["--output", it]);
        let said = home.run(["check", "a.vcf"].into_iter().chain(outputs));
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    for (output, told) in
        [("json=folder", "name a file in that folder"), ("json=absent/x", "make the folder first")]
    {
        let said = home.run(["check", "a.vcf", "--output", output]);
        assert_eq!((said.code, said.out.as_str()), (5, ""), "{}", said.err);
        assert!(said.err.contains(told), "{}", said.err);
    }
    assert_eq!(fs::read_to_string(home.beside("a.vcf")).unwrap(), SOUND);
    assert_eq!(names(&home), ["a.vcf", "folder", "link"]);
}

#[test]
fn what_is_no_file_is_written_to() {
    let (home, file) = (Home::new(), mistakes());
    let text = home.run(["check", &file]);
    let outputs = ["--output", "text=/dev/stderr", "--output", "json=/dev/null"];
    let said = home.run(["--quiet", "check", &file].into_iter().chain(outputs));
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert_eq!(said.err, text.out);
}

#[test]
fn nothing_is_half_written() {
    let home = Home::new();
    home.file("kept.json", "of another day");
    // An error that ends the run after a first file was reported.
    home.file("a.vcf", SOUND);
    home.file("a.tsv", "a\tb\n1\t2\n");
    let outputs = ["--output", "json=kept.json", "--output", "text=new.txt"];
    let failed = home.run(["check", "a.vcf", "a.tsv"].into_iter().chain(outputs));
    assert_eq!(failed.code, 2, "{}", failed.err);
    let names_before = ["a.tsv", "a.vcf", "kept.json"];
    assert_eq!(names(&home), names_before);
    // A signal while the input is awaited.
    let mut child = home
        .command(["check", "a.vcf", "-"].into_iter().chain(outputs))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(SOUND.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_secs(30), "it waits on");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(input);
    let ended = said(&child.wait_with_output().unwrap());
    assert_eq!(ended.code, 130, "{}", ended.err);
    assert_eq!(names(&home), names_before);
    assert_eq!(fs::read_to_string(home.beside("kept.json")).unwrap(), "of another day");
}

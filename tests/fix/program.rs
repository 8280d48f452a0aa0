//! The program as a person or a script meets it.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::program::{Home, Said, said};

const HEAD: &str = "##fileformat=VCFv4.2
##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
";
const SOUND: &str = "1\t10\t.\tA\tC\t.\tPASS\tDP=1\n";

/// A sound file.
fn sound() -> String {
    format!("{HEAD}{SOUND}")
}

/// The same as Windows has it, with an empty line.
fn faulty() -> String {
    sound().replace('\n', "\r\n") + "\r\n"
}

#[track_caller]
fn check_refusal(said: &Said, code: i32, what: &str) {
    assert_eq!((said.code, said.out.as_str()), (code, ""), "{}", said.err);
    assert!(said.err.starts_with("error: ") && said.err.contains(what), "{}", said.err);
    assert!(said.err.contains("\nhelp: "), "{}", said.err);
}

fn files(home: &Home) -> Vec<String> {
    let names = fs::read_dir(home.beside(".")).unwrap();
    let mut names: Vec<String> =
        names.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn without_an_output_it_says_what_would_be_mended() {
    let home = Home::new();
    home.file("a.vcf", faulty());
    let said = home.run(["fix", "a.vcf"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(
        said.out,
        "a.vcf: can be mended\n  \
         line ends: CRLF to LF: 4 times, first in line 1\n  \
         VCF103 empty line removed: line 5\n\
         nothing is written yet: `annostore fix a.vcf -o OUT` writes it to OUT, `--in-place` to \
         the file itself, `--diff` shows it\n\
         what is left once it is mended:\n\n\
         a.vcf: 1 record in 4 lines; 0 errors and 0 warnings: the service would import it\n"
    );
    assert_eq!(files(&home), ["a.vcf"]);
    assert_eq!(fs::read_to_string(home.beside("a.vcf")).unwrap(), faulty());
    home.file("b.vcf", sound());
    assert!(home.done(["fix", "b.vcf"]).starts_with("b.vcf: nothing to mend\n"));
}

#[test]
fn the_exit_code_is_that_of_what_is_left() {
    let home = Home::new();
    home.file("a.vcf", faulty() + "1\tx\t.\tA\tC\t.\tPASS\tDP=1\r\n");
    let said = home.run(["fix", "a.vcf", "-o", "b.vcf"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.out.contains("VCF102") && said.out.contains("b.vcf:5:3"), "{}", said.out);
    home.file("c.vcf", "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n");
    assert_eq!(home.run(["fix", "c.vcf"]).code, 1);
    assert_eq!(home.run(["fix", "absent.vcf"]).code, 3);
}

#[test]
fn standard_input_becomes_standard_output() {
    let home = Home::new();
    let said = home.run_on(["fix", "-", "-o", "-"], faulty().into_bytes());
    assert_eq!((said.code, said.out), (0, sound()));
    assert!(said.err.starts_with("-: mended\n"), "{}", said.err);
    let said = home.run_on(["fix", "-", "-o", "-", "-q", "--store-format", "gff"], b"x\r\n".into());
    assert_eq!(said.out, "x\n");
    let said = home.run_on(["fix", "-", "--store-format", "tsv", "-o", "-"], b"a\r\nb".into());
    assert_eq!((said.code, said.out.as_str()), (0, "a\nb\n"));
    assert!(said.err.contains("not checked again"), "{}", said.err);
}

/// A diff is what `git apply` takes.
#[test]
fn a_diff_makes_the_mended_file() {
    let home = Home::new();
    let more = SOUND.repeat(20);
    let file = format!("\u{feff}{HEAD}{more}\n{}XX=1\t\n{more}{}", &SOUND[..20], SOUND.trim_end());
    home.file("a.vcf", &file);
    let said = home.run(["fix", "a.vcf", "--diff"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("VCF281") && said.err.contains("FILE002"), "{}", said.err);
    assert_eq!(said.out.matches("@@ -").count(), 3, "{}", said.out);
    home.done(["fix", "a.vcf", "-o", "b.vcf"]);
    home.file("a.diff", &said.out);
    let patched = Command::new("git")
        .args(["apply", "-p0", "--whitespace=nowarn", "a.diff"])
        .current_dir(home.beside("."))
        .env("GIT_CEILING_DIRECTORIES", home.beside("."))
        .output();
    assert!(patched.unwrap().status.success());
    assert_eq!(fs::read(home.beside("a.vcf")).unwrap(), fs::read(home.beside("b.vcf")).unwrap());
    assert_eq!(home.run(["fix", "b.vcf", "--diff"]).out, "");
}

#[test]
fn in_place_keeps_rights_and_links() {
    let home = Home::new();
    let path = home.file("a.vcf", faulty());
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    symlink("a.vcf", home.beside("link.vcf")).unwrap();
    let said = home.done(["fix", "--in-place", "link.vcf"]);
    assert!(said.starts_with("link.vcf: mended in place\n"), "{said}");
    assert_eq!(fs::read_to_string(&path).unwrap(), sound());
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o640);
    assert_eq!(fs::read_link(home.beside("link.vcf")).unwrap().to_str(), Some("a.vcf"));
    // What needs no mending is not even written.
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    let said = home.done(["fix", "--in-place", "a.vcf", "link.vcf"]);
    assert!(said.contains("nothing to mend; the file is as it was"), "{said}");
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
    assert_eq!(files(&home), ["a.vcf", "link.vcf"]);
}

#[test]
fn outputs_that_cannot_be_are_refused() {
    let home = Home::new();
    home.file("a.vcf", faulty());
    home.file("b.vcf", "mine");
    symlink("a.vcf", home.beside("link.vcf")).unwrap();
    for (arguments, code, what) in [
        (&["a.vcf", "-o", "a.vcf"][..], 2, "the output is the file"),
        (&["a.vcf", "-o", "link.vcf", "--force"], 2, "the output is the file"),
        (&["a.vcf", "-o", "./a.vcf"], 2, "the output is the file"),
        (&["a.vcf", "--write-rejected", "a.vcf"], 2, "the output is the file"),
        (&["a.vcf", "-o", "x.vcf", "--write-valid", "x.vcf"], 2, "two outputs go to one file"),
        (&["a.vcf", "-o", "b.vcf"], 4, "exists already"),
        (&["a.vcf", "link.vcf", "-o", "x.vcf"], 2, "several files"),
        (&["a.vcf", "-o", "-", "--diff"], 2, "standard output"),
        (&["a.vcf", "-o", "no/x.vcf"], 5, "cannot write"),
        (&["a.vcf", "-o", "x.bcf"], 2, "stays text"),
        (&["-", "--in-place"], 2, "only a file of this machine"),
        (&["absent.vcf", "--in-place"], 3, "no such file"),
    ] {
        check_refusal(&home.run(["fix"].iter().chain(arguments)), code, what);
    }
    assert_eq!(files(&home), ["a.vcf", "b.vcf", "link.vcf"]);
    home.done(["fix", "a.vcf", "-o", "b.vcf", "--force"]);
    assert_eq!(fs::read_to_string(home.beside("b.vcf")).unwrap(), sound());
}

#[test]
fn bcf_and_what_is_no_such_file_are_refused() {
    let home = Home::new();
    home.file("a.bcf", b"BCF\x02\x02\x05\x00\x00\x00#CHR\x00");
    check_refusal(&home.run(["fix", "a.bcf"]), 2, "BCF");
    home.file("a.vcf", "");
    check_refusal(&home.run(["fix", "a.vcf"]), 3, "empty");
    home.file("a.sam", "@HD\tVN:1.6\n");
    assert!(matches!(home.run(["fix", "a.sam"]).code, 2 | 3));
}

/// Root may write where nobody may.
#[test]
fn a_folder_that_may_not_be_written_is_an_error_with_its_remedy() {
    let home = Home::new();
    let folder = home.beside("closed");
    fs::create_dir(&folder).unwrap();
    let path = home.file("closed/a.vcf", faulty());
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.join("probe"), "").is_err() {
        check_refusal(&home.run(["fix", "--in-place", "closed/a.vcf"]), 5, "cannot write");
        check_refusal(&home.run(["fix", "closed/a.vcf", "-o", "closed/b.vcf"]), 5, "cannot write");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), faulty());
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn rows_are_split_by_whether_they_can_be_stored() {
    let home = Home::new();
    let bad = "1\tx\t.\tA\tC\t.\tPASS\tDP=1\n";
    home.file("a.vcf", format!("{}{SOUND}{bad}#c\n{bad}{SOUND}", HEAD.replace('\n', "\r\n")));
    let outputs = ["--write-valid", "valid.vcf", "--write-rejected", "rejected.vcf.gz"];
    assert_eq!(home.run(["fix", "a.vcf"].iter().chain(&outputs)).code, 1);
    let valid = fs::read_to_string(home.beside("valid.vcf")).unwrap();
    assert_eq!(valid, format!("{HEAD}{SOUND}#c\n{SOUND}"));
    let said = home.run(["fix", "rejected.vcf.gz", "-o", "-"]);
    assert_eq!((said.code, said.out.is_empty()), (1, false), "{}", said.err);
    home.done(["check", "valid.vcf"]);
    let gff = "##gff-version 3\n##x\nchr1\t.\tgene\t1\t9\t.\t+\t.\tID=a\n#c\nchr1\tgene\n>s\nAC\n";
    home.file("a.gff3", gff);
    home.run(["fix", "a.gff3", "--write-valid", "valid.gff3", "--write-rejected", "rejected.gff3"]);
    let read = |name: &str| fs::read_to_string(home.beside(name)).unwrap();
    assert_eq!(read("valid.gff3"), gff.replace("chr1\tgene\n", ""));
    assert_eq!(read("rejected.gff3"), "##gff-version 3\n##x\nchr1\tgene\n");
}

#[test]
fn rows_of_a_table_are_split_by_its_schema() {
    let home = Home::new();
    home.file("a.tsv", "a\tb\r\n1\t2\r\nx\t2\r\n\r\n3\t4");
    let schema = r#"{"storeFormat": "TSV", "name": "t", "storeOptions": {"tsvStoreOptions":
        {"annotationType": "GENERIC", "schema": [{"a": "INT"}, {"b": "INT"}]}}}"#;
    home.file("o.json", schema);
    let outputs = ["--write-valid", "valid.tsv", "--write-rejected", "rejected.tsv"];
    check_refusal(&home.run(["fix", "a.tsv"].iter().chain(&outputs)), 2, "without a schema");
    let said = home.run(["fix", "a.tsv", "--options", "o.json"].iter().chain(&outputs));
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    let read = |name: &str| fs::read_to_string(home.beside(name)).unwrap();
    assert_eq!(read("valid.tsv"), "a\tb\n1\t2\n3\t4\n");
    assert_eq!(read("rejected.tsv"), "a\tb\nx\t2\n");
}

/// Ctrl-C while it waits for more of its input.
#[test]
fn a_signal_leaves_nothing_behind() {
    let home = Home::new();
    let fifo = home.beside("in.gff3");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let arguments = ["fix", "-", "-o", "out.gff3", "--store-format", "gff"];
    for patience in [300, 3000, 20_000] {
        let mut child = home.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        pipe.write_all("##gff-version 3\r\n".repeat(100_000).as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(patience));
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let said = said(&child.wait_with_output().unwrap());
        drop(pipe);
        // Until it listens, a signal ends it by itself.
        if said.code >= 0 {
            check_refusal_of_signal(&said);
            assert_eq!(files(&home), ["in.gff3"]);
            return;
        }
    }
    panic!("it does not listen");
}

fn check_refusal_of_signal(said: &Said) {
    assert_eq!((said.code, said.out.as_str()), (130, ""), "{}", said.err);
    assert!(said.err.contains("interrupted"), "{}", said.err);
}

/// Its reader takes each carriage return for the end of a line where the first line ends in two.
#[test]
fn rows_of_gff3_are_told_apart_as_its_reader_counts_lines() {
    let row = |end: u32, id: &str| format!("chr1\ts\tgene\t5\t{end}\t.\t+\t.\tID={id}\n");
    let bad = row(46, "bad").replace("\t5\t", "\tx\t");
    let good = row(47, "a") + &row(66, "b");
    for head in ["##gff-version 3\r\r\n", "##gff-version 3\r", "##gff-version 3\r\n"] {
        let home = Home::new();
        home.file("a.gff3", format!("{head}{bad}{good}"));
        let split = ["--write-valid", "valid.gff3", "--write-rejected", "rejected.gff3"];
        assert_eq!(home.run([["fix", "a.gff3"].as_slice(), &split].concat()).code, 1);
        let read = |name: &str| fs::read_to_string(home.beside(name)).unwrap();
        let rows = |name: &str| read(name).lines().filter(|it| it.contains("ID=")).count();
        assert!(read("valid.gff3").ends_with(&good), "{head:?}: {}", read("valid.gff3"));
        assert!(read("rejected.gff3").ends_with(&bad), "{head:?}: {}", read("rejected.gff3"));
        assert_eq!((rows("valid.gff3"), rows("rejected.gff3")), (2, 1));
    }
}

#[test]
fn indexes_go_with_the_file_that_they_are_of() {
    let home = Home::new();
    fs::create_dir(home.beside("real")).unwrap();
    home.file("a.vcf", faulty());
    assert_eq!(home.run(["fix", "a.vcf", "-o", "real/x.vcf.gz"]).code, 0);
    symlink("real/x.vcf.gz", home.beside("link.vcf.gz")).unwrap();
    for name in ["real/x.vcf.gz.tbi", "real/x.vcf.gz.gzi", "link.vcf.gz.tbi", "real/y.vcf.gz.tbi"] {
        home.file(name, "index");
    }
    // Nothing is mended, nothing goes.
    assert_eq!(home.run(["fix", "--in-place", "link.vcf.gz"]).code, 0);
    assert!(home.beside("real/x.vcf.gz.tbi").exists());
    let said = home.run(["fix", "a.vcf", "-o", "link.vcf.gz", "--force"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for name in ["real/x.vcf.gz.tbi", "real/x.vcf.gz.gzi", "link.vcf.gz.tbi"] {
        assert!(!home.beside(name).exists(), "{name}");
    }
    assert!(home.beside("real/y.vcf.gz.tbi").exists());
    // A name without an ending is that of text.
    assert_eq!(home.run(["fix", "real/x.vcf.gz", "-o", "plain"]).code, 0);
    assert!(fs::read_to_string(home.beside("plain")).unwrap().starts_with("##fileformat"));
}

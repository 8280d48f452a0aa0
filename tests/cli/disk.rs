//! A disk that is full, and a home that cannot be written.

use std::path::Path;
use std::process::Command;

use crate::STORE;
use crate::common::needs::skipped;
use crate::common::program::Home;
use crate::common::random::Random;

/// A small file system of its own, which goes away with this.
struct Disk<'h>(&'h Path);

impl<'h> Disk<'h> {
    /// None where this process may not mount: the test is skipped.
    fn mount(at: &'h Path, kilobytes: usize) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let size = format!("size={kilobytes}k");
        let mount =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).output();
        if mount.is_ok_and(|it| it.status.success()) {
            return Some(Self(at));
        }
        skipped("mount", "a test of a full disk needs the right to mount a tmpfs");
        None
    }

    fn grow(&self, kilobytes: usize) {
        let size = format!("remount,size={kilobytes}k");
        assert!(Command::new("mount").args(["-o", &size]).arg(self.0).status().unwrap().success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

const ROWS: usize = 20_000;

/// Records whose text does not compress, so that the data file is large.
fn noise() -> String {
    let mut random = Random::seeded(3);
    let mut text = "##fileformat=VCFv4.2\n##INFO=<ID=T,Number=1,Type=String,Description=\"x\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        .to_owned();
    for index in 1..=ROWS {
        let noise = format!("{:016x}{:016x}", random.bits(), random.bits());
        text.push_str(&format!("chr1\t{index}\t.\tA\tC\t.\t.\tT={noise}\n"));
    }
    text
}

#[test]
fn a_full_disk_stores_nothing_and_the_next_import_has_its_space() {
    let home = Home::new();
    let file = home.file("noise.vcf", noise());
    let import = ["import", file.to_str().unwrap(), "--store", STORE];
    let path = home.path();
    let (mut failed, mut stored) = (0, 0);
    for kilobytes in (60..1500).step_by(90) {
        let Some(disk) = Disk::mount(&path, kilobytes) else { return };
        let create = [
            "store",
            "create",
            "--name",
            STORE,
            "--store-format",
            "VCF",
            "--reference-arn",
            "arn:x",
        ];
        let made = home.run(create);
        if made.code != 0 {
            assert_eq!(made.code, 5, "{kilobytes} kB: {}", made.err);
            assert!(made.err.starts_with("error: ") && made.err.contains("help: "), "{}", made.err);
            continue;
        }
        let said = home.run(import);
        if said.code == 0 {
            stored += 1;
        } else {
            failed += 1;
            assert_eq!(said.code, 5, "{kilobytes} kB: {}", said.err);
            assert!(said.err.contains("help: free "), "{kilobytes} kB: {}", said.err);
            assert!(said.err.contains(path.to_str().unwrap()), "{kilobytes} kB: {}", said.err);
        }
        let expected = usize::from(said.code == 0);
        disk.grow(10_000);
        home.done(["job", "list"]);
        assert_eq!(home.files("data").len(), expected, "{kilobytes} kB");
        assert!(
            home.files("staging").is_empty() && home.files("reports").is_empty(),
            "{kilobytes} kB"
        );
        home.done(import);
        let sql = format!("SELECT count(*) AS n FROM {STORE}");
        let rows = home.done(["query", &sql, "--format", "csv"]);
        assert_eq!(rows, format!("n\n{}\n", ROWS * (expected + 1)), "{kilobytes} kB");
    }
    // Else the sizes were not around what an import needs.
    assert!(failed > 2 && stored > 2, "{failed} failed, {stored} stored");
}

/// The home in a place where it cannot be written, until this is dropped.
struct ReadOnly<'h>(&'h Path);

impl<'h> ReadOnly<'h> {
    /// None where this process may not mount: the test is skipped.
    fn mount(home: &Path, at: &'h Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mount = |options: &[&str], paths: &[&Path]| {
            let done = Command::new("mount").args(options).args(paths).output();
            done.is_ok_and(|it| it.status.success())
        };
        if !mount(&["--bind"], &[home, at]) {
            skipped("mount", "a test of a read-only home needs the right to mount");
            return None;
        }
        let this = Self(at);
        assert!(mount(&["-o", "remount,ro,bind"], &[at]));
        Some(this)
    }
}

impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_home_that_cannot_be_written_can_be_read() {
    let home = Home::with_store(STORE);
    let file = home.file("noise.vcf", noise());
    home.done(["import", file.to_str().unwrap(), "--store", STORE]);
    let at = home.beside("read_only");
    let Some(_mounted) = ReadOnly::mount(&home.path(), &at) else { return };
    let there = ["--home", at.to_str().unwrap()];
    let sql = format!("SELECT count(*) AS n FROM {STORE}");
    let count = ["query", &sql, "--format", "csv"];
    let alike = |arguments: &[&str]| {
        let read_only = home.run(arguments.iter().chain(&there));
        assert_eq!((read_only.code, read_only.err.as_str()), (0, ""), "{arguments:?}");
        assert_eq!(read_only.out, home.done(arguments), "{arguments:?}");
    };
    let (store, second) = (STORE.to_owned(), "second_version");
    for arguments in [
        &count[..],
        &["store", "list"],
        &["store", "get", STORE],
        &["version", "list", STORE],
        &["job", "list"],
    ] {
        alike(arguments);
    }
    // Beside a process that holds the log open, and has rows in it.
    let writer = rusqlite::Connection::open(home.path().join("catalog.db")).unwrap();
    writer.query_row("SELECT count(*) FROM stores", [], |_| Ok(())).unwrap();
    home.done(["import", file.to_str().unwrap(), "--store", STORE]);
    alike(&count);
    home.done(["version", "create", &store, "--version-name", second]);
    alike(&["version", "list", STORE]);
    let files = home.files("");
    for arguments in [
        &["import", file.to_str().unwrap(), "--store", STORE][..],
        &["store", "delete", STORE, "--force"],
        &["serve"],
    ] {
        let said = home.run(arguments.iter().chain(&there));
        crate::check_refusal(&said, 5, "the home can only be read", at.to_str().unwrap());
    }
    assert_eq!(home.files(""), files);
}

#[test]
fn a_home_that_does_not_exist_is_not_made_by_who_reads() {
    let home = Home::new();
    let sql = format!("SELECT * FROM {STORE}");
    for (arguments, code) in [
        (&["store", "list"][..], 0),
        (&["job", "list", "--json"], 0),
        (&["reference", "list"], 0),
        (&["query", "SHOW TABLES"], 0),
        (&["query", &sql], 4),
        (&["store", "get", STORE], 4),
        (&["version", "list", STORE], 4),
        (&["import", "none.vcf", "--store", STORE], 4),
        (&["store", "delete", STORE], 4),
    ] {
        let said = home.run(arguments);
        assert_eq!(said.code, code, "{arguments:?}: {}", said.err);
        assert!(said.err.starts_with("note: there is no home at "), "{arguments:?}: {}", said.err);
        assert!(!home.path().exists(), "{arguments:?}");
    }
    let said = home.run(["query", "SELECT count(*) FROM 'none.vcf'"]);
    assert!(said.err.contains("there is no such file"), "{}", said.err);
    assert!(!said.err.contains("there is no home"), "files need none: {}", said.err);
    let made = home.done(["init", "--group-readable"]);
    assert!(made.starts_with("made the home ") && made.contains("group"), "{made}");
    assert!(home.done(["init"]).starts_with("the home exists already"));
    home.done(["store", "list"]);
}

#[test]
fn a_home_that_cannot_be_written_is_named() {
    let home = Home::new();
    let file = home.file("file", "");
    let said = home.run(["store", "list", "--home", file.to_str().unwrap()]);
    crate::check_refusal(&said, 5, "", file.to_str().unwrap());
}

#[test]
fn a_standard_output_that_is_full_is_an_error_of_storage() {
    let Ok(full) = std::fs::OpenOptions::new().write(true).open("/dev/full") else {
        return skipped("dev-full", "there is no /dev/full");
    };
    let output = Home::new().command(["rule"]).stdout(full).output().unwrap();
    let said = crate::common::program::said(&output);
    assert_eq!(said.code, 5);
    assert!(said.err.starts_with("error: cannot write to standard output"), "{}", said.err);
}

/// As an elder program wrote them, in place.
#[test]
fn a_report_that_is_not_whole_is_not_shown() {
    let home = Home::with_store(STORE);
    home.file("bad.vcf", crate::SOUND.replace("chr1\t20", "chr1\ttwenty"));
    assert_eq!(home.run(["import", "bad.vcf", "--store", STORE]).code, 1);
    let reports = home.files("reports");
    let path = |name: &str| home.path().join(reports.iter().find(|it| it.ends_with(name)).unwrap());
    let job = reports[0].split('/').nth(1).unwrap();
    let json = std::fs::read(path("report.json")).unwrap();
    home.json(&["job", "report", "--json", job]);
    for size in [0, json.len() / 2, json.len() - 1] {
        std::fs::write(path("report.json"), &json[..size]).unwrap();
        let said = home.run(["job", "report", "--json", job]);
        assert_eq!((said.code, said.out.as_str()), (5, ""), "{size}: {}", said.err);
        assert!(said.err.contains("not whole"), "{}", said.err);
    }
    home.done(["job", "report", job]);
    std::fs::remove_file(path("report.txt")).unwrap();
    let said = home.run(["job", "report", job]);
    assert_eq!(said.code, 5, "{}", said.err);
    std::fs::remove_file(path("report.json")).unwrap();
    let said = home.run(["job", "report", job]);
    assert!(said.err.contains("FAILED: it ended before it had a report"), "{}", said.err);
}

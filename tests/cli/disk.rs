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

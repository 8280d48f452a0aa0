//! Files that are compressed, and whether they are whole.

use std::fs;

use crate::common::bgzf::{END, block, file, gzip};
use crate::common::program::Home;

const TEXT: &str = "##fileformat=VCFv4.2
##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
1\t10\t.\tA\tC\t.\tPASS\tDP=1\t
1\t20\t.\tA\tC\t.\tPASS\tDP=1
";

fn mended() -> String {
    TEXT.replace("\t\n", "\n")
}

fn inflated(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut members = flate2::read::MultiGzDecoder::new(bytes);
    std::io::Read::read_to_string(&mut members, &mut text).unwrap();
    text
}

#[test]
fn what_is_compressed_becomes_bgzf_with_its_end() {
    let home = Home::new();
    for (name, bytes) in
        [("b.vcf.gz", file(TEXT.as_bytes(), 40)), ("g.vcf.gz", gzip(TEXT.as_bytes()))]
    {
        home.file(name, bytes);
        home.done(["fix", name, "-o", "out.vcf.gz", "--force"]);
        let out = fs::read(home.beside("out.vcf.gz")).unwrap();
        assert!(out.ends_with(&END), "{name}");
        assert_eq!(inflated(&out), mended(), "{name}");
        home.done(["fix", name, "-o", "out.vcf", "--force"]);
        assert_eq!(fs::read_to_string(home.beside("out.vcf")).unwrap(), mended(), "{name}");
        home.file(&format!("{name}.tbi"), "of the file as it was");
        home.done(["fix", "--in-place", name]);
        assert!(!home.beside(&format!("{name}.tbi")).exists());
        let out = fs::read(home.beside(name)).unwrap();
        assert!(out.ends_with(&END) && inflated(&out) == mended(), "{name}");
    }
}

#[test]
fn a_missing_end_of_file_block_is_added_behind_a_whole_line() {
    let home = Home::new();
    let whole = file(mended().as_bytes(), 40);
    home.file("a.vcf.gz", &whole[..whole.len() - END.len()]);
    let said = home.run(["check", "a.vcf.gz"]);
    assert_eq!(said.code, 3, "{}", said.err);
    let said = home.done(["fix", "a.vcf.gz", "-o", "b.vcf.gz"]);
    assert!(said.contains("end-of-file block of BGZF added"), "{said}");
    assert!(said.contains("warning: the end-of-file block was missing"), "{said}");
    assert_eq!(inflated(&fs::read(home.beside("b.vcf.gz")).unwrap()), mended());
    home.done(["check", "b.vcf.gz"]);
}

/// A file that was cut between two blocks, or two members, is not taken for a whole one.
#[test]
fn a_cut_file_is_refused_and_leaves_nothing() {
    let home = Home::new();
    let (text, end) = (TEXT.as_bytes(), TEXT.len() - 9);
    let members = [gzip(&text[..50]), gzip(&text[50..end])].concat();
    let blocks = [block(&text[..50]), block(&text[50..end])].concat();
    let within = file(text, 40);
    let within = within[..within.len() - END.len() - 3].to_vec();
    for (name, bytes, what) in [
        ("members.vcf.gz", members, "gzip of several members"),
        ("blocks.vcf.gz", blocks, "it was cut"),
        ("within.vcf.gz", within, "inside a block"),
    ] {
        home.file(name, bytes);
        let said = home.run(["fix", name, "-o", "out.vcf.gz", "--write-valid", "valid.vcf"]);
        assert_eq!(said.code, 3, "{name}: {}", said.err);
        assert!(said.err.contains(what) && said.err.contains("help: "), "{name}: {}", said.err);
        assert!(!home.beside("out.vcf.gz").exists() && !home.beside("valid.vcf").exists());
        let left = fs::read_dir(home.beside(".")).unwrap();
        assert!(
            left.map(|it| it.unwrap().file_name()).all(|it| !it.to_str().unwrap().starts_with('.'))
        );
    }
    let told = ["fix", "members.vcf.gz", "-o", "out.vcf", "--allow-missing-newline"];
    assert_eq!(home.run(told).code, 1);
    let text = fs::read_to_string(home.beside("out.vcf")).unwrap();
    assert_eq!(text, TEXT[..end].replace("\t\n", "\n") + "\n");
}

//! The files that campaigns import, all of them small.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::common::program::Home;
use crate::common::random::Random;

/// The rows that each file gives, by its name.
pub const ROWS: [(&str, i64); 8] = [
    ("a.vcf", 1000),
    ("b.vcf", 1000),
    ("unsorted.vcf", 1000),
    ("bad.vcf", 1000),
    ("indels.vcf", 200),
    ("larger.vcf", 20_000),
    ("scores.tsv", 3000),
    ("genes.gff3", 1000),
];

/// The options of the TSV store.
pub const SCORES: &str = r#"{"tsvStoreOptions": {"annotationType": "CHR_POS",
    "formatToHeader": {"CHR": "chrom", "POS": "pos"},
    "schema": [{"chrom": "STRING"}, {"pos": "INT"}, {"score": "DOUBLE"}]}}"#;

/// The ARN of the stores' reference.
pub const ARN: &str = "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1";

const CONTIG: usize = 20_000;

/// Writes the files beside a home.
pub fn write(home: &Home, seed: u64) {
    let mut random = Random::seeded(seed);
    let bases: Vec<u8> = (0..CONTIG).map(|_| b"ACGT"[random.below(4)]).collect();
    home.file("reference.fa", fasta(&bases));
    home.file("a.vcf", vcf(1000, |at| at));
    home.file("b.vcf", vcf(1000, |at| at + 500));
    home.file("unsorted.vcf", vcf(1000, |at| at * 7919 % 10_007));
    home.file("bad.vcf", vcf(1000, |at| at) + "chr1\tx\t.\tA\tC\t.\t.\t.\n");
    home.file("larger.vcf", vcf(20_000, |at| at));
    home.file("indels.vcf", indels(&bases));
    let rows = |line: fn(u64) -> String, count| (1..=count).map(line).collect::<String>();
    let header = "chrom\tpos\tscore\n".to_owned();
    home.file("scores.tsv", header + &rows(|at| format!("chr1\t{at}\t0.{at}\n"), 3000));
    let gene = |at| format!("chr1\tx\tgene\t{at}\t{}\t.\t+\t.\tID=g{at}\n", at + 9);
    home.file("genes.gff3", "##gff-version 3\n".to_owned() + &rows(gene, 1000));
}

/// The path of one of the files.
pub fn path(home: &Home, name: &str) -> String {
    let path: PathBuf = home.beside(name);
    path.to_str().unwrap().to_owned()
}

fn head() -> String {
    "##fileformat=VCFv4.2\n##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        .to_owned()
}

/// A file of so many records, whose positions a function gives.
pub fn vcf(count: u64, position: fn(u64) -> u64) -> String {
    let mut text = head();
    for at in 1..=count {
        writeln!(text, "chr1\t{}\tr{at}\tA\tC\t.\tPASS\tAC={at}", position(at)).unwrap();
    }
    text
}

fn fasta(bases: &[u8]) -> Vec<u8> {
    let mut text = b">chr1\n".to_vec();
    for line in bases.chunks(60) {
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    text
}

/// Deletions of a base, which normalization may shift.
fn indels(bases: &[u8]) -> String {
    let mut text = head();
    for at in 1..=200 {
        let start = at * 90;
        let reference = std::str::from_utf8(&bases[start..start + 2]).unwrap();
        let (position, first) = (start + 1, &reference[..1]);
        writeln!(text, "chr1\t{position}\t.\t{reference}\t{first}\t.\t.\tAC=1").unwrap();
    }
    text
}

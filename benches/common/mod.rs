//! What the benches share: an input in the manner of gnomAD, made here, the same on every machine;
//! and a short way to run.

// Each bench uses a part of it. clippy.toml allows unwrapping in tests only.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

#[cfg(feature = "store")]
pub mod store;
pub mod tsv;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use criterion::Criterion;
use tempfile::TempDir;

/// Records of the input: enough that every thread gets several chunks.
pub const RECORDS: usize = 20_000;
/// Threads of every bench, so that figures of machines with more can be compared.
pub const THREADS: usize = 2;
/// Contigs, each with its share of the records.
const CONTIGS: [&str; 3] = ["chr20", "chr21", "chr22"];
/// A reference allele with two alternate ones.
const ALLELES: [(&str, [&str; 2]); 6] = [
    ("A", ["T", "G"]),
    ("C", ["A", "G"]),
    ("G", ["C", "A"]),
    ("T", ["G", "A"]),
    ("ACT", ["A", "ACTCT"]),
    ("GA", ["G", "GAA"]),
];
/// Ancestry groups.
const GROUPS: [&str; 5] = ["afr", "amr", "eas", "nfe", "sas"];

/// Runs the benches of one file: few samples, since one takes a good part of a second.
pub fn run(benches: impl FnOnce(&mut Criterion)) {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    benches(&mut criterion);
    criterion.final_summary();
}

/// A pipe as the program makes it.
pub fn pipe() -> Pipe {
    Pipe::new(Some(THREADS), DEFAULT_CHUNK_BYTES).unwrap()
}

/// A VCF file of the user's own, of any size and compression, and its bytes: `ANNOSTORE_BENCH_VCF`
/// names it. The stages run on it too, beside the input that is made here.
pub fn own_vcf() -> Option<(String, u64)> {
    let path = std::env::var("ANNOSTORE_BENCH_VCF").ok()?;
    let bytes = std::fs::metadata(&path).unwrap_or_else(|error| panic!("{path}: {error}")).len();
    Some((path, bytes))
}

/// The inputs as files: plain, gzip, and BGZF.
pub struct Files {
    folder: TempDir,
    /// Bytes of the text of the VCF files.
    pub bytes: u64,
    /// Bytes of the text of the TSV files.
    pub tsv_bytes: u64,
}

impl Files {
    /// Writes the files.
    pub fn new() -> Self {
        let text = vcf(RECORDS);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plain.vcf"), &text).unwrap();
        std::fs::write(folder.path().join("gzip.vcf.gz"), gzip(text.as_bytes())).unwrap();
        std::fs::write(folder.path().join("bgzf.vcf.gz"), bgzf(text.as_bytes())).unwrap();
        let scores = tsv::scores(tsv::ROWS);
        std::fs::write(folder.path().join("plain.tsv"), &scores).unwrap();
        std::fs::write(folder.path().join("bgzf.tsv.gz"), bgzf(scores.as_bytes())).unwrap();
        Self { folder, bytes: text.len() as u64, tsv_bytes: scores.len() as u64 }
    }

    /// A path below their folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The path of a file, as the program takes it.
    pub fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A VCF file without samples and with 38 INFO keys: 22 with a value for each allele, 3 flags.
pub fn vcf(records: usize) -> String {
    let mut text = header();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let share = records.div_ceil(CONTIGS.len());
    let mut position = 0;
    for record in 0..records {
        if record % share == 0 {
            position = 60_000;
        }
        position += 1 + random.below(60);
        write_record(&mut text, &mut random, CONTIGS[record / share], position);
    }
    text
}

fn header() -> String {
    let mut text = String::from(
        "##fileformat=VCFv4.2\n\
         ##FILTER=<ID=AC0,Description=\"Allele count is zero\">\n\
         ##FILTER=<ID=AS_VQSR,Description=\"Failed VQSR\">\n",
    );
    for contig in CONTIGS {
        writeln!(text, "##contig=<ID={contig},length=64444167>").unwrap();
    }
    let mut define = |key: &str, number: &str, kind: &str| {
        let line = format!("##INFO=<ID={key},Number={number},Type={kind},Description=\"{key}\">");
        writeln!(text, "{line}").unwrap();
    };
    define("AN", "1", "Integer");
    for key in ["AC", "nhomalt", "AC_XX"] {
        define(key, "A", "Integer");
    }
    for group in GROUPS {
        define(&format!("AC_{group}"), "A", "Integer");
        define(&format!("AF_{group}"), "A", "Float");
    }
    for key in ["AF", "AF_XX", "AF_grpmax", "faf95", "AS_VQSLOD", "inbreeding_coeff"] {
        define(key, "A", "Float");
    }
    for key in ["grpmax", "allele_type", "age_hist_het_bin_freq"] {
        define(key, "A", "String");
    }
    for key in ["FS", "MQ", "MQRankSum", "QD", "ReadPosRankSum", "SOR", "cadd_phred", "revel_max"] {
        define(key, "1", "Float");
    }
    for key in ["VarDP", "n_alt_alleles"] {
        define(key, "1", "Integer");
    }
    for key in ["lcr", "segdup", "was_mixed"] {
        define(key, "0", "Flag");
    }
    define("spliceai_ds_max", "1", "Float");
    define("variant_type", "1", "String");
    text.push_str("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n");
    text
}

fn write_record(text: &mut String, random: &mut Random, contig: &str, position: u32) {
    let alleles = if random.one_in(12) { 2 } else { 1 };
    let (reference, alternates) = ALLELES[random.below(6) as usize];
    let alternate = alternates[..alleles].join(",");
    let id = if random.one_in(4) { ".".to_owned() } else { format!("rs{}", random.next() >> 34) };
    let quality = if random.one_in(3) {
        ".".to_owned()
    } else {
        format!("{}.{:02}", random.below(30_000), random.below(100))
    };
    let filter = ["PASS", "PASS", "PASS", "PASS", "AS_VQSR", "AC0;AS_VQSR"];
    let filter = filter[random.below(6) as usize];
    write!(text, "{contig}\t{position}\t{id}\t{reference}\t{alternate}\t{quality}\t{filter}\t")
        .unwrap();
    write_info(text, random, alleles);
}

fn write_info(text: &mut String, random: &mut Random, alleles: usize) {
    let total = 152_312 - 2 * random.below(2000);
    let count = |random: &mut Random| (random.below(140_000) >> random.below(17)).to_string();
    let frequency = |random: &mut Random| format!("{:.5e}", random.unit() * random.unit());
    write!(text, "AC={};AN={total};", each(random, alleles, count)).unwrap();
    for key in ["AF", "AF_XX"] {
        write!(text, "{key}={};", each(random, alleles, frequency)).unwrap();
    }
    for key in ["nhomalt", "AC_XX"] {
        write!(text, "{key}={};", each(random, alleles, count)).unwrap();
    }
    for group in GROUPS {
        write!(text, "AC_{group}={};", each(random, alleles, count)).unwrap();
        write!(text, "AF_{group}={};", each(random, alleles, frequency)).unwrap();
    }
    if !random.one_in(2) {
        let group = |random: &mut Random| GROUPS[random.below(5) as usize].to_owned();
        // A missing element within a list.
        let maybe = |random: &mut Random| {
            if random.one_in(9) { ".".to_owned() } else { frequency(random) }
        };
        write!(text, "grpmax={};", each(random, alleles, group)).unwrap();
        write!(text, "AF_grpmax={};", each(random, alleles, maybe)).unwrap();
        write!(text, "faf95={};", each(random, alleles, maybe)).unwrap();
    }
    for key in ["FS", "MQ", "MQRankSum", "QD", "ReadPosRankSum", "SOR"] {
        write!(text, "{key}={:.4};", random.unit() * 60.0 - 3.0).unwrap();
    }
    write!(text, "VarDP={};", random.below(400_000)).unwrap();
    let signed = |random: &mut Random| format!("{:.4}", random.unit() * 20.0 - 10.0);
    for key in ["AS_VQSLOD", "inbreeding_coeff"] {
        write!(text, "{key}={};", each(random, alleles, signed)).unwrap();
    }
    for (key, rarity) in [("lcr", 10), ("segdup", 17), ("was_mixed", 251)] {
        if random.one_in(rarity) {
            write!(text, "{key};").unwrap();
        }
    }
    let kind = |random: &mut Random| ["snv", "del", "ins"][random.below(3) as usize].to_owned();
    write!(text, "allele_type={};", each(random, alleles, kind)).unwrap();
    write!(text, "n_alt_alleles={alleles};variant_type=snv;").unwrap();
    write!(text, "age_hist_het_bin_freq={}", each(random, alleles, histogram)).unwrap();
    for key in ["cadd_phred", "spliceai_ds_max", "revel_max"] {
        write!(text, ";{key}={:.2}", random.unit() * 30.0).unwrap();
    }
    text.push('\n');
}

/// A value for each allele.
fn each(random: &mut Random, alleles: usize, value: impl Fn(&mut Random) -> String) -> String {
    (0..alleles).map(|_| value(random)).collect::<Vec<_>>().join(",")
}

fn histogram(random: &mut Random) -> String {
    (0..10).map(|_| (random.below(64) >> random.below(7)).to_string()).collect::<Vec<_>>().join("|")
}

/// Numbers that are the same on every machine (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u32) -> u32 {
        u32::try_from((self.next() >> 33) % u64::from(limit)).unwrap()
    }

    fn one_in(&mut self, count: u32) -> bool {
        self.below(count) == 0
    }

    /// From 0 to 1.
    fn unit(&mut self) -> f64 {
        f64::from(self.below(1 << 30)) / f64::from(1 << 30)
    }
}

/// One gzip member.
pub fn gzip(text: &[u8]) -> Vec<u8> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut bytes = vec![0; compressor.gzip_compress_bound(text.len())];
    let length = compressor.gzip_compress(text, &mut bytes).unwrap();
    bytes.truncate(length);
    bytes
}

/// Blocks as bgzip makes them, with the one that ends the file.
pub fn bgzf(text: &[u8]) -> Vec<u8> {
    const END: &[u8] = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0\x1b\0\x03\0\0\0\0\0\0\0\0\0";
    let mut bytes: Vec<u8> = text.chunks(65_280).flat_map(bgzf_block).collect();
    bytes.extend(END);
    bytes
}

/// A gzip member whose extra field says how long it is.
fn bgzf_block(part: &[u8]) -> Vec<u8> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut deflated = vec![0; compressor.deflate_compress_bound(part.len())];
    let length = compressor.deflate_compress(part, &mut deflated).unwrap();
    let whole = u16::try_from(18 + length + 8 - 1).unwrap();
    let mut crc = libdeflater::Crc::new();
    crc.update(part);
    let mut block = vec![0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, b'B', b'C', 2, 0];
    block.extend(whole.to_le_bytes());
    block.extend(&deflated[..length]);
    block.extend(crc.sum().to_le_bytes());
    block.extend(u32::try_from(part.len()).unwrap().to_le_bytes());
    block
}

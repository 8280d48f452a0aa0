//! The annotations of VEP and SnpEff: what the header says of their fields, and values of them.
#![no_main]

use std::fmt::Write;

use annostore::check::{CheckOptions, check};
use annostore::read::vcf::VcfReading;
use annostore_fuzz::read_in_all_ways;
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Annotated<'a> {
    /// The key, counted around.
    key: u8,
    description: &'a str,
    values: Vec<&'a str>,
}

const KEYS: [&str; 6] = ["CSQ", "ANN", "EFF", "vep", "BCSQ", "LOF"];

fuzz_target!(|file: Annotated| {
    let key = KEYS[usize::from(file.key) % KEYS.len()];
    let mut text = format!(
        "##fileformat=VCFv4.2\n##INFO=<ID={key},Number=.,Type=String,Description=\"{}\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n",
        file.description
    );
    for (at, value) in file.values.iter().enumerate() {
        let _ = writeln!(text, "1\t{}\t.\tA\tC\t.\t.\t{key}={value}", at + 1);
    }
    let reading = VcfReading::default();
    let options = CheckOptions { max_findings: 5, ..CheckOptions::default() };
    let check = |path: &str, pipe: &_| check(path, pipe, &reading, &options);
    read_in_all_ways(text.as_bytes(), "input.vcf", check);
});

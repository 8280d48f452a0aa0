//! A VCF file.
#![no_main]

use annostore::check::{CheckOptions, check};
use annostore::read::vcf::VcfReading;
use annostore_fuzz::read_in_all_ways;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let reading = VcfReading::default();
    let options = CheckOptions { max_findings: 5, ..CheckOptions::default() };
    read_in_all_ways(file, "input.vcf", |path, pipe| check(path, pipe, &reading, &options));
});

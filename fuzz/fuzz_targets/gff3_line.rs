//! The lines of a GFF3 file.
#![no_main]

use annostore::check::{CheckOptions, check};
use annostore::read::gff::GffReading;
use annostore_fuzz::read_in_all_ways;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|lines: &[u8]| {
    let file = [b"##gff-version 3\n", lines].concat();
    let options = CheckOptions { max_findings: 5, ..CheckOptions::default() };
    read_in_all_ways(&file, "input.gff3", |path, pipe| check(path, pipe, &GffReading, &options));
});

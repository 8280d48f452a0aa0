//! The lines of a GFF3 file.
#![no_main]

use annostore::check::check_gff;
use annostore_fuzz::read_in_all_ways;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|lines: &[u8]| {
    let file = [b"##gff-version 3\n", lines].concat();
    read_in_all_ways(&file, "input.gff3", |path, pipe| check_gff(path, pipe, 5));
});

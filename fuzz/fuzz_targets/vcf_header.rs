//! A VCF file.
#![no_main]

use annostore::check::{CheckOptions, check_vcf};
use annostore::model::{AnnotationFields, VcfOptions};
use annostore_fuzz::read_in_all_ways;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let options = CheckOptions {
        vcf: VcfOptions::default(),
        annotations: AnnotationFields::default(),
        max_findings: 5,
    };
    read_in_all_ways(file, "input.vcf", |path, pipe| check_vcf(path, pipe, &options));
});

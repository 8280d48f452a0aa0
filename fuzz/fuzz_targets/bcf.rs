//! A BCF file: its records behind a header that declares each kind of field, or all of it.
#![no_main]

use annostore::check::{CheckOptions, check};
use annostore::read::vcf::VcfReading;
use annostore_fuzz::read_in_all_ways;
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

const HEADER: &[u8] = b"##fileformat=VCFv4.4
##FILTER=<ID=q10,Description=\"q\">
##contig=<ID=1,length=100>
##INFO=<ID=END,Number=1,Type=Integer,Description=\"e\">
##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">
##INFO=<ID=DB,Number=0,Type=Flag,Description=\"b\">
##INFO=<ID=TX,Number=.,Type=String,Description=\"t\">
##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"a\">
##FORMAT=<ID=FT,Number=1,Type=String,Description=\"f\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts1\ts2
";

#[derive(Arbitrary, Debug)]
enum File<'a> {
    /// Bytes behind the lengths of each record.
    Records(Vec<(&'a [u8], &'a [u8])>),
    /// What follows the magic.
    Whole(&'a [u8]),
}

impl File<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"BCF\x02".to_vec();
        let length = |it: &[u8]| u32::try_from(it.len()).unwrap_or_default().to_le_bytes();
        match self {
            Self::Whole(rest) => bytes.extend_from_slice(rest),
            Self::Records(records) => {
                bytes.push(2);
                bytes.extend(length(HEADER));
                bytes.extend_from_slice(HEADER);
                for (shared, individual) in records {
                    bytes.extend(length(shared));
                    bytes.extend(length(individual));
                    bytes.extend_from_slice(shared);
                    bytes.extend_from_slice(individual);
                }
            }
        }
        bytes
    }
}

fuzz_target!(|file: File| {
    let reading = VcfReading::default();
    let options = CheckOptions { max_findings: 5, ..CheckOptions::default() };
    read_in_all_ways(&file.bytes(), "input.bcf", |path, pipe| {
        check(path, pipe, &reading, &options)
    });
});

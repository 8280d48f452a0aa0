//! The records of a VCF file whose header declares each kind of field.
#![no_main]

use annostore::check::{CheckOptions, check};
use annostore::read::vcf::VcfReading;
use annostore_fuzz::read_in_all_ways;
use libfuzzer_sys::fuzz_target;

const HEADER: &[u8] = b"##fileformat=VCFv4.4
##FILTER=<ID=q10,Description=\"q\">
##ALT=<ID=DEL,Description=\"d\">
##contig=<ID=1,length=100>
##INFO=<ID=END,Number=1,Type=Integer,Description=\"e\">
##INFO=<ID=SVLEN,Number=A,Type=Integer,Description=\"l\">
##INFO=<ID=AC,Number=A,Type=Integer,Description=\"c\">
##INFO=<ID=AF,Number=A,Type=Float,Description=\"f\">
##INFO=<ID=RD,Number=R,Type=Integer,Description=\"d\">
##INFO=<ID=GP,Number=G,Type=Float,Description=\"g\">
##INFO=<ID=DB,Number=0,Type=Flag,Description=\"b\">
##INFO=<ID=T2,Number=2,Type=String,Description=\"t\">
##INFO=<ID=TX,Number=.,Type=String,Description=\"t\">
##INFO=<ID=CH,Number=1,Type=Character,Description=\"c\">
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Consequence annotations from Ensembl VEP. \
Format: Allele|Consequence|IMPACT|Extra\">
##INFO=<ID=ANN,Number=.,Type=String,Description=\"Functional annotations: 'Allele | Annotation | \
Annotation_Impact'\">
##FORMAT=<ID=GT,Number=1,Type=String,Description=\"g\">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description=\"q\">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"a\">
##FORMAT=<ID=PL,Number=G,Type=Integer,Description=\"p\">
##FORMAT=<ID=FT,Number=1,Type=String,Description=\"f\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts1\ts2
";

fuzz_target!(|records: &[u8]| {
    let reading = VcfReading::default();
    let options = CheckOptions { max_findings: 5, ..CheckOptions::default() };
    let file = [HEADER, records].concat();
    read_in_all_ways(&file, "input.vcf", |path, pipe| check(path, pipe, &reading, &options));
});

//! Order, contig blocks and duplicates are judged over the whole file, however it is cut into
//! chunks and shared among threads.

// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use annostore::check::{CheckOptions, check};
use annostore::read::Pipe;
use annostore::read::vcf::VcfReading;

const HEADER: &str = "##fileformat=VCFv4.3\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// The findings about `contig position REF ALT` records, as `line CODE message`, which are the same
/// in every way to read them.
#[track_caller]
fn found(records: &str, max_findings: usize) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.vcf");
    let mut text = HEADER.to_owned();
    for record in records.lines() {
        let fields: Vec<&str> = record.split(' ').collect();
        let [contig, position, reference, alternates] = fields[..] else { panic!("{record}") };
        writeln!(text, "{contig}\t{position}\t.\t{reference}\t{alternates}\t.\t.\t.").unwrap();
    }
    std::fs::write(&path, text).unwrap();
    let mut all = Vec::new();
    for (threads, chunk_bytes) in [(1, 1 << 20), (1, 1), (2, 1), (3, 40), (2, 100)] {
        let pipe = Pipe::new(Some(threads), chunk_bytes).unwrap();
        let options = CheckOptions { max_findings, ..CheckOptions::default() };
        let path = path.to_str().unwrap();
        let report = check(path, &pipe, &VcfReading::default(), &options).unwrap();
        let kept = report.findings.kept().iter();
        let findings: Vec<String> =
            kept.map(|it| format!("{} {} {}", it.at.line, it.rule.code, it.message)).collect();
        all.push((findings, report.findings.total()));
    }
    assert!(all.iter().all(|it| *it == all[0]), "{all:#?}");
    all.remove(0).0
}

#[test]
fn sorted_records_have_no_finding() {
    assert!(found("1 5 A C\n1 5 A G\n1 9 A C\n2 1 A C\n10 1 A C", 100).is_empty());
}

#[test]
fn a_record_below_a_later_one_is_out_of_order() {
    assert_eq!(
        found("1 5 A C\n1 9 A C\n1 7 A C\n1 8 A C\n2 1 A C", 100),
        ["5 VCF180 POS 7 comes after 9"]
    );
}

#[test]
fn the_records_of_a_contig_stand_together() {
    assert_eq!(
        found("1 5 A C\n2 5 A C\n1 6 A C\n1 7 A C\n2 6 A C", 100),
        [
            "5 VCF181 other records of contig `1` stand further up, above another contig",
            "7 VCF181 other records of contig `2` stand further up, above another contig",
        ]
    );
}

#[test]
fn a_variant_is_the_same_however_it_is_written() {
    assert_eq!(
        found(
            "1 127 TTTAT TTTGT,T\n1 128 A C\n1 130 a g\n1 130 A <DEL>\n1 130 A <DEL>\n2 130 A G",
            100
        ),
        ["5 VCF182 the same variant stands in line 3 already"]
    );
    assert_eq!(
        found("1 5 A C\n1 5 A C\n1 5 A C", 100),
        [
            "4 VCF182 the same variant stands in line 3 already",
            "5 VCF182 the same variant stands in line 3 already",
        ]
    );
}

#[test]
fn the_first_findings_are_kept_however_many_there_are() {
    let records = "1 9 A C\n1 8 A C\n1 8 A X\n1 7 A C\n1 7 A C\n".repeat(20);
    let all = found(records.trim_end(), usize::MAX);
    let rule = |it: &str| it.split(' ').nth(1).unwrap().to_owned();
    for limit in [0, 1, 2, 3, 7, 30] {
        let mut expected: Vec<&String> = Vec::new();
        for (at, finding) in all.iter().enumerate() {
            let of_rule = all[..at].iter().filter(|it| rule(it) == rule(finding)).count();
            if expected.len() < limit || of_rule < limit.min(20) {
                expected.push(finding);
            }
        }
        assert_eq!(found(records.trim_end(), limit).iter().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn thousands_of_records_at_one_position_end_in_time() {
    let mut records = String::new();
    for index in 0..20_000_u32 {
        let bases: String =
            (0..9).map(|it| ["A", "C", "G", "T"][(index >> (2 * it)) as usize % 4]).collect();
        writeln!(records, "1 5 A T{bases}").unwrap();
    }
    assert!(found(&records, 10).is_empty());
}

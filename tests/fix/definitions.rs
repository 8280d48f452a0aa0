//! Definitions that a header of VCF lacks.

use annostore::fix::FixReading;
use annostore::read::vcf::VcfReading;

use crate::mend;

/// The definitions that are added for records of a version, below some lines of a header.
fn added(version: &str, header: &str, records: &[&str]) -> Vec<String> {
    let has_samples = records[0].split('\t').count() > 8;
    let columns = if has_samples { "\tFORMAT\ts" } else { "" };
    let file = format!(
        "##fileformat=VCFv{version}\n{header}\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO{columns}\n\
         {}\n",
        records.join("\n")
    );
    let mended = mend(file.as_bytes(), "a.vcf", &FixReading::Vcf(VcfReading::default())).unwrap();
    let text = String::from_utf8(mended.bytes).unwrap();
    let is_new = |it: &&str| it.contains("(added by annostore fix)");
    let shown = |it: &str| it.split(",Description").next().unwrap().to_owned();
    let lines: Vec<String> = text.lines().filter(is_new).map(shown).collect();
    let without: Vec<&str> = text.lines().filter(|it| !is_new(it)).collect();
    assert_eq!(without, file.lines().collect::<Vec<_>>());
    lines
}

fn info(entries: &[&str]) -> Vec<String> {
    let records: Vec<String> =
        entries.iter().map(|it| format!("1\t10\t.\tA\tC,G\t.\t.\t{it}")).collect();
    added("4.2", "", &records.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn reserved_keys_are_defined_as_the_specification_does() {
    assert_eq!(
        info(&["AN=5;AF=0.1,0.2;DB;MQ=50.1", "AN=.;SVTYPE=DEL"]),
        [
            "##INFO=<ID=AN,Number=1,Type=Integer",
            "##INFO=<ID=AF,Number=A,Type=Float",
            "##INFO=<ID=DB,Number=0,Type=Flag",
            "##INFO=<ID=MQ,Number=1,Type=Float",
            "##INFO=<ID=SVTYPE,Number=1,Type=String",
        ]
    );
}

#[test]
fn other_keys_are_text_or_flags() {
    assert_eq!(
        info(&["XX=5;YY", "XX=a,b;YY"]),
        ["##INFO=<ID=XX,Number=.,Type=String", "##INFO=<ID=YY,Number=0,Type=Flag"]
    );
}

/// Neither definition would keep what the file says.
#[test]
fn a_key_of_which_it_is_not_known_what_it_is_stays_as_it_is() {
    for entries in [
        &["AN=x"][..],
        &["AN=5,6"],
        &["AF=0.1"],
        &["DB=1"],
        &["XX=1", "XX"],
        &["XX="],
        &["a b=1"],
        &["x/y=1"],
        &["é=1"],
        &["=1"],
    ] {
        assert_eq!(info(entries), [""; 0], "{entries:?}");
    }
}

#[test]
fn keys_of_lines_that_cannot_be_stored_are_not_looked_at() {
    let records = ["1\tx\t.\tA\tC\t.\t.\tXX=1", "1\t10\t.\tA\tC\t.\t.\tDP=1"];
    let dp = "##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">\n";
    assert_eq!(added("4.2", dp, &records), [""; 0]);
}

#[test]
fn filters_are_defined_where_others_are() {
    let records = ["1\t10\t.\tA\tC\t.\tq10;s50\t.", "1\t11\t.\tA\tC\t.\tPASS\t."];
    assert_eq!(added("4.2", "", &records), [""; 0]);
    let q10 = "##FILTER=<ID=q10,Description=\"Low\">\n";
    assert_eq!(added("4.2", q10, &records), ["##FILTER=<ID=s50"]);
}

fn format(version: &str, header: &str, format: &str, sample: &str) -> Vec<String> {
    added(version, header, &[&format!("1\t10\t.\tA\tC\t.\t.\t.\t{format}\t{sample}")])
}

#[test]
fn keys_of_samples_are_defined_where_a_sample_has_a_value() {
    assert_eq!(
        format("4.2", "", "GT:DP:XX:AN", "0/1:5:a:."),
        [
            "##FORMAT=<ID=GT,Number=1,Type=String",
            "##FORMAT=<ID=DP,Number=1,Type=Integer",
            "##FORMAT=<ID=XX,Number=.,Type=String",
        ]
    );
    // AD is reserved since VCF 4.3.
    assert_eq!(format("4.2", "", "AD", "5,6"), ["##FORMAT=<ID=AD,Number=.,Type=String"]);
    assert_eq!(format("4.3", "", "AD", "5,6"), ["##FORMAT=<ID=AD,Number=R,Type=Integer"]);
    assert_eq!(format("4.2", "", "DP", "5,6"), [""; 0]);
    assert_eq!(format("4.2", "", "DP", "x"), [""; 0]);
    // The service has a column for it under every version.
    assert_eq!(format("4.2", "", "AD", "DEL"), [""; 0]);
}

#[test]
fn what_check_judges_is_evidence() {
    assert_eq!(info(&["END=."]), [""; 0]);
    assert_eq!(info(&["AN=."]), ["##INFO=<ID=AN,Number=1,Type=Integer"]);
    let records = ["1\t-1\t.\tA\tC\t.\t.\tAN=abc", "1\t5\t.\tA\tC\t.\t.\tAN=5"];
    assert_eq!(added("4.2", "", &records), [""; 0]);
    assert_eq!(added("4.2", "", &records[1..]), ["##INFO=<ID=AN,Number=1,Type=Integer"]);
}

/// With a definition the service would fail the job, which now loses the value alone.
#[test]
fn no_definition_makes_a_file_worse() {
    let gt = "##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">\n";
    assert_eq!(
        format("4.2", gt, "GT:calls:XX", "0/1:5:6"),
        ["##FORMAT=<ID=XX,Number=.,Type=String"]
    );
    assert_eq!(format("4.2", gt, "GT:a.b", "0/1:5"), [""; 0]);
    let xx = "##FORMAT=<ID=XX,Number=1,Type=Integer,Description=\"Depth\">\n";
    assert_eq!(format("4.2", xx, "XX:xx", "5:6"), [""; 0]);
}

//! VCF files that somebody's tools damaged: what is read all the same, and what is refused.

use crate::common::bgzf;
use crate::common::program::Home;
use crate::{SOUND, STORE};

const SAMPLES: &str = "##fileformat=VCFv4.2
##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">
##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tzoe\tadam
chr1\t10\t.\tA\tC\t.\tPASS\tDP=1\tGT\t0/0\t1/1
";

/// The rules that `check` finds broken.
fn codes(home: &Home, file: &str) -> Vec<String> {
    let said = home.run(["check", file, "--output", "json"]);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let rules = report["files"][0]["rules"].as_array().unwrap();
    let mut codes: Vec<String> =
        rules.iter().map(|it| it["rule"].as_str().unwrap().to_owned()).collect();
    codes.sort();
    codes
}

fn rows(home: &Home, sql: &str) -> String {
    let text = home.done(["query", sql, "--format", "tsv"]);
    text.lines().skip(1).collect::<Vec<_>>().join("; ").replace('\t', " ")
}

/// The file is read as the sound one is, and one rule says what is wrong with it.
#[track_caller]
fn read_all_the_same(content: impl AsRef<[u8]>, code: &str) {
    let home = Home::with_store(STORE);
    home.file("damaged.vcf", content);
    let found = codes(&home, "damaged.vcf");
    assert_eq!(found.join(" "), code);
    home.done(["import", "-q", "damaged.vcf", "--store", STORE]);
    assert_eq!(rows(&home, "SELECT start, names[1], info.dp FROM variants"), "9 a 1; 19 b 2");
}

#[test]
fn marks_and_line_ends_of_other_systems_are_read() {
    read_all_the_same(format!("\u{FEFF}{SOUND}"), "VCF281");
    read_all_the_same(SOUND.replace('\n', "\r"), "VCF282");
    let home = Home::with_store(STORE);
    home.file("file.vcf", format!("\u{FEFF}{}", SOUND.replace('\n', "\r")));
    assert_eq!(codes(&home, "file.vcf"), ["VCF281", "VCF282"]);
}

#[test]
fn tabs_at_the_end_of_records_are_no_fields() {
    read_all_the_same(SOUND.replace("DP=1\n", "DP=1\t\n"), "VCF283");
    read_all_the_same(SOUND.replace("DP=2\n", "DP=2\t\t\r\n"), "VCF283");
    let home = Home::with_store(STORE);
    home.file("file.vcf", SAMPLES.replace("1/1\n", "1/1\t\n").replace("adam\n", "adam\t\n"));
    assert_eq!(codes(&home, "file.vcf"), ["VCF041", "VCF284", "VCF301"]);
    home.done(["import", "-q", "file.vcf", "--store", STORE]);
    let sql = "SELECT sampleid, calls FROM variants ORDER BY sampleid";
    assert_eq!(rows(&home, sql), "adam [1,1]; zoe [0,0]");
}

#[test]
fn genotypes_never_come_under_the_name_of_another_sample() {
    let again = |samples: &str, position: &str| {
        SAMPLES.replace("zoe\tadam", samples).replace("chr1\t10", &format!("chr1\t{position}"))
    };
    for (samples, what) in [
        ("adam\tzoe", "sample 1 is `adam` here, but `zoe` in the header"),
        ("zoe", "the samples are 1 here, but 2 in the header"),
        ("zoe\teve", "sample 2 is `eve` here, but `adam` in the header"),
    ] {
        let joined = format!("{SAMPLES}{}{}", again(samples, "20"), again("zoe\tadam", "30"));
        for content in [joined.clone().into_bytes(), joined.replace('\n', "\r\n").into_bytes()] {
            let home = Home::with_store(STORE);
            home.file("joined.vcf", content);
            let refused = home.run(["import", "joined.vcf", "--store", STORE]);
            assert!(refused.code == 1 && refused.out.contains(what), "{}", refused.out);
            assert!(refused.out.contains("`bcftools concat`"), "{}", refused.out);
            let said =
                home.run(["import", "-q", "joined.vcf", "--store", STORE, "--on-error", "skip"]);
            assert_eq!(said.code, 1, "{}", said.err);
            // What stands below the samples of the first header again is sound.
            let sql = "SELECT start, sampleid, calls FROM variants ORDER BY start, sampleid DESC";
            let expected = "9 zoe [0,0]; 9 adam [1,1]; 29 zoe [0,0]; 29 adam [1,1]";
            assert_eq!(rows(&home, sql), expected, "{samples}");
        }
    }
}

#[test]
fn files_of_the_same_samples_may_be_joined_however_they_are_compressed() {
    let second = SAMPLES.replace("chr1\t10", "chr1\t20");
    let (a, b) = (SAMPLES.as_bytes(), second.as_bytes());
    for content in [
        [a, b].concat(),
        [bgzf::gzip(a), bgzf::gzip(b)].concat(),
        [bgzf::file(a, 50), bgzf::file(b, 50)].concat(),
        [bgzf::gzip(a), bgzf::file(b, 50)].concat(),
    ] {
        let home = Home::with_store(STORE);
        home.file("joined.vcf.gz", content);
        home.done(["import", "-q", "joined.vcf.gz", "--store", STORE]);
        assert_eq!(rows(&home, "SELECT count(*), max(start) FROM variants"), "4 19");
    }
}

#[test]
fn keys_that_differ_in_case_are_told_with_their_fields() {
    let home = Home::with_store(STORE);
    home.file("one.vcf", SOUND);
    home.file("two.vcf", SOUND.replace("ID=DP", "ID=dp").replace("DP=", "dp="));
    home.done(["import", "one.vcf", "--store", STORE]);
    let said = home.run(["import", "two.vcf", "--store", STORE]);
    let told = "`info.dp` holds DP, `info.dp_2` holds dp";
    assert!(said.code == 0 && said.err.contains(told), "{}", said.err);
    assert!(home.done(["version", "get", STORE, STORE]).contains(told));
    let both = "##INFO=<ID=Dp,Number=1,Type=Integer,Description=\"Depth\">\n#CHROM";
    home.file("both.vcf", SOUND.replace("#CHROM", both));
    let said = home.run(["check", "both.vcf"]);
    assert!(said.out.contains("`info.dp` holds DP, `info.dp_2` holds Dp"), "{}", said.out);
}

#[test]
fn a_sample_without_a_name_and_a_position_that_is_too_large_are_named() {
    let home = Home::with_store(STORE);
    home.file(
        "file.vcf",
        SAMPLES.replace("\tzoe\t", "\t\t").replace("chr1\t10", "chr1\t4294967296"),
    );
    let said = home.run(["check", "file.vcf"]);
    assert!(said.out.contains("column 10 has no sample name"), "{}", said.out);
    assert!(said.out.contains("the largest position is 2147483647"), "{}", said.out);
}

#[test]
fn a_carriage_return_ends_a_line_wherever_it_stands() {
    // As in the service: what stands on both sides is read where it is whole.
    read_all_the_same(SOUND.replace("DP=1\n", "DP=1\r"), "VCF282");
    let (header, records) = SOUND.split_at(SOUND.rfind("INFO\n").unwrap() + 5);
    read_all_the_same(format!("{header}{}", records.replace('\n', "\r")), "VCF282");
    read_all_the_same(format!("{}{records}", header.replace('\n', "\r")), "VCF282");
    read_all_the_same(SOUND.replace('\n', "\r\r\n"), "VCF289");
    read_all_the_same(SOUND.replace("DP=1\n", "DP=1\r\r\n"), "VCF289");
    read_all_the_same(SOUND.replace('\n', "\r\n"), "");
    let home = Home::new();
    for (from, to, expected) in [
        ("DP=1", "DP=1\rb", &["VCF101", "VCF282"][..]),
        ("a\tA", "a\r\tA", &["VCF101", "VCF282"]),
        ("\tINFO\n", "\tINFO\r\ts\n", &["VCF101", "VCF282"]),
        ("DP=1\n", "DP=1\n\r", &["VCF103", "VCF282"]),
        ("##INFO", "\r##INFO", &["VCF003", "VCF282"]),
    ] {
        home.file("file.vcf", SOUND.replacen(from, to, 1));
        let found = codes(&home, "file.vcf");
        assert!(expected.iter().all(|it| found.contains(&(*it).to_owned())), "{to:?}: {found:?}");
    }
    home.file("file.vcf", SAMPLES.replace("\tzoe", "\r\tzoe"));
    assert!(codes(&home, "file.vcf").contains(&"VCF282".to_owned()));
}

//! What is refused, and what is told where nothing is found.

use std::fs;

use crate::common::program::Home;
use crate::{annotate, vcf_store};

const STORE: &str = "##fileformat=VCFv4.2
##contig=<ID=chr1,length=1000>
##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency\">
##INFO=<ID=PR,Number=R,Type=Integer,Description=\"Each\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t10\t.\tA\tC\t.\tPASS\tAF=0.1
";

const INPUT: &str = "##fileformat=VCFv4.2
##contig=<ID=1,length=1000>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
1\t10\t.\tA\tC\t.\t.\t.
";

fn home() -> Home {
    let home = Home::new();
    vcf_store(&home, "known", &[STORE.to_owned()]);
    home
}

#[track_caller]
fn refused(home: &Home, input: &str, arguments: &[&str], code: i32, words: &[&str]) {
    let said = annotate(home, input, arguments);
    assert_eq!(said.code, code, "{}", said.err);
    assert!(said.err.contains("\nhelp: "), "{}", said.err);
    for word in words {
        assert!(said.err.contains(word), "{word}: {}", said.err);
    }
}

#[test]
fn unknown_names_are_told_with_near_ones() {
    let home = home();
    let refused = |with: &str, code, words: &[&str]| {
        refused(&home, INPUT, &["--with", with], code, words);
    };
    refused("knwon:AF", 4, &["there is no store `knwon`", "known"]);
    refused("known.v7:AF", 4, &["no version `v7`"]);
    refused("known:AG", 2, &["no field `AG`", "AF"]);
    refused("known:AF=a;b", 2, &["no name for an INFO key"]);
    refused("known:AF,AF", 2, &["two fields would be INFO AF", "--prefix"]);
    refused(
        "known:annotations.vep[1].consequense",
        2,
        &["annotations.vep[1].consequense", "consequence"],
    );
}

#[test]
fn a_file_of_another_assembly_is_refused_unless_it_is_forced() {
    let home = home();
    let other = INPUT.replace("length=1000", "length=1200");
    let words = ["of another assembly than known.known", "`1` has 1,200", "1,000", "--force"];
    refused(&home, &other, &["--with", "known:AF"], 4, &words);
    let forced = annotate(&home, &other, &["--with", "known:AF", "--force"]);
    assert!(forced.out.ends_with("AF=0.1\n") && forced.err.contains("warning: "), "{}", forced.err);
}

#[test]
fn the_reference_of_a_store_tells_its_assembly() {
    let home = Home::new();
    home.file("ref.fa", ">chr1\nACGTACGTAC\n");
    home.done([
        "reference",
        "add",
        "ref.fa",
        "--arn",
        "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1",
    ]);
    home.done([
        "store",
        "create",
        "--name",
        "known",
        "--store-format",
        "VCF",
        "--reference-arn",
        "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1",
    ]);
    home.file("s.vcf", STORE.replace("##contig=<ID=chr1,length=1000>\n", ""));
    home.done(["import", "s.vcf", "--store", "known"]);
    refused(&home, INPUT, &["--with", "known:AF"], 4, &["`1` has 1,000", "10 there"]);
}

#[test]
fn a_reference_that_does_not_fit_is_told_or_refused() {
    let home = home();
    let reference = ["--with", "known:AF", "--reference", "ref.fa"];
    home.file("ref.fa", format!(">chr1\n{}\n", "C".repeat(900)));
    let words = ["of another assembly than ref.fa", "`1` has 1,000", "900 there", "--force"];
    refused(&home, INPUT, &reference, 4, &words);
    let input = INPUT.replace("##contig=<ID=1,length=1000>\n", "");
    let input = input + "1\t901\t.\tAC\tC\t.\t.\t.\n1\t899\t.\tcn\tC\t.\t.\t.\n";
    let said = annotate(&home, &input, &reference);
    let told = "warning: 2 records with another REF than the reference (1:10 has A, the \
                reference C): are both of one assembly?";
    assert!(said.err.contains(told), "{}", said.err);
    home.file("ref.fa", ">chr7\nACGT\n");
    let said = annotate(&home, &input, &reference);
    assert!(said.err.contains("note: 3 records on contigs that the reference has not"));
    home.file("ref.fa", format!(">chr1\n{}\n", "ACCCCCCCCA".repeat(100)));
    let said = annotate(&home, INPUT, &reference);
    assert!(!said.err.contains("reference"), "{}", said.err);
}

#[test]
fn keys_of_another_type_are_refused() {
    let own = |definition: &str| INPUT.replace("#CHROM", &format!("##INFO=<{definition}>\n#CHROM"));
    let home = home();
    for definition in [
        "ID=AF,Number=1,Type=Float,Description=\"x\"",
        "ID=AF,Number=A,Type=Integer,Description=\"x\"",
    ] {
        let words = ["the file has INFO AF already", "FIELD=NAME"];
        refused(&home, &own(definition), &["--with", "known:AF"], 2, &words);
    }
}

#[test]
fn lines_that_are_no_records_end_the_run_with_their_number() {
    let home = home();
    let short = format!("{INPUT}1\t11\t.\tA\n");
    refused(&home, &short, &["--with", "known:AF"], 3, &["4 fields", "line: 5", "file: in.vcf"]);
    let letters = format!("{INPUT}1\tx\t.\tA\tC\t.\t.\t.\n");
    refused(&home, &letters, &["--with", "known:AF"], 3, &["`x`", "line: 5"]);
    let returns = INPUT.replace('\n', "\r");
    refused(&home, &returns, &["--with", "known:AF"], 3, &["carriage return"]);
    refused(&home, "chr1\t10\n", &["--with", "known:AF"], 3, &["does not begin as a VCF file"]);
    refused(&home, "##fileformat=VCFv4.2\n", &["--with", "known:AF"], 3, &["column names"]);
}

#[test]
fn an_output_that_exists_is_kept_unless_it_is_forced() {
    let home = home();
    home.file("in.vcf", INPUT);
    home.file("out.vcf", "mine");
    let run = |more: &[&str]| {
        home.run(["annotate", "in.vcf", "-o", "out.vcf", "--with", "known:AF"].iter().chain(more))
    };
    let said = run(&[]);
    assert_eq!(said.code, 4, "{}", said.err);
    assert_eq!(fs::read_to_string(home.beside("out.vcf")).unwrap(), "mine");
    assert_eq!(run(&["--force"]).code, 0);
    assert!(fs::read_to_string(home.beside("out.vcf")).unwrap().ends_with("AF=0.1\n"));
    for name in ["out.txt", "out.bed", "out"] {
        let said = home.run(["annotate", "in.vcf", "-o", name, "--with", "known:AF"]);
        assert_eq!(said.code, 2, "{name}: {}", said.err);
    }
}

#[test]
fn a_run_that_fails_leaves_nothing() {
    let home = home();
    home.file("in.vcf", format!("{INPUT}1\tx\t.\tA\tC\t.\t.\t.\n"));
    let before = fs::read_dir(home.beside(".")).unwrap().count();
    let said = home.run(["annotate", "in.vcf", "-o", "out.vcf.gz", "--with", "known:AF"]);
    assert_eq!(said.code, 3, "{}", said.err);
    assert_eq!(fs::read_dir(home.beside(".")).unwrap().count(), before);
}

#[test]
fn no_hit_at_all_is_told_with_the_likely_cause() {
    let home = home();
    let told = |record: &str, cause: &str| {
        let input = INPUT.replace("1\t10\t.\tA\tC", record);
        let said = annotate(&home, &input, &["--with", "known:AF", "--quiet"]);
        assert_eq!(said.code, 0, "{}", said.err);
        assert!(said.err.starts_with("warning: no record got a value of known.known: "));
        assert!(said.err.contains(cause), "{}", said.err);
    };
    told("7\t10\t.\tA\tC", "they share no contig: the file has 7, the store chr1");
    told("1\t11\t.\tA\tC", "no row begins where a record does");
    told("1\t10\t.\tA\tG", "rows begin where 1 record does, but have other alleles");
}

#[test]
fn a_damaged_data_file_is_an_error_and_no_other_answer() {
    let home = home();
    let file = home.files("data").into_iter().find(|it| it.ends_with(".parquet")).unwrap();
    let path = home.path().join(file);
    let sound = fs::read(&path).unwrap();
    for at in (0..sound.len()).step_by(sound.len() / 7 + 1) {
        let mut bytes = sound.clone();
        bytes[at] ^= 16;
        fs::write(&path, bytes).unwrap();
        let said = annotate(&home, INPUT, &["--with", "known:AF"]);
        assert_eq!(said.code, 5, "{at}: {}", said.err);
        assert!(said.err.contains("a data file is damaged"), "{at}: {}", said.err);
    }
}

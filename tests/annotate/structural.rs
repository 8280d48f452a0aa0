//! Symbolic alleles, which are the same only where they end at one place, and records of many
//! alleles.

use std::fmt::Write as _;

use crate::common::program::Home;
use crate::{annotate, records, vcf_store};

const STORE: &str = "##fileformat=VCFv4.2
##INFO=<ID=END,Number=1,Type=Integer,Description=\"End\">
##INFO=<ID=SVLEN,Number=A,Type=Integer,Description=\"Length\">
##INFO=<ID=X,Number=A,Type=String,Description=\"Name\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t100\t.\tC\t<DEL>\t.\tPASS\tEND=150;X=short
chr1\t100\t.\tC\t<DEL>\t.\tPASS\tEND=900;X=long
chr1\t100\t.\tC\t<DEL>\t.\tPASS\tSVLEN=-200;X=by_length
chr1\t100\t.\tC\t<DUP>,<INV>\t.\tPASS\tEND=190;SVLEN=60,90;X=dup,inv
chr1\t100\t.\tC\t<INS>\t.\tPASS\tSVLEN=20;X=ins
chr1\t100\t.\tC\tC[chr2:7[\t.\tPASS\tX=mate
";

fn head(minor: u32) -> String {
    format!("##fileformat=VCFv4.{minor}\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
}

#[test]
fn symbolic_alleles_meet_only_where_they_end_at_one_place() {
    let home = Home::new();
    vcf_store(&home, "known", &[STORE.to_owned()]);
    for (alternate, info, expected) in [
        ("<DEL>", "END=150", Some("short")),
        ("<DEL>", "END=900", Some("long")),
        ("<DEL>", "END=300", Some("by_length")),
        ("<DEL>", "SVLEN=-50", Some("short")),
        ("<DEL>", "SVLEN=200", Some("by_length")),
        ("<DEL>", "END=151", None),
        ("<DEL>", "SVLEN=-51", None),
        ("<DEL>", ".", Some("short")),
        ("<DUP>", "END=160", Some("dup")),
        ("<DUP>", "END=190", None),
        ("<INV>,<DUP>", "END=190;SVLEN=90,60", Some("inv,dup")),
        ("<DEL>,<DUP>", "END=900;SVLEN=-800,5", Some("long,.")),
        ("<INS>", "SVLEN=35", Some("ins")),
        ("<INS>", "END=100", Some("ins")),
        ("C[chr2:7[", ".", Some("mate")),
        ("C[chr2:7[", "END=100", Some("mate")),
        ("C[chr2:8[", ".", None),
    ] {
        for minor in [2, 4] {
            let input = format!("{}chr1\t100\t.\tC\t{alternate}\t.\t.\t{info}\n", head(minor));
            let found = records(&home, &input, &["--with", "known:X"]);
            let info = match (info, expected) {
                (info, None) => info.to_owned(),
                (".", Some(value)) => format!("X={value}"),
                (info, Some(value)) => format!("{info};X={value}"),
            };
            let expected = format!("chr1\t100\t.\tC\t{alternate}\t.\t.\t{info}");
            assert_eq!(found, [expected], "4.{minor}");
        }
    }
}

#[test]
fn the_end_of_a_record_is_never_that_of_a_row() {
    let home = Home::new();
    vcf_store(&home, "known", &[STORE.to_owned()]);
    let input = format!("{}chr1\t100\t.\tC\t<DEL>\t.\t.\t.\n", head(3));
    let all = records(&home, &input, &["--with", "known"]);
    assert_eq!(all, ["chr1\t100\t.\tC\t<DEL>\t.\t.\tX=short"]);
    for with in ["known:END", "known:X=END"] {
        let said = annotate(&home, &input, &["--with", with]);
        assert_eq!(said.code, 2, "{}", said.err);
        assert!(said.err.contains("END=NAME"), "{}", said.err);
    }
    let renamed = records(&home, &input, &["--with", "known:END=SV_END"]);
    assert_eq!(renamed, ["chr1\t100\t.\tC\t<DEL>\t.\t.\tSV_END=150"]);
}

#[test]
fn a_record_of_very_many_alleles_gets_no_list_without_bound() {
    const ALLELES: usize = 2_000;
    let mut alternates = String::new();
    for number in 0..ALLELES {
        let bases = |it: usize| ["A", "C", "G", "T"][it % 4];
        let name: String = (0..6).map(|it| bases(number >> (2 * it))).collect();
        write!(alternates, "{}C{name}", if number > 0 { "," } else { "" }).unwrap();
    }
    let store = "##fileformat=VCFv4.2\n\
         ##INFO=<ID=PG,Number=G,Type=Integer,Description=\"\">\n\
         ##INFO=<ID=PR,Number=R,Type=Integer,Description=\"\">\n\
         ##INFO=<ID=NONE,Number=G,Type=Integer,Description=\"\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
         chr1\t5\t.\tC\tCAAAAAA\t.\t.\tPG=1,2,3;PR=8,9\nchr1\t7\t.\tC\tA\t.\t.\tNONE=1,2,3\n";
    let home = Home::new();
    vcf_store(&home, "known", &[store.to_owned()]);
    let input = format!("{}chr1\t5\t.\tC\t{alternates}\t.\t.\t.\n", head(2));
    let said = annotate(&home, &input, &["--with", "known"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let info = said.out.trim_end().rsplit_once('\t').unwrap().1;
    assert_eq!(info, format!("PR=8,9{}", ",.".repeat(ALLELES - 1)));
    assert!(said.err.contains("note: 1 field of known.known left out"), "{}", said.err);
}

#[test]
fn the_value_of_ref_is_that_of_the_first_row_that_has_one() {
    let store = "##fileformat=VCFv4.2
##INFO=<ID=AD,Number=R,Type=Integer,Description=\"\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t5\t.\tC\tA\t.\t.\tAD=.,2
chr1\t5\t.\tC\tG\t.\t.\tAD=7,3
";
    let home = Home::new();
    vcf_store(&home, "known", &[store.to_owned()]);
    let input = format!("{}chr1\t5\t.\tC\tA,G,T\t.\t.\t.\n", head(2));
    let found = records(&home, &input, &["--with", "known"]);
    assert_eq!(found, ["chr1\t5\t.\tC\tA,G,T\t.\t.\tAD=7,2,3,."]);
}

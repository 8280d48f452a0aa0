//! Rows with alleles: each ALT by itself, on both sides.

use std::fmt::Write as _;

use crate::common::program::Home;
use crate::common::random::Random;
use crate::model::{Variant, store_text};
use crate::{annotate, records, vcf_store};

const HEAD: &str = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// Shuffles in place.
fn shuffle<T>(of: &mut [T], random: &mut Random) {
    for at in (1..of.len()).rev() {
        of.swap(at, random.below(at + 1));
    }
}

#[test]
fn values_are_those_that_a_look_at_every_row_finds() {
    for seed in 0..12 {
        let mut random = Random::seeded(seed);
        let (first, second) = (random.below(60), random.below(20));
        let parts = [Variant::some(first + 1, &mut random), Variant::some(second, &mut random)];
        let texts: Vec<_> =
            parts.iter().filter(|it| !it.is_empty()).map(|it| store_text(it)).collect();
        let home = Home::new();
        vcf_store(&home, "rows", &texts);
        let mut inputs = Variant::some(80, &mut random);
        if seed % 2 == 1 {
            shuffle(&mut inputs, &mut random);
        }
        let own = ["OWN=1;X", ".", "OWN=2"];
        let lines = inputs.iter().enumerate().map(|(at, it)| it.line(own[at % 3]));
        let input = HEAD.to_owned() + &lines.collect::<String>();
        let rows = parts.concat();
        let expected: Vec<String> = inputs
            .iter()
            .enumerate()
            .map(|(at, it)| {
                let own = own[at % 3];
                let added = it.added(&rows).join(";");
                let info = match (own, added.as_str()) {
                    (own, "") => own.to_owned(),
                    (".", added) => added.to_owned(),
                    (own, added) => format!("{own};{added}"),
                };
                it.line(&info).trim_end().to_owned()
            })
            .collect();
        assert_eq!(records(&home, &input, &["--with", "rows"]), expected, "seed {seed}");
    }
}

const STORE: &str = "##fileformat=VCFv4.2
##INFO=<ID=AF,Number=A,Type=Float,Description=\"Of \\\"alleles\\\"\">
##INFO=<ID=AN,Number=1,Type=Integer,Description=\"Alleles\">
##INFO=<ID=DB,Number=0,Type=Flag,Description=\"Known\">
##INFO=<ID=NOTE,Number=1,Type=String,Description=\"\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t10\trs1\tA\tC,G\t.\tPASS\tAF=0.1,0.2;AN=7;DB;NOTE=a b
chr1\t20\trs2\tAT\tA\t30\tPASS\tAF=0.5;AN=8
chrM\t5\trs3\tC\tT\t.\tPASS\tAN=1
";

fn home() -> Home {
    let home = Home::new();
    vcf_store(&home, "known", &[STORE.to_owned()]);
    home
}

#[test]
fn the_header_says_what_is_added_and_all_other_bytes_stay() {
    let input = "##fileformat=VCFv4.3\r\n##odd line\r\n##FORMAT=<ID=GT,Number=1,Type=String,\
                 Description=\"x\">\r\n\
                 #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts1\r\n\
                 chr1\t10\t.;x\ta\tT,g\t1e3\t q\tZ=1;;Y\tGT\t0/1 \r\n\
                 1\t11\t.\tA\tC\t.\t.\t.\tGT\t.\r\n";
    let said = annotate(&home(), input, &["--with", "known:AF,AN=TOTAL,DB,NOTE"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let added = "##INFO=<ID=AF,Number=A,Type=Float,Description=\"Of \\\"alleles\\\"\",\
                 Source=\"known\",Version=\"known\">\r\n\
                 ##INFO=<ID=TOTAL,Number=A,Type=Integer,Description=\"Alleles\",\
                 Source=\"known\",Version=\"known\">\r\n\
                 ##INFO=<ID=DB,Number=0,Type=Flag,Description=\"Known\",\
                 Source=\"known\",Version=\"known\">\r\n\
                 ##INFO=<ID=NOTE,Number=A,Type=String,Description=\"NOTE of known.known\",\
                 Source=\"known\",Version=\"known\">\r\n#CHROM";
    let expected = input
        .replace("#CHROM", added)
        .replace("Z=1;;Y", "Z=1;;Y;AF=.,0.2;TOTAL=.,7;DB;NOTE=.,a%20b");
    assert_eq!(said.out, expected);
}

#[test]
fn contigs_of_another_style_meet_and_are_told_once() {
    let input = format!("{HEAD}1\t10\t.\tA\tC\t.\t.\t.\nMT\t5\t.\tC\tT\t.\t.\t.\n");
    let said = annotate(&home(), &input, &["--with", "known:AN"]);
    assert!(said.out.ends_with("\tAN=7\nMT\t5\t.\tC\tT\t.\t.\tAN=1\n"), "{}", said.out);
    let note = "note: contigs have other names in known.known: 1 is chr1, MT is chrM\n";
    assert!(said.err.contains(note), "{}", said.err);
}

#[test]
fn a_key_of_the_file_gets_its_value_where_it_stands() {
    let head = HEAD.replace(
        "#CHROM",
        "##INFO=<ID=AN,Number=1,Type=Integer,Description=\"own\">\n\
         ##INFO=<ID=AF,Number=A,Type=Float,Description=\"own\">\n#CHROM",
    );
    let input = format!(
        "{head}chr1\t10\t.\tA\tG,C\t.\t.\tX=1;AN=2;AF=0,0;Y\nchr1\t11\t.\tA\tG\t.\t.\tAN=2\n"
    );
    let said = annotate(&home(), &input, &["--with", "known:AF,AN"]);
    let expected = input.replace("AN=2;AF=0,0", "AN=7;AF=0.2,0.1");
    assert_eq!(said.out, expected, "{}", said.err);
    assert!(said.err.contains("2 INFO values of the file gave way"), "{}", said.err);
}

#[test]
fn other_columns_than_info_can_be_added() {
    let input = format!("{HEAD}chr1\t20\t.\tAT\tA\t.\t.\t.\n");
    let found = records(&home(), &input, &["--with", "known:ID=RS,qual,filters,info.an=AN"]);
    assert_eq!(found, ["chr1\t20\t.\tAT\tA\t.\t.\tRS=rs2;qual=30;filters=PASS;AN=8"]);
}

#[test]
fn keys_without_a_definition_can_be_added() {
    let home = Home::new();
    vcf_store(&home, "known", &[STORE.replace("AF=0.5;AN=8", "AF=0.5;ODD=x,y")]);
    let input = format!("{HEAD}chr1\t20\t.\tAT\tA\t.\t.\t.\n");
    let found = records(&home, &input, &["--with", "known:attributes['ODD']"]);
    assert_eq!(found, ["chr1\t20\t.\tAT\tA\t.\t.\tODD=x,y"]);
}

#[test]
fn rows_of_many_pages_and_contigs_are_found_in_any_order() {
    // A page ends after 20,000 rows or so, and each contig in the middle of one.
    const ROWS: usize = 70_000;
    let contig = |row: usize| ["chr1", "chr10", "chr2", "X"][row * 4 / ROWS];
    let line = |row: usize| format!("{}\t{}\t.\tA\tC\t.\tPASS", contig(row), 2 * row + 1);
    let mut store = "##fileformat=VCFv4.2\n##INFO=<ID=N,Number=1,Type=Integer,Description=\"\">\n\
                     #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        .to_owned();
    for row in 0..ROWS {
        writeln!(store, "{}\tN={row}", line(row)).unwrap();
    }
    let home = Home::new();
    vcf_store(&home, "rows", &[store]);
    let mut random = Random::seeded(5);
    let mut rows: Vec<usize> = (0..3000).map(|_| random.below(ROWS)).collect();
    for sorted in [false, true] {
        let (mut input, mut expected) = (HEAD.to_owned(), Vec::new());
        for row in &rows {
            writeln!(input, "{}\t.", line(*row)).unwrap();
            expected.push(format!("{}\tN={row}", line(*row)));
        }
        assert_eq!(records(&home, &input, &["--with", "rows"]), expected, "{sorted}");
        rows.sort_unstable();
    }
}

#[test]
fn several_rows_of_one_variant_are_told_joined_or_refused() {
    let text = STORE.replace("chrM", "chr1\t20\trs9\tATC\tAC\t.\tPASS\tAF=0.25;AN=8\nchrM");
    let home = Home::new();
    vcf_store(&home, "known", &[text]);
    let input = format!("{HEAD}chr1\t20\t.\tAT\tA\t.\t.\t.\n");
    let with = |how: &str| annotate(&home, &input, &["--with", "known:AF,AN", "--on-many", how]);
    let first = with("first");
    assert!(first.out.ends_with("\tAF=0.5;AN=8\n"), "{}", first.out);
    assert!(first.err.contains("note: 1 record with a variant that several"), "{}", first.err);
    let all = with("all");
    assert!(all.out.ends_with("\tAF=0.5,0.25;AN=8,8\n"), "{}", all.out);
    assert!(all.out.contains("ID=AF,Number=.,Type=Float"), "{}", all.out);
    let error = with("error");
    assert_eq!(error.code, 4);
    assert!(error.err.contains("variant: chr1:20 AT>A"), "{}", error.err);
}

#[test]
fn samples_of_one_record_are_not_several_rows() {
    let text =
        STORE.replace("\tINFO\n", "\tINFO\tFORMAT\ts1\ts2\n").replace("=8\n", "=8\tGT\t0/1\t0/0\n");
    let text = text.replace("a b\n", "a b\tGT\t.\t.\n").replace("AN=1\n", "AN=1\tGT\t.\t.\n");
    let home = Home::new();
    vcf_store(&home, "known", &[text]);
    let input = format!("{HEAD}chr1\t20\t.\tAT\tA\t.\t.\t.\n");
    let found = records(&home, &input, &["--with", "known:AF", "--on-many", "error"]);
    assert_eq!(found, ["chr1\t20\t.\tAT\tA\t.\t.\tAF=0.5"]);
}

#[test]
fn a_reference_brings_differently_written_indels_together() {
    let home = home();
    home.file("ref.fa", ">1\nACGTACGTACGTACGTACGATTTTTTTTGCA\n");
    // The T that known has deleted at 20 is deleted at 24, and an SNV has a base too many.
    let input = format!("{HEAD}chr1\t24\t.\tTT\tT\t.\t.\t.\nchr1\t9\t.\tAAC\tACC\t.\t.\t.\n");
    let reference = ["--with", "known:AN,AF", "--reference", "ref.fa"];
    let plain = records(&home, &input, &reference[..2]);
    assert!(plain.iter().all(|it| it.ends_with("\t.")), "{plain:?}");
    let found = records(&home, &input, &reference);
    assert!(found[0].ends_with("TT\tT\t.\t.\tAN=8;AF=0.5"), "{found:?}");
    assert!(found[1].ends_with("AAC\tACC\t.\t.\tAN=7;AF=0.1"), "{found:?}");
}

#[test]
fn rows_of_tsv_with_alleles_are_found_by_them() {
    let home = Home::new();
    home.file(
        "scores.tsv",
        "chrom\tpos\tref\talt\tscore\tnote\nchr1\t10\tA\tC\t1.5\tx,y\nchr1\t10\tA\tG\t\tz\n",
    );
    let made = home.done(["infer", "scores.tsv"]);
    home.file("scores.json", made);
    home.done(
        ["store", "create", "--request", "scores.json", "--name", "scores"]
            .iter()
            .chain(&["--reference-arn", "arn:x"]),
    );
    home.done(["import", "scores.tsv", "--store", "scores", "--request", "scores.json"]);
    let input = format!("{HEAD}chr1\t10\t.\tA\tG,C\t.\t.\t.\n");
    let found = records(&home, &input, &["--with", "scores", "--prefix", "S_"]);
    assert_eq!(found, ["chr1\t10\t.\tA\tG,C\t.\t.\tS_score=.,1.5;S_note=z,x%2Cy"]);
}

/// Values at one place in several fields are of one row.
#[test]
fn values_of_several_rows_stand_at_one_place_in_all_fields() {
    let rows = "chr1\t20\t.\tA\tC,G\t.\t.\tAF=0.1,.;AN=8\nchr1\t20\t.\tA\tG\t.\t.\tNOTE=a,b\n\
                chr1\t20\t.\tA\tC\t.\t.\tAF=0.1;NOTE=x\n";
    let head = STORE.lines().take_while(|it| it.starts_with('#')).collect::<Vec<_>>().join("\n");
    let home = Home::new();
    vcf_store(&home, "known", &[format!("{head}\n{rows}")]);
    let input = format!("{HEAD}chr1\t20\t.\tA\tG,T,C\t.\t.\t.\n");
    let with = ["--with", "known:AF,AN,NOTE", "--on-many", "all"];
    let info = "AF=.,.,0.1,0.1;AN=8,.,8,.;NOTE=.,a%2Cb,.,x";
    assert_eq!(records(&home, &input, &with), [format!("chr1\t20\t.\tA\tG,T,C\t.\t.\t{info}")]);
}

/// With all rows of a variant, each has the values of REF and of genotypes that it had if it were
/// split.
#[test]
fn values_of_reference_and_genotypes_come_row_by_row() {
    let head = STORE.lines().take_while(|it| it.starts_with("##")).collect::<Vec<_>>().join("\n");
    let rows = "chr1\t20\t.\tA\tC,G\t.\t.\tR=1,2,3;G=1,2,3,4,5,6;S=r,c,g\n\
                chr1\t20\t.\tA\tG\t.\t.\tR=7,8;G=7,.,9\nchr1\t20\t.\tA\tT\t.\t.\tAN=1\n";
    let keys = ["R,Number=R,Type=Integer", "G,Number=G,Type=Integer", "S,Number=R,Type=String"];
    let keys: String = keys.map(|it| format!("##INFO=<ID={it},Description=\"x\">\n")).concat();
    let columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";
    let home = Home::new();
    vcf_store(&home, "known", &[format!("{head}\n{keys}{columns}\n{rows}")]);
    let input = format!("{HEAD}chr1\t20\t.\tA\tG,T,C\t.\t.\t.\n");
    let with = ["--with", "known:R,G,S,AN", "--on-many", "all"];
    let info = "R=1,3,7,8,.,.,1,2;G=1,4,6,7,.,9,.,.,.,1,2,3;S=r,g,.,.,.,.,r,c;AN=.,.,1,.";
    assert_eq!(records(&home, &input, &with), [format!("chr1\t20\t.\tA\tG,T,C\t.\t.\t{info}")]);
    let header = annotate(&home, &input, &with).out;
    assert!(header.contains("##INFO=<ID=R,Number=.,Type=Integer"), "{header}");
    let first = records(&home, &input, &with[..2]);
    assert!(first[0].ends_with("R=1,3,.,2;G=1,4,6,.,.,.,2,5,.,3;S=r,g,.,c;AN=.,1,."), "{first:?}");
}

/// A record with many alleles is looked up otherwise, and gets what its alleles get one by one.
#[test]
fn many_alleles_get_what_each_gets_by_itself() {
    let mut random = Random::seeded(5);
    let mut alleles: Vec<String> = (0..90)
        .map(|_| (0..=random.below(4)).map(|_| random.of(&["A", "C", "G", "T"])).collect())
        .filter(|it: &String| it != "AT")
        .collect();
    alleles.extend(["<DEL>", "<DUP>", "*", "A[chr1:50["].map(str::to_owned));
    alleles.sort();
    alleles.dedup();
    let mut store =
        STORE.lines().take_while(|it| it.starts_with('#')).collect::<Vec<_>>().join("\n");
    for (number, allele) in alleles.iter().enumerate().filter(|it| it.0 % 5 != 2) {
        // As they are written, with a base more, and in a row with others.
        let (reference, allele) = match number % 3 {
            0 if allele.bytes().all(|it| it.is_ascii_alphabetic()) => ("ATG", format!("{allele}G")),
            1 => ("AT", format!("{allele},{}", alleles[number - 1])),
            _ => ("at", allele.clone()),
        };
        let line = format!("chr1\t20\t.\t{reference}\t{allele}\t.\t.\tAN={number};NOTE=n{number}");
        write!(store, "\n{line}").unwrap();
    }
    let home = Home::new();
    vcf_store(&home, "known", &[store + "\n"]);
    home.file("ref.fa", format!(">chr1\nACGTACGTACGTACGTACGAT{}\n", "T".repeat(40)));
    let line = |it: &str| format!("chr1\t20\t.\tAT\t{it}\t.\t.\t.\n");
    for more in [&[][..], &["--reference", "ref.fa"]] {
        let with = [&["--with", "known:AN,NOTE"][..], more].concat();
        let all = records(&home, &(HEAD.to_owned() + &line(&alleles.join(","))), &with);
        let each = alleles.iter().map(|it| line(it)).collect::<String>();
        let each = records(&home, &(HEAD.to_owned() + &each), &with);
        for (key, next) in [("AN=", ";"), ("NOTE=", "\n")] {
            let value = |it: &str| {
                let found = it.split_once(key).map(|it| it.1.to_owned() + "\n");
                found.map_or(".".to_owned(), |it| it.split(next).next().unwrap().to_owned())
            };
            let values: Vec<String> = each.iter().map(|it| value(it)).collect();
            assert!(values.iter().filter(|it| *it != ".").count() > 20, "{values:?}");
            assert_eq!(value(&all[0]), values.join(","), "{key} {more:?}");
        }
    }
}

/// From VCF 4.3 on a percent sign begins a code; texts before may have some.
#[test]
fn percent_signs_have_codes_where_they_would_be_taken_for_some() {
    for (of_store, of_file, added) in
        [(3, 3, "5%2541"), (3, 2, "5%41"), (2, 3, "5%2541"), (2, 2, "5%2541")]
    {
        let store = STORE.replace("VCFv4.2", &format!("VCFv4.{of_store}"));
        let head =
            store.lines().take_while(|it| it.starts_with('#')).collect::<Vec<_>>().join("\n");
        let home = Home::new();
        vcf_store(&home, "known", &[format!("{head}\nchr1\t20\t.\tA\tC\t.\t.\tNOTE=5%2541\n")]);
        let file = HEAD.replace("VCFv4.2", &format!("VCFv4.{of_file}"));
        let input = format!("{file}chr1\t20\t.\tA\tC\t.\t.\t.\n");
        let found = records(&home, &input, &["--with", "known:NOTE"]);
        assert_eq!(found, [format!("chr1\t20\t.\tA\tC\t.\t.\tNOTE={added}")]);
    }
}

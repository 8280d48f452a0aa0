//! What the command can be told, and what it tells.

use std::fs;

use crate::common::program::Home;
use crate::{annotate, records, vcf_store};

const STORE: &str = "##fileformat=VCFv4.2
##INFO=<ID=AF,Number=A,Type=Float,Description=\"Frequency\">
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Consequence annotations from Ensembl VEP. \
Format: Allele|Consequence|IMPACT|SYMBOL\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t10\t.\tA\tC\t.\tPASS\tAF=0.1;CSQ=C|missense&splice|HIGH|GENE1,C|intron|LOW|GENE2
chr1\t30\t.\tA\tC\t.\tPASS\tAF=0.3
";

const INPUT: &str = "##fileformat=VCFv4.2
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t10\t.\tA\tC\t.\t.\tX
chr1\t20\t.\tA\tC\t.\t.\tX
chr1\t30\t.\tA\tC\t.\t.\tX
";

fn home() -> Home {
    let home = Home::new();
    vcf_store(&home, "known", &[STORE.to_owned()]);
    home
}

#[test]
fn annotations_come_whole_or_entry_by_entry() {
    let fields = "known:CSQ,annotations.vep[1].consequence=C1,annotations.vep.symbol=GENES,\
                  annotations.vep[3].impact";
    let found = records(&home(), INPUT, &["--with", fields]);
    assert_eq!(
        found[0],
        "chr1\t10\t.\tA\tC\t.\t.\tX;CSQ=C|missense&splice|HIGH|GENE1,\
         C|intron|LOW|GENE2;C1=missense&splice;GENES=GENE1,GENE2"
    );
    assert_eq!(found[2], "chr1\t30\t.\tA\tC\t.\t.\tX");
}

#[test]
fn hits_and_regions_choose_records() {
    let home = home();
    let hits = records(&home, INPUT, &["--with", "known:AF", "--only-hits"]);
    assert_eq!(hits.len(), 2);
    let none = annotate(&home, INPUT, &["--with", "known:AF", "--region", "chr2"]);
    assert!(none.err.contains("warning: no record lies in a region that --region names"));
    assert!(!none.err.contains("share no contig"), "{}", none.err);
    let region = records(&home, INPUT, &["--with", "known:AF", "--region", "1:15-30"]);
    assert_eq!(region, ["chr1\t20\t.\tA\tC\t.\t.\tX", "chr1\t30\t.\tA\tC\t.\t.\tX;AF=0.3"]);
}

#[test]
fn a_condition_chooses_records_by_own_and_added_values() {
    let input = "##fileformat=VCFv4.2
##INFO=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">
##INFO=<ID=AD,Number=R,Type=Integer,Description=\"Depths\">
##INFO=<ID=DB,Number=0,Type=Flag,Description=\"Known\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t10\ta\tA\tG,C\t9\tPASS\tDP=3;AD=1,2,3
chr1\t20\tb\tA\tC\t.\tq10\tDP=5;DB
chr1\t30\tc\tA\tC\t50\t.\tDP=.
";
    let home = home();
    let found = |filter: &str| -> Vec<String> {
        let kept = records(&home, input, &["--with", "known:AF", "--filter", filter]);
        kept.iter().map(|it| it.split('\t').nth(2).unwrap().to_owned()).collect()
    };
    assert_eq!(found("af < 0.2"), ["a"]);
    assert_eq!(found("af IS NULL"), ["a", "b"]);
    assert_eq!(found("af >= 0.1 AND alt = 'C'"), ["a", "c"]);
    assert_eq!(found("dp > 3 OR qual > 10"), ["b", "c"]);
    assert_eq!(found("db"), ["b"]);
    assert_eq!(found("ad[3] = 3 AND filter = 'PASS' AND pos < 20 AND chrom = 'chr1'"), ["a"]);
    assert_eq!(found("false"), [""; 0]);
    let said = annotate(&home, input, &["--with", "known:AF", "--filter", "ag < 1"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("ag") && said.err.contains("help: "), "{}", said.err);
}

/// The lists of a record stand in the row of each allele: too many for all rows at once.
#[test]
fn a_condition_is_asked_for_each_of_thousands_of_alleles() {
    let alleles: Vec<String> = (0..6_000).map(|it| format!("<A{it}>")).collect();
    let depths: Vec<String> = (0..=6_000).map(|it| it.to_string()).collect();
    let (alleles, depths) = (alleles.join(","), depths.join(","));
    let input = format!(
        "##fileformat=VCFv4.2\n##INFO=<ID=AD,Number=R,Type=Integer,Description=\"\">\n\
         ##INFO=<ID=OF,Number=A,Type=Integer,Description=\"\">\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
         chr1\t30\t.\tA\t{alleles}\t.\t.\tAD={depths};OF={}\n\
         chr1\t30\t.\tA\tC\t.\t.\tAD=1,2;OF=5999\n",
        &depths[..depths.len() - ",6000".len()]
    );
    let count =
        |filter: &str| records(&home(), &input, &["--with", "known:AF", "--filter", filter]).len();
    assert_eq!(count("ad[6001] = 6000 AND alt = '<A5999>' AND of = 5999"), 1);
    assert_eq!(count("ad[6001] = 6000 AND alt = '<A5999>' AND of = 5998"), 0);
    assert_eq!(count("ad[1] >= 0 AND of = 5999"), 2);
}

#[test]
fn a_condition_sees_texts_without_percent_codes() {
    let store = STORE.replace(
        "##INFO=<ID=CSQ",
        "##INFO=<ID=NOTE,Number=1,Type=String,Description=\"Words\">\n\
         ##INFO=<ID=CSQ",
    );
    let store = store.replace("AF=0.3", "NOTE=a b=c");
    let home = Home::new();
    vcf_store(&home, "known", &[store]);
    for (minor, own) in [(2, "a%20b"), (3, "a b")] {
        let input = format!(
            "##fileformat=VCFv4.{minor}\n\
             ##INFO=<ID=OWN,Number=1,Type=String,Description=\"\">\n\
             ##INFO=<ID=LST,Number=.,Type=String,Description=\"\">\n\
             #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n\
             chr1\t30\t.\tA\tC\t.\t.\tOWN=a%20b;LST=x,a%20b\n"
        );
        let filter = format!("note = 'a b=c' AND own = '{own}' AND lst[2] = '{own}'");
        let found = records(&home, &input, &["--with", "known:NOTE", "--filter", &filter]);
        assert_eq!(found.len(), 1, "4.{minor}");
    }
}

#[test]
fn a_file_says_what_to_add() {
    let home = home();
    let lists = "[[with]]\nstore = \"known\"\nversion = \"known\"\nfields = [\"AF=F\"]\n\
                 [[with]]\nstore = \"known\"\nprefix = \"P_\"\nfields = { AF = \"G\" }\n";
    home.file("add.toml", lists);
    let found = records(&home, INPUT, &["--config", "add.toml"]);
    assert!(found[2].ends_with("X;F=0.3;P_G=0.3"), "{found:?}");
    home.file("add.toml", "[[with]]\nstor = \"known\"\n");
    let said = annotate(&home, INPUT, &["--config", "add.toml"]);
    assert_eq!(said.code, 3);
    assert!(said.err.contains("stor") && said.err.contains("line: 2"), "{}", said.err);
    for (line, words) in [
        ("fields = 5", "a list of fields, or a table { FIELD = \"NAME\" } belongs here, not this"),
        ("fields = [\"AF\", 5]", "a text belongs here, not this integer `5`"),
        ("fields = { AF = 5 }", "a text belongs here, not this integer `5`"),
        ("fields = [\"AF=\"]", "a field has no name in `AF=`"),
        ("filds = []", "there is no key `filds`: write one of `store`"),
    ] {
        home.file("add.toml", format!("[[with]]\nstore = \"known\"\n{line}\n"));
        let said = annotate(&home, INPUT, &["--config", "add.toml"]);
        assert_eq!(said.code, 3);
        assert!(said.err.contains(words) && said.err.contains("line: 3"), "{}", said.err);
    }
}

#[test]
fn the_command_is_in_the_header_unless_it_is_not_wanted() {
    let home = home();
    home.file("in.vcf", INPUT);
    let out = home.done(["annotate", "in.vcf", "-o", "-", "--with", "known:AF"]);
    let command = "\n##annostore_annotateCommand=annostore annotate in.vcf -o - --with known:AF\n";
    assert!(out.contains(command), "{out}");
    let said = annotate(&home, INPUT, &["--with", "known:AF"]);
    assert!(!said.out.contains("annostore"), "{}", said.out);
}

#[test]
fn what_is_read_and_written_may_be_compressed() {
    let home = home();
    let plain = annotate(&home, INPUT, &["--with", "known:AF"]).out;
    let annotate = |file: &str, out: &str| {
        home.done(["annotate", file, "-o", out, "--with", "known:AF", "--no-version"]);
    };
    annotate("in.vcf", "out.vcf.gz");
    assert!(home.beside("out.vcf.gz.tbi").exists());
    home.done(["annotate", "out.vcf.gz", "-o", "again.vcf", "--with", "known:AF", "--no-version"]);
    assert_eq!(fs::read_to_string(home.beside("again.vcf")).unwrap(), plain);
    let piped = home.run_on(
        ["annotate", "-", "-o", "-", "--with", "known:AF", "--no-version"],
        fs::read(home.beside("out.vcf.gz")).unwrap(),
    );
    assert_eq!(piped.out, plain, "{}", piped.err);
}

#[test]
fn bcf_is_read_and_written() {
    let home = home();
    let input = INPUT.replace(
        "#CHROM",
        "##contig=<ID=chr1,length=1000>\n\
         ##INFO=<ID=X,Number=0,Type=Flag,Description=\"x\">\n#CHROM",
    );
    let plain = records(&home, &input, &["--with", "known:AF"]);
    home.done(["annotate", "in.vcf", "-o", "out.bcf", "--with", "known:AF"]);
    assert!(home.beside("out.bcf.csi").exists());
    home.done(["annotate", "out.bcf", "-o", "again.vcf", "--with", "known:AF=AGAIN"]);
    let again = fs::read_to_string(home.beside("again.vcf")).unwrap();
    let again: Vec<&str> = again.lines().filter(|it| !it.starts_with('#')).collect();
    let expected = plain.iter().map(|it| match it.split_once("AF=") {
        Some((_, value)) => format!("{it};AGAIN={value}"),
        None => it.clone(),
    });
    assert_eq!(again, expected.collect::<Vec<_>>());
}

#[test]
fn threads_and_order_do_not_show() {
    let home = home();
    let mut lines: Vec<&str> = INPUT.lines().skip(2).collect();
    lines.reverse();
    let head: Vec<&str> = INPUT.lines().take(2).collect();
    let backwards = format!("{}\n{}\n", head.join("\n"), lines.join("\n"));
    let mut found = records(&home, &backwards, &["--with", "known:AF", "--threads", "1"]);
    found.reverse();
    assert_eq!(found, records(&home, INPUT, &["--with", "known:AF", "--threads", "3"]));
    let said = annotate(&home, &backwards, &["--with", "known:AF"]);
    assert!(said.err.contains("note: the records are not in order of contig"), "{}", said.err);
}

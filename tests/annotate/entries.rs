//! Entries of VEP's and SnpEff's annotations, which belong to one ALT allele each.

use crate::common::program::Home;
use crate::{annotate, records, vcf_store};

const STORE: &str = "##fileformat=VCFv4.2
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Consequence annotations from Ensembl VEP. \
Format: Allele|Consequence|IMPACT|SYMBOL\">
##INFO=<ID=ANN,Number=.,Type=String,Description=\"Functional annotations: 'Allele | Annotation | \
Annotation_Impact | Gene_Name | Gene_ID | Feature_Type | Feature_ID | Transcript_BioType | Rank | \
HGVS.c | HGVS.p | cDNA.pos / cDNA.length | CDS.pos / CDS.length | AA.pos / AA.length | Distance | \
ERRORS / WARNINGS / INFO'\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
chr1\t100\t.\tA\tC,G\t.\tPASS\tCSQ=C|missense|M|ONE,G|stop|H|TWO,C|intron|L|TWO
chr1\t200\t.\tAT\tA,ATT\t.\tPASS\tCSQ=-|frameshift|H|DEL,TT|insertion|L|INS
chr1\t300\t.\tA\t<DEL>\t.\tPASS\tCSQ=deletion|lost|H|SV
chr1\t400\t.\tA\tC,G\t.\tPASS\tANN=G|stop|HIGH|G2||||||||||||,C|same|LOW|C1||||||||||||
";

const HEAD: &str = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

fn info(home: &Home, site: &str, arguments: &[&str]) -> String {
    let site = site.split(' ').collect::<Vec<_>>();
    let input = format!("{HEAD}chr1\t{}\t.\t{}\t{}\t.\t.\t.\n", site[0], site[1], site[2]);
    records(home, &input, arguments)[0].rsplit_once('\t').unwrap().1.to_owned()
}

#[test]
fn entries_are_those_of_the_allele_that_met() {
    let home = Home::new();
    vcf_store(&home, "known", &[STORE.to_owned()]);
    let vep = "known:CSQ,annotations.vep.symbol=ALL,annotations.vep[1].consequence=FIRST,\
               annotations.vep[2].consequence=SECOND";
    for (site, expected) in [
        ("100 A G", "CSQ=G|stop|H|TWO;ALL=TWO;FIRST=stop"),
        ("100 A C", "CSQ=C|missense|M|ONE,C|intron|L|TWO;ALL=ONE,TWO;FIRST=missense;SECOND=intron"),
        (
            "100 A T,G,C",
            "CSQ=C|missense|M|ONE,G|stop|H|TWO,C|intron|L|TWO;ALL=ONE,TWO,TWO;\
             FIRST=.,stop,missense;SECOND=.,.,intron",
        ),
        ("100 A T", "."),
        ("200 AT A", "CSQ=-|frameshift|H|DEL;ALL=DEL;FIRST=frameshift"),
        ("200 A AT", "CSQ=TT|insertion|L|INS;ALL=INS;FIRST=insertion"),
        ("300 A <DEL>", "CSQ=deletion|lost|H|SV;ALL=SV;FIRST=lost"),
    ] {
        assert_eq!(info(&home, site, &["--with", vep]), expected, "{site}");
    }
    let ann = "known:annotations.ann.gene_name=GENES,annotations.ann[1].annotation=FIRST";
    assert_eq!(info(&home, "400 A C", &["--with", ann]), "GENES=C1;FIRST=same");
    assert_eq!(info(&home, "400 A C,G", &["--with", ann]), "GENES=G2,C1;FIRST=same,stop");
    let all = ["--with", vep, "--on-many", "all"];
    assert!(info(&home, "100 A G,C", &all).ends_with("FIRST=stop,missense;SECOND=.,intron"));
}

#[test]
fn only_one_entry_of_an_allele_has_a_value_for_each() {
    let home = Home::new();
    vcf_store(&home, "known", &[STORE.to_owned()]);
    let with = "known:CSQ,annotations.vep.symbol=ALL,annotations.vep[1].consequence=FIRST";
    let said = annotate(&home, HEAD, &["--with", with]);
    for (key, number) in [("CSQ", "."), ("ALL", "."), ("FIRST", "A")] {
        assert!(said.out.contains(&format!("ID={key},Number={number},")), "{}", said.out);
    }
}

/// Of a row with many alleles and entries, those of an allele are looked up.
#[test]
fn entries_of_many_alleles_are_those_of_each_by_itself() {
    let alleles: Vec<String> = (0..60_usize)
        .map(|it| format!("A{}", format!("{it:06b}").replace('0', "C").replace('1', "G")))
        .collect();
    let entries: Vec<String> = (0..200)
        .map(|it| match it % 7 {
            0 => format!("?|same|L|G{it}"),
            // VEP leaves the first base out.
            _ => format!("{}|stop|H|G{it}", &alleles[it * 31 % 60][1..]),
        })
        .collect();
    let head = STORE.lines().take_while(|it| it.starts_with('#')).collect::<Vec<_>>().join("\n");
    let line = format!("{head}\nchr1\t100\t.\tA\t{}\t.\t.\tCSQ=", alleles.join(","));
    let home = Home::new();
    vcf_store(&home, "known", &[format!("{line}{}\n", entries.join(","))]);
    let with = ["--with", "known:CSQ,annotations.vep[2].symbol=SECOND"];
    let of = |it: usize| info(&home, &format!("100 A {}", alleles[it]), &with);
    let second = |it: usize| of(it).split_once(";SECOND=").unwrap().1.to_owned();
    let names = |of: &[&String]| of.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(",");
    for (number, allele) in alleles.iter().enumerate() {
        let is_of =
            |it: &&String| it.starts_with('?') || it.starts_with(&format!("{}|", &allele[1..]));
        let own: Vec<&String> = entries.iter().filter(is_of).collect();
        let symbol = own[1].rsplit_once('|').unwrap().1;
        assert_eq!(of(number), format!("CSQ={};SECOND={symbol}", names(&own)), "{allele}");
    }
    let all = info(&home, &format!("100 A {}", alleles.join(",")), &with);
    let seconds: Vec<String> = (0..60).map(second).collect();
    assert_eq!(all, format!("CSQ={};SECOND={}", entries.join(","), seconds.join(",")));
}

#[test]
fn fields_of_entries_that_have_no_column_are_added_too() {
    let head = "##fileformat=VCFv4.2
##INFO=<ID=CSQ,Number=.,Type=String,Description=\"Consequence annotations from Ensembl VEP. \
Format: Allele|Consequence|SYMBOL|CADD_PHRED|LoF.info\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
";
    let line = "chr1\t100\t.\tA\tC,G\t.\t.\tCSQ=C|missense||22.5|a,G|stop|TWO||b,C|intron|ONE|1|\n";
    let home = Home::new();
    vcf_store(&home, "known", &[format!("{head}{line}")]);
    let with = "known:annotations.vep[1].CADD_PHRED=P,annotations.vep.extras['cadd_phred']=ALL,\
                annotations.vep[1].SYMBOL=S,annotations.vep.LoF.info,annotations.vep.symbol";
    for (site, expected) in [
        ("100 A C", "P=22.5;ALL=22.5,1;LoF.info=a,.;symbol=.,ONE"),
        ("100 A G,C", "P=.,22.5;ALL=22.5,.,1;S=TWO,.;LoF.info=a,b,.;symbol=.,TWO,ONE"),
    ] {
        let found = info(&home, site, &["--with", with]);
        assert_eq!(found.replace("lof.info", "LoF.info"), expected, "{site}");
    }
    let said = annotate(&home, HEAD, &["--with", "known:annotations.vep.CADD_PHRE"]);
    assert!(said.code == 2 && said.err.contains("CADD_PHRED"), "{}", said.err);
    let said = annotate(&home, HEAD, &["--with", with]);
    assert!(said.out.contains("ID=P,Number=A,Type=String,Description=\"CADD_PHRED of VEP\""));
}

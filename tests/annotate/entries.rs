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
    assert!(info(&home, "100 A G,C", &all).ends_with("FIRST=stop,missense;SECOND=intron"));
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

//! Genotypes come back with the phase of each allele.

use crate::common::program::Home;
use crate::{COLUMNS, HEADER, VCF, comes_back, imported};

/// Of a genotype in which some alleles are phased, `phased` and `calls` do not tell all. Since VCF
/// 4.4 the first allele may say its own phase.
#[test]
fn genotypes_keep_the_phase_of_each_allele() {
    let of_all = ["1/0|1", "0|1/1", "0|1", "0/1/1", ".", ".|1", "0", "./."];
    let since_4_4 = ["|0/1", "/0|1", "|.", "/1", "0|1", "1", ".|.", "0"];
    for (version, genotypes, kept) in [
        ("4.2", of_all, &of_all[..2]),
        ("4.4", of_all, &of_all[..2]),
        ("4.4", since_4_4, &since_4_4[..4]),
    ] {
        let header = HEADER.replace("VCFv4.3", &format!("VCFv{version}"));
        let line = "1\t10\t.\tA\tC\t.\t.\t.\tGT";
        let (samples, values) = ("a b c d e f g h".replace(' ', "\t"), genotypes.join("\t"));
        let text = format!("{header}{COLUMNS}\tFORMAT\t{samples}\n{line}\t{values}\n");
        for form in ["vcf", "bcf"] {
            let aside = Home::new();
            let home = imported(&VCF, &[&aside.file("in.vcf", &text)]);
            comes_back(&home, &format!("out.{form}"), &[]);
            let sql = "SELECT information['gt'] FROM two WHERE information IS NOT NULL";
            let texts = home.done(["query", "--format", "csv", "--no-header", sql]);
            assert_eq!(texts.lines().collect::<Vec<_>>(), kept, "{version} {form}");
            let out = home.done(["export", "two", "-o", "-"]);
            assert!(out.ends_with(&format!("{line}\t{values}\n")), "{version} {form}: {out}");
        }
    }
}

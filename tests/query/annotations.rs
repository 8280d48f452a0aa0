//! The annotations of VEP and SnpEff, from the file to SQL.

use annostore::import::ImportOptions;
use annostore::model::AnnotationFields;
use serde_json::{Value, json};

use super::fixture::rows;
use super::imported::Imports;

const VEP: &str = r#"
##fileformat=VCFv4.2
##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence annotations from Ensembl VEP. Format: Allele|Consequence|IMPACT|SYMBOL|EXON|Amino_acids|Codons|Existing_variation|FLAGS|SIFT|LoF">
#CHROM POS ID REF ALT QUAL FILTER INFO
1 100 . C T . PASS CSQ=T|missense_variant&splice_region_variant|MODERATE|TP53|2-3/11|R/W|Cgg/Tgg|rs1&COSV2||deleterious(0.03)|,T|synonymous_variant|LOW|WRAP53|5|R|||cds_start_NF||HC
1 200 . C T . PASS CSQ=T|intron_variant|MODIFIER|TP53|||,T|intron_variant|MODIFIER|TP53|||||||
1 300 . C T . PASS CSQ=T|x
1 400 . C T . PASS CSQ=.
1 500 . C T . PASS .
"#;

fn vep() -> (annostore::query::Engine, tempfile::TempDir) {
    let mut home = Imports::new();
    home.vcf("vvv", VEP);
    home.engine()
}

#[test]
fn an_entry_of_vep_is_a_row_of_24_fields() {
    let (engine, _folder) = vep();
    let found = rows(&engine, "SELECT start, annotations FROM vvv ORDER BY start");
    let first = &found[0]["annotations"]["vep"][0];
    assert_eq!(first.as_object().unwrap().len(), 24);
    assert_eq!(
        *first,
        json!({
            "allele": "T", "consequence": ["missense_variant", "splice_region_variant"],
            "impact": "MODERATE", "symbol": "TP53", "gene": null, "feature_type": null,
            "feature": null, "biotype": null, "exon": {"rank": "2-3", "total": "11"},
            "intron": null, "hgvsc": null, "hgvsp": null, "cdna_position": null,
            "cds_position": null, "protein_position": null,
            "amino_acids": {"reference": "R", "variant": "W"},
            "codons": {"reference": "Cgg", "variant": "Tgg"},
            "existing_variation": ["rs1", "COSV2"], "distance": null, "strand": null,
            "flags": null, "symbol_source": null, "hgnc_id": null,
            "extras": {"sift": "deleterious(0.03)", "lof": ""},
        })
    );
    let second = &found[0]["annotations"]["vep"][1];
    assert_eq!(second["exon"], json!({"rank": "5", "total": null}));
    assert_eq!(second["amino_acids"], json!({"reference": "R", "variant": null}));
    assert_eq!((&second["codons"], &second["flags"]), (&Value::Null, &json!(["cds_start_NF"])));
    assert_eq!(found[0]["annotations"]["ann"], Value::Null);
}

#[test]
fn a_faulty_entry_is_left_out_alone_and_stays_among_the_attributes() {
    let (engine, _folder) = vep();
    let sql = "SELECT start, cardinality(annotations.vep) AS n, attributes['CSQ'] AS csq
        FROM vvv ORDER BY start";
    let found: Vec<_> = rows(&engine, sql).iter().map(|it| it["n"].clone()).collect();
    assert_eq!(json!(found), json!([2, 1, 0, null, null]));
    let csq = rows(&engine, sql)[1]["csq"].clone();
    assert_eq!(csq, "T|intron_variant|MODIFIER|TP53|||,T|intron_variant|MODIFIER|TP53|||||||");
}

#[test]
fn annotations_are_read_only_where_they_are_asked_for_or_usual() {
    let mut home = Imports::new();
    let with = |annotations| ImportOptions { annotations, ..ImportOptions::default() };
    let named = |key: &str, id: &str| {
        AnnotationFields::of_request(&[(key.to_owned(), id.to_owned())].into())
    };
    let gnomad = VEP.replace("CSQ", "vep");
    let odd = VEP.replace("CSQ", "CONS").replace("Consequence annotations from Ensembl VEP. ", "");
    for (store, text, fields) in [
        ("none", VEP, AnnotationFields::none()),
        ("absent", VEP, named("VEP", "CONS")),
        ("other", &gnomad, AnnotationFields::default()),
        ("odd", &odd, AnnotationFields::default()),
        ("named", &odd, named("VEP", "CONS")),
    ] {
        home.try_vcf(store, text, &with(fields)).unwrap();
    }
    let (engine, _folder) = home.engine();
    for (store, expected) in [("none", 0), ("absent", 0), ("other", 3), ("odd", 0), ("named", 3)] {
        let sql = format!("SELECT count(annotations.vep) AS n FROM {store}");
        assert_eq!(rows(&engine, &sql)[0]["n"], expected, "{store}");
    }
}

#[test]
fn ann_of_snpeff_is_a_row_per_entry() {
    let mut home = Imports::new();
    home.vcf("ann", r#"
##fileformat=VCFv4.2
##INFO=<ID=ANN,Number=.,Type=String,Description="Functional annotations: 'Allele | Annotation | Annotation_Impact | Gene_Name | Gene_ID | Feature_Type | Feature_ID | Transcript_BioType | Rank | HGVS.c | HGVS.p | cDNA.pos / cDNA.length | CDS.pos / CDS.length | AA.pos / AA.length | Distance | ERRORS / WARNINGS / INFO' ">
#CHROM POS ID REF ALT QUAL FILTER INFO
1 69091 . A C,G . PASS ANN=G|start_lost&splice_region_variant|HIGH|OR4F5|ENSG00000186092|transcript|ENST00000335137|protein_coding|1/1|c.1A>G|p.Met1?|1/918|1/918|1/305||WARNING_REF_DOES_NOT_MATCH_GENOME&INFO_REALIGN_3_PRIME,C|upstream_gene_variant|MODIFIER|X|||||||||||12|
"#);
    let (engine, _folder) = home.engine();
    let found = rows(&engine, "SELECT annotations FROM ann");
    let entries = &found[0]["annotations"]["ann"];
    assert_eq!(
        entries[0],
        json!({
            "allele": "G", "annotation": ["start_lost", "splice_region_variant"],
            "annotation_impact": "HIGH", "gene_name": "OR4F5", "gene_id": "ENSG00000186092",
            "feature_type": "transcript", "feature_id": "ENST00000335137",
            "transcript_biotype": "protein_coding", "rank": {"rank": "1", "total": "1"},
            "hgvs_c": "c.1A>G", "hgvs_p": "p.Met1?", "cdna_position": {"pos": "1", "length": "918"},
            "cds_position": {"pos": "1", "length": "918"}, "aa_position": {"pos": "1", "length": "305"},
            "distance": "", "errors": ["WARNING_REF_DOES_NOT_MATCH_GENOME", "INFO_REALIGN_3_PRIME"],
            "extras": null,
        })
    );
    assert_eq!(entries[1]["distance"], json!("12"));
    assert_eq!((&entries[1]["rank"], &entries[1]["errors"]), (&Value::Null, &Value::Null));
}

#[test]
fn eff_of_old_snpeff_comes_in_the_columns_of_ann() {
    let mut home = Imports::new();
    home.vcf("eff", r#"
##fileformat=VCFv4.1
##INFO=<ID=EFF,Number=.,Type=String,Description="Predicted effects for this variant.Format: 'Effect ( Effect_Impact | Functional_Class | Codon_Change | Amino_Acid_Change| Amino_Acid_length | Gene_Name | Transcript_BioType | Gene_Coding | Transcript_ID | Exon_Rank  | Genotype_Number [ | ERRORS | WARNINGS ] )' ">
#CHROM POS ID REF ALT QUAL FILTER INFO
1 100 . A C,G . PASS EFF=NON_SYNONYMOUS_CODING+SPLICE_SITE_REGION(MODERATE|MISSENSE|aAa/aCa|p.Lys12Thr/c.35A>C|305|OR4F5|protein_coding|CODING|ENST1|2|2),NEXT_PROT[glycosylation_site:N-linked_(GlcNAc...)](LOW||||866|IL17RA|protein_coding|CODING|ENST2|2|1|ERROR_X|WARN_Y),UPSTREAM(MODIFIER||715||||||||1),BROKEN(LOW|x)
"#);
    let (engine, _folder) = home.engine();
    let entries = rows(&engine, "SELECT annotations.ann AS ann FROM eff")[0]["ann"].clone();
    assert_eq!(entries.as_array().unwrap().len(), 3);
    assert_eq!(
        entries[0],
        json!({
            "allele": "G", "annotation": ["NON_SYNONYMOUS_CODING", "SPLICE_SITE_REGION"],
            "annotation_impact": "MODERATE", "gene_name": "OR4F5", "gene_id": null,
            "feature_type": "transcript", "feature_id": "ENST1",
            "transcript_biotype": "protein_coding", "rank": {"rank": "2", "total": null},
            "hgvs_c": "c.35A>C", "hgvs_p": "p.Lys12Thr", "cdna_position": null,
            "cds_position": null, "aa_position": {"pos": null, "length": "305"}, "distance": "",
            "errors": null,
            "extras": {"functional_class": "MISSENSE", "codon_change": "aAa/aCa",
                "amino_acid_change": "p.Lys12Thr/c.35A>C", "gene_coding": "CODING"},
        })
    );
    assert_eq!(
        entries[1]["annotation"],
        json!(["NEXT_PROT[glycosylation_site:N-linked_(GlcNAc...)]"])
    );
    assert_eq!(entries[1]["errors"], json!(["ERROR_X", "WARN_Y"]));
    assert_eq!((&entries[2]["distance"], &entries[2]["allele"]), (&json!("715"), &json!("C")));
}

//! Several files in one version: their INFO headers may differ, as long as one column can hold what both declare.

use annostore::import::ImportOptions;
use annostore::model::{Error, ErrorKind};
use serde_json::json;

use super::fixture::rows;
use super::imported::Imports;

/// A file with one record, and these definitions of INFO.
fn file(position: u32, definitions: &[(&str, &str, &str)], info: &str) -> String {
    let mut text = "##fileformat=VCFv4.2\n".to_owned();
    for (key, number, kind) in definitions {
        text +=
            &format!("##INFO=<ID={key},Number={number},Type={kind},Description=\"of {key}\">\n");
    }
    text + "#CHROM POS ID REF ALT QUAL FILTER INFO\n"
        + &format!("1 {position} . A G,T . . {info}\n")
}

#[test]
fn a_version_has_the_keys_of_all_its_files() {
    let mut home = Imports::new();
    home.vcf("sss", &file(1, &[("AC", "A", "Integer"), ("X", "1", "Float")], "AC=1,2;X=0.5"))
        .vcf("sss", &file(2, &[("X", "1", "Integer"), ("SIG", "1", "String")], "X=7;SIG=benign"))
        .vcf("sss", &file(3, &[("ac", "1", "String"), ("AC", "A", "Integer")], "ac=low;AC=3,."))
        .vcf("sss", &file(4, &[], "."));
    let (engine, _folder) = home.engine();
    let sql = "SELECT start, info, attributes, attributes['X'] AS x FROM sss ORDER BY start";
    assert_eq!(
        json!(rows(&engine, sql)),
        json!([
            {"start": 0, "info": {"ac": [1, 2], "x": 0.5, "sig": null, "ac_2": null},
                "attributes": {"AC": "1,2", "X": "0.5"}, "x": "0.5"},
            {"start": 1, "info": {"ac": null, "x": 7.0, "sig": "benign", "ac_2": null},
                "attributes": {"X": "7", "SIG": "benign"}, "x": "7"},
            {"start": 2, "info": {"ac": [3, null], "x": null, "sig": null, "ac_2": "low"},
                "attributes": {"AC": "3,.", "ac": "low"}, "x": null},
            {"start": 3, "info": rows(&engine, sql)[3]["info"], "attributes": {}, "x": null},
        ])
    );
    let sql =
        "SELECT sum(info.x) AS x, sum(info['AC'][1]) AS ac, count(info['ac']) AS low FROM sss";
    assert_eq!(json!(rows(&engine, sql)), json!([{"x": 7.5, "ac": 4, "low": 1}]));
}

#[test]
fn what_one_column_cannot_hold_is_refused_with_key_and_types() {
    for (first, second, words) in [
        (("K", "1", "Integer"), ("K", "1", "Float"), ["one Float", "one Integer"]),
        (("K", "1", "Float"), ("K", ".", "Float"), ["a list of Float", "one Float"]),
        (("K", "A", "Integer"), ("K", "1", "Integer"), ["one Integer", "a list of Integer"]),
        (("K", "1", "String"), ("K", "0", "Flag"), ["one Flag", "one String"]),
    ] {
        let mut home = Imports::new();
        home.vcf("sss", &file(1, &[("OTHER", "1", "String"), first], "."));
        let refused = home.try_vcf("sss", &file(2, &[second], "."), &ImportOptions::default());
        let error: Error = refused.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict, "{error}");
        let text = error.to_string();
        assert!(text.contains(" K ") && words.iter().all(|it| text.contains(it)), "{text}");
        assert!(error.help().unwrap().contains("version of its own"), "{error:?}");
        // The refused job left nothing behind, and a version of its own takes the file.
        home.vcf("other", &file(2, &[second], "."));
        let (engine, _folder) = home.engine();
        for store in ["sss", "other"] {
            let sql = format!("SELECT count(*) AS n FROM {store}");
            assert_eq!(json!(rows(&engine, &sql)), json!([{"n": 1}]), "{store}");
        }
    }
}

#[test]
fn files_with_and_without_annotations_share_a_version() {
    let annotated = |position: u32, key: &str, description: &str, value: &str| {
        file(position, &[(key, ".", "String")], &format!("{key}={value}"))
            .replace(&format!("of {key}"), description)
    };
    let vep = "Consequence annotations from Ensembl VEP. Format: Allele|SYMBOL";
    let more = "Consequence annotations from Ensembl VEP. Format: SYMBOL|Allele|LoF";
    let snpeff = "Functional annotations: 'Allele | Annotation | Annotation_Impact | Gene_Name'";
    let ann = "G|stop_gained|HIGH|TP53||||||||||||";
    let mut home = Imports::new();
    home.vcf("sss", &file(1, &[("DP", "1", "Integer")], "DP=1"))
        .vcf("sss", &annotated(2, "CSQ", vep, "G|BRCA1"))
        .vcf("sss", &annotated(3, "CSQ", more, "BRCA2|T|HC"))
        .vcf("sss", &annotated(4, "ANN", snpeff, ann));
    let (engine, _folder) = home.engine();
    let sql =
        "SELECT start, annotations.vep[1].symbol AS vep, annotations.vep[1].extras['lof'] AS lof,
        annotations.ann[1].gene_name AS ann FROM sss ORDER BY start";
    assert_eq!(
        json!(rows(&engine, sql)),
        json!([
            {"start": 0, "vep": null, "lof": null, "ann": null},
            {"start": 1, "vep": "BRCA1", "lof": null, "ann": null},
            {"start": 2, "vep": "BRCA2", "lof": "HC", "ann": null},
            {"start": 3, "vep": null, "lof": null, "ann": "TP53"},
        ])
    );
}

//! Cases of VCF.

use serde_json::json;

use super::{Case, case, says};

fn vcf() -> Option<Case> {
    case("vcf")
}

#[test]
fn predictions_of_the_service() {
    let Some(case) = vcf() else { return };
    for name in [
        "format_without_samples",
        "number_zero_integer",
        "number_zero_format",
        "format_value_of_other_type",
        "format_two_values_for_one",
        "filter_zero",
        "end_missing",
    ] {
        let said = case.check(&format!("{name}.vcf"), &[]);
        assert!(said.has("fails-job") && said.code == 1, "{name}: {}", said.text);
    }
    for name in ["gq_float", "gt_separators", "meta_without_equals", "fileformat_second"] {
        let said = case.check(&format!("{name}.vcf"), &[]);
        assert!(!said.has("fails-job"), "{name}: {}", said.text);
    }
    for name in ["ad_partly_missing", "format_key_undeclared", "gl_without_pl"] {
        let said = case.check(&format!("{name}.vcf"), &[]);
        assert!(said.has("loses-value"), "{name}: {}", said.text);
    }
}

#[test]
fn damage_is_named() {
    let Some(case) = vcf() else { return };
    for (name, words) in [
        ("bom", &["byte order mark", "BOM"][..]),
        ("cr_only", &["line end", "carriage return"]),
        ("pos_beyond_32_bits", &["too large", "2147483647", "2,147,483,647"]),
        ("trailing_tab_record", &["ends in a tab", "trailing tab", "ends with a tab"]),
    ] {
        let said = case.check(&format!("{name}.vcf"), &[]);
        assert!(said.says(words), "{name}: {}", said.text);
    }
}

#[test]
fn a_map_has_each_info_key_once() {
    let Some(case) = vcf() else { return };
    case.stored("repeated_info_keys.vcf");
    for row in case.rows(
        "SELECT cardinality(attributes) AS n, attributes['AC'] AS ac,
            cardinality(array_distinct(map_keys(attributes))) AS keys,
            coalesce(cardinality(info_other), 0) AS others,
            coalesce(cardinality(array_distinct(map_keys(info_other))), 0) AS other_keys
        FROM s00",
    ) {
        assert_eq!(row["n"], row["keys"], "{row}");
        assert_eq!(row["others"], row["other_keys"], "{row}");
        assert!(!row["ac"].is_null(), "{row}");
    }
}

#[test]
fn a_map_has_each_format_key_once() {
    let Some(case) = vcf() else { return };
    let said = case.check("repeated_format_keys.vcf", &[]);
    assert!(!said.effects.is_empty(), "{}", said.text);
    let said = case.import("VCF", "repeated_format_keys.vcf", &["--on-error", "skip"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for row in case.rows(
        "SELECT cardinality(information) AS n,
            cardinality(array_distinct(map_keys(information))) AS keys FROM s00",
    ) {
        assert_eq!(row["n"], row["keys"]);
    }
}

#[test]
fn a_flag_with_a_value_is_present() {
    let Some(case) = vcf() else { return };
    case.stored("flag_with_value.vcf");
    let found = |flag: &str| {
        case.column(&format!("SELECT names[1] FROM s00 WHERE info.{flag} ORDER BY start"))
    };
    let common = found("common");
    assert_eq!(common[..2], [json!("a"), json!("b")]);
    assert!(!common.contains(&json!("c")));
    assert_eq!(found("db"), [json!("a"), json!("d")]);
}

#[test]
fn nan_compares_as_in_trino() {
    let Some(case) = vcf() else { return };
    case.stored("nan_compare.vcf");
    for (condition, positions) in [
        ("info.vqslod > 0", &[200][..]),
        ("info.vqslod >= 0.01", &[200]),
        ("info.vqslod BETWEEN -10 AND 10", &[200, 300]),
        ("element_at(info.af, 1) >= 0.01", &[200]),
        ("CAST(attributes['AF'] AS double) >= 0.01", &[200]),
        ("any_match(info.af, x -> x > 0.01)", &[200]),
        ("cardinality(filter(info.af, x -> x > 0.01)) > 0", &[200]),
        ("info.vqslod = info.vqslod", &[200, 300]),
        ("is_nan(info.vqslod)", &[100]),
        ("is_finite(info.vqslod)", &[200, 300]),
    ] {
        let sql = format!("SELECT start + 1 FROM s00 WHERE {condition} ORDER BY start");
        let expected: Vec<_> = positions.iter().map(|it| json!(it)).collect();
        assert_eq!(case.column(&sql), expected, "{condition}");
    }
}

#[test]
fn qualities_and_genotypes_are_those_of_the_service() {
    let Some(case) = vcf() else { return };
    case.stored("gq_float.vcf");
    let sql = "SELECT conditionalquality FROM s00 ORDER BY start";
    assert_eq!(case.column(sql), [json!(51), json!(99)]);
    let Some(case) = vcf() else { return };
    case.stored("gt_separators.vcf");
    let calls = case.column("SELECT calls FROM s00 ORDER BY start");
    assert_eq!(calls, [json!([1]), json!([0, 1]), json!([0, 1])]);
}

#[test]
fn symbolic_alleles_reach_to_their_end() {
    let Some(case) = vcf() else { return };
    case.stored("sv_length_v45.vcf");
    let ends = case.column("SELECT \"end\" FROM s00 ORDER BY start");
    assert_eq!(ends, [json!(1500), json!(3200), json!(5099), json!(7000)]);
    for (region, name) in [("1:1200-1300", "del"), ("1:3150-3150", "dup"), ("1:5050-5060", "blk")] {
        let found = case.rows_of("SELECT names[1] AS name FROM s00", &["--region", region]);
        assert_eq!(found, [json!({ "name": name })], "{region}");
    }
}

#[test]
fn ambiguity_codes_of_the_reference() {
    let Some(case) = vcf() else { return };
    let reference = case.path("iupac.fa");
    let said = case.check("iupac.vcf", &["--reference", &reference]);
    for line in [4, 8, 9] {
        let is_blamed = |it: &str| it.contains("REF") && it.contains(&format!("iupac.vcf:{line}:"));
        assert!(!said.text.lines().any(is_blamed), "{}", said.text);
    }
    assert!(said.says(&["`R`", "'R'", " R "]), "{}", said.text);

    let arn = "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1";
    case.home.done(["reference", "add", &reference, "--arn", arn]);
    let made = ["store", "create", "--name", "s00", "--store-format", "VCF"];
    case.home.done(made.iter().chain(&["--reference-arn", arn]));
    // Lines that are left out are an answer of their own.
    let said = case.import_more("iupac.vcf", &["--left-normalize", "--on-error", "skip"]);
    assert!(matches!(said.code, 0 | 1), "{}{}", said.out, said.err);
    let row = |name: &str| {
        let columns = "start, referenceallele AS ref, alternatealleles AS alt";
        case.rows(&format!("SELECT {columns} FROM s00 WHERE names[1] = '{name}'"))
    };
    assert_eq!(row("specA"), [json!({ "start": 8, "ref": "A", "alt": ["T"] })]);
    assert_eq!(row("Mdel"), [json!({ "start": 15, "ref": "AC", "alt": ["A"] })]);
    assert_eq!(row("ins"), [json!({ "start": 8, "ref": "A", "alt": ["AT"] })]);
}

#[test]
fn what_cannot_be_shifted_is_split_all_the_same() {
    let Some(case) = vcf() else { return };
    let reference = case.path("split_left_whole.fa");
    let arn = "arn:aws:omics:us-east-1:000000000000:referenceStore/1/reference/1";
    case.home.done(["reference", "add", &reference, "--arn", arn]);
    let made = ["store", "create", "--name", "s00", "--store-format", "VCF"];
    case.home.done(made.iter().chain(&["--reference-arn", arn]));
    let more = ["--left-normalize", "--split-multiallelics", "--ref-mismatch", "warn"];
    let said = case.import_more("split_left_whole.vcf", &more);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let rows = case
        .rows("SELECT cardinality(alternatealleles) AS alts, cardinality(info.ac) AS acs FROM s00");
    assert_eq!(rows, vec![json!({ "alts": 1, "acs": 1 }); 6]);
}

#[test]
fn genotypes_stay_with_their_samples() {
    let Some(case) = vcf() else { return };
    let said = case.import("VCF", "concat_swapped_samples.vcf", &[]);
    if said.code == 0 {
        let rows = case.rows("SELECT sampleid, calls FROM s00 WHERE start = 199 ORDER BY 1");
        let right = [
            json!({ "sampleid": "S1", "calls": [0, 0] }),
            json!({ "sampleid": "S2", "calls": [1, 1] }),
        ];
        assert_eq!(rows, right);
    } else {
        assert!(says(&said.err, &["samples"]), "{}", said.err);
    }
}

#[test]
fn keys_that_differ_in_case_are_told_apart() {
    let Some(case) = vcf() else { return };
    case.stored("info_case_file1.vcf");
    let said = case.import_more("info_case_file2.vcf", &[]);
    let words = format!("{}{}{}", said.out, said.err, case.home.done(["query", "DESCRIBE s00"]));
    assert!(words.contains("AF"), "{words}");
    let Some(case) = vcf() else { return };
    let checked = case.check("info_keys_by_case.vcf", &[]).text;
    let said = case.import("VCF", "info_keys_by_case.vcf", &[]);
    let described = case.home.done(["query", "DESCRIBE s00"]);
    let words = [checked, said.out + &said.err, described];
    assert!(words.iter().any(|it| it.contains("AF") && it.contains("Af")), "{words:?}");
}

#[test]
fn rs_numbers_have_more_than_31_bits() {
    let Some(case) = vcf() else { return };
    case.stored("rs_beyond_32_bits.vcf");
    let rows = case.column("SELECT names[1] FROM s00 WHERE info.rs = 2148352434");
    assert_eq!(rows, [json!("rs41285790")]);
}

#[test]
fn fields_that_are_not_there_are_named_with_those_that_are() {
    let Some(case) = vcf() else { return };
    case.stored("hyphen_keys.vcf");
    let said = case.query("SELECT info.AF-afr FROM s00", &[]);
    assert_eq!(said.code, 2);
    let hint = ["info.\"AF-afr\"", "info.\"af-afr\""].into_iter().find(|it| said.err.contains(it));
    let hint = hint.unwrap_or_else(|| panic!("{}", said.err));
    assert_eq!(case.column(&format!("SELECT {hint} FROM s00")), [json!([0.25])]);
    let said = case.query("SELECT info.nosuch FROM s00", &[]);
    assert_eq!(said.code, 2);
    assert!(says(&said.err, &["af_afr"]), "{}", said.err);
    let said = case.query("SELECT info.af.afr FROM s00", &[]);
    assert_eq!(said.code, 2);
    assert!(!says(&said.err, &["List(", "Float64"]), "{}", said.err);
}

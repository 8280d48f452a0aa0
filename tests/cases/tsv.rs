//! Cases of TSV and CSV: what a file is made of.

use serde_json::json;

use super::{Case, Guess, case, says};

fn tsv() -> Option<Case> {
    case("tsv")
}

/// What `infer` finds of a file.
fn inferred(file: &str) -> Option<(Case, Guess)> {
    let case = tsv()?;
    let guess = case.infer(file, &[]);
    Some((case, guess))
}

#[test]
fn marks_of_absence_are_no_alleles() {
    let Some((case, guess)) = inferred("L09_variant_summary.txt") else { return };
    assert!(matches!(guess.role("REF"), "" | "referenceallelevcf"), "{}", guess.options);
    assert!(matches!(guess.role("ALT"), "" | "alternateallelevcf"), "{}", guess.options);
    case.import_with("L09_variant_summary.txt", &guess);
    let columns = guess.names();
    let end = if guess.kind().starts_with("CHR_POS") { "\"end\"" } else { guess.role("END") };
    if !end.is_empty() {
        assert!(columns.contains(&"alleleid".to_owned()));
        let sql = format!("SELECT {end} FROM s00 WHERE alleleid = 15043");
        assert_eq!(case.column(&sql), [json!(100)]);
    }
    let Some((case, guess)) = inferred("M03_ref_na.tsv") else { return };
    let checked = case.check_with("M03_ref_na.tsv", &guess);
    assert!(
        guess.role("REF").is_empty() || guess.says(&["NA"]) || checked.says(&["`NA`", "'NA'"]),
        "{} {}",
        guess.said.err,
        checked.text
    );
}

#[test]
fn one_bad_byte_does_not_change_the_encoding() {
    let Some((case, guess)) = inferred("T06c_one_bad_byte.tsv") else { return };
    assert_eq!(guess.read("encoding"), "UTF-8");
    let checked = case.check_with("T06c_one_bad_byte.tsv", &guess);
    assert!(checked.text.contains(".tsv:3:"), "{}", checked.text);
}

#[test]
fn trailing_tabs_move_no_names() {
    let Some((case, guess)) = inferred("T10_trailtab.tsv") else { return };
    assert_eq!(guess.names()[..5], ["chrom", "pos", "ref", "alt", "score"]);
    assert!(guess.names().len() > 5, "{}", guess.options);
    assert_eq!(guess.kind(), "CHR_POS_REF_ALT");
    case.import_with("T10_trailtab.tsv", &guess);
    assert_eq!(case.column("SELECT alt FROM s00 ORDER BY pos"), [json!("G"), json!("G")]);
}

#[test]
fn names_that_begin_with_a_digit() {
    let Some((case, guess)) = inferred("L02_dbnsfp.tsv") else { return };
    let checked = case.check_with("L02_dbnsfp.tsv", &guess);
    assert!(checked.effects.is_empty(), "{}", checked.text);
    case.import_with("L02_dbnsfp.tsv", &guess);
    let said = case.query("SELECT 1000gp3_af FROM s00", &[]);
    assert_eq!(said.code, 2, "{}", said.out);
}

#[test]
fn zero_based_places_show_in_the_data() {
    for (file, start) in [("L91_zero_alleles.tsv", 4), ("T45_fathmm.tab", 10793)] {
        let Some((case, guess)) = inferred(file) else { return };
        assert_eq!(guess.kind(), "CHR_START_END_REF_ALT_ZERO_BASE", "{}", guess.said.err);
        case.import_with(file, &guess);
        assert_eq!(case.column("SELECT min(start) FROM s00"), [json!(start)]);
    }
    let Some((case, mut guess)) = inferred("L91_zero_alleles.tsv") else { return };
    let kind = &mut guess.options["storeOptions"]["tsvStoreOptions"]["annotationType"];
    *kind = json!("CHR_START_END_REF_ALT_ONE_BASE");
    let checked = case.check_with("L91_zero_alleles.tsv", &guess);
    assert!(!checked.effects.is_empty(), "{}", checked.text);
}

#[test]
fn headers_are_headers() {
    let Some((case, guess)) = inferred("L46_cat_header.tsv") else { return };
    let checked = case.check_with("L46_cat_header.tsv", &guess);
    assert!(guess.says(&["line 4"]) || checked.text.contains(":4:"), "{}", guess.said.err);
    for (file, kind, first) in [
        ("T16_header_bed.bed", "CHR_START_END_ZERO_BASE", "chrom"),
        ("L64_numeric_samples.tsv", "GENERIC", "gene_id"),
    ] {
        let Some((case, guess)) = inferred(file) else { return };
        assert_eq!(guess.read("header"), true, "{file}");
        assert_eq!(guess.names()[0], first);
        assert_eq!(guess.kind(), kind);
        case.import_with(file, &guess);
        assert_eq!(case.column("SELECT count(*) FROM s00"), [json!(2)]);
    }
    let Some((case, guess)) = inferred("L34_rownames.tsv") else { return };
    assert_eq!(guess.names()[1..], ["chr", "start", "end", "score"]);
    let checked = case.check_with("L34_rownames.tsv", &guess);
    assert_eq!(checked.code, 0, "{}", checked.text);
}

#[test]
fn lines_above_the_header_are_named() {
    for (file, names) in [
        ("T30_excel_sep.csv", &["chrom", "pos", "ref", "alt"][..]),
        ("T30b_excel_sep.csv", &["chrom", "pos", "ref", "alt"]),
        ("L14_clingen.csv", &["gene_symbol"]),
        ("L71.gct", &["name", "description", "s1", "s2"]),
    ] {
        let Some((_, guess)) = inferred(file) else { return };
        assert!(guess.says(&["remove", "without"]), "{file}: {}", guess.said.err);
        if guess.said.code == 0 {
            assert_eq!(guess.names()[..names.len()], *names, "{file}");
        }
    }
    let Some((_, guess)) = inferred("T32_header_newline.csv") else { return };
    assert!(guess.says(&["line break"]), "{}", guess.said.err);
    let Some(case) = tsv() else { return };
    let schema = r#"{"tsvStoreOptions": {"annotationType": "GENERIC", "formatToHeader": {},
        "schema": [{"chrom": "STRING"}, {"pos": "LONG"}, {"ref": "STRING"}, {"alt": "STRING"},
        {"rawscore": "DOUBLE"}, {"phred": "DOUBLE"}]}}"#;
    let options = case.home.file("schema.json", schema);
    let checked = case.check("L01_cadd.tsv", &["--options", options.to_str().unwrap()]);
    assert_eq!(checked.code, 1, "{}", checked.text);
    assert!(checked.says(&["comment"]) && checked.says(&["#"]), "{}", checked.text);
}

#[test]
fn values_with_blanks_and_colons() {
    let Some((case, guess)) = inferred("T37_names.dmp") else { return };
    if !guess.says(&["begin with a tab", "begins with a tab", "blank", "tabs"]) {
        case.import_with("T37_names.dmp", &guess);
        let rows = case.query("SELECT * FROM s00", &[]);
        assert!(rows.out.contains("\"all\""), "{} {}", guess.said.err, rows.out);
    }
    for file in ["T22b_regions.txt", "T22c_hgnc.txt"] {
        let Some((_, guess)) = inferred(file) else { return };
        assert_eq!(guess.names().len(), 1, "{file}: {}", guess.options);
    }
    let Some((_, guess)) = inferred("L22_plink.assoc") else { return };
    assert!(guess.names().len() == 10 || guess.says(&["blanks"]), "{}", guess.said.err);
}

#[test]
fn what_is_no_table_is_refused_as_what_it_is() {
    let Some(case) = tsv() else { return };
    let schema = r#"{"tsvStoreOptions": {"annotationType": "GENERIC", "formatToHeader": {},
        "schema": [{"a": "STRING"}, {"b": "STRING"}]}}"#;
    let options = case.home.file("schema.json", schema);
    let more = ["--store-format", "TSV", "--options", options.to_str().unwrap()];
    for (file, word) in [("T38b_utf16le_nobom.txt", "UTF-16"), ("T41b_html.tsv", "HTML")] {
        let guess = case.infer(file, &[]);
        let is_utf16 = guess.read("encoding").as_str().is_some_and(|it| it.starts_with("UTF-16"));
        assert!(guess.says(&[word]) || is_utf16, "{file}: {}", guess.said.err);
        let checked = case.check(file, &more);
        assert!(checked.says(&[word]), "{file}: {}", checked.text);
    }
}

#[test]
fn what_stands_behind_the_end_of_gzip() {
    let Some((_, guess)) = inferred("T40b_gz_trailing_junk.tsv.gz") else { return };
    assert!(guess.says(&["behind the end"]), "{}", guess.said.err);
    assert_eq!(guess.said.err.matches("T40b").count(), 1, "{}", guess.said.err);
    let Some((_, guess)) = inferred("T40_gz_trailing_zeros.tsv.gz") else { return };
    let is_read = guess.names() == ["chrom", "pos"];
    assert!(is_read || guess.says(&["behind the end"]), "{}", guess.said.err);
}

#[test]
fn rows_without_positions_have_no_region() {
    let Some(case) = tsv() else { return };
    for file in ["L07_refGene.txt", "L47_mane.txt"] {
        let Some((case, mut guess)) = inferred(file) else { return };
        let store = &mut guess.options["storeOptions"]["tsvStoreOptions"];
        store["annotationType"] = json!("GENERIC");
        store["formatToHeader"] = json!({});
        case.import_with(file, &guess);
        let said = case.query("SELECT * FROM s00", &["--region", "chr1:1-100000"]);
        assert_ne!(said.code, 0, "{file}: {}", said.out);
        assert!(says(&said.err, &["position"]), "{}", said.err);
        assert!(says(&said.err, &["GENERIC"]), "{}", said.err);
    }
    let guess = case.infer("L81_backslash.tsv", &[]);
    case.import_with("L81_backslash.tsv", &guess);
    let sql = "SELECT * FROM s00";
    let written = case.home.done(["query", "-f", "tsv", sql]);
    let help = case.home.done(["query", "--help"]);
    assert!(
        written.contains("C:\\dir\t")
            || written.contains("C:\\dir\n")
            || says(&help, &["backslash"])
    );
}

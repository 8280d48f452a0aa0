//! What `check` says of the service's reader, record by record: the worst effect of a file, and the
//! rules that say so.

use serde_json::Value;

use crate::common::program::Home;

const DEFINITIONS: &str = "##contig=<ID=1>
##INFO=<ID=K,Number=1,Type=String,Description=\"Text\">
##INFO=<ID=N,Number=1,Type=Integer,Description=\"Number\">
##INFO=<ID=END,Number=1,Type=Integer,Description=\"End\">
##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"Depth\">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description=\"Quality\">
##FORMAT=<ID=GL,Number=G,Type=Float,Description=\"Likelihoods\">
##FORMAT=<ID=PL,Number=G,Type=Integer,Description=\"Likelihoods\">
";

/// A file of this version with further definitions and records, whose fields blanks separate.
fn file(version: &str, samples: &str, definitions: &str, records: &str) -> String {
    let columns = format!("#CHROM POS ID REF ALT QUAL FILTER INFO{samples}\n");
    let table = (columns + records + "\n").replace(' ', "\t").replace('_', "");
    format!("##fileformat=VCFv{version}\n{DEFINITIONS}{definitions}{table}")
}

/// The worst effect that a report knows, and the codes of the rules.
fn verdict(home: &Home, text: &str) -> (&'static str, Vec<String>) {
    home.file("file.vcf", text);
    let said = home.run(["check", "--output", "json", "file.vcf"]);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let rules = report["files"][0]["rules"].as_array().unwrap();
    let has = |effect: &str| rules.iter().any(|it| it["effect"] == effect);
    let worst = ["fails-job", "loses-value"].into_iter().find(|it| has(it)).unwrap_or("accepted");
    (worst, rules.iter().map(|it| it["rule"].as_str().unwrap().to_owned()).collect())
}

#[track_caller]
fn predicts(home: &Home, text: &str, effect: &str, code: &str) {
    let (worst, codes) = verdict(home, text);
    assert_eq!(worst, effect, "{codes:?}\n{text}");
    assert!(code.is_empty() || codes.iter().any(|it| it == code), "{codes:?}\n{text}");
}

const ONE: &str = " FORMAT s";

#[test]
fn a_record_that_is_rejected_is_judged_as_the_service_reads_it() {
    let home = Home::new();
    for (record, effect, code) in [
        ("1 -5 . A G . . . GT 0/1", "accepted", "VCF258"),
        ("1 -5 . A Z . . . GT 0/1", "fails-job", "VCF105"),
        ("1 -5 . A G . . . GT 0/5", "fails-job", "VCF112"),
        ("1 -5 . A G . . END=. GT 0/1", "fails-job", "VCF111"),
        ("1 -5 . A G . . NEW=1 GT 0/1", "fails-job", "VCF108"),
        ("1 5 . A G . . . GT 0/1 x", "loses-value", "VCF285"),
        ("1 5 . A G . . . GT 0/5 x", "fails-job", "VCF112"),
        ("1 5 . A Z . . . GT 0/1 x", "fails-job", "VCF105"),
        ("1 5 . A G . . END=. GT 0/1 x", "fails-job", "VCF111"),
        ("1 x . A G . . . GT 0/1 x", "fails-job", "VCF102"),
        ("1 5 . A G . _ . GT 0/1 x", "fails-job", "VCF110"),
        ("1 5 . A G . . NEW=1 GT 0/1 x", "fails-job", "VCF108"),
        ("1 5 . A G . . . DP:GT 1:0/1 x", "fails-job", "VCF160"),
    ] {
        predicts(&home, &file("4.2", ONE, "", record), effect, code);
    }
    predicts(&home, &file("4.0", ONE, "", "1 5 . A G . . . DP 1 x"), "fails-job", "VCF268");
}

#[test]
fn records_below_another_header_are_judged_as_the_service_reads_them() {
    let home = Home::new();
    let first = "1 5 . A G . . . GT 0/1 0/1\n#CHROM POS ID REF ALT QUAL FILTER INFO";
    for (rest, effect, code) in [
        (" FORMAT b a\n1 6 . A G . . . GT 0/1 0/0", "loses-value", "VCF286"),
        (" FORMAT b a\n1 6 . A G . . . GT 0/1 0/5", "fails-job", "VCF112"),
        (" FORMAT a\n1 6 . A G . . . GT 0/1", "fails-job", "VCF101"),
        ("\n1 6 . A G . . .", "fails-job", "VCF101"),
        (" FORMAT a b c\n1 6 . A G . . . GT 0/1 0/0 0/0", "loses-value", "VCF285"),
        (" FORMAT a b c\n1 6 . A G . . . GT 0/1 0/0 0/0 0/0", "loses-value", "VCF286"),
    ] {
        predicts(&home, &file("4.2", " FORMAT a b", "", &format!("{first}{rest}")), effect, code);
    }
}

#[test]
fn alleles_that_the_service_passes_over_are_not_there_for_gt() {
    let home = Home::new();
    for (alternates, genotype, effect) in [
        ("G,.", "0/1", "loses-value"),
        ("G,.", "0/2", "fails-job"),
        (".,G", "0/2", "fails-job"),
        (".,G", "0/1", "loses-value"),
        (".,.", "0/1", "fails-job"),
        (".,.", "0/0", "loses-value"),
        ("G,C,", "1/2", "loses-value"),
        ("G,C,", "1/3", "fails-job"),
        ("G,C", "1/2", "accepted"),
    ] {
        let record = format!("1 5 . A {alternates} . . . GT {genotype}");
        predicts(&home, &file("4.2", ONE, "", &record), effect, "");
    }
}

#[test]
fn keys_of_samples_are_judged_by_the_values_that_they_have() {
    let home = Home::new();
    for (samples, effect, code) in [
        ("_ 0/1", "fails-job", "VCF110"),
        ("GT:_ 0/1:abc", "loses-value", "VCF164"),
        ("GT:_ 0/1:_", "accepted", "VCF162"),
        (". .", "accepted", ""),
        (". x", "loses-value", "VCF164"),
        ("GT:NEW 0/1:.", "accepted", ""),
        ("GT:NEW 0/1:5", "loses-value", "VCF164"),
        ("GT:GQ 0/1:nan", "loses-value", "VCF270"),
        ("GT:GQ 0/1:-inf", "loses-value", "VCF270"),
        ("GT:GQ 0/1:3000000000", "loses-value", "VCF270"),
        ("GT:GQ 0/1:x", "fails-job", "VCF119"),
        // What is read at once fails, also where a later value holds.
        ("GT:DP:DP 0/1:x:5", "fails-job", "VCF119"),
        ("GT:DP:DP 0/1:5:6", "loses-value", "VCF241"),
    ] {
        predicts(&home, &file("4.2", ONE, "", &format!("1 5 . A G . . . {samples}")), effect, code);
    }
}

#[test]
fn gl_is_not_read_where_the_record_has_had_pl() {
    let home = Home::new();
    for (samples, effect) in [
        ("GT:PL:GL 0/1:1,0,9:.,0,-1 0/0", "loses-value"),
        ("GT:PL:GL 0/1:1,0,9:x 0/0", "loses-value"),
        ("GT:GL:PL 0/1:.,0,-1:1,0,9 0/0", "fails-job"),
        ("GT:PL:GL 0/1:.:.,0,-1 0/0", "fails-job"),
        ("GT:GL:PL 0/1:-1,0,-1:1,0,9 0/1:.,0,-1:.", "loses-value"),
        ("GT:GL 0/1:.,0,-1 0/0", "fails-job"),
    ] {
        let record = format!("1 5 . A G . . . {samples}");
        predicts(&home, &file("4.2", " FORMAT s t", "", &record), effect, "VCF269");
    }
}

#[test]
fn end_is_judged_by_the_value_that_holds() {
    let home = Home::new();
    let flag = "##INFO=<ID=END,Number=0,Type=Flag,Description=\"x\">\n";
    let list = "##INFO=<ID=END,Number=.,Type=Integer,Description=\"x\">\n";
    for (definition, info, effect) in [
        ("", "END=.;END=200", "loses-value"),
        ("", "END=200;END=.", "fails-job"),
        ("", "END;END=200", "loses-value"),
        (flag, "END=200", "accepted"),
        (flag, "END=x", "fails-job"),
        (flag, "END", "fails-job"),
        (list, "END=200", "accepted"),
        (list, "END=200,300", "fails-job"),
        (list, "END=.", "fails-job"),
    ] {
        let text = file("4.2", "", "", &format!("1 100 . A <DEL> . . {info}"));
        let own = DEFINITIONS.lines().find(|it| it.contains("ID=END")).unwrap();
        let text = if definition.is_empty() {
            text
        } else {
            text.replace(&format!("{own}\n"), definition)
        };
        predicts(&home, &text, effect, "");
    }
}

#[test]
fn flags_are_those_of_the_service() {
    let home = Home::new();
    let number = "##INFO=<ID=DB,Number=1,Type=Integer,Description=\"x\">\n";
    let flag = "##INFO=<ID=DP,Number=0,Type=Flag,Description=\"x\">\n";
    for (definition, info, effect) in [
        (number, "DB=1", "accepted"),
        (number, "DB=0", "loses-value"),
        (number, "DB", "accepted"),
        (flag, "DP=0", "accepted"),
        (flag, "DP", "loses-value"),
    ] {
        let record = format!("1 5 . A G . . {info}");
        predicts(&home, &file("4.2", "", definition, &record), effect, "");
    }
}

#[test]
fn letters_beyond_ascii_in_a_header_are_others_in_the_service() {
    let home = Home::new();
    let info = |kind: &str| format!("##INFO=<ID=Größe,Number={kind},Description=\"x\">\n");
    for (definition, info) in [
        (info("1,Type=Integer"), "Größe=5"),
        (info("1,Type=Integer"), "Größe=x"),
        (info("0,Type=Flag"), "Größe"),
    ] {
        let record = format!("1 5 . A G . . {info}");
        predicts(&home, &file("4.2", "", &definition, &record), "fails-job", "VCF291");
    }
    let unused = file("4.2", "", &info("1,Type=Integer"), "1 5 . A G . . .");
    predicts(&home, &unused, "accepted", "VCF025");
    let definition = "##FORMAT=<ID=Größe,Number=1,Type=Integer,Description=\"x\">\n";
    let record = "1 5 . A G . . . GT:Größe 0/1:5";
    predicts(&home, &file("4.2", ONE, definition, record), "loses-value", "VCF292");
    let record = "1 5 . A G . . . GT 0/1";
    predicts(&home, &file("4.2", " FORMAT Müller", "", record), "loses-value", "VCF290");
}

#[test]
fn the_last_version_holds() {
    let home = Home::with_store("variants");
    let pedigree = "##PEDIGREE=<Child=a>\n";
    let later = |version: &str| format!("{pedigree}##fileformat=VCFv{version}\n");
    let record = "1 5 . A G . . K=a%3Bb";
    predicts(&home, &file("4.2", "", &later("4.3"), record), "fails-job", "VCF250");
    predicts(&home, &file("4.3", "", pedigree, record), "fails-job", "VCF250");
    predicts(&home, &file("4.3", "", &later("4.2"), record), "accepted", "VCF040");
    home.done(["import", "file.vcf", "--store", "variants"]);
    let sql = "SELECT info.k FROM variants";
    assert!(home.done(["query", sql, "--format", "tsv"]).contains("a%3Bb"));
    predicts(&home, &file("4.2", "", &later("9"), record), "fails-job", "VCF020");
}

#[test]
fn a_header_behind_a_file_without_a_last_newline_is_named() {
    let home = Home::new();
    for (samples, record) in [(ONE, "1 5 . A G . . . GT 0/1"), ("", "1 5 . A G . . N=5")] {
        let one = file("4.2", samples, "", record);
        home.file("file.vcf", one.trim_end().to_owned() + &one);
        let said = home.run(["check", "file.vcf"]);
        assert!(said.out.contains("a second header begins here"), "{}", said.out);
    }
}

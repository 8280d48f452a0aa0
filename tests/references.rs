//! References and left normalization on the terminal, from the FASTA file to rows.

#![cfg(feature = "store")]
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;

use annostore::model::{ErrorKind, Reference as _};
use annostore::read::fasta::{Digests, Fasta, index};
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use common::bgzf;
use common::program::Home;

mod common;

/// `GG`, forty times `CA`, `TT`: 84 bases, of which the repeat is in lower case.
fn fasta() -> String {
    let sequence = format!("GG{}TT", "ca".repeat(40));
    let lines: Vec<&str> = sequence.as_bytes().chunks(10).map(str).collect();
    format!(">chr1 made up\n{}\n>2\nACGT\n", lines.join("\n"))
}

fn str(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

const HEADER: &str = "##fileformat=VCFv4.3
##INFO=<ID=AF,Number=A,Type=Float,Description=\"x\">
##INFO=<ID=XR,Number=R,Type=Integer,Description=\"x\">
##FORMAT=<ID=GT,Number=1,Type=String,Description=\"x\">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description=\"x\">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ts
";

const RECORDS: &str = "chr1\t2\ta\tGC\tGT\t.\t.\tAF=0.5\tGT:AD\t0/1:1,2
chr1\t60\tb\tACA\tA\t.\t.\tAF=0.5\tGT:AD\t0/1:1,2
chr1\t61\tc\tC\tCAC,T\t.\t.\tAF=0.1,0.2;XR=1,2,3\tGT:AD\t1/2:1,2,3
chr1\t84\td\tT\tA\t.\t.\tAF=0.5\tGT:AD\t0/1:1,2
";

fn with_reference(content: impl AsRef<[u8]>) -> Home {
    let home = Home::with_store("calls");
    home.file("ref.fa", content);
    home.done(["reference", "add", "ref.fa", "--arn", "arn:x"]);
    home
}

fn rows(home: &Home) -> Vec<String> {
    let sql = "SELECT start, \"end\", names[1], referenceallele, alternatealleles, \
              attributes['AF'], attributes['XR'], calls, alleledepths FROM calls";
    let text = home.done(["query", sql, "--format", "tsv"]);
    text.lines().skip(1).map(|it| it.replace('\t', " ")).collect()
}

#[test]
fn records_are_stored_in_their_one_form_and_in_order() {
    for content in [fasta().into_bytes(), bgzf::file(fasta().as_bytes(), 17)] {
        let home = with_reference(content);
        home.file("in.vcf", format!("{HEADER}{RECORDS}"));
        home.done(["import", "in.vcf", "--store", "calls", "--left-normalize"]);
        let places: Vec<String> = rows(&home)
            .iter()
            .map(|it| it.split(' ').take(5).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            places,
            [
                r#"1 4 b GCA ["G"]"#,
                r#"2 3 a C ["T"]"#,
                r#"60 61 c C ["CAC","T"]"#,
                r#"83 84 d T ["A"]"#
            ]
        );
        let id = home.json(&["job", "list", "--json"])["annotationImportJobs"][0]["id"].clone();
        let job = home.done(["job", "get", id.as_str().unwrap()]);
        assert!(job.contains("1 moved, 1 trimmed, 2 unchanged"), "{job}");
        let version = home.done(["version", "get", "calls", "calls"]);
        let reference = home.json(&["reference", "get", "arn:x", "--json"]);
        let digest = reference["digest"].as_str().unwrap();
        assert!(version.contains(&format!("arn:x (digest {digest})")), "{version}");
        assert_eq!(reference["contigs"][1]["md5"], "f1f8f4bf413b16ad135722aa4591043e");
    }
}

#[test]
fn multiallelic_records_become_one_for_each_allele() {
    let home = with_reference(fasta());
    home.file("in.vcf", format!("{HEADER}{RECORDS}"));
    let arguments =
        ["import", "in.vcf", "--store", "calls", "--left-normalize", "--split-multiallelics"];
    home.done(arguments);
    let split: Vec<String> = rows(&home).into_iter().filter(|it| it.contains(" c ")).collect();
    let expected =
        [r#"1 2 c G ["GCA"] 0.1 1,2 [1,0] [1,2]"#, r#"60 61 c C ["T"] 0.2 1,3 [0,1] [1,3]"#];
    assert_eq!(split, expected);
    let sql = "SELECT names[1] FROM calls WHERE splitfrommultiallelic";
    assert_eq!(home.done(["query", sql, "--format", "tsv"]), "names[1]\nc\nc\n");
    // Rows that moved, and those that were one record, say which record of the file they were.
    let sql = "SELECT names[1], start, \"$record\" FROM calls";
    let numbers = home.done(["query", sql, "--format", "csv"]);
    assert_eq!(numbers, "names[1],start,$record\nb,1,2\nc,1,3\na,2,1\nc,60,3\nd,83,4\n");
}

#[test]
fn a_record_that_does_not_fit_the_reference_is_rejected_kept_or_left_out() {
    let bad = "chr1\t84\te\tG\tA\t.\t.\t.\tGT\t0/1\n\
               1\t1\tf\tG\tA\t.\t.\t.\tGT\t0/1\n\
               chr1\t900\tg\tG\tA\t.\t.\t.\tGT\t0/1\n";
    let import = |home: &Home, more: &[&str]| {
        let arguments = ["import", "in.vcf", "--store", "calls", "--left-normalize"];
        home.run(arguments.iter().chain(more))
    };
    let home = with_reference(fasta());
    home.file("in.vcf", format!("{HEADER}{RECORDS}{bad}"));
    let said = import(&home, &[]);
    assert_eq!((said.code, rows(&home).len()), (1, 0), "{}{}", said.out, said.err);
    for told in ["the reference has `T`", "it has `chr1`", "`chr1` has 84 bases"] {
        assert!(said.out.contains(told), "{}", said.out);
    }
    assert_eq!(import(&home, &["--ref-mismatch", "skip"]).code, 1);
    assert_eq!(rows(&home).len(), 4);
    let files = home.files("reports");
    let kept = files.iter().find(|it| it.ends_with("rejected.vcf")).unwrap();
    assert_eq!(fs::read_to_string(home.path().join(kept)).unwrap(), bad);

    let home = with_reference(fasta());
    home.file("in.vcf", format!("{HEADER}{RECORDS}{bad}"));
    let said = import(&home, &["--ref-mismatch", "warn"]);
    assert_eq!((said.code, rows(&home).len()), (0, 7), "{}", said.out);
    assert!(!said.out.contains("rejects") && !said.err.contains("rejects"), "{}", said.out);
}

#[test]
fn a_reference_that_is_unknown_or_has_changed_is_refused_before_a_job_begins() {
    let home = Home::with_store("calls");
    home.file("in.vcf", format!("{HEADER}{RECORDS}"));
    let import = ["import", "in.vcf", "--store", "calls", "--left-normalize"];
    let said = home.run(import);
    assert_eq!(said.code, 4, "{}", said.err);
    assert!(said.err.contains("annostore reference add FASTA --arn arn:x"), "{}", said.err);
    home.file("ref.fa", fasta());
    home.done(["reference", "add", "ref.fa", "--arn", "arn:x"]);
    home.file("ref.fa", fasta().replace("ACGT", "ACGA"));
    let said = home.run(import);
    assert_eq!(said.code, 4, "{}", said.err);
    assert!(said.err.contains("contig `2` has other bases"), "{}", said.err);
    assert!(home.done(["job", "list"]).lines().count() == 1);
    // Written anew with the same bases, in another layout.
    home.file("ref.fa", fasta().replace('\n', "\r\n"));
    home.done(import);
    home.done(["reference", "delete", "arn:x"]);
    assert_eq!(home.run(["reference", "get", "arn:x"]).code, 4);
}

/// As where it is written again behind the back of an import: its index knows nothing of that.
#[test]
fn a_reference_that_changes_while_it_is_read_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("reference.fa.gz");
    let text = format!(">a\n{}", "ACGTACGTAC\n".repeat(1000));
    let file = bgzf::file(text.as_bytes(), 1000);
    fs::write(&path, &file).unwrap();
    let pipe = Pipe::new(Some(1), DEFAULT_CHUNK_BYTES).unwrap();
    let known = index(path.to_str().unwrap(), &pipe, Digests::None).unwrap();
    let mut shifted = file.clone();
    shifted.rotate_left(100);
    let shorter_lines = text.replace("CGTAC", "CG\nAC");
    for changed in [
        bgzf::file(text.as_bytes(), 900),
        bgzf::file(text.as_bytes(), 1100),
        bgzf::file(shorter_lines.as_bytes(), 1000),
        file[..file.len() / 2].to_vec(),
        shifted,
        text.clone().into_bytes(),
    ] {
        let reference = Fasta::open(&path, known.clone()).unwrap();
        fs::write(&path, changed).unwrap();
        let error = reference.block(0, 0).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert!(error.message().contains("not what it was when it was indexed"), "{error}");
        assert!(error.help().is_some_and(|it| it.contains("reference add")), "{error}");
        fs::write(&path, &file).unwrap();
        let reference = Fasta::open(&path, known.clone()).unwrap();
        assert_eq!(reference.block(0, 0).unwrap().len(), 10_000);
    }
}

#[test]
fn a_stale_fai_is_told_and_not_used() {
    let home = Home::with_store("calls");
    home.file("ref.fa", fasta());
    home.file("ref.fa.fai", "chr1\t84\t14\t11\t12\n2\t4\t110\t4\t5\n");
    let said = home.run(["reference", "add", "ref.fa", "--arn", "arn:x"]);
    assert!(said.err.contains("the line's bases of `chr1` is 11 in it, and 10"), "{}", said.err);
    home.file("in.vcf", format!("{HEADER}{RECORDS}"));
    home.done(["import", "in.vcf", "--store", "calls", "--left-normalize"]);
}

/// Rows that move over the end of a row group are put in their place before it, so that the output
/// stays one sorted file.
#[test]
fn rows_that_move_do_not_shatter_the_output() {
    let blocks = 1500;
    let block = format!("G{}T", "CA".repeat(49));
    let home = with_reference(format!(">chr1\n{}\n", block.repeat(blocks)));
    let mut text = HEADER.replace("\tFORMAT\ts", "");
    for start in (0..blocks).map(|it| it * block.len()) {
        for (at, base) in block.bytes().enumerate().take(98) {
            let (position, base) = (start + at + 1, char::from(base));
            writeln!(text, "chr1\t{position}\t.\t{base}\tN\t.\t.\tAF=0.5").unwrap();
        }
        // Moves to the first base of its block.
        writeln!(text, "chr1\t{}\t.\tACA\tA\t.\t.\tAF=0.5", start + 97).unwrap();
    }
    home.file("in.vcf", &text);
    home.done(["import", "in.vcf", "--store", "calls", "--left-normalize"]);
    assert_eq!(home.files("data").len(), 1);
    let sql = "SELECT count(*), count(DISTINCT start) FROM calls WHERE referenceallele = 'GCA'";
    assert!(home.done(["query", sql, "--format", "csv"]).contains("1500,1500"));
}

/// A home with a TSV store of an annotation type whose reference is known.
fn with_scores(annotation_type: &str, roles: &[(&str, &str)]) -> Home {
    let home = with_reference(fasta());
    let types = [
        ("chrom", "STRING"),
        ("at", "INT"),
        ("last", "LONG"),
        ("r", "STRING"),
        ("a", "STRING"),
        ("score", "DOUBLE"),
    ];
    let named =
        |it: &str| it == "chrom" || it == "score" || roles.iter().any(|(_, name)| *name == it);
    let schema: Vec<String> = types
        .iter()
        .filter(|(name, _)| named(name))
        .map(|(name, kind)| format!(r#"{{"{name}": "{kind}"}}"#))
        .collect();
    let roles: Vec<String> =
        roles.iter().map(|(role, name)| format!(r#""{role}": "{name}""#)).collect();
    home.file(
        "store.json",
        format!(
            r#"{{"name": "scores", "storeFormat": "TSV", "reference": {{"referenceArn": "arn:x"}},
            "storeOptions": {{"tsvStoreOptions": {{"annotationType": "{annotation_type}",
            "formatToHeader": {{"CHR": "chrom", {}}}, "schema": [{}]}}}}}}"#,
            roles.join(", "),
            schema.join(", ")
        ),
    );
    home.done(["store", "create", "--request", "store.json"]);
    home
}

fn scores(home: &Home, end: &str) -> Vec<String> {
    let sql = format!("SELECT at, {end}, r, a, score FROM scores");
    let text = home.done(["query", &sql, "--format", "tsv"]);
    text.lines().skip(1).map(|it| it.replace('\t', " ")).collect()
}

#[test]
fn tsv_rows_are_stored_in_their_one_form_with_all_alleles() {
    let import = ["import", "in.tsv", "--store", "scores", "--left-normalize"];
    let home = with_scores("CHR_POS_REF_ALT", &[("POS", "at"), ("REF", "r"), ("ALT", "a")]);
    home.file(
        "in.tsv",
        "chrom\tat\tr\ta\tscore\nchr1\t2\tGC\tGT\t1\nchr1\t60\tACA\tA\t2\n\
         chr1\t61\tCAC\tC,T\t3\nchr1\t62\tA\t-\t4\nchr1\t84\tt\ta\t5\n",
    );
    home.done(import);
    let expected =
        ["1 4 GCA G 2.0", "2 3 C T 1.0", "60 63 CAC C,T 3.0", "61 62 A - 4.0", "83 84 t a 5.0"];
    assert_eq!(scores(&home, "\"end\""), expected);
    let jobs = home.json(&["job", "list", "--json"]);
    let job = jobs["annotationImportJobs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["destinationName"] == "scores");
    let job = home.done(["job", "get", job.unwrap()["id"].as_str().unwrap()]);
    assert!(job.contains("1 moved, 1 trimmed, 3 unchanged"), "{job}");

    let check = ["check", "in.tsv", "--store", "scores", "--reference", "ref.fa"];
    let said = home.run(check);
    assert_eq!(said.code, 1, "{}", said.out);
    for told in ["normalized, the row is `3 C T`", "in.tsv:4:13", "REF006"] {
        assert!(said.out.contains(told), "{}", said.out);
    }
    let all = home.run(check.iter().chain(&["--output", "json"]));
    assert!(all.out.contains("normalized, the row is `2 GCA G`"), "{}", all.out);
    home.file(
        "in.tsv",
        "chrom\tat\tr\ta\tscore\nchr1\t84\tG\tA\t1\nchr1\t85\tT\tA\t1\n\
         1\t2\tGC\tGT\t1\nchr1\t3\tC\tT\t7\n",
    );
    let said = home.run(import);
    assert_eq!(said.code, 1, "{}", said.err);
    for told in ["the reference has `T`", "it has `chr1`", "`chr1` has 84 bases"] {
        assert!(said.out.contains(told), "{}", said.out);
    }
    home.run(import.iter().chain(&["--ref-mismatch", "skip"]));
    assert_eq!(scores(&home, "\"end\"").len(), 6);
    let said = home.run(import.iter().chain(&["--split-multiallelics"]));
    assert_eq!(said.code, 4);
    assert!(said.err.contains("only VCF records are split"), "{}", said.err);
}

#[test]
fn starts_and_ends_move_as_their_type_counts() {
    for (kind, first) in
        [("CHR_START_END_REF_ALT_ONE_BASE", 60), ("CHR_START_END_REF_ALT_ZERO_BASE", 59)]
    {
        let roles = [("START", "at"), ("END", "last"), ("REF", "r"), ("ALT", "a")];
        let home = with_scores(kind, &roles);
        let rows = format!("chrom\tat\tlast\tr\ta\tscore\nchr1\t{first}\t62\tACA\tA\t2\n");
        home.file("in.tsv", rows);
        home.done(["import", "in.tsv", "--store", "scores", "--left-normalize"]);
        assert_eq!(scores(&home, "last"), ["1 4 GCA G 2.0"], "{kind}");
    }
    let home = with_scores("CHR_POS", &[("POS", "at")]);
    home.file("in.tsv", "chrom\tat\tscore\nchr1\t2\t1\n");
    let said = home.run(["import", "in.tsv", "--store", "scores", "--left-normalize"]);
    assert_eq!(said.code, 4, "{}", said.err);
    assert!(said.err.contains("rows of type CHR_POS have no alleles"), "{}", said.err);
    assert_eq!(home.run(["check", "in.tsv", "--store", "scores", "--reference", "ref.fa"]).code, 4);
}

/// What the service would lose is told also where the reference is not at hand.
#[test]
fn a_request_to_normalize_is_judged_without_the_reference() {
    let home = with_scores("CHR_POS_REF_ALT", &[("POS", "at"), ("REF", "r"), ("ALT", "a")]);
    home.file("in.tsv", "chrom\tat\tr\ta\tscore\nchr1\t61\tCAC\tC,T\t3\n");
    let job = |normalizes: bool| {
        format!(
            r#"{{"destinationName": "scores", "roleArn": "arn:aws:iam::000000000000:role/r",
            "items": [{{"source": "s3://bucket/in.tsv"}}],
            "runLeftNormalization": {normalizes}}}"#
        )
    };
    // A type without alleles is checked all the same: the request says nothing about its rows.
    let other = with_scores("CHR_POS", &[("POS", "at")]);
    other.file("in.tsv", "chrom\tat\tscore\nchr1\t2\t1\n");
    other.file("job.json", job(true));
    let said = other.run(["check", "in.tsv", "--store", "scores", "--request", "job.json"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for normalizes in [true, false] {
        home.file("job.json", job(normalizes));
        let said = home.run(["check", "in.tsv", "--store", "scores", "--request", "job.json"]);
        assert_eq!(said.out.contains("REF006"), normalizes, "{}{}", said.out, said.err);
    }
}

/// VCF writes an ambiguity code of the reference as the first of its bases in the alphabet.
#[test]
fn ambiguity_codes_of_the_reference_are_the_first_of_their_bases() {
    let home = with_reference(">c\nACGTTGCAYTTACGGKCATTTTTGA\n");
    let records = "c\t9\tfirst\tC\tA\t.\t.\t.\tGT\t0/1\n\
                   c\t10\tshifted\tT\tTT\t.\t.\t.\tGT\t0/1\n\
                   c\t16\tlonger\tGC\tG\t.\t.\t.\tGT\t0/1\n\
                   c\t9\tother\tT\tA\t.\t.\t.\tGT\t0/1\n\
                   c\t9\tany\tN\tA\t.\t.\t.\tGT\t0/1\n";
    home.file("in.vcf", format!("{HEADER}{records}"));
    let arguments = ["import", "in.vcf", "--store", "calls", "--left-normalize", "--on-error"];
    let said = home.run(arguments.iter().chain(&["skip"]));
    let told = "REF is `T`, but the reference has `Y`, which has to be written `C`";
    assert!(said.out.contains(told), "{}", said.out);
    let places: Vec<String> =
        rows(&home).iter().map(|it| it.split(' ').take(5).collect::<Vec<_>>().join(" ")).collect();
    let expected = [r#"8 9 first C ["A"]"#, r#"8 9 shifted C ["CT"]"#, r#"15 17 longer GC ["G"]"#];
    assert_eq!(places, expected);
}

/// As `bcftools norm -c w -m-any` does.
#[test]
fn what_the_reference_cannot_move_is_split_all_the_same() {
    let home = with_reference(fasta());
    let records = "chr1\t0\ttelomere\tN\t<DEL>,<DUP>\t.\t.\tAF=0.1,0.2;XR=1,2,3\tGT\t1/2\n\
                   chr1\t1\tunlike\tT\tA,C\t.\t.\tAF=0.1,0.2;XR=1,2,3\tGT\t1/2\n\
                   chr9\t1\telsewhere\tT\tA,C\t.\t.\tAF=0.1,0.2;XR=1,2,3\tGT\t1/2\n";
    home.file("in.vcf", format!("{HEADER}{records}"));
    let arguments = ["import", "in.vcf", "--store", "calls", "--left-normalize"];
    let more = ["--split-multiallelics", "--ref-mismatch", "warn"];
    home.done(arguments.iter().chain(&more));
    let expected = [
        r#"-1 0 telomere N ["<DEL>"] 0.1 1,2 [1,0] "#,
        r#"-1 0 telomere N ["<DUP>"] 0.2 1,3 [0,1] "#,
        r#"0 1 unlike T ["A"] 0.1 1,2 [1,0] "#,
        r#"0 1 unlike T ["C"] 0.2 1,3 [0,1] "#,
        r#"0 1 elsewhere T ["A"] 0.1 1,2 [1,0] "#,
        r#"0 1 elsewhere T ["C"] 0.2 1,3 [0,1] "#,
    ];
    assert_eq!(rows(&home), expected);
    let version = home.done(["version", "get", "calls", "calls"]);
    assert!(version.contains("3 split, 2 unlike the reference"), "{version}");
}

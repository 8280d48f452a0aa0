//! What goes out comes in again: an import of an export has the rows of the version, and other
//! programs open the file without a word.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod genotypes;
mod random;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::corpus::{corpus, files};
use common::needs::installed;
use common::program::Home;
use serde_json::Value;

const HEADER: &str = "##fileformat=VCFv4.3\n##contig=<ID=2,length=900>\n\
    ##contig=<ID=1,length=900>\n##FILTER=<ID=q10,Description=\"q\">\n\
    ##INFO=<ID=AC,Number=A,Type=Integer,Description=\"x\">\n\
    ##INFO=<ID=AF,Number=A,Type=Float,Description=\"x\">\n\
    ##INFO=<ID=DB,Number=0,Type=Flag,Description=\"x\">\n\
    ##INFO=<ID=GENE,Number=.,Type=String,Description=\"x\">\n\
    ##INFO=<ID=NOTE,Number=1,Type=String,Description=\"x\">\n\
    ##INFO=<ID=END,Number=1,Type=Integer,Description=\"x\">\n\
    ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"x\">\n\
    ##FORMAT=<ID=DP,Number=1,Type=Integer,Description=\"x\">\n\
    ##FORMAT=<ID=GL,Number=G,Type=Float,Description=\"x\">\n\
    ##FORMAT=<ID=PL,Number=G,Type=Integer,Description=\"x\">\n\
    ##FORMAT=<ID=FT,Number=1,Type=String,Description=\"x\">\n\
    ##FORMAT=<ID=mQ,Number=1,Type=String,Description=\"x\">\n";
const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";

/// The rows of a store, without what an import makes anew, in one order.
fn rows(home: &Home, table: &str) -> Vec<String> {
    let sql = format!("SELECT * FROM {table}");
    let text = home.done(["query", "--format", "ndjson", &sql]);
    let row = |line: &str| {
        let mut row: Value = serde_json::from_str(line).unwrap();
        row.as_object_mut().unwrap().remove("importjobid");
        in_order(row).to_string()
    };
    let mut rows: Vec<String> = text.lines().map(row).collect();
    rows.sort();
    rows
}

/// A value with the keys of its maps in order.
fn in_order(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> =
                members.into_iter().map(|(key, it)| (key, in_order(it))).collect();
            Value::Object(members.into_iter().collect())
        }
        Value::Array(elements) => elements.into_iter().map(in_order).collect(),
        other => other,
    }
}

/// Makes the stores `one` and `two`, and imports files into the first.
fn imported(kind: &[&str], paths: &[&Path]) -> Home {
    let home = Home::new();
    for name in ["one", "two"] {
        let made = ["store", "create", "--name", name, "--reference-arn", "arn:x"];
        home.done(made.iter().chain(kind));
    }
    for path in paths {
        home.done(["import", "-q", path.to_str().unwrap(), "--store", "one"]);
    }
    home
}

/// Exports `one`, imports that into `two`, and compares.
#[track_caller]
fn comes_back(home: &Home, name: &str, more: &[&str]) {
    let path = home.beside(name);
    let path = path.to_str().unwrap();
    home.done(["export", "one", "-o", path]);
    home.done(["import", "-q", path, "--store", "two"].iter().chain(more));
    let (before, after) = (rows(home, "one"), rows(home, "two"));
    let other = before.iter().zip(&after).find(|(one, two)| one != two);
    assert!(other.is_none(), "{name}: {other:#?}");
    assert_eq!(before.len(), after.len(), "{name}");
    // What came back goes out as the same lines.
    let again = home.beside(&format!("again.{name}"));
    home.done(["export", "two", "-o", again.to_str().unwrap()]);
    assert!(fs::read(path).unwrap() == fs::read(again).unwrap(), "{name} goes out otherwise");
}

/// What `bcftools` prints; it has nothing to complain of.
#[track_caller]
fn bcftools(arguments: &[&str]) -> String {
    let output = Command::new("bcftools").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.trim().is_empty(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

const VCF: [&str; 2] = ["--store-format", "VCF"];

fn cohort(home: &Home) -> PathBuf {
    let lines = "1\t10\trs1;rs2\tA\tC,G\t10.5\tPASS\tAC=1,.;AF=1e-05,0.5;DB;GENE=a%2Cb,c;NOTE=x%3By\
        \tGT:DP:GL:FT:mQ\t0/1:7:-1.5,0,-2:PASS:a%3Ab\t1|2:.:.:.\n\
        1\t20\t.\tA\t.\t.\t.\t.\tGT:PL\t./.\t.:1,2,3\n\
        2\t5\t.\tA\t<DEL>\t.\tq10;new\tEND=40;UNK=5;AC=x;DB=1;FOO;NOTE=5%41\tDP\t.\t7\n\
        2\t5\t.\tAC\tA\tNaN\tPASS\tAC;GENE\tGT:DP\t1:x\t0\n\
        1\t15\t.\tA\tT\t.\t.\tGENE=.;AF=.;NOTE=100%\t.\t.\t.\n";
    home.file("cohort.vcf", format!("{HEADER}{COLUMNS}\tFORMAT\tone\ttwo\n{lines}"))
}

#[test]
fn a_cohort_comes_back_row_by_row() {
    let aside = Home::new();
    let home = imported(&VCF, &[&cohort(&aside)]);
    comes_back(&home, "out.vcf.gz", &[]);
    let text = home.done(["export", "one", "-o", "-"]);
    let lines: Vec<&str> = text.lines().filter(|it| !it.starts_with('#')).collect();
    let places: Vec<&str> = lines.iter().map(|it| &it[..it.len().min(4)]).collect();
    assert_eq!(places, ["2\t5\t", "2\t5\t", "1\t10", "1\t15", "1\t20"]);
    assert!(lines[2].contains("\tGT:DP:GL:mQ:FT\t") || lines[2].contains("\tGT:DP:GL:FT:mQ\t"));
    assert!(lines[0].contains("AC=x;DB=1") && text.contains("##FILTER=<ID=new,"), "{text}");
}

#[test]
fn what_would_end_a_text_comes_back_as_a_code() {
    let header = |minor: u32| {
        format!(
            "##fileformat=VCFv4.{minor}\n##contig=<ID=1>\n\
             ##INFO=<ID=L,Number=.,Type=String,Description=\"x\">\n\
             ##INFO=<ID=T,Number=1,Type=String,Description=\"x\">\n\
             ##FORMAT=<ID=S,Number=1,Type=String,Description=\"x\">\n\
             ##FORMAT=<ID=M,Number=.,Type=String,Description=\"x\">\n\
             ##FORMAT=<ID=FT,Number=1,Type=String,Description=\"x\">\n\
             {COLUMNS}\tFORMAT\ta\n"
        )
    };
    let coded = [
        "L=%2E,.;T=a%3Bb%3Dc%20d%2Ce\tS\t%2E",
        "L=x%2Cy,z%25,%09;T=100%25%3Bx\tS\tx%2Cy",
        "L=%2E;T=%2E;U=a%3Bb,c%3Dd%20\tM\tx,z%25,%3A",
        "L=.;T=%250A%0D\tFT\tq10;s%3A50",
    ];
    let plain =
        ["L=%2E,.;T=100%25\tS\t%2E", "L=a%2Cb,c d;T=a=b c\tM\ta;b=c,%3A", "T=5%\tFT\tq10;s50"];
    for (minor, values) in [(3, &coded[..]), (5, &coded), (2, &plain)] {
        let mut text = header(minor);
        for (at, it) in values.iter().enumerate() {
            writeln!(text, "1\t{}\t.\tA\tC\t.\t.\t{it}", at + 1).unwrap();
        }
        let aside = Home::new();
        let home = imported(&VCF, &[&aside.file("a.vcf", &text)]);
        comes_back(&home, "out.vcf.gz", &[]);
        assert_eq!(home.done(["export", "one", "-o", "-"]), text);
    }
}

#[test]
fn several_files_are_merged_and_keep_their_order() {
    let aside = Home::new();
    let file = |name: &str, contigs: &[&str], from: i32| {
        let mut text = format!("{HEADER}{COLUMNS}\n");
        for contig in contigs {
            for at in 0..3_000 {
                let position = from + at * 2;
                writeln!(text, "{contig}\t{position}\t.\tA\tC\t.\t.\tAC={at}").unwrap();
            }
        }
        aside.file(name, text)
    };
    let paths = [
        file("a.vcf", &["1", "2", "x"], 1),
        file("b.vcf", &["2", "1"], 2),
        file("c.vcf", &["1"], 9_000),
    ];
    let home = imported(&VCF, &paths.each_ref().map(PathBuf::as_path));
    let text = home.done(["export", "one", "-o", "-"]);
    let keys: Vec<(usize, i32)> = text
        .lines()
        .filter(|it| !it.starts_with('#'))
        .map(|line| {
            let (contig, rest) = line.split_once('\t').unwrap();
            let rank = ["2", "1", "x"].iter().position(|it| *it == contig).unwrap();
            (rank, rest.split('\t').next().unwrap().parse().unwrap())
        })
        .collect();
    assert!(keys.is_sorted());
    assert_eq!(keys.len(), 18_000);
    comes_back(&home, "out.vcf.gz", &[]);
}

#[test]
fn regions_conditions_and_columns_choose_what_goes_out() {
    let aside = Home::new();
    let home = imported(&VCF, &[&cohort(&aside)]);
    let lines = |more: &[&str]| -> Vec<String> {
        let text = home.done(["export", "one", "-o", "-"].iter().chain(more));
        let lines = text.lines().filter(|it| !it.starts_with("##"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(lines(&["--region", "1:12-30"]).len(), 3);
    assert_eq!(lines(&["--where", "info.ac[1] = 1"]).len(), 2);
    let one = lines(&["--where", "sampleid = 'one' AND contigname = '1' -- only he"]);
    assert!(one[0].ends_with("FORMAT\tone") && one.len() == 4, "{one:?}");
    let some = lines(&["--columns", "AF,qual", "--region", "1:10"]);
    assert_eq!(
        some,
        [
            COLUMNS,
            "1\t10\t.\tA\tC,G\t10.5\t.\tAF=0.00001,0.5",
            "1\t15\t.\tA\tT\t.\t.\tAF=.",
            "1\t20\t.\tA\t.\t.\t.\t."
        ]
    );
    let wrong = home.run(["export", "one", "-o", "-", "--columns", "AFF"]);
    assert!(
        wrong.code == 2 && wrong.err.contains("AFF") && wrong.err.contains("AF"),
        "{}",
        wrong.err
    );
    let wrong = home.run(["export", "one", "-o", "-", "--where", "nowhere = 1"]);
    assert!(wrong.code == 2 && wrong.err.contains("nowhere"), "{}", wrong.err);
    let wrong = home.run(["export", "onne", "-o", "-"]);
    assert!(wrong.code == 4 && wrong.err.contains("one"), "{}", wrong.err);
}

#[test]
fn what_is_there_is_kept_and_what_cannot_be_is_refused() {
    let aside = Home::new();
    let home = imported(&VCF, &[&cohort(&aside)]);
    let kept = home.file("kept.vcf", "before");
    let run = |more: &[&str]| home.run(["export", "one"].iter().chain(more));
    let said = run(&["-o", kept.to_str().unwrap()]);
    assert!(said.code == 4 && said.err.contains("--force"), "{}", said.err);
    assert_eq!(fs::read_to_string(&kept).unwrap(), "before");
    assert_eq!(run(&["-o", kept.to_str().unwrap(), "--force"]).code, 0);
    for (name, what) in [("a.doc", ".vcf[.gz]"), ("a.gff3", "no features"), ("no/a.vcf", "folder")]
    {
        let said = run(&["-o", name]);
        assert!(said.code != 0 && said.err.contains(what), "{name}: {}", said.err);
    }
    let full = run(&["-o", "/dev/full"]);
    assert!(full.code != 0, "{}", full.err);
}

#[test]
fn other_programs_open_what_goes_out() {
    if !installed("bcftools") {
        return;
    }
    let aside = Home::new();
    let lines = "1\t10\trs1\tA\tC,G\t10.5\tPASS\tAC=1,.;AF=1e-05,0.5;DB;GENE=a,c\tGT:DP\t0/1:7\t\
        1|2:.\n\
        2\t5\t.\tA\t<DEL>\t.\tnew\tEND=40\tGT\t./.\t.\n3\t5\t.\tA\tT\t.\t.\t.\tDP\t5\t.\n";
    let path = aside.file("a.vcf", format!("{HEADER}{COLUMNS}\tFORMAT\tone\ttwo\n{lines}"));
    let home = imported(&VCF, &[&path]);
    let mut texts = Vec::new();
    for name in ["out.vcf", "out.vcf.gz", "out.bcf"] {
        let out = home.beside(name);
        let out = out.to_str().unwrap();
        home.done(["export", "one", "-o", out]);
        texts.push(bcftools(&["view", "-H", out]));
        if name != "out.vcf" {
            assert_eq!(bcftools(&["view", "-H", "-r", "2:30-35", out]).lines().count(), 1);
        }
        if name == "out.vcf.gz" {
            assert_eq!(bcftools(&["index", "-n", out]).trim(), "3");
        }
    }
    assert!(texts[0] == texts[1] && texts[1] == texts[2], "{texts:#?}");
    assert_eq!(texts[0].lines().count(), 3);
}

#[test]
fn answers_go_out_as_lines_of_others() {
    let aside = Home::new();
    let home = imported(&VCF, &[&cohort(&aside)]);
    let query = |name: &str, sql: &str| home.run(["query", "-o", name, sql]);
    let sites = "SELECT DISTINCT contigname, start, referenceallele, alternatealleles, \
        info.ac[1] AS first FROM one ORDER BY contigname, start";
    assert_eq!(query("a.vcf.gz", sites).code, 0);
    assert!(home.beside("a.vcf.gz.tbi").exists());
    let back = "SELECT count(*) AS n, sum(info.first) AS s FROM 'a.vcf.gz'";
    assert_eq!(home.done(["query", "--format", "csv", back]), "n,s\n5,1\n");
    let places = "SELECT DISTINCT contigname, start, \"end\" FROM one ORDER BY 1, 2, 3";
    for name in ["b.bed.gz", "b.tsv.gz"] {
        assert_eq!(query(name, places).code, 0);
        assert!(home.beside(&format!("{name}.tbi")).exists(), "{name}");
    }
    for (name, column) in [("c.vcf.gz", "referenceallele"), ("c.bed", "contigname")] {
        let said = query(name, "SELECT start, \"end\", contigname AS c FROM one");
        assert!(said.code == 2, "{}", said.err);
        assert!(said.err.contains("contigname") || said.err.contains(column), "{}", said.err);
        assert!(!home.beside(name).exists());
    }
}

#[test]
fn named_columns_come_behind_place_and_alleles() {
    let aside = Home::new();
    let home = imported(&VCF, &[&cohort(&aside)]);
    let first = |more: &[&str]| {
        let text = home.done(["export", "one", "-o", "-"].iter().chain(more));
        text.lines().next().unwrap().to_owned()
    };
    let place = "contigname\tstart\tend\treferenceallele\talternatealleles";
    assert_eq!(
        first(&["--format", "tsv", "--columns", "qual,AC,start"]),
        format!("{place}\tqual\tAC")
    );
    let out = home.beside("a.parquet");
    home.done(["export", "one", "-o", out.to_str().unwrap(), "--columns", "AC,sampleid"]);
    let text = home.done(["query", "--format", "tsv", "SELECT * FROM 'a.parquet' LIMIT 0"]);
    assert_eq!(text.trim_end(), format!("{place}\tac\tsampleid"));
    for (name, meant) in [("id", "`names`"), ("POS", "`start`"), ("qua", "qual")] {
        let said = home.run(["export", "one", "-o", "-", "--columns", name]);
        assert!(said.code == 2 && said.err.contains(meant), "{}", said.err);
    }
    let lines = "1\ts\tgene\t10\t90\t.\t+\t.\tID=g;Name=a\n";
    let path = aside.file("a.gff3", format!("##gff-version 3\n{lines}"));
    let home = imported(&["--store-format", "GFF"], &[&path]);
    let text = home.done(["export", "one", "-o", "-", "--format", "csv", "--columns", "name"]);
    assert_eq!(text, "seqid,start,end,name\n1,9,90,a\n");
}

#[test]
fn a_form_does_not_contradict_the_name() {
    let aside = Home::new();
    let home = imported(&VCF, &[&cohort(&aside)]);
    let export = |name: &str, form: &str| {
        home.run(["export", "one", "-o", home.beside(name).to_str().unwrap(), "--format", form])
    };
    for (name, form) in
        [("a.vcf", "bed"), ("a.tsv.gz", "csv"), ("a.bcf", "vcf"), ("a.gz", "parquet")]
    {
        let said = export(name, form);
        assert!(said.code == 2 && said.err.contains(form), "{name}: {}", said.err);
        assert!(!home.beside(name).exists());
    }
    for (name, form, begins) in [
        ("b.gz", "vcf", &[0x1f, 0x8b][..]),
        ("b.vcf.gz", "vcf", &[0x1f, 0x8b]),
        ("b.txt", "vcf", b"##fileformat"),
        ("b.vcf", "vcf", b"##fileformat"),
    ] {
        let said = export(name, form);
        assert!(said.code == 0, "{name}: {}", said.err);
        assert!(fs::read(home.beside(name)).unwrap().starts_with(begins), "{name}");
    }
    assert!(home.beside("b.gz.tbi").exists());
}

#[test]
fn errors_and_notes_name_columns_and_contigs_as_people_do() {
    let aside = Home::new();
    let home = imported(&VCF, &[&cohort(&aside)]);
    for (condition, what) in [("foo", "foo"), ("contigname", "`contigname` is varchar")] {
        for form in ["vcf", "bcf", "tsv"] {
            let name = format!("a.{form}");
            let out = home.beside(&name);
            let said = ["export", "one", "-o", out.to_str().unwrap(), "--where", condition];
            let said = home.run(said);
            assert!(said.code == 2 && said.err.contains(what), "{}", said.err);
            let inner = ["rows.", "all_files", "u.f"];
            assert!(!inner.iter().any(|it| said.err.contains(it)), "{}", said.err);
        }
    }
    let plain = home.run(["export", "one", "-o", "-", "--region", "1:12-30"]);
    let styled = home.run(["export", "one", "-o", "-", "--region", "chr1:12-30"]);
    assert_eq!((styled.code, &styled.out), (0, &plain.out));
    assert!(styled.err.contains("`1` in one") && !plain.err.contains("`1`"), "{}", styled.err);
    let unknown = home.run(["export", "one", "-o", "-", "--region", "chr7"]);
    assert!(unknown.out.lines().all(|it| it.starts_with('#')), "{}", unknown.out);
    let home = imported(&VCF, &[]);
    let empty = home.done(["export", "one", "-o", "-"]);
    assert!(empty.contains("##annostore_made=one.one has no files\n"), "{empty}");
}

#[test]
fn integers_beyond_those_of_vcf_are_told() {
    let header = "##fileformat=VCFv4.3\n##contig=<ID=1>\n\
        ##INFO=<ID=N,Number=1,Type=Integer,Description=\"x\">\n\
        ##INFO=<ID=M,Number=.,Type=Integer,Description=\"x\">\n";
    let lines = "1\t5\t.\tA\tC\t.\t.\tN=5000000000;M=1,-2147483641,.,9999999999\n\
        1\t6\t.\tA\tC\t.\t.\tN=2147483647;M=-2147483640\n";
    let aside = Home::new();
    let path = aside.file("a.vcf", format!("{header}{COLUMNS}\n{lines}"));
    let home = imported(&VCF, &[&path]);
    let said = home.run(["export", "one", "-o", "-"]);
    assert!(said.out.ends_with(lines) && said.err.contains("3 integers"), "{}", said.err);
    let out = home.beside("a.bcf");
    let said = home.run(["export", "one", "-o", out.to_str().unwrap()]);
    assert!(said.err.contains("missing") && !said.err.contains("integers"), "{}", said.err);
    comes_back(&home, "out.vcf", &[]);
    let sql = "SELECT contigname, start, referenceallele, alternatealleles, info.n + 7 AS wide \
        FROM one";
    let said = home.run(["query", "-o", "b.vcf", sql]);
    assert!(said.err.contains("2 integers") && said.err.contains("wide"), "{}", said.err);

    let options = r#"{"tsvStoreOptions": {"annotationType": "CHR_POS_REF_ALT",
        "formatToHeader": {"CHR": "chr", "POS": "pos", "REF": "ref", "ALT": "alt"},
        "schema": [{"chr": "STRING"}, {"pos": "LONG"}, {"ref": "STRING"}, {"alt": "STRING"},
            {"small": "LONG"}, {"large": "LONG"}]}}"#;
    let lines = "chr\tpos\tref\talt\tsmall\tlarge\n1\t5\tA\tC\t7\t5000000000\n1\t6\tA\tC\t\t1\n";
    let path = aside.file("a.tsv", lines);
    let home = imported(&["--store-format", "TSV", "--store-options", options], &[&path]);
    let said = home.run(["export", "one", "-o", "-", "--format", "vcf"]);
    assert!(said.out.contains("ID=small,Number=1,Type=Integer"), "{}", said.out);
    assert!(said.out.contains("ID=large,Number=1,Type=String"), "{}", said.out);
    assert!(said.out.contains("\tsmall=7;large=5000000000\n"), "{}", said.out);
    assert!(!said.err.contains("integer"), "{}", said.err);
}

#[test]
fn samples_of_one_name_are_told_and_go_out_in_records_of_their_own() {
    let header = "##fileformat=VCFv4.3\n##contig=<ID=1>\n\
        ##FORMAT=<ID=GT,Number=1,Type=String,Description=\"x\">\n";
    let columns = |samples: &str| format!("{COLUMNS}\tFORMAT\t{samples}\n");
    let lines = "1\t5\t.\tA\tC\t.\t.\t.\tGT\t0/1\t1/1\t0/0\n";
    let home = Home::with_store("one");
    home.file("twice.vcf", format!("{header}{}{lines}", columns("S\tS\tT")));
    let said = home.run(["import", "twice.vcf", "--store", "one"]);
    let told = "columns 10 and 11 are both sample `S`: nothing tells their rows apart";
    assert!(said.code == 0 && said.err.contains(told), "{}", said.err);
    let said = home.run(["export", "one", "-o", "-"]);
    let parted = "1\t5\t.\tA\tC\t.\t.\t.\tGT\t0/1\t.\n1\t5\t.\tA\tC\t.\t.\t.\tGT\t1/1\t0/0\n";
    assert_eq!(said.out, format!("{header}{}{parted}", columns("S\tT")));
    assert!(said.err.contains("names sample `S` twice"), "{}", said.err);
}

#[test]
fn an_answer_declares_what_it_has_and_names_what_it_goes_without() {
    let aside = Home::new();
    let home = imported(&VCF, &[&cohort(&aside)]);
    let sites = "SELECT DISTINCT contigname, start, referenceallele, alternatealleles, filters";
    let said = home.run(["query", "-o", "a.vcf.gz", &format!("{sites} FROM one ORDER BY 1, 2")]);
    assert!(said.code == 0 && !said.err.contains("note"), "{}", said.err);
    if installed("bcftools") {
        let out = home.beside("a.vcf.gz");
        let text = bcftools(&["view", out.to_str().unwrap()]);
        for line in ["##contig=<ID=1>", "##contig=<ID=2>", "##FILTER=<ID=new,"] {
            assert!(text.contains(line), "{text}");
        }
    }
    let said = home.run(["query", "-o", "b.vcf", "SELECT * FROM one"]);
    assert!(said.err.contains("without `information`:"), "{}", said.err);
    let sql = sites.replace("DISTINCT", "attributes, MAP(ARRAY['a'], ARRAY[1]) AS m, names,");
    let said = home.run(["query", "-o", "c.vcf", &format!("{sql} FROM one")]);
    assert!(said.err.contains("without `m`:"), "{}", said.err);
}

#[test]
fn what_no_line_can_hold_is_refused_in_an_answer() {
    let home = Home::new();
    let answer = |name: &str, columns: &str| {
        let all = ["'1' AS contigname", "4 AS start", "5 AS \"end\"", "'A' AS referenceallele"];
        let given = |it: &&str| !columns.contains(it.split(" AS ").nth(1).unwrap());
        let rest: Vec<&str> = all.iter().copied().filter(given).collect();
        let sql = format!("SELECT {columns}, 'C' AS alternatealleles, {}", rest.join(", "));
        let said = home.run(["query", "-o", name, &sql]);
        assert_eq!(said.code == 0, home.beside(name).exists(), "{}", said.err);
        said
    };
    for (columns, words) in [
        ("'a\tb' AS contigname", "CHROM is `a→b`, which is none of VCF"),
        ("'' AS contigname", "CHROM is ``"),
        ("-9 AS start", "POS is `-8`"),
        ("'rs 1' AS names", "ID is `rs 1`"),
        ("'a\nb' AS filters", "FILTER is"),
        ("'A-' AS referenceallele", "REF is `A-`, which is no allele"),
    ] {
        let said = answer("a.vcf", columns);
        assert!(said.code == 2 && said.err.contains(words), "{columns}: {}", said.err);
    }
    let said = answer("a.bed", "9 AS start");
    assert!(said.code == 2 && said.err.contains("ends before it begins"), "{}", said.err);
    // Keys of maps may be anything, and flags stand in them without a value.
    let map = "MAP(ARRAY['a b', 'c;d', 'e=f'], ARRAY['', 'x;y', '.']) AS attributes, -1 AS start";
    answer("b.vcf", map);
    let text = fs::read_to_string(home.beside("b.vcf")).unwrap();
    assert!(text.ends_with("1\t0\t.\tA\tC\t.\t.\ta b;c_d=x%3By;e_f=.\n"), "{text}");
    answer("b.bed", "-1 AS start");
    assert!(fs::read_to_string(home.beside("b.bed")).unwrap().starts_with("1\t0\t5"));
}

#[test]
fn features_come_back_with_their_attributes() {
    let lines = "1\ts%09x\tgene\t10\t90\t1.5\t+\t.\tID=g%3B1;Name=a,b;Alias=x,y%2Cz;Note=p%2Cq,r;\
        Is_circular=true;own=1,2;other=50%2541;Target=t%20t 1 5 +\n\
        1\t.\tCDS\t10\t20\t.\t-\t2\tID=c;Parent=g%3B1,h;Dbxref=A:1,B:2;flag;ID=d\n\
        2\ts\tgene\t.\t5\t.\t.\t.\t.\n2\ts\tgene\t1\t5\t.\t.\t.\tID;Parent;own\n\
        1\ts\tgene\t5\t8\t.\t?\t.\tDerives_from=a%26b\n";
    let aside = Home::new();
    let head = "##gff-version 3\n##sequence-region 1 1 900\n#!build x\n";
    let path = aside.file("a.gff3", format!("{head}{lines}"));
    let home = imported(&["--store-format", "GFF"], &[&path]);
    comes_back(&home, "out.gff3.gz", &[]);
    let text = home.done(["export", "one", "-o", "-"]);
    assert!(
        text.starts_with(head) && text.contains("Alias=x,y%2Cz;") && text.contains("Note=p%2Cq,r;")
    );
    assert!(text.contains("\tID=g%3B1;Name=a%2Cb;"), "{text}");
    let bed =
        home.done(["export", "one", "-o", "-", "--format", "bed", "--where", "start IS NOT NULL"]);
    assert_eq!(bed.lines().next().unwrap(), "1\t4\t8\t.\t.\t?");
}

#[test]
fn rows_of_tsv_come_back_with_quotes_and_positions() {
    let options = r#"{"tsvStoreOptions": {"annotationType": "CHR_POS_REF_ALT",
        "formatToHeader": {"CHR": "chr", "POS": "pos", "REF": "ref", "ALT": "alt"},
        "schema": [{"chr": "STRING"}, {"pos": "LONG"}, {"ref": "STRING"}, {"alt": "STRING"},
            {"score": "DOUBLE"}, {"n": "INT"}, {"yes": "BOOLEAN"}, {"note_text": "STRING"}]}}"#;
    let lines = "chr\tpos\tref\talt\tscore\tn\tyes\tnote_text\n\
        1\t5\tA\tC\t0.1\t7\ttrue\tplain\n1\t9\tAC\tA,T\tNaN\t\tfalse\t\"a\\\"b\\\\\tc\"\n\
        2\t1\tA\tG\t\t-3\t\t back\\slash \n";
    let aside = Home::new();
    let path = aside.file("a.tsv", lines);
    let home = imported(&["--store-format", "TSV", "--store-options", options], &[&path]);
    comes_back(&home, "out.tsv.gz", &[]);
    let text = home.done(["export", "one", "-o", "-"]);
    assert_eq!(text, lines);
    let vcf = home.done(["export", "one", "-o", "-", "--format", "vcf"]);
    let last = vcf.lines().last().unwrap();
    assert_eq!(last, "2\t1\t.\tA\tG\t.\t.\tn=-3;note_text=%20back\\slash%20");
    assert!(vcf.contains("##INFO=<ID=score,Number=1,Type=Float,"), "{vcf}");
    let csv = home.beside("out.csv");
    home.done(["export", "one", "-o", csv.to_str().unwrap()]);
    home.done(["store", "delete", "two", "--force"]);
    let made = ["store", "create", "--name", "two", "--reference-arn", "arn:x"];
    home.done(made.iter().chain(&["--store-format", "TSV", "--store-options", options]));
    let import = ["import", "-q", csv.to_str().unwrap(), "--store", "two"];
    home.done(import.iter().chain(&["--sep", ",", "--header", "true"]));
    assert_eq!(rows(&home, "one"), rows(&home, "two"));
}

#[test]
fn real_files_come_back() {
    let Some(corpus) = corpus() else { return };
    let mut tried = 0;
    for (folder, kind, out) in [("vcf-real", "VCF", "out.vcf.gz"), ("gff3", "GFF", "out.gff3.gz")] {
        for path in files(&corpus.join(folder)) {
            let name = path.to_str().unwrap();
            let is_one = [".vcf", ".vcf.gz", ".gff3", ".gff"].iter().any(|it| name.ends_with(it));
            if !is_one || fs::metadata(&path).unwrap().len() > 30_000 {
                continue;
            }
            let home = imported(&["--store-format", kind], &[]);
            if home.run(["import", "-q", name, "--store", "one"]).code == 0 {
                tried += 1;
                comes_back(&home, out, &[]);
            }
            if tried % 12 == 0 && tried > 0 {
                break;
            }
        }
    }
    assert!(tried > 10, "{tried}");
}

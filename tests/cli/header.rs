//! Headers of imported files, as `job get` and `version get` show them.

use serde_json::json;

use crate::common::program::Home;
use crate::{SOUND, STORE};

const HEADER: &[u8] = b"##fileformat=VCFv4.3\r
##contig=<ID=chr1,length=1000>
##contig=<ID=chr2>
##FILTER=<ID=q10,Description=\"low\">
##INFO=<ID=AF,Number=A,Type=Float,Description=\"A \\\"frequency\\\"\">
##FORMAT=<ID=GT,Number=1,Type=String,Description=\"Genotype\">
##note=caf\xe9
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\tS2
";
const ROW: &[u8] = b"chr1\t10\t.\tA\tC\t.\tPASS\tAF=0.5\tGT\t0/1\t1/1\n";

fn import(home: &Home, file: &str, content: &[u8]) -> String {
    home.file(file, content);
    home.done(["import", file, "--store", STORE]);
    let jobs = home.json(&["job", "list", "--json"]);
    jobs["annotationImportJobs"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_header_of_a_vcf_file_is_kept_byte_for_byte() {
    let home = Home::with_store(STORE);
    let job = import(&home, "a.vcf", &[HEADER, ROW].concat());
    let printed = home.command(["job", "get", &job, "--header"]).output().unwrap().stdout;
    assert_eq!(printed, HEADER);
    let shown = home.done(["job", "get", &job]);
    let counts =
        "8 lines, 340 B, 2 contigs, 1 INFO key, 1 FORMAT key, 1 filter, 2 samples, SHA-256 ";
    assert!(shown.contains(&counts.replace("340", &HEADER.len().to_string())), "{shown}");
    let found = &home.json(&["job", "get", &job, "--header", "--json"])["headers"];
    assert_eq!(found[0]["jobIds"], json!([job]));
    assert_eq!(found[0]["madeFromTypes"], json!(false));
    let contigs = json!([{"id": "chr1", "length": 1000}, {"id": "chr2", "length": null}]);
    assert_eq!(found[0]["contigs"], contigs);
    assert_eq!(found[0]["samples"], json!(["S1", "S2"]));
    assert_eq!(found[0]["filters"], json!(["q10"]));
    let frequency =
        json!({"id": "AF", "number": "A", "type": "Float", "description": "A \"frequency\""});
    assert_eq!(found[0]["info"], json!([frequency]));
    assert_eq!(found[0]["text"], String::from_utf8_lossy(HEADER).into_owned());
    // The API's shape has no member for it.
    assert!(!home.done(["job", "get", &job, "--json"]).contains("eader"));
}

#[test]
fn marks_and_line_ends_of_headers_are_kept() {
    let lines = HEADER.iter().filter(|it| **it != b'\r');
    let returns = lines.map(|it| if *it == b'\n' { b'\r' } else { *it });
    for header in [[b"\xEF\xBB\xBF", HEADER].concat(), returns.collect()] {
        let home = Home::with_store(STORE);
        let job = import(&home, "a.vcf", &[&header, ROW].concat());
        let printed = home.command(["job", "get", &job, "--header"]).output().unwrap().stdout;
        assert_eq!(printed, header);
        assert!(home.done(["job", "get", &job]).contains("8 lines"));
    }
}

#[test]
fn a_version_shows_each_of_its_headers_once() {
    let home = Home::with_store(STORE);
    let nothing = home.run(["version", "get", STORE, STORE, "--header"]);
    assert_eq!(nothing.code, 4, "{}", nothing.err);
    let first = import(&home, "a.vcf", &[HEADER, ROW].concat());
    let second = import(&home, "b.vcf", &[HEADER, ROW, ROW].concat());
    let one = home.command(["version", "get", STORE, STORE, "--header"]).output().unwrap();
    assert_eq!((one.stdout.as_slice(), one.stderr.as_slice()), (HEADER, &b""[..]));
    let other = import(&home, "c.vcf", SOUND.as_bytes());
    let both = home.run(["version", "get", STORE, STORE, "--header"]);
    let sound = SOUND.split_inclusive('\n').take(3).collect::<String>();
    assert_eq!(both.out, String::from_utf8_lossy(HEADER) + sound.as_str());
    assert!(both.err.contains("2 headers follow one another"), "{}", both.err);
    let found = home.json(&["version", "get", STORE, STORE, "--header", "--json"]);
    let jobs: Vec<_> =
        found["headers"].as_array().unwrap().iter().map(|it| &it["jobIds"]).collect();
    assert_eq!(jobs, [&json!([first, second]), &json!([other])]);
    let shown = home.done(["version", "get", STORE, STORE]);
    assert!(shown.contains(" (2 jobs)\nheader "), "{shown}");
}

#[test]
fn a_job_that_failed_has_no_header() {
    let home = Home::with_store(STORE);
    home.file("bad.vcf", [HEADER, b"chr1\tx\t.\tA\tC\t.\tPASS\t.\tGT\t0\t0\n"].concat());
    assert_eq!(home.run(["import", "bad.vcf", "--store", STORE]).code, 1);
    let jobs = home.json(&["job", "list", "--json"]);
    let job = jobs["annotationImportJobs"][0]["id"].as_str().unwrap();
    let said = home.run(["job", "get", job, "--header"]);
    assert_eq!(said.code, 4, "{}", said.err);
    assert!(said.err.contains("no header") && said.err.contains("FAILED"), "{}", said.err);
}

#[test]
fn directives_of_gff3_and_lines_above_tsv_rows_are_headers() {
    let home = Home::new();
    let made = ["store", "create", "--reference-arn", "arn:x", "--name", STORE];
    home.done(made.into_iter().chain(["--store-format", "GFF"]));
    let gene = "chr1\tx\tgene\t1\t9\t.\t+\t.\tID=g\n";
    let first = "##gff-version 3\n#!genome-build GRCh38\n# a word\n##sequence-region chr1 1 99\n";
    let second = "###\n##sequence-region chr2 1 50\r\n";
    let gff = [first, gene, second, "##FASTA\n>chr1\nACGT\n##no directive\n"].concat();
    let job = import(&home, "a.gff3", gff.as_bytes());
    let kept = (first.to_owned() + second).replace("# a word\n", "").replace("###\n", "");
    assert_eq!(home.done(["job", "get", &job, "--header"]), kept);

    let options = r#"{"tsvStoreOptions": {"annotationType": "GENERIC",
        "schema": [{"word": "STRING"}, {"n": "INT"}]}}"#;
    let named = ["store", "create", "--name", "words", "--store-format", "TSV"];
    home.done(named.into_iter().chain(["--store-options", options]));
    home.file("w.tsv", "\n# made by hand\nWord\tN\r\na\t1\n# no header\nb\t2\n");
    let import = ["import", "w.tsv", "--store", "words", "--comment", "#", "--header", "true"];
    home.done(import.into_iter().chain(["--sep", "\t"]));
    let shown = home.done(["version", "get", "words", "words", "--header"]);
    assert_eq!(shown, "\n# made by hand\nWord\tN\r\n");
    home.done(["version", "create", "words", "--version-name", "bare"]);
    home.file("bare.tsv", "a\t1\n");
    home.done(["import", "bare.tsv", "--store", "words", "--version", "bare", "--sep", "\t"]);
    assert!(home.done(["version", "get", "words", "bare"]).contains("none in the file"));
}

/// Neither comments nor blank lines are records; lines that are left out are.
#[test]
fn rows_of_all_formats_know_the_number_of_their_record() {
    let home = Home::new();
    let made = ["store", "create", "--reference-arn", "arn:x", "--name"];
    home.done(made.into_iter().chain([STORE, "--store-format", "GFF"]));
    let gene = |start: &str, id: &str| format!("chr1\tx\tgene\t{start}\t90\t.\t+\t.\tID={id}\n");
    let [bad, second, first] = [("x", "bad"), ("20", "b"), ("10", "a")].map(|it| gene(it.0, it.1));
    let gff = format!("##gff-version 3\n{bad}# none\n\n{second}###\n{first}");
    home.file("a.gff3", gff);
    home.run(["import", "a.gff3", "--store", STORE, "--on-error", "skip"]);
    let sql = format!("SELECT id, \"$record\" FROM {STORE}");
    assert_eq!(home.done(["query", &sql, "--format", "csv"]), "id,$record\na,3\nb,2\n");

    let options = r#"{"tsvStoreOptions": {"annotationType": "GENERIC",
        "schema": [{"word": "STRING"}, {"n": "INT"}]}}"#;
    let named = ["store", "create", "--name", "words", "--store-format", "TSV"];
    home.done(named.into_iter().chain(["--store-options", options]));
    home.file("w.tsv", "word\tn\na\t1\n\nb\tx\n# none\nc\t3\n");
    let import = ["import", "w.tsv", "--store", "words", "--comment", "#", "--header", "true"];
    home.run(import.into_iter().chain(["--sep", "\t", "--on-error", "skip"]));
    let numbers = home.done(["query", "SELECT *, \"$record\" FROM words", "--format", "ndjson"]);
    let places: Vec<_> = numbers.lines().map(|it| it.rsplit_once(':').unwrap().1).collect();
    assert_eq!(places, ["1}", "3}"], "{numbers}");
    let sql = "SELECT word, n, \"$record\" FROM words WHERE \"$record\" = 3";
    assert_eq!(home.done(["query", sql, "--format", "csv"]), "word,n,$record\nc,3,3\n");
}

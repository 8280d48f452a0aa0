//! `import --create`, `quickstart` and stores without a reference of their own.

use crate::common::bgzf;
use crate::common::program::Home;
use crate::{SOUND, STORE};

const TABLE: &str = "chrom\tpos\tref\talt\tscore\nchr1\t10\tA\tC\t0.5\nchr1\t20\tG\tT\t1.5\n";

#[test]
fn a_store_is_made_as_the_file_tells() {
    let home = Home::new();
    home.file("sound.vcf", SOUND);
    home.file("table.tsv", TABLE);
    home.file("genes.gff3", "##gff-version 3\n1\tx\tgene\t5\t9\t.\t+\t.\tID=a\n");
    let missing = home.run(["import", "sound.vcf", "--store", STORE]);
    assert_eq!(missing.code, 4, "{}", missing.err);
    assert!(missing.err.contains("--create"), "{}", missing.err);
    for (file, store, made) in [
        ("sound.vcf", STORE, "made VCF store"),
        ("table.tsv", "scores", "type CHR_POS_REF_ALT: chrom STRING, pos INT"),
        ("genes.gff3", "genes", "made GFF store"),
    ] {
        let out = home.done(["import", file, "--store", store, "--create"]);
        assert!(out.contains(made) && out.contains("as a request to the API: {"), "{out}");
        let again = home.done(["import", file, "--store", store, "--create"]);
        assert!(!again.contains("made "), "{again}");
    }
    let sum = home.done(["query", "SELECT sum(score) FROM scores", "--format", "csv"]);
    assert_eq!(sum, "sum(score)\n4.0\n");
}

#[test]
fn what_tells_nothing_is_refused_and_makes_no_store() {
    let home = Home::new();
    home.file("words", "just some words\n");
    home.file("reads.fa", ">a\nACGT\n");
    for arguments in [["words", "abc"], ["reads.fa", "abc"], ["none.vcf", "abc"], ["-", "abc"]] {
        let [file, store] = arguments;
        let said = home.run(["import", file, "--store", store, "--create"]);
        assert!(said.code > 1 && said.err.contains("help: "), "{file}: {} {}", said.code, said.err);
        assert_eq!(home.done(["store", "list", "--json"]), "{\n  \"annotationStores\": []\n}\n");
    }
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_leaves_no_store() {
    let home = Home::new();
    // What ends in its header is refused before there is a store.
    let records = (1..2000).map(|it| format!("chr1\t{it}\t.\tA\tC\t.\tPASS\tDP={it}\n"));
    let header = SOUND.split_inclusive('\n').take(3).map(str::to_owned);
    let whole = bgzf::gzip(header.chain(records).collect::<String>().as_bytes());
    home.file("cut.vcf.gz", &whole[..whole.len() / 2]);
    for command in
        [&["import", "cut.vcf.gz", "--store", "cut", "--create"][..], &["quickstart", "cut.vcf.gz"]]
    {
        let said = home.run(command);
        assert_eq!(said.code, 3, "{}", said.err);
        assert!(said.err.contains("is gone again"), "{}", said.err);
        let listed = home.done(["store", "list", "--json"]);
        assert_eq!(listed, "{\n  \"annotationStores\": []\n}\n");
    }
    // What was there before stays.
    home.done(["store", "create", "--name", "cut", "--store-format", "VCF"]);
    let said = home.run(["import", "cut.vcf.gz", "--store", "cut", "--create"]);
    assert_eq!(said.code, 3, "{}", said.err);
    home.done(["store", "get", "cut"]);
}

#[test]
fn a_file_that_is_rejected_leaves_the_store_with_its_report() {
    let home = Home::new();
    home.file("bad.vcf", SOUND.replace("chr1\t", "chr1 "));
    let said = home.run(["quickstart", "bad.vcf"]);
    assert_eq!(said.code, 1, "{}", said.err);
    let job = said.err.split("(job ").nth(1).and_then(|it| it.split(')').next()).unwrap();
    home.done(["job", "report", job]);
    let again = home.run(["quickstart", "bad.vcf"]);
    assert_eq!(again.code, 4, "{}", again.err);
    assert!(again.err.contains("annostore store delete bad`"), "{}", again.err);
}

#[test]
fn what_is_no_text_is_told_as_check_tells_it() {
    let home = Home::new();
    home.file("binary", [0, 159, 146, 150, 0, 1]);
    for file in ["binary", "."] {
        let (check, import) =
            (home.run(["check", file]), home.run(["import", file, "--store", "abc", "--create"]));
        assert_eq!((import.code, import.err), (check.code, check.err));
    }
}

#[test]
fn a_file_of_another_format_than_its_store_is_named() {
    let home = Home::with_store(STORE);
    home.file("table.tsv", TABLE);
    let said = home.run(["import", "table.tsv", "--store", STORE]);
    assert!(said.err.contains("takes VCF, and this looks like a TSV"), "{}", said.err);
}

#[test]
fn a_request_made_by_create_makes_the_same_store() {
    let home = Home::new();
    home.file("table.tsv", TABLE);
    let out = home.done(["import", "table.tsv", "--store", "one", "--create"]);
    let json = out.lines().find_map(|it| it.strip_prefix("as a request to the API: ")).unwrap();
    home.file("request.json", json);
    home.done(["store", "create", "--request", "request.json", "--name", "two"]);
    let options = |store: &str| {
        let mut shown = home.json(&["store", "get", store, "--json"]);
        shown["storeOptions"].take()
    };
    assert_eq!(options("one"), options("two"));
}

#[test]
fn quickstart_goes_from_the_file_to_rows() {
    let home = Home::new();
    home.file("My-calls.v1.vcf", SOUND);
    let out = home.done(["quickstart", "My-calls.v1.vcf"]);
    assert!(
        out.contains("$ annostore import My-calls.v1.vcf --store my_calls_v1 --create"),
        "{out}"
    );
    assert!(out.contains("contigname") && out.contains("chr1"), "{out}");
    // What is the same in all rows, or empty, does not push the rest from the screen.
    assert!(!out.contains("importjobid"), "{out}");
    let again = home.run(["quickstart", "My-calls.v1.vcf"]);
    assert_eq!(again.code, 4, "{}", again.err);
    assert!(again.err.contains("--name"), "{}", again.err);
    let missing = home.run(["quickstart", "none.vcf"]);
    assert_eq!(missing.code, 3, "{}", missing.err);
}

#[test]
fn a_reference_is_made_or_added_once() {
    let home = Home::new();
    home.file("ref.fa", ">chr1\nACGTACGT\n");
    for name in ["one", "two"] {
        let made = ["store", "create", "--name", name, "--store-format", "VCF"];
        home.done(made.iter().chain(&["--reference", "ref.fa"]));
    }
    home.done(["store", "create", "--name", "three", "--store-format", "VCF"]);
    let reference = |store: &str| {
        let shown = home.json(&["store", "get", store, "--json"]);
        shown["reference"]["referenceArn"].as_str().unwrap().to_owned()
    };
    assert_eq!(reference("one"), reference("two"));
    assert!(reference("three").ends_with("/reference/three"), "{}", reference("three"));
    home.done(["reference", "get", &reference("one")]);
}

//! Files of web and S3 servers as inputs.

use std::fs;

use crate::common::bgzf;
use crate::common::program::Home;
use crate::common::web::{Manner, Web};
use crate::{SOUND, STORE};

/// A file of several ranges, compressed in blocks.
fn large() -> Vec<u8> {
    let mut text: String = SOUND.split_inclusive('\n').take(3).collect();
    for place in 1..=1000 {
        text += &format!("chr1\t{place}\t.\tA\tC\t.\tPASS\tDP={place}\n");
    }
    bgzf::file(text.as_bytes(), 4000)
}

#[test]
fn a_url_gives_what_the_file_gives() {
    let home = Home::with_store(STORE);
    home.file("large.vcf.gz", large());
    let web = Web::serve(&[("large.vcf.gz", large())], Manner::Parts);
    let report = |file: &str| {
        let report = home.run(["check", file, "--output", "json"]);
        assert_eq!(report.code, 0, "{}", report.err);
        report.out.replace(file, "FILE")
    };
    let url = web.url("large.vcf.gz");
    assert_eq!(report(&url), report("large.vcf.gz"));
    home.done(["import", "-q", &web.url("moved/large.vcf.gz?secret=1"), "--store", STORE]);
    let count = format!("SELECT count(*) FROM {STORE}");
    assert_eq!(home.done(["query", &count, "--format", "csv"]), "count(*)\n1000\n");
    let jobs = home.done(["job", "list", "--json"]);
    let id = jobs.split("\"id\": \"").nth(1).and_then(|it| it.split('"').next()).unwrap();
    let job = home.done(["job", "get", id, "--json"]);
    assert!(job.contains("moved/large.vcf.gz") && !job.contains("secret"), "{job}");
    let out = home.beside("out.vcf");
    let with = format!("{STORE}:DP=AGAIN");
    home.done(["annotate", &url, "-o", out.to_str().unwrap(), "--with", &with]);
    assert!(fs::read_to_string(out).unwrap().contains("DP=7;AGAIN=7"));
}

#[test]
fn a_url_is_a_table_of_a_query() {
    let home = Home::new();
    let table = "chrom\tpos\tref\talt\tscore\nchr1\t10\tA\tC\t0.5\nchr1\t20\tG\tT\t1.5\n";
    let files = [("large.vcf.gz", large()), ("scores.tsv", table.into())];
    let web = Web::serve(&files, Manner::Parts);
    let (large, scores) = (web.url("large.vcf.gz?secret=1"), web.url("scores.tsv"));
    let answer = |sql: &str| home.done(["query", sql, "--format", "csv"]);
    let sum = answer(&format!("SELECT count(*) AS n, sum(info.dp) AS dp FROM '{large}'"));
    assert_eq!(sum, "n,dp\n1000,500500\n");
    // Both are read while they are joined, one of them twice.
    let joined = format!(
        "SELECT v.start, t.score FROM '{large}' v JOIN '{scores}' t ON v.start = t.pos
         WHERE t.score = (SELECT max(score) FROM '{scores}')"
    );
    assert_eq!(answer(&joined), "start,score\n19,1.5\n");
    let region = ["query", "--region", "chr1:5-7", "--format", "csv"];
    let sql = format!("SELECT count(*) AS n FROM '{large}'");
    assert_eq!(home.done(region.iter().copied().chain([sql.as_str()])), "n\n3\n");
    let plan = home.done(["query", &format!("EXPLAIN SELECT start FROM '{large}'")]);
    assert!(plan.contains("large.vcf.gz") && !plan.contains("secret"), "{plan}");
}

#[test]
fn a_url_that_is_no_table_is_told_with_what_to_do() {
    let home = Home::new();
    let files = [("large.vcf.gz", large()), ("a.parquet", b"PAR1----PAR1".to_vec())];
    let (parts, whole) = (Web::serve(&files, Manner::Parts), Web::serve(&files, Manner::Whole));
    for (url, words) in [
        (whole.url("large.vcf.gz"), "whole files only"),
        (parts.url("none.vcf"), "there is no such object"),
        (parts.url("a.parquet"), "fetch it first"),
        ("ftp://a.org/a.vcf".to_owned(), "https://"),
        ("s3://bucket".to_owned(), "s3://bucket/key"),
    ] {
        let said = home.run(["query", &format!("SELECT * FROM '{url}'")]);
        assert_eq!(said.code, 3, "{url}: {}", said.err);
        assert!(said.err.contains(words) && said.err.contains("help: "), "{url}: {}", said.err);
    }
}

#[test]
fn a_server_that_is_busy_is_asked_again() {
    let home = Home::new();
    let web = Web::serve(&[("large.vcf.gz", large())], Manner::Busy);
    let said = home.run(["check", &web.url("large.vcf.gz")]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(web.requests.lock().unwrap().len() > 2);
}

#[test]
fn what_cannot_be_read_is_told_with_what_to_do() {
    let home = Home::new();
    let web = Web::serve(&[("large.vcf.gz", large())], Manner::Whole);
    for (url, words) in [
        (web.url("large.vcf.gz"), "whole files only"),
        (web.url("other.vcf"), "there is no such object"),
        ("http://127.0.0.1:1/a.vcf".to_owned(), "cannot read from the server"),
        ("ftp://a.org/a.vcf".to_owned(), "https://"),
        ("s3://bucket".to_owned(), "s3://bucket/key"),
    ] {
        for command in ["check", "infer"] {
            let said = home.run([command, &url]);
            assert_eq!(said.code, 3, "{command} {url}: {}", said.err);
            assert!(said.err.contains(words), "{command} {url}: {}", said.err);
            assert!(said.err.contains("help: "), "{}", said.err);
        }
    }
}

#[test]
fn an_s3_server_of_the_environment_is_read() {
    let home = Home::new();
    let web = Web::serve(&[("bucket/large.vcf.gz", large())], Manner::Parts);
    let mut check = home.command(["check", "s3://bucket/large.vcf.gz"]);
    check.env("AWS_ENDPOINT_URL", web.url("").trim_end_matches('/'));
    check.env_remove("AWS_ACCESS_KEY_ID");
    let said = check.output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    assert!(web.requests.lock().unwrap().iter().any(|it| it.contains("/bucket/large.vcf.gz")));
    let mut query = home.command(["query", "SELECT count(*) FROM 's3://bucket/large.vcf.gz'"]);
    query.env("AWS_ENDPOINT_URL", web.url("").trim_end_matches('/'));
    query.env_remove("AWS_ACCESS_KEY_ID");
    let said = query.output().unwrap();
    assert!(String::from_utf8_lossy(&said.stdout).contains("1000"), "{said:?}");
}

//! Files as tables: the rows and columns of a store of the file, without a store.
#![cfg(all(feature = "store", unix))]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

#[path = "common/mod.rs"]
mod common;

use std::path::Path;

use common::bgzf;
use common::program::{Home, Said};

/// A home in a folder that has `testdata` as the repository has.
fn home() -> Home {
    let home = Home::with_store("clinvar");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::os::unix::fs::symlink(root.join("testdata"), home.beside("testdata")).unwrap();
    home
}

fn query(home: &Home, sql: &str) -> Said {
    home.run(["query", "--format", "ndjson", sql])
}

fn rows(home: &Home, sql: &str) -> String {
    let said = query(home, sql);
    assert_eq!(said.code, 0, "{sql}: {}", said.err);
    said.out
}

#[test]
fn a_vcf_file_has_the_rows_of_a_store_of_it() {
    let home = home();
    let file = "testdata/demo/clinvar.vcf";
    home.done(["import", file, "--store", "clinvar"]);
    for sql in [
        "SELECT contigname, start, \"end\", names, referenceallele, alternatealleles, qual, filters,
            splitfrommultiallelic, phased, calls, sampleid, information, annotations, info,
            info_other FROM T",
        "SELECT attributes FROM T",
        "SELECT attributes['CLNSIG'] AS s, info.af, info.db FROM T
            WHERE attributes['AF'] IS NOT NULL",
        "SELECT contigname, count(*) AS n, avg(info.af[1]) AS f FROM T GROUP BY 1 ORDER BY 1",
        "SELECT count(*) AS n FROM T",
        "SELECT \"$record\" AS r, start FROM T WHERE \"$record\" > 40",
        "SELECT max(info.alleleid) AS m FROM T WHERE info.clnvc = 'Deletion' AND contigname = '17'",
        "SELECT a.start FROM T a JOIN T b ON a.start = b.start AND a.info.af = b.info.af
            ORDER BY 1",
        "SELECT start FROM T LIMIT 3",
    ] {
        let of_file = rows(&home, &sql.replace(" T", &format!(" '{file}'")));
        assert_eq!(of_file, rows(&home, &sql.replace(" T", " clinvar")), "{sql}");
        assert!(!of_file.is_empty(), "{sql}");
    }
}

#[test]
fn files_of_any_form_are_tables() {
    let home = home();
    home.file("genes.gff3", "##gff-version 3\nchr1\t.\tgene\t11\t20\t.\t+\t.\tID=g1;Name=A\n");
    home.file("scores.csv", "chrom,pos,score\nchr1,10,0.5\nchr1,20,1.5\nchr2,5,2\n");
    assert_eq!(
        rows(&home, "SELECT seqid, start, \"end\", id, name FROM 'genes.gff3'"),
        "{\"seqid\":\"chr1\",\"start\":10,\"end\":20,\"id\":\"g1\",\"name\":\"A\"}\n"
    );
    let sql = "SELECT sum(s.score) AS n FROM 'scores.csv' s";
    assert_eq!(rows(&home, sql), "{\"n\":4.0}\n");
    home.done(["query", "-o", "x.parquet", "SELECT chrom AS \"Chrom\", pos FROM 'scores.csv'"]);
    let sql = "SELECT chrom, count(*) AS n FROM 'x.parquet' GROUP BY chrom ORDER BY chrom";
    assert_eq!(rows(&home, sql), "{\"chrom\":\"chr1\",\"n\":2}\n{\"chrom\":\"chr2\",\"n\":1}\n");
    let joined = "SELECT g.id, s.pos FROM 'genes.gff3' g JOIN 'scores.csv' s
        ON s.chrom = g.seqid AND s.pos > g.start";
    assert_eq!(rows(&home, joined), "{\"id\":\"g1\",\"pos\":19}\n");
}

#[test]
fn a_file_with_errors_says_so_once() {
    let home = home();
    let head = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    let text =
        format!("{head}1\t10\t.\tA\tC\t.\t.\t.\n1\tx\t.\tA\tC\t.\t.\t.\n1\ty\t.\tA\tC\t.\t.\t.\n");
    home.file("bad.vcf", text);
    let said = query(&home, "SELECT count(*) AS n FROM 'bad.vcf' a, 'bad.vcf' b");
    assert_eq!((said.code, said.out.as_str()), (0, "{\"n\":1}\n"), "{}", said.err);
    assert_eq!(said.err.matches("2 lines are no rows of bad.vcf").count(), 1, "{}", said.err);
    assert!(said.err.contains("line 4"), "{}", said.err);
    for (sql, code, words) in [
        ("SELECT 1 FROM 'none.vcf'", 3, "there is no such file"),
        ("SELECT 1 FROM '.'", 3, "no file"),
        ("SELECT nosuch FROM 'bad.vcf'", 2, "nosuch"),
    ] {
        let said = query(&home, sql);
        assert_eq!(said.code, code, "{sql}: {}", said.err);
        assert!(said.err.contains(words), "{sql}: {}", said.err);
    }
}

/// The index alone says what is read: without it, the damaged end would be found.
#[test]
fn a_region_reads_what_the_index_names_and_no_more() {
    let home = home();
    let mut text = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n##contig=<ID=chr2>\n\
         #CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        .to_owned();
    for contig in ["chr1", "chr2"] {
        for number in 1..20_000 {
            text += &format!("{contig}\t{}\tr{number}\tA\tC\t.\tPASS\t.\n", number * 10);
        }
    }
    let file = home.file("calls.vcf.gz", bgzf::file(text.as_bytes(), 60_000));
    let count = |region: &str| {
        let sql = "SELECT count(*) AS n, min(start) AS a, max(start) AS b FROM 'calls.vcf.gz'";
        let said = home.run(["query", "--format", "csv", "--no-header", "-r", region, sql]);
        let words = said.err.lines().next().unwrap_or_default().to_owned();
        (said.code, said.out, if said.code == 0 { String::new() } else { words })
    };
    let regions = ["chr1:1,000-2,000", "chr2:150,000-", "chr2", "chr1:1-10", "chr3", "chr2:199990"];
    let whole = regions.map(count);
    let noodles::vcf::Index::Tabix(index) = noodles::vcf::fs::index(&file).unwrap() else {
        panic!("the index is not one of tabix");
    };
    noodles_tabix::fs::write(home.beside("calls.vcf.gz.tbi"), &index).unwrap();
    assert_eq!(regions.map(count), whole);
    assert_eq!(whole[0], (0, "101,999,1999\n".to_owned(), String::new()));
    assert_eq!((whole[4].0, whole[4].2.contains("no row lies on contig `chr3`")), (2, true));
    // The index of another file, in which other lines stand where it points.
    let other =
        home.file("other.vcf.gz", bgzf::file(text.replace("chr1", "c1").as_bytes(), 50_000));
    let noodles::vcf::Index::Tabix(foreign) = noodles::vcf::fs::index(&other).unwrap() else {
        panic!("the index is not one of tabix");
    };
    noodles_tabix::fs::write(home.beside("calls.vcf.gz.tbi"), &foreign).unwrap();
    assert_eq!(count(regions[2]), whole[2]);
    noodles_tabix::fs::write(home.beside("calls.vcf.gz.tbi"), &index).unwrap();
    // A byte in a block of chr2 that no region on chr1 needs.
    let mut bytes = std::fs::read(&file).unwrap();
    let at = bytes.len() - 200;
    bytes[at] ^= 0xff;
    std::fs::write(&file, bytes).unwrap();
    let index = std::fs::read(home.beside("calls.vcf.gz.tbi")).unwrap();
    home.file("calls.vcf.gz.tbi", index);
    assert_eq!(count(regions[0]), whole[0]);
    assert_ne!(count("chr2").0, 0);
}

#[test]
fn a_damaged_parquet_file_is_named() {
    let home = home();
    home.file("a.tsv", "chrom\tpos\tname\n".to_owned() + &"chr1\t5\tsome name\n".repeat(5_000));
    let said = home.run(["query", "-o", "a.parquet", "SELECT * FROM 'a.tsv'"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let path = home.beside("a.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4..200].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let said = query(&home, "SELECT count(chrom), count(pos), count(name) FROM 'a.parquet'");
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.err.contains("a.parquet"), "{}", said.err);
}

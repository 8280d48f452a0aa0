//! Files that cannot be read, and stores that do not take them.

use std::path::Path;

use crate::common::bgzf;
use crate::common::program::Home;
use crate::{SOUND, STORE, check_refusal, check_untouched};

/// Check and import refuse the file alike, and the job tells why.
#[track_caller]
fn refused(home: &Home, path: &Path, what: &str) {
    let path = path.to_str().unwrap();
    check_refusal(&home.run(["check", path]), 3, what, path);
    check_refusal(&home.run(["import", path, "--store", STORE]), 3, what, path);
    check_untouched(home);
    let jobs = home.json(&["job", "list", "--json"]);
    let id = jobs["annotationImportJobs"][0]["id"].as_str().unwrap().to_owned();
    let job = home.json(&["job", "get", &id, "--json"]);
    assert!(job["statusMessage"].as_str().unwrap().contains(what), "{job}");
}

#[test]
fn what_is_no_file_is_refused() {
    let home = Home::with_store(STORE);
    refused(&home, &home.beside("absent.vcf"), "there is no such file");
    std::fs::create_dir(home.beside("folder.vcf")).unwrap();
    refused(&home, &home.beside("folder.vcf"), "this is a folder");
    refused(&home, &home.file("empty.vcf", ""), "the file is empty");
}

#[test]
fn other_formats_are_named_by_their_first_bytes() {
    let home = Home::with_store(STORE);
    for (bytes, what) in [
        (b"PK\x03\x04\x14\0".as_slice(), "a zip archive"),
        (b"PAR1\x15\x04\x15", "a Parquet file"),
        (b"BZh91AY&SY", "a bzip2 file"),
        (b"\xfd7zXZ\0\0\x04", "an xz file"),
        (b"\x28\xb5\x2f\xfd\x04", "a zstd file"),
        (&bgzf::file(b"BAM\x01\0\0\0\0", 100), "a BAM file"),
        (&bgzf::file(b"TBI\x01\0\0\0\0", 100), "a tabix index"),
        (b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe", "a binary file"),
        (&bgzf::gzip(b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe"), "a binary file"),
        (b"<html>\n<body>not found</body></html>\n", "an HTML page"),
        (&bgzf::gzip(b"<!doctype html>\n"), "an HTML page"),
        (b"<?xml version=\"1.0\"?>\n<Error/>\n", "an XML document"),
        (b"{\"status\": 404}\n", "a JSON document"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS"),
        (b"c\0h\0r\0\t\0p\0o\0s\0\n\0", "UTF-16 text"),
        (b"\0c\0h\0r\0\t\0p\0o\0s\0\n", "UTF-16 text"),
    ] {
        refused(&home, &home.file("file.vcf.gz", bytes), what);
    }
}

#[test]
fn a_cut_file_is_refused_and_says_so() {
    let home = Home::with_store(STORE);
    let bgzf = bgzf::file(SOUND.as_bytes(), 100);
    let no_end = "the end-of-file block is missing at the end";
    refused(&home, &home.file("cut.vcf.gz", &bgzf[..bgzf.len() - 28]), no_end);
    // A second file that was cut, behind a whole one.
    refused(
        &home,
        &home.file("two.vcf.gz", [&bgzf[..], &bgzf[..bgzf.len() - 28]].concat()),
        no_end,
    );
    let gzip = bgzf::gzip(SOUND.as_bytes());
    refused(&home, &home.file("cut.vcf.gz", &gzip[..gzip.len() - 9]), "the gzip file is cut");
}

#[test]
fn what_stands_behind_the_end_of_a_gzip_file_is_told_from_damage() {
    let home = Home::with_store(STORE);
    let gzip = bgzf::gzip(SOUND.as_bytes());
    let behind = "something stands behind the end of the gzip data";
    let path = home.file("more.vcf.gz", [&gzip[..], b"JUNK"].concat());
    refused(&home, &path, behind);
    let said = home.run(["check", path.to_str().unwrap()]);
    assert_eq!(said.err.matches("more.vcf.gz").count(), 1, "{}", said.err);
    refused(&home, &home.file("zeros.vcf.gz", [&gzip[..], &[0; 99], b"x"].concat()), behind);
    let bgzf = bgzf::file(SOUND.as_bytes(), 100);
    for junk in [&b"JUNK"[..], b"more than the header of a block", b"\0\0x"] {
        let bytes = [&bgzf[..], junk].concat();
        refused(&home, &home.file("bgzf.vcf.gz", &bytes), behind);
        let said = home.run_on(["check", "-"], bytes);
        check_refusal(&said, 3, behind, "file: -");
    }
    let sound = home.file("padded.bgzf.vcf.gz", [&bgzf[..], &vec![0; 70_000]].concat());
    home.done(["import", sound.to_str().unwrap(), "--store", STORE]);
    home.done(["check", sound.to_str().unwrap()]);
    let sound = home.file("padded.vcf.gz", [&gzip[..], &vec![0; 70_000]].concat());
    home.done(["import", sound.to_str().unwrap(), "--store", STORE]);
}

#[test]
fn a_file_whose_name_does_not_tell_is_read_as_what_it_is() {
    let home = Home::new();
    let gtf = "1\tx\tgene\t5\t9\t.\t+\t.\tgene_id \"G\";\n";
    for name in ["a.gtf", "a.gff2", "a", "a.gtf.gz"] {
        let bytes = gtf.as_bytes().to_vec();
        let bytes = if name.ends_with("gz") { bgzf::gzip(&bytes) } else { bytes };
        let said = home.run(["check", home.file(name, bytes).to_str().unwrap()]);
        assert!(said.out.contains("GFF210"), "{name}: {}{}", said.out, said.err);
    }
    let maf = "#version 2.4\nHugo_Symbol\tChromosome\nTP53\tchr17\n";
    let bedpe = "chr1\t100\t200\tchr5\t5000\t5100\n";
    let table = "<html>\n";
    for (name, text, code, what, help) in [
        ("a.maf", maf, 2, "a MAF file", "annostore infer"),
        ("a.bin", maf, 2, "a MAF file", "annostore infer"),
        ("a.bedpe", bedpe, 2, "a BEDPE file", "--options it.json --request it.json"),
        ("a.bed", "chr1\t1\t5\n", 2, "a BED file", "annostore infer"),
        ("a.tsv", SOUND, 2, "a VCF file", "--store-format VCF"),
        ("b.tsv", gtf, 2, "a GTF file", "--store-format GFF"),
        ("c.tsv", table, 3, "an HTML page", "download the file itself"),
        ("a.fa", ">1\nACGT\n", 2, "a FASTA file", "give a VCF, GFF3 or TSV file"),
        ("a.sam", "@SQ\tSN:1\tLN:5\n", 2, "a SAM file", "give a VCF, GFF3 or TSV file"),
        ("a.wig", "fixedStep chrom=1 start=1\n5\n", 3, "a wiggle file", "bedGraph"),
    ] {
        let path = home.file(name, text);
        let said = home.run(["check", path.to_str().unwrap()]);
        check_refusal(&said, code, what, path.to_str().unwrap());
        assert!(said.err.contains(help), "{}", said.err);
    }
    let sound = home.file("sound.1", SOUND);
    assert!(home.run(["check", sound.to_str().unwrap()]).out.contains("2 records"));
}

#[test]
fn a_cut_standard_input_is_refused_too() {
    let home = Home::with_store(STORE);
    let cut = bgzf::file(SOUND.as_bytes(), 100)[..120].to_vec();
    check_refusal(&home.run_on(["check", "-"], cut.clone()), 3, "cut", "file: -");
    check_refusal(&home.run_on(["import", "-", "--store", STORE], cut), 3, "cut", "file: -");
    check_untouched(&home);
}

#[test]
fn a_table_in_a_vcf_store_is_rejected_with_findings() {
    let home = Home::with_store(STORE);
    let path = home.file("table.vcf", "chrom\tstart\tend\tscore\nchr1\t1\t2\t0.5\n");
    let path = path.to_str().unwrap();
    let checked = home.run(["check", path]);
    assert_eq!((checked.code, checked.err.as_str()), (1, ""));
    assert!(checked.out.contains("VCF001") && checked.out.contains("VCF003"), "{}", checked.out);
    assert!(checked.out.contains("this does not look like VCF"), "{}", checked.out);
    let blanks = home.file("blanks.vcf", b"chrom\tstart\n\n#x\n\n\xff\xfe");
    let checked = home.run(["check", blanks.to_str().unwrap()]);
    assert!(checked.out.contains("2 errors and 0 warnings"), "{}", checked.out);
    let said = home.run(["import", path, "--store", STORE]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("VCF003") && said.err.contains("nothing was stored"), "{}", said.err);
    assert!(home.files("data").is_empty() && home.files("staging").is_empty());
    let table = home.file("table.tsv", "chrom\tstart\n");
    let table = table.to_str().unwrap();
    check_refusal(&home.run(["check", table]), 2, "schema", table);
}

#[test]
fn a_store_that_does_not_take_the_file_is_refused_before_the_file_is_read() {
    let home = Home::with_store(STORE);
    let path = home.file("sound.vcf", SOUND);
    let path = path.to_str().unwrap();
    for (arguments, what, at) in [
        (vec!["--store", "absent"], "no such store", "store: absent"),
        (vec!["--store", STORE, "--version", "second"], "no such version", "second"),
    ] {
        let said = home.run(["import", path].into_iter().chain(arguments));
        check_refusal(&said, 4, what, at);
        assert_eq!(
            home.json(&["job", "list", "--json"])["annotationImportJobs"],
            serde_json::json!([])
        );
    }
    check_untouched(&home);
}

#[test]
fn one_bad_file_does_not_keep_the_others_out() {
    let home = Home::with_store(STORE);
    home.file("sound.vcf", SOUND);
    let said = home.run(["import", "absent.vcf", "sound.vcf", "--store", STORE]);
    assert_eq!(said.code, 3, "{}", said.err);
    assert!(said.out.contains("sound.vcf: 2 rows into variants.variants"), "{}", said.out);
    let said = home.run(["check", "absent.vcf", "sound.vcf", "--output", "json"]);
    assert_eq!(said.code, 3);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let (absent, sound) = (&report["files"][0], &report["files"][1]);
    assert_eq!(
        (&absent["file"], &absent["error"]["kind"]),
        (&"absent.vcf".into(), &"unreadable".into())
    );
    let told = |member: &str| absent["error"][member].as_str().unwrap().to_owned();
    assert_eq!(told("message"), "there is no such file (file: absent.vcf)");
    assert_eq!(told("help"), "check the path");
    assert_eq!((&sound["records"], sound.get("error")), (&2.into(), None));
}

#[test]
fn headers_that_disagree_about_a_key_do_not_share_a_version() {
    let home = Home::with_store(STORE);
    let first = home.file("first.vcf", SOUND);
    home.done(["import", first.to_str().unwrap(), "--store", STORE]);
    let second = home.file("second.vcf", SOUND.replace("Integer", "String"));
    let said = home.run(["import", second.to_str().unwrap(), "--store", STORE]);
    check_refusal(&said, 4, "declares INFO key DP as one String", second.to_str().unwrap());
    assert_eq!(home.files("data").len(), 1);
    assert!(home.files("staging").is_empty());
}

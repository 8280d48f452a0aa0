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
    let bcf = b"BCF\x02\x02\0\0\0\0".as_slice();
    for (bytes, what) in [
        (b"PK\x03\x04\x14\0".as_slice(), "a zip archive"),
        (b"PAR1\x15\x04\x15", "a Parquet file"),
        (b"BZh91AY&SY", "a bzip2 file"),
        (b"\xfd7zXZ\0\0\x04", "an xz file"),
        (b"\x28\xb5\x2f\xfd\x04", "a zstd file"),
        (bcf, "a BCF file"),
        (&bgzf::file(bcf, 100), "a BCF file"),
        (&bgzf::file(b"BAM\x01\0\0\0\0", 100), "a BAM file"),
        (&bgzf::file(b"TBI\x01\0\0\0\0", 100), "a tabix index"),
        (b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe", "a binary file"),
        (&bgzf::gzip(b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe"), "a binary file"),
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
    // From its end alone nobody can tell a cut file from one with something behind its end.
    refused(&home, &home.file("more.vcf.gz", [&bgzf[..], b"more"].concat()), no_end);
    let gzip = bgzf::gzip(SOUND.as_bytes());
    refused(&home, &home.file("cut.vcf.gz", &gzip[..gzip.len() - 9]), "the gzip file is cut");
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

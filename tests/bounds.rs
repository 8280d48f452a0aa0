//! What an input can make long or many has a bound: names of columns, INFO keys, data files.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use annostore::check::{CheckOptions, check};
use annostore::import::{ImportOptions, import};
use annostore::model::api::{
    CreateAnnotationStore, ImportItem, Reference, StartAnnotationImportJob,
};
use annostore::model::{
    Account, AnnotationType, ColumnType, ErrorKind, SchemaColumn, TsvStoreOptions,
};
use annostore::{DEFAULT_CHUNK_BYTES, Pipe, Service, TsvReading, VcfReading};
use common::program::Home;

const COLUMNS: &str = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO";

/// The most memory that this process has had, in MiB; 0 where the system does not tell.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

#[test]
fn lines_of_many_names_are_read_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let samples = "\ts".repeat(20_000_000);
    let text = format!("##fileformat=VCFv4.2\n{COLUMNS}\tFORMAT{samples}");
    fs::write(path("samples.vcf"), text).unwrap();
    let options = CheckOptions::default();
    let refused = check(&path("samples.vcf"), &pipe, &VcfReading::default(), &options);
    let error = refused.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert!(error.message().contains("has 20000000 samples"), "{error}");
    assert!(error.to_string().contains("samples.vcf") && error.help().is_some(), "{error}");

    fs::write(path("names.tsv"), "a\t".repeat(20_000_000) + "\n1\t2\n").unwrap();
    let column = |name: &str| SchemaColumn { name: name.to_owned(), data_type: ColumnType::Int };
    let store = TsvStoreOptions {
        annotation_type: AnnotationType::Generic,
        format_to_header: std::collections::BTreeMap::default(),
        schema: vec![column("a"), column("b")],
    };
    let reading = TsvReading::new(store, None).unwrap();
    let report = check(&path("names.tsv"), &pipe, &reading, &options).unwrap();
    let told = report.findings.kept().iter().map(|it| it.message.as_str()).collect::<Vec<_>>();
    assert!(told.contains(&"the header has `a` where the schema has `b`"), "{told:?}");
    assert!(peak_memory() < 512, "{} MiB", peak_memory());
}

#[test]
fn chunks_of_a_file_with_many_keys_know_only_the_keys_that_they_have() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.vcf");
    let mut text = "##fileformat=VCFv4.2\n".to_owned();
    for key in 0..500_000 {
        let end = "Number=1,Type=Integer,Description=\"x\">";
        writeln!(text, "##INFO=<ID=K{key},{end}").unwrap();
    }
    writeln!(text, "{COLUMNS}").unwrap();
    for record in 1..=20_000 {
        let (one, other) = (record * 7 % 500_000, record * 11 % 500_000 + 1);
        writeln!(text, "1\t{record}\t.\tA\tC\t.\t.\tK{one}=1;K{other}=1").unwrap();
    }
    fs::write(&path, text).unwrap();
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let options = CheckOptions::default();
    let report = check(path.to_str().unwrap(), &pipe, &VcfReading::default(), &options).unwrap();
    assert_eq!((report.records, report.findings.total()), (20_000, 0));
    let fields = report.profile.unwrap().fields;
    assert_eq!(fields.iter().map(|it| it.filled).sum::<u64>(), 40_000);
    assert!(peak_memory() < 512, "{} MiB", peak_memory());
}

#[test]
fn info_keys_beyond_those_that_have_columns_are_kept_as_text() {
    let home = Home::with_store("calls");
    let mut text = "##fileformat=VCFv4.2\n".to_owned();
    for key in 0..10_003 {
        let (number, of) = match key {
            10_000 => ("0", "Flag"),
            10_001 => ("1", "Integer"),
            _ => (".", "Float"),
        };
        let end = "Description=\"x\">";
        writeln!(text, "##INFO=<ID=K{key},Number={number},Type={of},{end}").unwrap();
    }
    writeln!(text, "{COLUMNS}").unwrap();
    text += "1\t10\t.\tA\tC\t.\t.\tK0=1;K9999=2;K10000;K10001=7;K10002=0.5,1\n";
    text += "1\t20\t.\tA\tC\t.\t.\tK10001=8;K10001=9\n1\t30\t.\tA\tC\t.\t.\t.\n";
    home.file("many.vcf", text);
    let said = home.run(["import", "many.vcf", "--store", "calls"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let told = "declares 10003 INFO keys: the first 10000 have columns in `info`";
    assert!(said.err.contains(told), "{}", said.err);
    let ask = |sql: &str| home.done(["query", sql, "--format", "csv"]);
    let found = ask("SELECT element_at(info.k0, 1) AS a, element_at(info.k9999, 1) AS b, \
        attributes['K10000'] = '' AS c, attributes['K10001'] AS d, attributes['K10002'] AS e \
        FROM calls ORDER BY start");
    assert_eq!(found, "a,b,c,d,e\n1.0,2.0,true,7,\"0.5,1\"\n,,,9,\n,,,,\n");
    assert_eq!(home.run(["query", "SELECT info.k10001 FROM calls"]).code, 2);

    // A key that has a column keeps it; a new one has none any more.
    let few = |keys: &str| {
        let declared: String = keys.split(' ').fold(String::new(), |all, key| {
            all + &format!("##INFO=<ID={key},Number=.,Type=Float,Description=\"x\">\n")
        });
        format!("##fileformat=VCFv4.2\n{declared}{COLUMNS}\n2\t5\t.\tA\tC\t.\t.\tK3=4;NEW=5\n")
    };
    home.file("few.vcf", few("K3 NEW"));
    home.done(["import", "-q", "few.vcf", "--store", "calls"]);
    let found = ask("SELECT element_at(info.k3, 1) AS a, attributes['NEW'] AS b FROM calls \
        WHERE contigname = '2'");
    assert_eq!(found, "a,b\n4.0,5\n");
    home.file("other.vcf", few("NEW K3"));
    let said = home.run(["import", "other.vcf", "--store", "calls"]);
    assert_eq!(said.code, 4, "{}", said.err);
    assert!(
        said.err.contains("more than 10000 columns") && said.err.contains("version of its own")
    );
}

/// Imports a file into the store `calls`.
fn import_one(service: &Service, folder: &Path, number: usize) {
    let key = ["AC", "AF", "DP"][number % 3];
    let place = 1000 - number;
    let text = format!(
        "##fileformat=VCFv4.2\n##INFO=<ID={key},Number=1,Type=Integer,Description=\"x\">\n\
         {COLUMNS}\n1\t{place}\t.\tA\tC\t.\t.\t{key}={number};O{}=x\n2\t7\t.\tA\tC\t.\t.\t.\n",
        number % 2
    );
    let path = folder.join("one.vcf").to_str().unwrap().to_owned();
    fs::write(&path, text).unwrap();
    let run = service.begin_import(&StartAnnotationImportJob {
        destination_name: Some("calls".to_owned()),
        items: Some(vec![ImportItem::from(path.clone())]),
        ..StartAnnotationImportJob::default()
    });
    let pipe = Pipe::new(Some(1), DEFAULT_CHUNK_BYTES).unwrap();
    import(run.unwrap(), path.as_str(), &pipe, &ImportOptions::default()).unwrap();
}

#[test]
fn many_small_imports_become_few_files_with_the_same_rows() {
    const IMPORTS: usize = 130;
    let home = Home::new();
    let service =
        Service::open(&home.path(), Account::new(Account::DEFAULT).unwrap(), "us-east-1").unwrap();
    let made = service.create_annotation_store(&CreateAnnotationStore {
        name: Some("calls".to_owned()),
        store_format: Some("VCF".to_owned()),
        reference: Some(Reference::from("arn:x".to_owned())),
        ..CreateAnnotationStore::default()
    });
    made.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let first = 16;
    (0..first).for_each(|it| import_one(&service, folder.path(), it));
    assert_eq!(home.files("data").len(), first);
    (first..IMPORTS).for_each(|it| import_one(&service, folder.path(), it));
    // Eight times 16 became one each, and two came after them.
    assert_eq!(home.files("data").len(), 10, "{:?}", home.files("data"));
    assert!(home.files("staging").is_empty());
    let ask = |sql: &str| home.done(["query", sql, "--format", "csv"]);
    let sums = ask("SELECT count(*) AS n, count(DISTINCT importjobid) AS jobs, sum(start) AS s, \
        sum(info.ac) AS ac, sum(info.af) AS af, sum(info.dp) AS dp, \
        count(attributes['O0']) AS o, sum(\"$record\") AS r FROM calls");
    let of = |key: usize| (0..IMPORTS).filter(|it| it % 3 == key).sum::<usize>();
    let starts: usize = (0..IMPORTS).map(|it| 999 - it + 6).sum();
    let expected = format!(
        "n,jobs,s,ac,af,dp,o,r\n{},{IMPORTS},{starts},{},{},{},{},{}\n",
        2 * IMPORTS,
        of(0),
        of(1),
        of(2),
        IMPORTS / 2,
        3 * IMPORTS
    );
    assert_eq!(sums, expected);
    let region = ask("SELECT count(*) AS n FROM calls WHERE contigname = '1' AND start < 900");
    assert_eq!(region, "n\n30\n");
    let each = ask("SELECT max(n) AS most FROM \
        (SELECT count(*) AS n FROM calls GROUP BY importjobid)");
    assert_eq!(each, "most\n2\n");
}

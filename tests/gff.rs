//! GFF3: what becomes of a file, that neither threads nor chunks nor compression show in it, and
//! the verdicts of public suites.
#![cfg(feature = "store")]
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use annostore::check::{CheckOptions, check};
use annostore::diagnostic::render::json;
use annostore::diagnostic::report::Report;
use annostore::diagnostic::{Policy, Severity};
use annostore::import::{ImportOptions, Imported, OnError, import};
use annostore::model::api::{ImportItem, ListAnnotationImportJobs, StartAnnotationImportJob};
use annostore::model::{Account, ErrorKind, Result};
use annostore::read::gff::{GffReading, Nothing, Reader};
use annostore::read::source::Source;
use annostore::read::{DEFAULT_CHUNK_BYTES, Pipe};
use annostore::service::Service;
use common::bgzf;
use common::corpus::corpus;
use common::program::Home;

const GENES: &str = "##gff-version 3
##sequence-region chr1 1 20000
chr1|my%20source|gene|1000|9000|.|+|.|ID=g1;Name=EDEN%2C \
one;Alias=a,b;Note=x,y%2Cz;Is_circular=false;kind=coding
chr1|demo|mRNA|1050|9000|1.5|-|.|ID=m1;Parent=g1,g2;Dbxref=A:1,B:2;Ontology_term=GO:1;\
Derives_from=g1
chr1|.|CDS|1201|1500|2e-30|?|2|ID=c1;Parent=m1;Target=est 1 9 +;Gap=M9;note=low;tag=a,b
.|demo|match|.|.|.|.|.|.
###
chr2|demo|gene|1|10|.|+|.|ID=g2;g=1
##FASTA
>chr1
ACGT
";

fn tabbed(text: &str) -> String {
    text.replace('|', "\t")
}

/// A home with a GFF store `genes`.
fn home() -> Home {
    let home = Home::new();
    home.done(
        ["store", "create", "--name", "genes", "--store-format", "GFF"]
            .iter()
            .chain(&["--reference-arn", "arn:x"]),
    );
    home
}

fn rows(home: &Home, sql: &str) -> String {
    home.done(["query", sql, "--format", "ndjson"])
}

#[test]
fn every_column_has_what_the_specification_means() {
    let home = home();
    let path = home.file("genes.gff3", tabbed(GENES));
    home.done(["import", path.to_str().unwrap(), "--store", "genes"]);
    let all = rows(&home, "SELECT * FROM genes ORDER BY seqid, start, type");
    let all: Vec<serde_json::Value> =
        all.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let names = "importjobid seqid source type start end score strand phase id name alias parent \
                target gap derivesfrom note dbxref ontologyterm is_circular information";
    let found: Vec<_> = all[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(found, names.split_ascii_whitespace().collect::<Vec<_>>());
    let by_id = |id: &str| all.iter().find(|it| it["id"] == id).unwrap();
    let gene = by_id("g1");
    assert_eq!(gene["source"], "my source");
    assert_eq!((&gene["start"], &gene["end"]), (&999.into(), &9000.into()));
    assert_eq!((&gene["name"], &gene["alias"]), (&"EDEN, one".into(), &"a,b".into()));
    assert_eq!(gene["note"], serde_json::json!(["x", "y,z"]));
    assert_eq!((&gene["is_circular"], &gene["score"]), (&false.into(), &().into()));
    assert_eq!(gene["information"], serde_json::json!({"kind": "coding"}));
    let transcript = by_id("m1");
    assert_eq!(transcript["parent"], serde_json::json!(["g1", "g2"]));
    assert_eq!(transcript["dbxref"], serde_json::json!(["A:1", "B:2"]));
    assert_eq!(transcript["ontologyterm"], serde_json::json!(["GO:1"]));
    assert_eq!((&transcript["derivesfrom"], &transcript["score"]), (&"g1".into(), &1.5.into()));
    let cds = by_id("c1");
    assert_eq!((&cds["phase"], &cds["strand"]), (&2.into(), &"?".into()));
    assert_eq!((&cds["source"], &cds["gap"]), (&().into(), &"M9".into()));
    assert_eq!(cds["target"], "est 1 9 +");
    assert_eq!(cds["information"], serde_json::json!({"note": "low", "tag": "a,b"}));
    let nowhere = all.iter().find(|it| it["type"] == "match").unwrap();
    for column in ["seqid", "start", "end", "strand", "id", "parent", "information"] {
        assert_eq!(nowhere[column], serde_json::Value::Null, "{column}");
    }
    assert_eq!(all.len(), 5);
}

/// What a row of these attributes becomes: some of its columns.
fn attributes(home: &Home, column: &str) -> serde_json::Value {
    let name = "one.gff3";
    let path = home.file(name, format!("##gff-version 3\nc\tx\tgene\t5\t9\t.\t+\t.\t{column}\n"));
    let imported = home.done(["import", path.to_str().unwrap(), "--store", "genes"]);
    let job = imported.split("(job ").nth(1).unwrap().split(')').next().unwrap();
    let sql = format!(
        "SELECT id, name, alias, parent, target, is_circular, information FROM genes \
         WHERE importjobid = '{job}'"
    );
    serde_json::from_str(&rows(home, &sql)).unwrap()
}

#[test]
fn attributes_of_gtf_lose_their_quotes_and_nothing_else() {
    let home = home();
    let of = |column| attributes(&home, column);
    let read = of("gene_id \"G.5\"; level 2; note \"a; b=c\"; tag \"basic\"; tag \"CC,DS\"; \
                   product \"x%2C y\"; ID \"g\"; empty \"\";");
    let expected = serde_json::json!({
        "gene_id": "G.5", "level": "2", "note": "a; b=c", "tag": "basic,CC%2CDS",
        "product": "x%2C y", "ID": "g", "empty": "",
    });
    assert_eq!((&read["information"], &read["id"]), (&expected, &().into()));
    let gff2 = of("Target \"HBA:1\" 11 55 ; E_value 0.0003 ; Confirmed");
    let expected =
        serde_json::json!({"Target": "HBA:1 11 55", "E_value": "0.0003", "Confirmed": ""});
    assert_eq!(gff2["information"], expected);
    // A quote that is never closed, and pairs of GFF3 among the others.
    let open = of("note \"x; level 2; ID=a");
    let expected = serde_json::json!({"note": "x", "level": "2"});
    assert_eq!((&open["information"], &open["id"]), (&expected, &"a".into()));
}

#[test]
fn quotes_around_columns_are_taken_off_as_the_service_does() {
    let home = home();
    let read = attributes(&home, "\"ID=L1;product=a protein, x\"");
    assert_eq!(
        (&read["id"], &read["information"]["product"]),
        (&"L1".into(), &"a protein, x".into())
    );
    let inside = attributes(&home, "ID=L2;product=\"a, b\"");
    assert_eq!(inside["information"]["product"], "\"a, b\"");
    let text = "##gff-version 3\n\"c\"|\"x\"|gene|\"5\"|9|.|\"-\"|.|\"ID=q\tr\"\n";
    let path = home.file("quoted.gff3", tabbed(text));
    home.done(["import", path.to_str().unwrap(), "--store", "genes"]);
    let found = rows(&home, "SELECT seqid, source, start, strand FROM genes WHERE id LIKE 'q%'");
    assert_eq!(found, "{\"seqid\":\"c\",\"source\":\"x\",\"start\":4,\"strand\":\"-\"}\n");
    let across = home.file("across.gff3", tabbed("##gff-version 3\nc|\"x|gene|5|9|.|+|.|ID=z\n"));
    let said = home.run(["check", across.to_str().unwrap()]);
    assert!(said.out.contains("GFF120") && said.code == 1, "{}", said.out);
    home.done(["import", across.to_str().unwrap(), "--store", "genes"]);
    let found = rows(&home, "SELECT source FROM genes WHERE id = 'z'");
    assert_eq!(found, "{\"source\":\"\\\"x\"}\n");
}

#[test]
fn each_tag_stands_once_in_its_column_and_once_among_the_others() {
    let home = home();
    let of = |column| attributes(&home, column);
    let none = of("ID;description=ID");
    assert_eq!(none["id"], serde_json::Value::Null);
    assert_eq!(none["information"], serde_json::json!({"ID": "", "description": "ID"}));
    let many = of("ID=a;ID=b;ID;%49D=c;ID=d;x=1;%78=2;Is_circular=maybe;Is_circular=no;\
                   Parent=p;Parent=q,r;Parent");
    assert_eq!((&many["id"], &many["is_circular"]), (&"a".into(), &false.into()));
    assert_eq!(many["parent"], serde_json::json!(["p", "q", "r"]));
    let expected =
        serde_json::json!({"ID": "b,,c,d", "x": "1,2", "Is_circular": "maybe", "Parent": ""});
    assert_eq!(many["information"], expected);
    // The row as a whole: a map with a key twice would show both.
    let keys =
        rows(&home, "SELECT cardinality(map_keys(information)) AS n FROM genes WHERE id='a'");
    assert_eq!(keys, "{\"n\":4}\n");
}

#[test]
fn what_is_escaped_can_be_told_from_what_separates() {
    let home = home();
    let of = |column| attributes(&home, column);
    let list = of("ID=a;syn=A%2CB,C%25;Alias=x%2cy,z;product=one%2C two;Target=my%20id 1 9");
    assert_eq!(list["information"]["syn"], "A%2CB,C%25");
    assert_eq!((&list["alias"], &list["target"]), (&"x%2cy,z".into(), &"my%20id 1 9".into()));
    assert_eq!(list["information"]["product"], "one, two");
    let single =
        home.file("one.gff3", tabbed("##gff-version 3\nc|x|gene|5|9|.|+|.|ID=a;p=b%2Cc\n"));
    let said = home.run(["check", single.to_str().unwrap()]);
    assert!(said.out.contains("GFF222"), "{}", said.out);
    let blanks = "##gff-version 3\nc|x| gene|5|9|.|+|.|ID= a;Parent=b,c ;Note= d\n";
    let blanks = home.file("blanks.gff3", tabbed(blanks));
    let said = home.run(["check", blanks.to_str().unwrap()]);
    assert!(said.out.contains("GFF119"), "{}", said.out);
    assert!(said.out.contains("GFF221  warning       2"), "{}", said.out);
}

#[test]
fn lines_that_end_in_cr_alone_are_lines() {
    let home = home();
    let text = tabbed(GENES).replace('\n', "\r");
    let path = home.file("mac.gff3", &text);
    let checked = home.run(["check", path.to_str().unwrap()]);
    assert!(checked.out.contains("5 records"), "{}", checked.out);
    home.done(["import", path.to_str().unwrap(), "--store", "genes"]);
    assert_eq!(rows(&home, "SELECT count(*) AS n FROM genes"), "{\"n\":5}\n");
}

#[test]
fn a_region_finds_the_features_that_overlap_it() {
    let home = home();
    let path = home.file("genes.gff3", tabbed(GENES));
    home.done(["import", path.to_str().unwrap(), "--store", "genes"]);
    let sql = "SELECT id FROM genes WHERE type <> 'mRNA' ORDER BY id";
    for (region, expected) in [
        ("chr1:1,500-1,500", "{\"id\":\"c1\"}\n{\"id\":\"g1\"}\n"),
        ("chr1:1501-1501", "{\"id\":\"g1\"}\n"),
        ("chr2", "{\"id\":\"g2\"}\n"),
        ("chr2:11-20", ""),
    ] {
        let said = home.done(["query", sql, "--format", "ndjson", "--region", region]);
        assert_eq!(said, expected, "{region}");
    }
}

#[test]
fn variants_are_joined_with_the_features_that_they_overlap() {
    let home = home();
    let path = home.file("genes.gff3", tabbed(GENES));
    home.done(["import", path.to_str().unwrap(), "--store", "genes"]);
    let header = "##fileformat=VCFv4.3\n#CHROM|POS|ID|REF|ALT|QUAL|FILTER|INFO\n";
    // Before the gene, on its first and its last base, behind it; a deletion that reaches into it;
    // a place of that number elsewhere.
    let variants = [
        ("chr1", 999, "A"),
        ("chr1", 999, "AC"),
        ("chr1", 1000, "A"),
        ("chr1", 9000, "A"),
        ("chr1", 9001, "A"),
        ("chr2", 9000, "A"),
    ];
    let records = variants
        .map(|(contig, position, alleles)| format!("{contig}|{position}|.|{alleles}|T|.|.|.\n"));
    let path = home.file("in.vcf", tabbed(&format!("{header}{}", records.concat())));
    home.done([
        "store",
        "create",
        "--name",
        "calls",
        "--store-format",
        "VCF",
        "--reference-arn",
        "arn:x",
    ]);
    home.done(["import", path.to_str().unwrap(), "--store", "calls"]);
    let sql = "SELECT c.start, c.referenceallele, g.id FROM calls c JOIN genes g
        ON c.contigname = g.seqid AND c.start < g.\"end\" AND c.\"end\" > g.start WHERE g.type = \
        'gene' ORDER BY c.start";
    let found = home.done(["query", sql, "--format", "csv"]);
    assert_eq!(found, "start,referenceallele,id\n998,AC,g1\n999,A,g1\n8999,A,g1\n");
}

#[test]
fn rows_that_cannot_be_stored_are_kept_aside_or_dropped_as_in_the_service() {
    let bad = "chr1|demo|gene|x|9|.|+|.|ID=b\n";
    let text = tabbed(&GENES.replacen("###\n", bad, 1));
    let home = home();
    let path = home.file("genes.gff3", &text);
    let path = path.to_str().unwrap();
    assert_eq!(home.run(["import", path, "--store", "genes"]).code, 1);
    assert_eq!(home.run(["import", path, "--store", "genes", "--on-error", "skip"]).code, 1);
    assert_eq!(rows(&home, "SELECT count(*) AS n FROM genes"), "{\"n\":5}\n");
    let account = Account::new(Account::DEFAULT).unwrap();
    let service = Service::open(&home.path(), account, "us-east-1").unwrap();
    let job = import_dropping(&service, path).unwrap().job.unwrap();
    assert_eq!((job.status.as_str(), job.rows_stored, job.lines_rejected), ("COMPLETED", 5, 1));
    let message = &job.status_message;
    assert!(message.starts_with("1 line dropped: ") && message.contains(":7:16: start is `x`"));
    let none = home.file("none.gff3", tabbed(&format!("##gff-version 3\n{bad}")));
    let imported = import_dropping(&service, none.to_str().unwrap()).unwrap();
    assert!(imported.job.is_none());
}

/// Imports as a server does.
fn import_dropping(service: &Service, path: &str) -> Result<Imported> {
    let start = StartAnnotationImportJob {
        destination_name: Some("genes".to_owned()),
        items: Some(vec![ImportItem::from(path.to_owned())]),
        ..StartAnnotationImportJob::default()
    };
    let run = service.begin_import(&start).unwrap();
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let options = ImportOptions { on_error: OnError::Drop, ..ImportOptions::default() };
    import(run, path, &pipe, &options)
}

#[test]
fn what_fails_between_the_rows_and_their_commit_is_the_cause_that_the_job_tells() {
    let home = home();
    let text = "##gff-version 3\nchr1|x|gene|1|9|.|+|.|ID=g\nchr1|x|gene|x|9|.|+|.|ID=h\n";
    let path = home.file("genes.gff3", tabbed(text));
    let account = Account::new(Account::DEFAULT).unwrap();
    let service = Service::open(&home.path(), account, "us-east-1").unwrap();
    // The report of an import has no folder to go to.
    fs::write(home.path().join("reports"), "").unwrap();
    let error = import_dropping(&service, path.to_str().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage, "{error}");
    let jobs = service.list_annotation_import_jobs(&ListAnnotationImportJobs::default()).unwrap();
    let [job] = &jobs.items[..] else { panic!("{:?}", jobs.items) };
    assert_eq!((job.status.as_str(), &job.status_message), ("FAILED", &error.to_string()));
}

/// A file with features of every kind, and faults that only the whole file shows.
fn many() -> String {
    let mut text = "##gff-version 3\n##sequence-region chr1 1 90000\n".to_owned();
    for gene in 0..300 {
        let at = 1 + gene * 311;
        let end = at + 300;
        writeln!(text, "chr1|x|gene|{at}|{end}|.|+|.|ID=g{gene};Name=n%20{gene}").unwrap();
        writeln!(text, "chr1|x|mRNA|{at}|{end}|.|+|.|ID=m{gene};Parent=g{}", gene + gene % 7)
            .unwrap();
        for (part, phase) in [0, 1, 2].into_iter().zip(["0", "1", "."]) {
            let start = at + 100 * part;
            let stop = start + 90;
            writeln!(text, "chr1|x|CDS|{start}|{stop}|.|+|{phase}|ID=c{gene};Parent=m{gene}")
                .unwrap();
        }
        match gene % 11 {
            3 => text.push_str("chr1|x|gene|1|2|.|+|.\n"),
            5 => text.push_str("###\n"),
            7 => text.push_str("chr2|x|gene|a|2|high|+|.|ID=g1\n"),
            8 => {
                for (own, parent) in [("a", "b"), ("b", "a")] {
                    let attributes = format!("ID={own}{gene};Parent={parent}{gene}");
                    writeln!(text, "chr1|x|exon|1|2|.|+|.|{attributes}").unwrap();
                }
            }
            9 => text.push_str("chr2|x|gene|1|2|.|+|.|ID=g1;ID=g2;Note=\u{e9};note=%E9\n"),
            _ => {}
        }
    }
    text.push_str("##FASTA\n>chr1\nACGT\nchr1|x|gene|1|2|.|+|.|ID=late\nAC");
    tabbed(&text)
}

fn anonymous(mut report: Report) -> String {
    report.file.clear();
    report.compression = "any";
    format!("{:#}", json::render(&[report]))
}

#[test]
fn neither_threads_nor_chunks_nor_compression_show() {
    let folder = tempfile::tempdir().unwrap();
    let text = many();
    let plain = folder.path().join("a.gff3");
    let packed = folder.path().join("a.gff3.gz");
    fs::write(&plain, &text).unwrap();
    fs::write(&packed, bgzf::file(text.as_bytes(), 3001)).unwrap();
    for max_findings in [0, 20, 5000] {
        let mut expected = None;
        for path in [&plain, &packed] {
            for (threads, chunk_bytes) in [(1, DEFAULT_CHUNK_BYTES), (2, 4096), (7, 97), (2, 1)] {
                let pipe = Pipe::new(Some(threads), chunk_bytes).unwrap();
                let options = CheckOptions { max_findings, ..CheckOptions::default() };
                let path = path.to_str().unwrap();
                let report = check(path, &pipe, &GffReading, &options).unwrap();
                let found = anonymous(report);
                let expected = expected.get_or_insert_with(|| found.clone());
                assert!(found == *expected, "{path:?}, {threads} threads, {chunk_bytes} bytes");
            }
        }
        if max_findings > 1000 {
            for code in ["GFF006", "GFF301", "GFF302", "GFF304", "GFF307", "GFF308", "GFF008"] {
                assert!(expected.as_ref().unwrap().contains(code), "{code}");
            }
        }
    }
}

#[test]
fn importing_and_checking_find_the_same_in_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gff3");
    fs::write(&path, many()).unwrap();
    let input = path.to_str().unwrap();
    let pipe = Pipe::new(Some(2), 4096).unwrap();
    let source = Source::open(input, &pipe.meter).unwrap();
    let reader = Reader::open(source, &pipe, &GffReading, 5000).unwrap();
    let mut totals = reader.totals.clone();
    for parsed in reader.records(|| Nothing) {
        totals.add(parsed.unwrap());
    }
    let options = CheckOptions { max_findings: 5000, ..CheckOptions::default() };
    let checked = check(input, &pipe, &GffReading, &options).unwrap();
    assert_eq!(
        (totals.records(), totals.rejected_lines()),
        (checked.records, checked.rejected_lines)
    );
    // Every line is a row, or is reported, or holds no feature.
    let features =
        many().lines().take_while(|it| *it != "##FASTA").filter(|it| !it.starts_with('#')).count();
    assert_eq!(checked.records + checked.rejected_lines, features as u64 + 1);
}

/// What `gt` 1.6.2 rejects and we do not, and why.
const TAKEN: [&str; 3] = [
    // Parts of the CDS overlap, as where a ribosome slips: no phase follows from one to the next.
    "genometools/cds_check_fail_3.gff3",
    // Not decompressed by `gt`, which does not know the ending.
    "glow/test_gff_with_fasta.gff.bgz",
    // `Is_circular=false`: the specification does not say that a flag has to be true.
    "glow/test_gff_with_fasta_bgzip.gff.gz",
];

#[test]
fn verdicts_of_public_suites() {
    let Some(corpus) = corpus() else { return };
    let manifest = fs::read_to_string(corpus.join("gff3/MANIFEST.tsv")).unwrap();
    let mut lines = manifest.lines().map(|it| it.split('\t').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let at = |name: &str| names.iter().position(|it| *it == name).unwrap();
    let [file, expected, gt, notes] =
        ["file", "expected", "gt_1.6.2_gff3validator", "notes"].map(at);
    let (mut valid, mut invalid) = (0, 0);
    let mut missed = Vec::new();
    for line in lines.filter(|it| it[expected] != "data" && !it[notes].contains("DISAGREEMENT")) {
        let errors = errors(&corpus.join("gff3").join(line[file]));
        if line[expected] == "valid" {
            valid += 1;
            assert!(errors.is_empty(), "{}: {errors:?}", line[file]);
        }
        if line[gt] == "invalid" {
            invalid += 1;
            if errors.is_empty() {
                missed.push(line[file]);
            }
        }
    }
    assert!(valid > 90 && invalid > 60, "{valid} {invalid}");
    assert_eq!(missed, TAKEN);
}

/// The errors by the specification, but for a file without a feature, which it allows.
fn errors(path: &Path) -> Vec<String> {
    let pipe = Pipe::new(Some(2), DEFAULT_CHUNK_BYTES).unwrap();
    let options = CheckOptions { max_findings: 100, ..CheckOptions::default() };
    let path = path.to_str().unwrap();
    let report = check(path, &pipe, &GffReading, &options).unwrap().under(Policy::Spec);
    let kept = report.findings.kept().iter();
    let kept = kept.filter(|it| report.severity(it.rule) == Severity::Error);
    kept.filter(|it| it.rule.code != "FILE003")
        .map(|it| format!("{} {}", it.at, it.message))
        .collect()
}

//! What `annostore infer` finds: each inference by a small file, then the whole corpus.
// Helpers of tests may unwrap as the tests do.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use std::fs;
use std::process::Command;

use annostore::infer::{Inferred, Selection, infer};
use annostore::model::{ErrorKind, HeaderKey, Result};
use annostore::read::Pipe;
use annostore::read::tsv::TsvReading;
use proptest::prelude::*;
use serde_json::json;

#[path = "../common/mod.rs"]
mod common;
mod corpus;
mod headings;
mod lines;
mod marks;
mod own_options;
mod places;
mod whole;

fn pipe() -> Pipe {
    Pipe::new(Some(2), 1 << 16).unwrap()
}

fn try_named(name: &str, content: &[u8], full: bool) -> Result<Inferred> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    infer(path.to_str().unwrap(), &pipe(), full)
}

fn of(content: impl AsRef<[u8]>) -> Inferred {
    try_named("a.tsv", content.as_ref(), false).unwrap()
}

fn schema(it: &Inferred) -> String {
    let columns = it.store.schema.iter().map(|it| format!("{} {}", it.name, it.data_type.as_str()));
    columns.collect::<Vec<_>>().join(", ")
}

fn kind(it: &Inferred) -> &'static str {
    it.store.annotation_type.as_str()
}

#[track_caller]
fn check_note(it: &Inferred, part: &str) {
    assert!(it.notes.iter().any(|it| it.contains(part)), "{:#?}", it.notes);
}

#[test]
fn separators_are_those_that_give_even_rows() {
    for (sep, name) in [
        ("\t", "tab"),
        (",", "comma"),
        (";", "semicolon"),
        ("|", "pipe"),
        (" ", "space"),
        (":", "colon"),
        ("||", "two pipes"),
        ("::", "two colons"),
        ("\t|\t", "a pipe between tabs"),
        ("\t|", "a pipe behind a tab"),
    ] {
        let text = ["id,n", "a,1", "b,2", "c,3"].map(|it| it.replace(',', sep)).join("\n");
        let found = of(&text);
        assert_eq!(found.read.sep.as_deref(), Some(sep), "{name}");
        assert_eq!(schema(&found), "id STRING, n INT", "{name}");
    }
    let gaps = of("a|b||c\n1|2||3\n");
    assert_eq!((gaps.read.sep.as_deref(), gaps.store.schema.len()), (Some("|"), 4));
    let paths = of("method\tn\nA::b\t1\nC::d\t2\n");
    assert_eq!(paths.read.sep.as_deref(), Some("\t"));
    let prose = of("gene\tnote\nA\tone, two\nB\tthree\nC\tfour, five, six\n");
    assert_eq!(prose.read.sep.as_deref(), Some("\t"));
    let one = of("gene\nBRCA1\nTP53\n");
    assert_eq!(one.store.schema.len(), 1);
    check_note(&one, "one column");
}

#[test]
fn quotes_and_their_escapes_are_seen() {
    let quoting = |text: &str| {
        let found = of(text);
        (found.read.quote.unwrap(), found.read.escape.unwrap(), found.misfits)
    };
    let doubled = "a,b\n\"x, \"\"y\"\", z\",1\n\"p, q\",2\n";
    assert_eq!(quoting(doubled), ("\"".into(), "\"".into(), 0));
    let backslash = "a,b\n\"x, \\\"y\\\", z\",1\n\"p, q\",2\n";
    assert_eq!(quoting(backslash), ("\"".into(), "\\".into(), 0));
    let single = "a,b\n'x, y',1\n'p',2\n";
    assert_eq!(quoting(single), ("'".into(), "'".into(), 0));
    let literal = "a\tb\n\"open\t1\nplain\t2\n";
    assert_eq!(quoting(literal), ("\u{1}".into(), "\\".into(), 0));
}

#[test]
fn a_quoted_line_break_is_told() {
    check_note(&of("a,b\n1,\"x\ny\"\n2,z\n"), "end within quotes");
}

#[test]
fn a_header_is_told_from_rows() {
    for (text, header) in [
        ("gene\tscore\nA\t1\nB\t2\n", true),
        ("A\t1\nB\t2\n", false),
        ("chr\tgene\nchr1\tA\n", true),
        ("ENST00000488147\tENSG00000227232\nENST00000488147\tFAM39F\n", false),
        ("year\t2019\nx\t1\ny\t2\n", false),
        ("a\tb\tc\nTRUE\tx\t1\n", true),
    ] {
        assert_eq!(of(text).read.header, Some(header), "{text:?}");
    }
    let unnamed = of("A\t1\nB\t2\n");
    assert_eq!(schema(&unnamed), "column_1 STRING, column_2 INT");
    check_note(&unnamed, "no header");
    let by_r = of("score\tn\nrow1\t0.5\t1\nrow2\t0.7\t2\n");
    assert_eq!(schema(&by_r), "row_name STRING, score DOUBLE, n INT");
}

#[test]
fn comments_never_take_the_header_or_a_row() {
    let plain = of("##source=x\n##more\nchrom\tpos\n1\t5\n");
    assert_eq!((plain.read.comment.as_deref(), plain.read.header), (Some("#"), Some(true)));
    let signed = of("## CADD\n#Chrom\tPos\n1\t5\n2\t6\n");
    assert_eq!((signed.read.comment.as_deref(), signed.read.header), (Some("#"), Some(false)));
    assert_eq!((schema(&signed).as_str(), signed.rows), ("chrom STRING, pos INT", 2));
    check_note(&signed, "the header begins with `#`");
    let alone = of("#CHROM\tPOS\n1\t5\n#odd\t6\n");
    assert_eq!(
        (alone.read.comment.as_deref(), alone.read.header, alone.rows),
        (None, Some(true), 2)
    );
    let gaf = of("!gaf-version: 2.1\nUniProtKB\t5\nUniProtKB\t6\n");
    assert_eq!((gaf.read.comment.as_deref(), gaf.read.header), (Some("!"), Some(false)));
}

#[test]
fn line_ends_and_encodings() {
    let crlf = of("id\tn\r\na\t1\r\nb\t2\r\n");
    assert_eq!((schema(&crlf).as_str(), &crlf.read.line_sep), ("id STRING, n INT", &None));
    assert_eq!(of("id\tn\ra\t1\rb\t2\r").rows, 2);
    let inside = of("id\tn\na\rb\t1\nc\t2\nd\t3\n");
    assert_eq!((inside.read.line_sep.as_deref(), inside.misfits), (Some("\n"), 0));
    let marked = of("\u{feff}id\tn\na\t1\n");
    assert_eq!(schema(&marked), "id STRING, n INT");
    check_note(&marked, "byte order mark");
    assert_eq!(of(b"id\tn\n\xd6kman\t1\n").read.encoding.as_deref(), Some("ISO-8859-1"));
    assert_eq!(of(b"id\tn\n\x93x\x94\t1\n").read.encoding.as_deref(), Some("windows-1252"));
    assert_eq!(of("id\tn\nÖkman\t1\n").read.encoding.as_deref(), Some("UTF-8"));
    let stray = of(b"id\tn\n\xc3\x96kman\t1\nB\xf6k\t2\n");
    assert_eq!(stray.read.encoding.as_deref(), Some("UTF-8"));
    check_note(&stray, "UTF-8 but for one place, the first in line 3");
}

#[test]
fn types_are_the_narrowest_that_change_nothing() {
    let text = "i\tl\td\tb\tnan\tdot\tzip\tpad\tlong\tnone\tmix\n\
        1\t3000000000\t1e-3\ttrue\tNaN\t.\t08123\t  1\t99999999999999999999\t\t1\n\
        -2\t4\t5\tFALSE\t0.5\t0.1\t18123\t 12\t1\t\ttrue\n";
    let found = of(text);
    assert_eq!(
        schema(&found),
        "i INT, l LONG, d DOUBLE, b BOOLEAN, nan DOUBLE, dot STRING, zip STRING, pad STRING, long \
        STRING, none STRING, mix STRING"
    );
    check_note(&found, "`dot` (DOUBLE but for `.`)");
    check_note(&found, "`zip` (`08123`)");
    check_note(&found, "no value to go by: `none`");
}

#[test]
fn the_whole_file_proves_what_a_sample_cannot() {
    let mut text = "id\tn\tx\n".to_owned();
    text.push_str(&"name\t1\t1\n".repeat(200_000));
    text.push_str("last\t5000000000\tNA\n");
    let sampled = try_named("a.tsv", text.as_bytes(), false).unwrap();
    assert_eq!((schema(&sampled).as_str(), sampled.whole), ("id STRING, n LONG, x LONG", false));
    check_note(&sampled, "--full");
    let proven = try_named("a.tsv", text.as_bytes(), true).unwrap();
    assert_eq!((schema(&proven).as_str(), proven.rows), ("id STRING, n LONG, x STRING", 200_001));
}

#[test]
fn roles_come_from_common_names() {
    let rows = "\n1\t5\t9\tA\tC\n";
    for (header, expected) in [
        ("chrom\tstart\tend\tref\talt", "CHR_START_END_REF_ALT_ONE_BASE"),
        ("seqnames\tchromStart\tchromEnd\tref\talt", "CHR_START_END_REF_ALT_ZERO_BASE"),
        ("#Chr\tPos\tScore\tReference_Allele\tAlt_Allele", "CHR_POS_REF_ALT"),
        ("chromosome\tbegin\tstop\tx\ty", "CHR_START_END_ONE_BASE"),
        ("contig\tposition\tn\tx\ty", "CHR_POS"),
        ("contig\tstart\tn\tx\ty", "CHR_POS"),
        ("gene\tposition\tn\tx\ty", "GENERIC"),
    ] {
        assert_eq!(kind(&of(format!("{header}{rows}"))), expected, "{header}");
    }
    let zero = of("chr\tstart\tend\nchr1\t0\t9\nchr1\t10\t19\n");
    assert_eq!(kind(&zero), "CHR_START_END_ZERO_BASE");
    let text = of("chr\tpos\n1\t.\n1\t5\n");
    assert_eq!((kind(&text), text.store.schema[0].data_type.as_str()), ("GENERIC", "STRING"));
    check_note(&text, "is a position by its name, but has `.`");
}

#[test]
fn a_place_without_a_header_is_a_guess_from_the_values() {
    for (rows, expected) in [
        ("chr1\t100\tA\tG\t0.5\nchr1\t200\tC\tT\t0.1\n", "CHR_POS_REF_ALT"),
        ("1\t10001\trs1\n1\t10002\trs2\n", "CHR_POS"),
        ("chr1\t100\t200\tx\nchr1\t300\t400\ty\n", "CHR_START_END_ZERO_BASE"),
        ("chr1\t100\t100\tA\tG\nchr1\t300\t301\tAC\tG\n", "CHR_START_END_REF_ALT_ONE_BASE"),
        ("1\t3\tx\n2\t4\ty\n", "GENERIC"),
    ] {
        let found = of(rows);
        assert_eq!(kind(&found), expected, "{rows}");
        if expected != "GENERIC" {
            check_note(&found, "a guess from the values: column 1 `chrom`");
        }
    }
}

#[test]
fn names_leave_room_for_those_of_the_store() {
    let found = of("chrom\tpos\tend\tinformation\tpos\t1e5\n1\t5\t9\tx\t3\t4\n");
    let names: Vec<_> = found.store.schema.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["chrom", "pos", "end_2", "information_2", "pos_2", "c_1e5"]);
    assert_eq!(found.store.format_to_header[&HeaderKey::Pos], "pos");
    check_note(&found, "several columns are called `pos`");
}

#[test]
fn a_bed_file_has_the_names_of_its_format() {
    let bed = "track name=x\nchr1\t5\t9\tgeneA\t960\t+\nchr2\t6\t8\tgeneB\t0\t-\n";
    let found = try_named("a.bed", bed.as_bytes(), false).unwrap();
    assert_eq!(kind(&found), "CHR_START_END_ZERO_BASE");
    assert_eq!(
        schema(&found),
        "chrom STRING, chromstart INT, chromend INT, name STRING, score INT, strand STRING"
    );
    check_note(&found, "`track`");
}

#[test]
fn what_is_no_table_is_called_by_its_name() {
    for (content, what) in [
        (&b"##fileformat=VCFv4.2\n"[..], "VCF"),
        (b"##gff-version 3\n", "GFF"),
        (b">chr1\nACGT\n", "FASTA"),
        (b"\xff\xfea\0\n\0", "UTF-16"),
        (b"\x00\xff\x01", "binary"),
        (b"c\0h\0r\0\t\0p\0o\0s\0\n\0", "UTF-16"),
        (b"<html>\n<body>\n", "HTML"),
        (b"{\"a\": [\n", "JSON"),
        (b"<?xml version=\"1.0\"?>\n", "XML"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "Git LFS"),
        (b"", "empty"),
    ] {
        let error = try_named("a.tsv", content, false).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert!(error.message().contains(what) && error.help().is_some(), "{error}");
    }
}

#[test]
fn a_gtf_file_is_called_that() {
    let gtf = "#!build x\n1\tx\tgene\t5\t9\t.\t+\t.\tgene_id \"G\"; level 2;\n";
    check_note(&of(gtf), "this is a GTF file, which a GFF store takes");
    check_note(&try_named("a.gff3", b"x\ty\nA\t1\n", false).unwrap(), "this is a GFF file");
}

#[test]
fn the_json_is_that_of_the_api() {
    let found = of("chrom,pos,x\n1,5,0.5\n");
    let store = json!({
        "storeFormat": "TSV",
        "storeOptions": {"tsvStoreOptions": {
            "annotationType": "CHR_POS",
            "formatToHeader": {"CHR": "chrom", "POS": "pos"},
            "schema": [{"chrom": "STRING"}, {"pos": "INT"}, {"x": "DOUBLE"}],
        }},
    });
    let requests = |part| serde_json::to_value(found.requests(None, part)).unwrap();
    assert_eq!(requests(Selection::Store), store);
    let read =
        json!({"sep": ",", "encoding": "UTF-8", "quote": "\"", "escape": "\"", "header": true});
    let import = json!({"formatOptions": {"tsvOptions": {"readOptions": read}}});
    assert_eq!(requests(Selection::Import), import);
    assert_eq!(requests(Selection::All)["storeOptions"], store["storeOptions"]);

    let spans = of("chrom,start,end,x\n1,5,9,0.5\n").requests(None, Selection::Store);
    let text = serde_json::to_string(&spans).unwrap();
    assert!(text.contains(r#"{"CHR":"chrom","START":"start","END":"end"}"#), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_gives_options_that_can_be_read(text in "[a#!\"'\\\\,;|:\t \r\n0-9.é]{1,60}") {
        let found = of(&text);
        let proven = try_named("a.tsv", text.as_bytes(), true).unwrap();
        prop_assert_eq!(&found.store, &proven.store);
        let reading = TsvReading::new(proven.store, Some(&proven.read)).unwrap();
        prop_assert!(!reading.columns().is_empty());
    }
}

#[test]
fn the_program_prints_json_alone_and_notes_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "chrom,pos\n1,5\n").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_annostore"));
        command.arg("infer").arg(&path).args(arguments).output().unwrap()
    };
    let output = run(&["--full", "--name", "scores"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["name"], &json["storeFormat"]), (&json!("scores"), &json!("TSV")));
    let notes = String::from_utf8(output.stderr).unwrap();
    assert!(!notes.is_empty() && notes.lines().all(|it| it.starts_with("note: ")), "{notes}");
    assert_eq!(run(&["--quiet"]).stderr, b"");
    assert_eq!(run(&["--name", "No"]).status.code(), Some(2));
}

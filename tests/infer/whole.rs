//! What the whole file proves, or shows to be otherwise, behind the first megabyte.

use crate::{check_note, schema, try_named};

/// A table of two columns of some 2 MB, with other lines behind.
fn large(header: &str, row: &str, last: &[u8]) -> Vec<u8> {
    let mut text = format!("{header}\n").into_bytes();
    let rows = 2_000_000 / row.len();
    text.extend(format!("{row}\n").repeat(rows).into_bytes());
    text.extend(last);
    text
}

#[test]
fn quotes_behind_the_sample_are_seen() {
    let text = large("gene\tnote", "A\tsome text", b"X\t\"Lorem\" here\nY\t\"never closed\n");
    let sampled = try_named("a.tsv", &text, false).unwrap();
    assert_eq!(sampled.read.quote.as_deref(), Some("\""));
    let proven = try_named("a.tsv", &text, true).unwrap();
    assert_eq!(proven.read.quote.as_deref(), Some("\u{1}"));
    check_note(&proven, "quotes are text here");
    // What was seen whole is decided already.
    let open = try_named("a.tsv", b"\"0", true).unwrap();
    assert_eq!(open.store, try_named("a.tsv", b"\"0", false).unwrap().store);
    let quoted = large("gene,note", "A,\"one, two\"", b"X,\"three \"four\n");
    let kept = try_named("a.csv", &quoted, true).unwrap();
    assert_eq!(kept.read.quote.as_deref(), Some("\""));
}

#[test]
fn an_apostrophe_within_a_field_quotes_nothing() {
    let text = large("name\tlist", "5'-x\t\"a\",\"b\"", b"'Quoted'\tx\n'open\ty\n");
    let found = try_named("a.tsv", &text, false).unwrap();
    assert_eq!(found.read.quote.as_deref(), Some("\u{1}"));
    let quoting = try_named("a.csv", b"a,b\n'x, y',1\n'p',2\nit's,3\n", false).unwrap();
    assert_eq!(quoting.read.quote.as_deref(), Some("'"));
}

#[test]
fn bytes_that_are_not_utf_8_are_named_by_their_line() {
    let latin = large("gene\tauthor", "A\tplain text", b"X\tM\xfcller\n");
    let found = try_named("a.tsv", &latin, true).unwrap();
    assert_eq!(found.read.encoding.as_deref(), Some("ISO-8859-1"));
    check_note(&found, "the file is not UTF-8 to its end: 1 lines are not, the first of which is");
    let mixed = large("gene\tauthor", "A\tMüller", b"X\tM\xfcller\n");
    let found = try_named("a.tsv", &mixed, true).unwrap();
    assert_eq!(found.read.encoding.as_deref(), Some("UTF-8"));
    check_note(&found, "encoding stays UTF-8");
}

#[test]
fn contigs_are_text_whatever_the_sample_has() {
    let text = large("Gene\tChromosome/scaffold name\tGene start (bp)", "A\t1\t5", b"B\tMT\t6\n");
    for header in ["sample_chr", "Chromosome/scaffold name", "chromosome", "donor_chrom"] {
        let text = String::from_utf8(text.clone()).unwrap();
        let text = text.replacen("Chromosome/scaffold name", header, 1);
        let found = try_named("a.tsv", text.as_bytes(), false).unwrap();
        assert!(schema(&found).contains("chr") && schema(&found).contains(" STRING, gene_start"));
    }
}

#[test]
fn comments_behind_the_sample_are_counted() {
    let text = large("# of a tool\ngene\tn", "A\t1", b"#B\t2\n#C\t3\n");
    check_note(&try_named("a.tsv", &text, true).unwrap(), "2 lines among the rows begin with `#`");
}

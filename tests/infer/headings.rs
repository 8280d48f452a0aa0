//! Which line has the names of the columns, and which ones are no rows.

use annostore::infer::Inferred;

use crate::own_options::findings;
use crate::{check_note, kind, of, schema, try_named};

fn names(it: &Inferred) -> Vec<&str> {
    it.store.schema.iter().map(|it| it.name.as_str()).collect()
}

#[test]
fn numbers_may_be_names_behind_several_columns() {
    for text in [
        "gene_id\tsymbol\t101\t102\t103\nG1\tA\t1.5\t2\t3\nG2\tB\t4\t5\t6.5\n",
        "chrom\tstart\tend\t101\t102\nchr1\t100\t200\t5\t6\nchr1\t101\t300\t5\t6\n",
        "rsid\tchr\tpos\t1001\t1002\t1003\t1004\nrs1\t1\t5\t0\t1\t2\t0\nrs2\t1\t7\t0\t1\t0\t0\n",
        "region\tcode\t2019\t2020\t2021\nNorth\tN\t5\t6\t7\nSouth\tS\t1\t2\t3\n",
        "chrom\tpos\t0.01\t0.05\t0.5\n1\t5\t2\t3\t4\n1\t6\t2\t3\t4\n",
        "#1.2\nName\tDescription\t101\t102\nG1\tx\t0.5\t1\nG2\ty\t0\t1\n",
    ] {
        let found = of(text);
        assert_eq!((found.read.header, found.rows), (Some(true), 2), "{text:?}");
        check_note(&found, "header true is a guess");
    }
    for text in [
        "chr1\tgene\t100\t200\nchr1\texon\t100\t150\n",
        "gene\tchr1\t100\t200\nexon\tchr1\t100\t150\n",
        "id\tA\t5\t6\nid\tB\t7\t8\n",
    ] {
        assert_eq!(of(text).read.header, Some(false), "{text:?}");
    }
}

#[test]
fn comments_may_describe_a_header_that_follows() {
    let clinical = "#Patient Identifier\tSex\tAge\n#Who it is\tSex\tAge at diagnosis\n\
        #STRING\tSTRING\tNUMBER\n#1\t1\t1\nPATIENT_ID\tSEX\tAGE\nP1\tM\t50\nP2\tF\t60\n";
    let found = of(clinical);
    assert_eq!(schema(&found), "patient_id STRING, sex STRING, age INT");
    assert_eq!((found.read.comment.as_deref(), found.read.header), (Some("#"), Some(true)));
    let texts = "#Sample\tType\n#STRING\tSTRING\n#1\t1\nSAMPLE_ID\tTYPE\nS1\ta\nS2\tb\n";
    assert_eq!((names(&of(texts)), of(texts).rows), (vec!["sample_id", "type"], 2));
    let above = "#contig\tposition on contig\treference\talternate\nchrom\tpos\tref\talt\n\
        1\t100\tA\tG\n1\t200\tC\tT\n";
    assert_eq!((kind(&of(above)), of(above).read.header), ("CHR_POS_REF_ALT", Some(true)));
    let proven = try_named("a.tsv", clinical.as_bytes(), true).unwrap();
    assert_eq!((proven.store, proven.rows, proven.misfits), (found.store, 2, 0));
    assert_eq!(findings("a.tsv", clinical), [""; 0]);
}

#[test]
fn comments_may_be_rows_or_types() {
    let row = of("##x\n#chrom\tpos\tref\talt\n#1\t100\tA\tG\n1\t200\tC\tT\n1\t300\tC\tT\n");
    assert_eq!((kind(&row), row.rows), ("CHR_POS_REF_ALT", 2));
    check_note(
        &row,
        "comments that have all fields of a row are dropped like the others, lines: 3",
    );
    let types = of("#chrom\tpos\tref\talt\n#string\tint\tstring\tstring\n1\t200\tC\tT\n");
    assert_eq!(names(&types), ["chrom", "pos", "ref", "alt"]);
    let ids = of("#id\tname\n#1\tx\n2\ty\n");
    assert_eq!(names(&ids), ["id", "name"]);
    check_note(&ids, "lines: 2");
    let alone = of("#1\t100\tA\n1\t200\tC\n1\t300\tG\n");
    assert_eq!((alone.read.header, names(&alone)[0]), (Some(false), "column_1"));
    check_note(&alone, "lines: 1");
    // A value of its own in the first row is no header.
    assert_eq!(names(&of("#gene\tn\nA\tunknown\nB\t5\nC\t6\n")), ["gene", "n"]);
}

#[test]
fn a_line_of_units_or_types_below_the_header_is_no_row() {
    for text in [
        "chrom\tstart\tend\tdepth\n\tbp\tbp\tx\nchr1\t100\t200\t30\nchr1\t300\t400\t31\n",
        "id\tage\tweight\ntext\tyears\tkg\nA\t50\t70.5\nB\t60\t80\n",
        "gene\tname\tn\nSTRING\tSTRING\tINT\nA\tx\t5\nB\ty\t6\n",
        "#gene\tn\nSTRING\tINT\nA\t5\nB\t6\n",
    ] {
        let found = of(text);
        assert_eq!(found.rows, 2, "{text:?}");
        assert!(schema(&found).ends_with("INT") || schema(&found).ends_with("DOUBLE"), "{text:?}");
        check_note(&found, "line 2 stands beside the header and is no row");
        check_note(&found, "`sed '2d'`");
    }
    for text in
        ["id\tx\ty\nA\tunknown\tunknown\nB\t5\t6\n", "id\tn\n\t5\nB\t6\n", "a\tb\nx\ty\nz\tz\n"]
    {
        let found = of(text);
        assert!(!found.notes.iter().any(|it| it.contains("beside the header")), "{text:?}");
    }
}

#[test]
fn a_repeated_header_may_have_other_case_a_mark_or_blanks() {
    for again in ["\u{feff}chrom\tpos\tname", "CHROM\tPOS\tName", "chrom\tpos\tname "] {
        let mut text = format!("chrom\tpos\tname\n1\t100\ta\n{again}\n1\t200\tb\n");
        let found = of(&text);
        assert_eq!(schema(&found), "chrom STRING, pos INT, name STRING", "{again}");
        check_note(&found, "these lines: 3");
        assert!(findings("a.tsv", &text)[0].ends_with("the header is repeated here"), "{again}");
        text.push_str(&"2\t9\tsome text\n".repeat(150_000));
        text.push_str(&format!("{again}\n"));
        let proven = try_named("a.tsv", text.as_bytes(), true).unwrap();
        assert_eq!(schema(&proven), schema(&found));
        check_note(&proven, "these lines: 3, 150005");
    }
    let texts = findings("a.tsv", "gene\tnote\nA\tx\nGene\tNote\nB\ty\n");
    assert_eq!(texts, ["3 TSV124 the header is repeated here, and is a row"]);
}

#[test]
fn a_header_a_name_short_may_lack_the_last_one() {
    for (text, expected) in [
        ("chrom\tpos\tscore\n1\t100\t0.5\tnote\n1\t200\t0.7\tx\n", "chrom STRING, pos INT"),
        ("id\tchrom\tpos\na\t1\t100\t\nb\t1\t200\tx\n", "id STRING, chrom STRING, pos INT"),
    ] {
        let found = of(text);
        assert_eq!(kind(&found), "CHR_POS", "{text:?}");
        assert!(schema(&found).starts_with(expected), "{}", schema(&found));
        check_note(&found, "the last one has no name");
    }
    let by_r = of("chrom\tpos\tscore\n1\t1\t100\t0.5\n2\t1\t200\t0.7\n");
    assert_eq!(names(&by_r)[0], "row_name");
}

//! Lines that are no rows, separators that are none, and headers of every kind.

use crate::{check_note, kind, of, schema, try_named};

#[test]
fn a_trailing_separator_moves_no_name() {
    let found = of("chrom\tpos\tref\talt\n1\t5\tA\tG\t\n2\t6\tC\tT\t\n");
    assert_eq!(kind(&found), "CHR_POS_REF_ALT");
    assert_eq!(schema(&found), "chrom STRING, pos INT, ref STRING, alt STRING, column_5 STRING");
    check_note(&found, "rows end in a separator");
    for text in ["chrom,pos,\n1,5,\n2,6,\n", "chr1,5,\nchr2,6,\n"] {
        check_note(&of(text), "lines end in a separator, so that there is an empty column");
    }
}

#[test]
fn several_trailing_separators_move_no_name() {
    let found = of("chrom\tpos\tref\talt\n1\t5\tA\tG\t\t\n2\t6\tC\tT\t\t\n");
    assert_eq!((kind(&found), found.rows), ("CHR_POS_REF_ALT", 2));
    assert!(schema(&found).starts_with("chrom STRING, pos INT, ref STRING, alt STRING, column_5"));
    check_note(&found, "empty column `column_5`, `column_6`");
}

#[test]
fn a_repeated_header_may_be_spelt_otherwise() {
    for text in [
        "\"chrom\",\"pos\"\n1,5\nchrom,pos\n2,6\n",
        "#chrom,pos\n1,5\nchrom,pos\n2,6\n",
        "chrom,pos\n1,5\n\"chrom\",\"pos\"\n2,6\n",
    ] {
        let found = of(text);
        assert_eq!(schema(&found), "chrom STRING, pos INT", "{text}");
        check_note(&found, "these lines: 3");
    }
}

#[test]
fn the_section_that_is_a_table_is_found() {
    let manifest = "Illumina, Inc.\n[Heading]\nDescriptor File Name,GSA.bpm\nLoci Count,2\n\
                    [Assay]\nIlmnID,Name,Chr,MapInfo\na,rs1,1,500\nb,rs2,X,700\n\
                    [Controls]\n1,Staining,Red,x\n";
    for (text, lines) in [
        (manifest.to_owned(), "lines 1 to 5, 9 to 10 stand"),
        (manifest.split("[Controls]").next().unwrap().to_owned(), "lines 1 to 5 stand"),
    ] {
        let found = of(&text);
        assert_eq!((kind(&found), found.rows), ("CHR_POS", 2));
        assert!(schema(&found).starts_with("ilmnid STRING, name STRING, chr STRING, mapinfo INT"));
        check_note(&found, lines);
    }
    let gct = of("#1.3\n2\t2\t1\t0\nid\twhat\ts1\ts2\nA\tx\t0.1\t0.2\nB\ty\t0.3\t0.4\n");
    assert_eq!(schema(&gct), "id STRING, what STRING, s1 DOUBLE, s2 DOUBLE");
    check_note(&gct, "`sed '2d'`");
}

#[test]
fn a_header_that_is_repeated_is_named_and_no_value() {
    let mut text =
        "chrom\tpos\tscore\n1\t5\t0.1\n1\t7\t0.1\nchrom\tpos\tscore\n2\t5\t0.2\n".to_owned();
    let found = of(&text);
    assert_eq!((schema(&found).as_str(), found.rows), ("chrom STRING, pos INT, score DOUBLE", 3));
    check_note(&found, "the header is repeated, which an import takes for rows");
    check_note(&found, "these lines: 4");
    // Signs of comments are no comments where they begin all headers.
    check_note(&of("#chrom\tpos\n1\t5\n#chrom\tpos\n2\t6\n"), "these lines: 3");
    for _ in 0..200_000 {
        text.push_str("2\t9\t0.5\n");
    }
    text.push_str("chrom\tpos\tscore\n");
    let proven = try_named("a.tsv", text.as_bytes(), true).unwrap();
    assert_eq!(schema(&proven), "chrom STRING, pos INT, score DOUBLE");
    check_note(&proven, "these lines: 4, 200006");
}

#[test]
fn a_bed_file_may_have_a_header() {
    for header in ["chrom\tchromStart\tchromEnd\tname", "Chr\tfrom\tto\twhat"] {
        let text = format!("{header}\nchr1\t5\t9\tx\nchr2\t6\t8\ty\n");
        let found = try_named("a.bed", text.as_bytes(), false).unwrap();
        assert_eq!((kind(&found), found.rows), ("CHR_START_END_ZERO_BASE", 2), "{header}");
        assert_eq!(found.read.header, Some(true));
        check_note(&found, "which a BED file should not have");
    }
    let plain = try_named("a.bed", b"chr1\t5\t9\nchr2\t6\t8\n", false).unwrap();
    assert_eq!(plain.read.header, Some(false));
}

#[test]
fn numbers_may_be_names() {
    for text in [
        "gene_id\t1001\t1002\nENSG1\t5\t0\nENSG2\t1\t2\n",
        ",0,1,2\n0,5,6,7\n1,5,6,7\n",
        "0,1,2\na,b,c\nd,e,f\n",
        "country\t2019\t2020\t2021\nAT\t1\t2\t3\nDE\t4\t5\t6\n",
        "cell.id\t7157\t672\nA\t1\t2\nB\t4\t5\n",
        "0\t1\t2\t3\n0.5\t7\t8\t1\n0.7\t3\t4\t1\n",
    ] {
        let found = of(text);
        assert_eq!((found.read.header, found.rows), (Some(true), 2), "{text:?}");
        check_note(&found, "header true is a guess");
    }
    for text in ["1\t2\t3\n4\t5\t6\n7\t8\t9\n", "x\t1\t2\ny\t3\t4\n", "\t5\t6\n\t7\t8\n"] {
        assert_eq!(of(text).read.header, Some(false), "{text:?}");
    }
}

#[test]
fn lines_above_the_header_are_named_with_what_removes_them() {
    let excel = of("sep=;\nchrom;pos;x\n1;5;a\n2;6;b\n");
    assert_eq!(schema(&excel), "chrom STRING, pos INT, x STRING");
    check_note(&excel, "line 1 stands beside the header and is no row");
    check_note(&excel, "`sed '1d'`");
    let narrow = of("sep=,\nid,n\na,1\nb,2\n");
    assert_eq!(schema(&narrow), "id STRING, n INT");
    let report = "Curated list,,\nmade in May,,\n+++,+++,++++\nGENE,CHROM,POS\n+++,+++,++++\n\
        A,1,5\nB,2,6\nC,2,7\n";
    let found = of(report);
    assert_eq!(schema(&found), "gene STRING, chrom STRING, pos INT");
    check_note(&found, "`sed '1,3d;5d'`");
    let manifest = "Maker, Inc.,,,\n[Heading],,,,\nFormat,II,,,\n[Assay],,,,\n\
        Id,Name,Chr,MapInfo,SNP\ncg1,a,1,100,[A/G]\ncg2,b,X,200,[A/C]\ncg3,c,X,300,[A/C]\n";
    let found = of(manifest);
    assert_eq!(found.store.schema.last().unwrap().name, "snp");
    check_note(&found, "`sed '1,4d'`");
    let sizes = of("#1.2\n2\t2\nName\tDescription\tS1\tS2\nG1\tx\t0.5\t1\nG2\ty\t0\t1\n");
    assert_eq!(schema(&sizes), "name STRING, description STRING, s1 DOUBLE, s2 INT");
    check_note(&sizes, "`sed '2d'`");
    let text = "Title of it all\n\nchrom\tpos\tx\n1\t5\ta\n2\t6\tb\n";
    check_note(&of(text), "`sed '1d'`");
    let proven = try_named("a.tsv", text.as_bytes(), true).unwrap();
    assert_eq!((proven.rows, proven.misfits), (2, 0));
}

#[test]
fn rows_are_not_taken_for_lines_above_them() {
    for text in [
        "a\t1\nb\t2\tx\nc\t3\ny\t4\n",
        "score\tn\nrow1\t0.5\t1\nrow2\t0.7\t2\n",
        "gene\tn\tx\ty\nA\t\t\t\nB\t1\tp\tq\nC\t2\tp\tq\nD\t2\tp\tq\n",
    ] {
        let found = of(text);
        assert!(!found.notes.iter().any(|it| it.contains("beside the header")), "{text:?}");
    }
}

#[test]
fn a_line_break_in_the_header_is_told() {
    let text = "\"Gene\nsymbol\",\"Chrom\",Pos\nA,1,5\nB,2,6\n";
    let found = of(text);
    assert_eq!(schema(&found), "gene_symbol STRING, chrom STRING, pos INT");
    check_note(&found, "the header goes on over line ends (lines 1 to 2)");
    let proven = try_named("a.tsv", text.as_bytes(), true).unwrap();
    assert_eq!((schema(&proven), proven.misfits), (schema(&found), 0));
}

#[test]
fn columns_lined_up_by_blanks_are_read_once_tabs_separate_them() {
    let text =
        " CHR     SNP       BP    P \n   1     rs1    75256  0.1 \n  22     rs2        5   NA \n";
    let found = of(text);
    assert_eq!(schema(&found), "chr STRING, snp STRING, bp INT, p STRING");
    check_note(&found, "columns are lined up by blanks");
    check_note(&found, "sed -E");
    let proven = try_named("a.txt", text.as_bytes(), true).unwrap();
    assert_eq!((proven.store, proven.rows), (found.store, 2));
    let padded = of("name\tn\n A\t1\nB \t2\n");
    check_note(&padded, "values begin or end with blanks");
    check_note(&padded, r"`sed -E 's/ *\t */\t/g; s/^ +//; s/ +$//'`");
    let dump = of("1\t|\tall\t|\t\t|\tsyn\t|\n2\t|\troot\t|\tx\t|\tsyn\t|\n");
    assert_eq!((dump.read.sep.as_deref(), dump.store.schema.len()), (Some("\t|\t"), 4));
    check_note(&dump, "every line ends in a tab and `|`");
    assert_eq!(of("id, n\na, 1\nb, 2\n").read.sep.as_deref(), Some(", "));
}

#[test]
fn colons_and_blanks_separate_more_than_words() {
    for text in [
        "chr1:100-200\nchr2:300-400\n",
        "HGNC:5\nHGNC:37133\n",
        "hgnc_id\nHGNC:5\nHGNC:37133\n",
        "12:30:45\n12:31:17\n",
        "Homo sapiens\nMus musculus\n",
    ] {
        assert_eq!(of(text).store.schema.len(), 1, "{text:?}");
    }
    check_note(&of("chr1:100-200\nchr2:300-400\n"), "contig and position stand in one column");
    assert_eq!(of("1:1000:A:G\n2:2000:C:T\n").store.schema.len(), 4);
    assert_eq!(of("id:n\na:1\nb:2\n").store.schema.len(), 2);
    assert_eq!(of("chr1 5 9\nchr2 6 7\n").store.schema.len(), 3);
    let by_r = of("\"gene\" \"n\"\n\"1\" \"A\" 5\n\"2\" \"B\" 6\n");
    assert_eq!(schema(&by_r), "row_name INT, gene STRING, n INT");
}

#[test]
fn a_first_row_may_be_longer_than_the_sample() {
    let long = "ACGT".repeat(400_000);
    let found = of(format!("gene\tn\tseq\nA\t1\t{long}\nB\t2\tAC\n"));
    assert_eq!((found.rows, found.read.header), (2, Some(true)));
    assert!(!found.notes.iter().any(|it| it.contains("no rows")), "{:?}", found.notes);
}

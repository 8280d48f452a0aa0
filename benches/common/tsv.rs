//! An input in the manner of CADD: six narrow columns, three rows at each position.

use std::fmt::Write as _;

use annostore::model::{
    AnnotationType, ColumnType, HeaderKey, ReadOptions, SchemaColumn, TsvStoreOptions,
};
use annostore::read::tsv::TsvReading;

use super::{CONTIGS, Random};

/// Rows of the input, about 13 MB of text.
pub const ROWS: usize = 400_000;
/// The columns.
const COLUMNS: [(&str, ColumnType); 6] = [
    ("chrom", ColumnType::String),
    ("pos", ColumnType::Long),
    ("ref", ColumnType::String),
    ("alt", ColumnType::String),
    ("rawscore", ColumnType::Double),
    ("phred", ColumnType::Double),
];

/// The file: comments, of which the second has the names of the columns, then rows in order.
pub fn scores(rows: usize) -> String {
    let mut text = String::from("## made for a bench\n#Chrom\tPos\tRef\tAlt\tRawScore\tPHRED\n");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let share = rows.div_ceil(CONTIGS.len());
    let (mut position, mut reference) = (60_000, 0);
    for row in 0..rows {
        if row % 3 == 0 {
            position += 1;
            reference = random.below(4) as usize;
        }
        let alternate = "ACGT".as_bytes()[(reference + 1 + row % 3) % 4] as char;
        let reference = "ACGT".as_bytes()[reference] as char;
        let (raw, phred) = (random.unit() * 8.0 - 2.0, random.unit() * 40.0);
        let contig = CONTIGS[row / share];
        writeln!(text, "{contig}\t{position}\t{reference}\t{alternate}\t{raw:.6}\t{phred:.3}")
            .unwrap();
    }
    text
}

/// The same with an EM DASH instead of each raw score, which no column of numbers takes.
pub fn faulty_scores(rows: usize) -> String {
    let mut text = String::new();
    for line in scores(rows).lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [contig, position, reference, alternate, _, phred] if !line.starts_with('#') => {
                let row = [contig, position, reference, alternate, "\u{2014}", phred];
                writeln!(text, "{}", row.join("\t")).unwrap();
            }
            _ => writeln!(text, "{line}").unwrap(),
        }
    }
    text
}

/// How it is read.
pub fn reading() -> TsvReading {
    TsvReading::new(store_options(), Some(&read_options())).unwrap()
}

/// Tabs, comments, and no header.
pub fn read_options() -> ReadOptions {
    let (sep, comment) = (Some("\t".to_owned()), Some("#".to_owned()));
    ReadOptions { sep, comment, ..ReadOptions::default() }
}

fn store_options() -> TsvStoreOptions {
    let role = |key, column: &str| (key, column.to_owned());
    let column =
        |(name, data_type): (&str, ColumnType)| SchemaColumn { name: name.to_owned(), data_type };
    TsvStoreOptions {
        annotation_type: AnnotationType::ChrPosRefAlt,
        format_to_header: [
            role(HeaderKey::Chr, "chrom"),
            role(HeaderKey::Pos, "pos"),
            role(HeaderKey::Ref, "ref"),
            role(HeaderKey::Alt, "alt"),
        ]
        .into(),
        schema: COLUMNS.map(column).into(),
    }
}

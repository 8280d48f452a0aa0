//! Rows without alleles: those that a record overlaps.

use std::fmt::Write as _;

use crate::common::program::Home;
use crate::common::random::Random;
use crate::{annotate, records};

const HEAD: &str = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";

/// An interval, zero-based and half-open, with its name.
type Interval = (usize, usize, String);

fn intervals(random: &mut Random) -> Vec<Interval> {
    let mut all: Vec<Interval> = (0..=random.below(70))
        .map(|_| {
            let start = random.below(120);
            let longest = if random.below(5) == 0 { 90 } else { 6 };
            let end = start + 1 + random.below(longest);
            (start, end, format!("n{}", random.below(12)))
        })
        .collect();
    all.sort();
    all
}

fn store(home: &Home, intervals: &[Interval]) {
    let mut text = "chrom\tstart\tend\tlabel\n".to_owned();
    for (start, end, name) in intervals {
        writeln!(text, "chr1\t{start}\t{end}\t{name}").unwrap();
    }
    home.file("areas.tsv", text);
    let request = r#"{"storeFormat": "TSV", "name": "areas",
        "reference": {"referenceArn": "arn:x"},
        "storeOptions": {"tsvStoreOptions": {"annotationType": "CHR_START_END_ZERO_BASE",
        "formatToHeader": {"CHR": "chrom", "START": "start", "END": "end"},
        "schema": [{"chrom": "STRING"}, {"start": "INT"}, {"end": "INT"}, {"label": "STRING"}]}}}"#;
    home.file("areas.json", request);
    home.done(["store", "create", "--request", "areas.json"]);
    home.done(["import", "areas.tsv", "--store", "areas"]);
}

#[test]
fn values_are_those_of_all_rows_that_overlap_each_once() {
    for seed in 0..8 {
        let mut random = Random::seeded(seed);
        let all = intervals(&mut random);
        let home = Home::new();
        store(&home, &all);
        let (mut input, mut expected) = (HEAD.to_owned(), Vec::new());
        for number in 0..90 {
            let position = 1 + random.below(220);
            let (reference, alternate, own, end) = match random.below(4) {
                0 => ("ACGT", "A", ".", position + 3),
                1 => ("A", "<DEL>", "END=200", 200.max(position)),
                _ => ("A", "C", ".", position),
            };
            let line = format!("chr1\t{position}\t{number}\t{reference}\t{alternate}\t.\t.\t");
            let mut names: Vec<&str> = Vec::new();
            for (from, to, name) in &all {
                if *from < end && *to > position - 1 && !names.contains(&name.as_str()) {
                    names.push(name);
                }
            }
            let info = match (own, names.is_empty()) {
                (own, true) => own.to_owned(),
                (".", false) => format!("label={}", names.join(",")),
                (own, false) => format!("{own};label={}", names.join(",")),
            };
            writeln!(input, "{line}{own}").unwrap();
            expected.push(line + &info);
        }
        assert_eq!(records(&home, &input, &["--with", "areas"]), expected, "seed {seed}");
    }
}

#[test]
fn values_without_end_are_bounded_and_told() {
    let home = Home::new();
    let many: Vec<Interval> = (0..1200).map(|it| (5, 9, format!("n{it}"))).collect();
    store(&home, &many);
    let said = annotate(&home, &format!("{HEAD}chr1\t6\t.\tA\tC\t.\t.\t.\n"), &["--with", "areas"]);
    let line = said.out.lines().last().unwrap();
    assert_eq!(line.matches(',').count(), 999);
    assert!(said.err.contains("note: 1 field with more than 1,000 values"), "{}", said.err);
}

#[test]
fn features_of_gff_are_found_by_overlap() {
    let home = Home::new();
    home.file(
        "genes.gff3",
        "##gff-version 3\nchr1\t.\tgene\t10\t20\t.\t+\t.\tID=g1;Name=A;biotype=x y\n\
         chr1\t.\tmRNA\t12\t20\t.\t+\t.\tID=t1;Parent=g1;biotype=z\n",
    );
    home.done(
        ["store", "create", "--name", "genes", "--store-format", "GFF"]
            .iter()
            .chain(&["--reference-arn", "arn:x"]),
    );
    home.done(["import", "genes.gff3", "--store", "genes"]);
    let input = format!(
        "{HEAD}1\t20\t.\tA\tC\t.\t.\t.\n1\t10\t.\tA\tC\t.\t.\t.\n1\t21\t.\tA\tC\t.\t.\t.\n"
    );
    let found =
        records(&home, &input, &["--with", "genes:type,Name,parent,information['biotype']"]);
    assert_eq!(
        found,
        [
            "1\t20\t.\tA\tC\t.\t.\ttype=gene,mRNA;name=A;parent=g1;biotype=x%20y,z",
            "1\t10\t.\tA\tC\t.\t.\ttype=gene;name=A;biotype=x%20y",
            "1\t21\t.\tA\tC\t.\t.\t.",
        ]
    );
}

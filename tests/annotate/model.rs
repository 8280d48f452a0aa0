//! Variants made from a seed, and what is to be added to them, by looking at every row for every
//! allele.

use std::fmt::Write as _;

use crate::common::random::Random;

/// The keys of the store, with Number and Type.
pub const KEYS: [(&str, &str, &str); 6] = [
    ("ONE", "1", "Integer"),
    ("PA", "A", "Float"),
    ("PR", "R", "Integer"),
    ("PG", "G", "Integer"),
    ("LST", ".", "String"),
    ("FLG", "0", "Flag"),
];

/// A record with several ALT alleles.
#[derive(Clone, Debug)]
pub struct Variant {
    pub contig: &'static str,
    pub position: usize,
    pub reference: String,
    pub alternates: Vec<String>,
    /// The values of [`KEYS`]; none where the record has not the key.
    pub values: Vec<Option<Vec<String>>>,
}

/// The bases of all contigs.
const SEQUENCE: &str = "ACGTTTACACACGGGGATATCCATTTTTGACGACGACT";

impl Variant {
    fn new(random: &mut Random) -> Self {
        let at = random.below(SEQUENCE.len() - 4);
        let length = if random.below(2) == 0 { 1 } else { 1 + random.below(3) };
        let reference = SEQUENCE[at..at + length].to_owned();
        let mut alternates: Vec<String> = Vec::new();
        for _ in 0..=random.below(3) {
            let allele = match random.below(8) {
                0 => "<DEL>".to_owned(),
                1 => "*".to_owned(),
                2 => format!("{reference}A"),
                3 => reference[..1].to_owned(),
                _ => random.of(&["A", "C", "G", "T", "AC", "TTA"]).to_owned(),
            };
            if allele != reference && !alternates.contains(&allele) {
                alternates.push(allele);
            }
        }
        if alternates.is_empty() {
            alternates.push("<INS>".to_owned());
        }
        let contig = random.of(&["chr1", "chr2", "chrX"]);
        let contig = ["chr1", "chr2", "chrX"].into_iter().find(|it| *it == contig).unwrap();
        let values = KEYS.iter().map(|it| value(it.1, alternates.len(), random)).collect();
        Self { contig, position: at + 1, reference, alternates, values }
    }

    /// Some of them, in order of their places.
    pub fn some(count: usize, random: &mut Random) -> Vec<Self> {
        let mut all: Vec<_> = (0..count).map(|_| Self::new(random)).collect();
        all.sort_by_key(|it| (it.contig, it.position));
        all
    }

    /// The line of the variant with this INFO.
    pub fn line(&self, info: &str) -> String {
        let Self { contig, position, reference, .. } = self;
        let alternates = self.alternates.join(",");
        format!("{contig}\t{position}\t.\t{reference}\t{alternates}\t.\tPASS\t{info}\n")
    }

    fn info(&self) -> String {
        let mut info = String::new();
        for ((key, ..), value) in KEYS.iter().zip(&self.values) {
            let Some(value) = value else { continue };
            let equals = if value.is_empty() { "" } else { "=" };
            write!(info, ";{key}{equals}{}", value.join(",")).unwrap();
        }
        if info.is_empty() { ".".to_owned() } else { info[1..].to_owned() }
    }

    /// The first of some rows that is of an ALT allele, with the allele of the row.
    fn hit<'a>(&self, allele: usize, rows: &'a [Self]) -> Option<(&'a Self, usize)> {
        rows.iter().filter(|it| (it.contig, it.position) == (self.contig, self.position)).find_map(
            |row| {
                let own = trimmed(&self.reference, &self.alternates[allele]);
                let is = |it: &String| trimmed(&row.reference, it) == own;
                row.alternates.iter().position(is).map(|it| (row, it))
            },
        )
    }

    /// What is added to the variant from these rows: `KEY=VALUE` of each key that has a value.
    pub fn added(&self, rows: &[Self]) -> Vec<String> {
        let hits: Vec<_> = (0..self.alternates.len()).map(|it| self.hit(it, rows)).collect();
        let mut added = Vec::new();
        for (number, (key, count, _)) in KEYS.iter().enumerate() {
            let of = |row: &Self| row.values[number].clone();
            let nth = |hit: Option<(&Self, usize)>, nth: usize| {
                hit.and_then(|it| of(it.0)?.get(nth).cloned()).unwrap_or_else(|| ".".to_owned())
            };
            let values: Vec<String> = match *count {
                "1" => hits.iter().map(|it| nth(*it, 0)).collect(),
                "A" => hits.iter().map(|it| nth(*it, it.map_or(0, |it| it.1))).collect(),
                "R" => {
                    let has_one = |it: &Hit<'_>| nth(*it, 0) != ".";
                    let first = hits.iter().copied().find(has_one).flatten();
                    let each = hits.iter().map(|it| nth(*it, it.map_or(0, |it| it.1 + 1)));
                    std::iter::once(nth(first, 0)).chain(each).collect()
                }
                "G" => genotypes(&hits, nth),
                _ => lists(&hits, of),
            };
            let is_set = hits.iter().flatten().any(|it| of(it.0).is_some());
            match *count {
                "0" if is_set => added.push((*key).to_owned()),
                "0" => {}
                _ if values.iter().any(|it| it != ".") => {
                    added.push(format!("{key}={}", values.join(",")));
                }
                _ => {}
            }
        }
        added
    }
}

type Hit<'a> = Option<(&'a Variant, usize)>;

/// The value of each genotype, in the order of VCF.
fn genotypes<'a>(hits: &[Hit<'a>], nth: impl Fn(Hit<'a>, usize) -> String) -> Vec<String> {
    let first = hits.iter().find_map(|it| *it);
    let allele = |it: usize| match it {
        0 => None,
        _ => hits[it - 1],
    };
    let mut values = Vec::new();
    for high in 0..=hits.len() {
        for low in 0..=high {
            let (one, other) = (allele(low), allele(high));
            let is_missing = (low > 0 && one.is_none()) || (high > 0 && other.is_none());
            let are_of_two =
                one.zip(other).is_some_and(|(one, other)| !std::ptr::eq(one.0, other.0));
            if is_missing || are_of_two {
                values.push(".".to_owned());
                continue;
            }
            let place = |it: Hit<'_>| it.map_or(0, |it| it.1 + 1);
            let (one, other) = (place(one), place(other));
            let (low_place, high_place) = (one.min(other), one.max(other));
            let row = allele(high).or(allele(low)).or(first);
            values.push(nth(row, high_place * (high_place + 1) / 2 + low_place));
        }
    }
    values
}

/// The whole list of the one row, or each value of several rows once.
fn lists(hits: &[Hit<'_>], of: impl Fn(&Variant) -> Option<Vec<String>>) -> Vec<String> {
    let mut rows: Vec<&Variant> = Vec::new();
    for (row, _) in hits.iter().flatten() {
        if !rows.iter().any(|it| std::ptr::eq(*it, *row)) {
            rows.push(row);
        }
    }
    match rows.as_slice() {
        [only] => of(only).unwrap_or_default(),
        several => {
            let mut values: Vec<String> = Vec::new();
            for value in several.iter().filter_map(|it| of(it)).flatten() {
                if value != "." && !values.contains(&value) {
                    values.push(value);
                }
            }
            values
        }
    }
}

/// A change without the bases that both alleles end in.
fn trimmed(reference: &str, alternate: &str) -> (String, String) {
    let (mut reference, mut alternate) = (reference.to_owned(), alternate.to_owned());
    while alternate.bytes().all(|it| it.is_ascii_alphabetic())
        && !reference.is_empty()
        && reference.chars().last() == alternate.chars().last()
    {
        reference.pop();
        alternate.pop();
    }
    (reference, alternate)
}

fn value(number: &str, alleles: usize, random: &mut Random) -> Option<Vec<String>> {
    if random.below(8) == 0 {
        return None;
    }
    let count = match number {
        "1" => 1,
        "A" => alleles,
        "R" => alleles + 1,
        "G" => (alleles + 1) * (alleles + 2) / 2,
        "0" => 0,
        _ => 1 + random.below(3),
    };
    let mut one = || match (number, random.below(6)) {
        ("A" | "R" | "G", 0) => ".".to_owned(),
        ("A", it) => format!("0.{it}5"),
        (".", it) => format!("word{it}"),
        (_, it) => (it * 7).to_string(),
    };
    let values: Vec<_> = (0..count).map(|_| one()).collect();
    // A list of nothing but full stops is no value.
    (values.is_empty() || values.iter().any(|it| it != ".")).then_some(values)
}

/// The text of a file of variants with their values.
pub fn store_text(variants: &[Variant]) -> String {
    let mut text = "##fileformat=VCFv4.2\n".to_owned();
    for (key, number, kind) in KEYS {
        writeln!(text, "##INFO=<ID={key},Number={number},Type={kind},Description=\"{key}\">")
            .unwrap();
    }
    text += "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n";
    for it in variants {
        text += &it.line(&it.info());
    }
    text
}

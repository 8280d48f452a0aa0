//! A record with several ALT alleles becomes one for each of them, as `bcftools norm -m-any` splits
//! it.
//!
//! Of the values that a key has for each allele or genotype (Number A, R, G), each record gets
//! those of its own. In GT, the alleles of other records become 0. A list of another length than
//! its Number says is kept whole.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::read::vcf::{CandidateRecord, Header, Number};

/// The keys whose values belong to alleles.
#[derive(Clone, Debug, Default)]
pub struct AlleleSplitter {
    info: AlleleNumbers,
    format: AlleleNumbers,
}

type AlleleNumbers = HashMap<Vec<u8>, Number, FxBuildHasher>;

/// Which ALT allele a record is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitAllele {
    /// The allele, from 0.
    pub index: usize,
    /// How many ALT alleles there are.
    pub count: usize,
}

impl AlleleSplitter {
    /// A splitter for the records of a file.
    pub fn new(header: &Header) -> Self {
        let numbers = |definitions: &[crate::read::vcf::Definition]| {
            let by_allele = |it: &Number| matches!(it, Number::A | Number::R | Number::G);
            let numbers = definitions.iter().filter(|it| by_allele(&it.number));
            numbers.map(|it| (it.key.as_bytes().to_vec(), it.number)).collect()
        };
        Self { info: numbers(&header.info), format: numbers(&header.format) }
    }

    /// Appends the line of a record, with the values of one of its ALT alleles, and with `end` in
    /// the place of END where it has one.
    pub fn rewrite(
        &self,
        record: &CandidateRecord<'_>,
        allele: Option<SplitAllele>,
        end: Option<u64>,
        out: &mut Vec<u8>,
    ) {
        let line = record.line;
        out.extend_from_slice(&line[..record.info.start]);
        for (index, entry) in line[record.info.clone()].split(|it| *it == b';').enumerate() {
            if index > 0 {
                out.push(b';');
            }
            let Some(equals) = memchr::memchr(b'=', entry) else {
                out.extend_from_slice(entry);
                continue;
            };
            let (key, value) = (&entry[..equals], &entry[equals + 1..]);
            out.extend_from_slice(&entry[..=equals]);
            match (end, allele) {
                (Some(end), _) if key == b"END" => {
                    out.extend_from_slice(end.to_string().as_bytes());
                }
                (_, Some(allele)) => select(value, self.info.get(key).copied(), allele, out),
                _ => out.extend_from_slice(value),
            }
        }
        let rest = &line[record.info.end..];
        match allele {
            Some(allele) => self.samples(rest, allele, out),
            None => out.extend_from_slice(rest),
        }
    }

    /// Appends FORMAT and samples; `rest` begins with the tab before them, or is empty.
    fn samples(&self, rest: &[u8], allele: SplitAllele, out: &mut Vec<u8>) {
        let mut fields = rest.split(|it| *it == b'\t').skip(1);
        let Some(format) = fields.next() else { return };
        out.push(b'\t');
        out.extend_from_slice(format);
        let keys: Vec<&[u8]> = format.split(|it| *it == b':').collect();
        let numbers: Vec<_> = keys.iter().map(|it| self.format.get(*it).copied()).collect();
        for sample in fields {
            out.push(b'\t');
            for (index, value) in sample.split(|it| *it == b':').enumerate() {
                if index > 0 {
                    out.push(b':');
                }
                match keys.get(index) {
                    Some(&b"GT") => genotype(value, allele, out),
                    _ => select(value, numbers.get(index).copied().flatten(), allele, out),
                }
            }
        }
    }
}

/// Appends the values of a list that belong to an allele.
fn select(value: &[u8], number: Option<Number>, allele: SplitAllele, out: &mut Vec<u8>) {
    let alleles = allele.count + 1;
    let own = allele.index + 1;
    let found = memchr::memchr_iter(b',', value).count() + 1;
    let (homozygous, heterozygous) = (own * (own + 1) / 2 + own, own * (own + 1) / 2);
    let chosen: &[usize] = match number {
        Some(Number::A) if found == allele.count => &[allele.index],
        Some(Number::G) if found == alleles * (alleles + 1) / 2 => &[0, heterozygous, homozygous],
        // Number G with one value for each allele: the genotypes of a haploid sample.
        Some(Number::R | Number::G) if found == alleles => &[0, own],
        _ => return out.extend_from_slice(value),
    };
    let mut chosen = chosen.iter().peekable();
    let first = out.len();
    for (index, element) in value.split(|it| *it == b',').enumerate() {
        if chosen.next_if_eq(&&index).is_some() {
            if out.len() > first {
                out.push(b',');
            }
            out.extend_from_slice(element);
        }
    }
}

/// Appends a genotype in which the given allele is 1, and every other one that was called 0.
fn genotype(value: &[u8], allele: SplitAllele, out: &mut Vec<u8>) {
    let own = (allele.index + 1).to_string();
    let mut start = 0;
    let separators = value.iter().enumerate().filter(|(_, it)| matches!(it, b'/' | b'|'));
    for end in separators.map(|it| it.0).chain([value.len()]) {
        match &value[start..end] {
            allele if allele == own.as_bytes() => out.push(b'1'),
            allele if !allele.is_empty() && allele.iter().all(u8::is_ascii_digit) => out.push(b'0'),
            other => out.extend_from_slice(other),
        }
        out.extend(value.get(end));
        start = end + 1;
    }
}

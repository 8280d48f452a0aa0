//! A record with several ALT alleles becomes one for each of them, as `bcftools norm -m-any` splits
//! it.
//!
//! Of the values that a key has for each allele or genotype (Number A, R, G), each record gets
//! those of its own, for any ploidy; in GT, the alleles of other records become 0. Samples whose
//! values are for some alleles only (LAA, Number LA, LR, LG of VCF 4.5) get those of the allele, or
//! of REF alone. A list of another length than its Number says is kept whole; a rule of its own
//! tells of it.

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
            let by_allele = |it: &Number| Values::of(*it).is_some();
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
                (_, Some(allele)) => select(value, self.info.get(key).copied(), allele.into(), out),
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
        let local_key = keys.iter().position(|it| *it == b"LAA");
        for sample in fields {
            out.push(b'\t');
            let local = local_key.and_then(|it| sample.split(|it| *it == b':').nth(it));
            let local = LocalAlleles::of(local.unwrap_or_default(), allele);
            for (index, value) in sample.split(|it| *it == b':').enumerate() {
                if index > 0 {
                    out.push(b':');
                }
                match keys.get(index) {
                    Some(&b"GT") => genotype(value, allele, out),
                    Some(&b"LAA") => {
                        out.extend_from_slice(if local.own.is_some() { b"1" } else { b"." });
                    }
                    _ => match numbers.get(index).copied().flatten() {
                        Some(it @ (Number::LA | Number::LR | Number::LG)) => {
                            select(value, Some(it), local, out);
                        }
                        number => select(value, number, allele.into(), out),
                    },
                }
            }
        }
    }
}

/// What a list has values for.
#[derive(Clone, Copy)]
enum Values {
    Alternates,
    Alleles,
    Genotypes,
}

impl Values {
    fn of(number: Number) -> Option<Self> {
        match number {
            Number::A | Number::LA => Some(Self::Alternates),
            Number::R | Number::LR => Some(Self::Alleles),
            Number::G | Number::LG => Some(Self::Genotypes),
            _ => None,
        }
    }
}

/// The ALT alleles that a list has values for.
#[derive(Clone, Copy)]
struct LocalAlleles {
    count: usize,
    /// Which of them the record is for, from 1; none where it is not among them.
    own: Option<usize>,
}

impl From<SplitAllele> for LocalAlleles {
    fn from(allele: SplitAllele) -> Self {
        Self { count: allele.count, own: Some(allele.index + 1) }
    }
}

impl LocalAlleles {
    /// Those of a sample, of which LAA has the numbers.
    fn of(numbers: &[u8], allele: SplitAllele) -> Self {
        if matches!(numbers, b"" | b".") {
            return Self { count: 0, own: None };
        }
        let own = (allele.index + 1).to_string();
        let mut numbers = numbers.split(|it| *it == b',');
        let place = numbers.clone().position(|it| it == own.as_bytes());
        Self { count: numbers.by_ref().count(), own: place.map(|it| it + 1) }
    }

    /// The place in a list of `found` elements of the n-th that belongs to REF and the allele; none
    /// beyond the last, and nothing where the list has another length than it should have.
    fn places(self, values: Values, found: usize) -> Option<impl Fn(usize) -> Option<usize>> {
        let ploidy = match values {
            Values::Alternates => (found == self.count).then_some(0),
            Values::Alleles => (found == self.count + 1).then_some(1),
            Values::Genotypes => ploidy(self.count, found),
        }?;
        Some(move |nth: usize| match (values, self.own) {
            (Values::Alternates, own) => own.filter(|_| nth == 0).map(|it| it - 1),
            (_, None) => (nth == 0).then_some(0),
            (Values::Alleles, Some(own)) => (nth < 2).then_some(nth * own),
            (Values::Genotypes, Some(own)) => {
                (nth <= ploidy).then(|| genotype_place(own, nth, ploidy))
            }
        })
    }
}

/// The ploidy whose genotypes of so many ALT alleles are `found`.
fn ploidy(alternates: usize, found: usize) -> Option<usize> {
    if alternates == 0 {
        return (found == 1).then_some(1);
    }
    let (mut ploidy, mut genotypes) = (1, alternates + 1);
    while genotypes < found {
        ploidy += 1;
        genotypes = genotypes.checked_mul(alternates + ploidy)? / ploidy;
    }
    (genotypes == found).then_some(ploidy)
}

/// Where the genotype with an allele so many times, and REF otherwise, stands among all of a ploidy
/// (VCF 4.3, section 1.6.2, GL).
fn genotype_place(allele: usize, times: usize, ploidy: usize) -> usize {
    // Of an allele in place m come first the ways to choose m alleles below it.
    let before = |place: usize| (1..=place).fold(1, |ways, it| ways * (allele + it - 1) / it);
    (ploidy - times + 1..=ploidy).map(before).sum()
}

/// Appends the values of a list that belong to an allele.
fn select(value: &[u8], number: Option<Number>, allele: LocalAlleles, out: &mut Vec<u8>) {
    let found = memchr::memchr_iter(b',', value).count() + 1;
    let places = number.and_then(Values::of).and_then(|it| allele.places(it, found));
    let Some(place) = places else { return out.extend_from_slice(value) };
    let (first, mut nth, mut next) = (out.len(), 0, place(0));
    for (index, element) in value.split(|it| *it == b',').enumerate() {
        if next == Some(index) {
            if out.len() > first {
                out.push(b',');
            }
            out.extend_from_slice(element);
            nth += 1;
            next = place(nth);
        }
    }
    if nth == 0 {
        out.push(b'.');
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

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(value: &str, number: Number, count: usize, own: Option<usize>) -> String {
        let mut out = Vec::new();
        select(value.as_bytes(), Some(number), LocalAlleles { count, own }, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_allele_gets_its_values_of_any_ploidy() {
        let of = |value, number, own| selected(value, number, 2, Some(own));
        assert_eq!(of("a,b", Number::A, 2), "b");
        assert_eq!(of("r,a,b", Number::R, 2), "r,b");
        assert_eq!(of("r,a,b", Number::G, 1), "r,a");
        // 00, 01, 11, 02, 12, 22.
        assert_eq!(of("0,1,2,3,4,5", Number::G, 1), "0,1,2");
        assert_eq!(of("0,1,2,3,4,5", Number::G, 2), "0,3,5");
        // 000, 001, 011, 111, 002, 012, 112, 022, 122, 222.
        assert_eq!(of("0,1,2,3,4,5,6,7,8,9", Number::G, 1), "0,1,2,3");
        assert_eq!(of("0,1,2,3,4,5,6,7,8,9", Number::G, 2), "0,4,7,9");
        for whole in ["a,b,c,d", "a", "."] {
            assert_eq!(of(whole, Number::G, 1), whole);
            assert_eq!(of(whole, Number::A, 1), whole);
        }
    }

    #[test]
    fn samples_with_some_alleles_get_those_or_ref_alone() {
        let allele = SplitAllele { index: 2, count: 4 };
        let local = |laa: &str| {
            let it = LocalAlleles::of(laa.as_bytes(), allele);
            (it.count, it.own)
        };
        assert_eq!(local("1,3"), (2, Some(2)));
        assert_eq!(local("4"), (1, None));
        assert_eq!(local("."), (0, None));
        assert_eq!(selected("5,6,7", Number::LR, 2, Some(2)), "5,7");
        assert_eq!(selected("5,6", Number::LR, 1, None), "5");
        assert_eq!(selected("0,1,2", Number::LG, 1, None), "0");
        assert_eq!(selected("9", Number::LA, 1, None), ".");
        assert_eq!(selected(".", Number::LG, 0, None), ".");
    }
}

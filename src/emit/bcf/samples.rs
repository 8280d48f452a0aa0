//! FORMAT and the samples of a line: for each key the values of all samples.

use super::dictionary::{Dictionary, Type};
use super::misfits::Misfits;
use super::value::{self, Element};
use crate::model::{Error, Result};

/// What stands for a sample's value where its fields end before.
const ABSENT: &[u8] = b".";

/// Buffers for the samples of a line.
#[derive(Default)]
pub struct Samples {
    /// Elements, those of one sample behind those of the other.
    integers: Vec<Element<i32>>,
    floats: Vec<Element<f32>>,
}

impl Samples {
    /// Appends what stands behind INFO, and says how many keys there are.
    pub fn encode(
        &mut self,
        dictionary: &Dictionary,
        columns: &[u8],
        misfits: &mut Misfits,
        out: &mut Vec<u8>,
    ) -> Result<usize> {
        let mut columns = columns.split(|it| *it == b'\t');
        let keys = columns.next().unwrap_or_default();
        if keys.is_empty() || keys == b"." || dictionary.samples == 0 {
            return Ok(0);
        }
        let fields: Vec<Vec<&[u8]>> =
            columns.map(|it| it.split(|it| *it == b':').collect()).collect();
        if fields.len() != dictionary.samples {
            return Err(Error::invalid("the line has not the samples of the header"));
        }
        let mut count = 0;
        for (index, key) in keys.split(|it| *it == b':').enumerate() {
            let (number, of_type) = dictionary.format(key)?;
            let texts = fields.iter().map(|it| it.get(index).copied().unwrap_or(ABSENT));
            value::integer(number, out);
            match of_type {
                _ if key == b"GT" => {
                    self.genotypes(texts, dictionary.has_leading_phase, misfits, out);
                }
                Type::Integer => self.integers(key, texts, misfits, out),
                Type::Float => self.floats(key, texts, misfits, out),
                Type::Text | Type::Flag => value::texts(texts, out),
            }
            count += 1;
        }
        if count > usize::from(u8::MAX) {
            return Err(Error::invalid("the line has too many FORMAT keys for BCF"));
        }
        Ok(count)
    }

    fn genotypes<'a>(
        &mut self,
        texts: impl Iterator<Item = &'a [u8]> + Clone,
        has_leading_phase: bool,
        misfits: &mut Misfits,
        out: &mut Vec<u8>,
    ) {
        let alleles = |text| phased_alleles(text, has_leading_phase);
        let size = texts.clone().map(|it| alleles(it).count()).max().unwrap_or(1);
        self.integers.clear();
        for text in texts {
            let from = self.integers.len();
            for (allele, phased) in alleles(text) {
                let number = match value::parse_integer(allele) {
                    Some(Element::Value(number)) if (0..1 << 29).contains(&number) => number + 1,
                    Some(Element::Missing) => 0,
                    _ => {
                        misfits.note(b"GT", text);
                        0
                    }
                };
                self.integers.push(Element::Value(number << 1 | i32::from(phased)));
            }
            self.integers.resize(from + size, Element::End);
        }
        value::integers(&self.integers, size, out);
    }

    fn integers<'a>(
        &mut self,
        key: &[u8],
        texts: impl Iterator<Item = &'a [u8]> + Clone,
        misfits: &mut Misfits,
        out: &mut Vec<u8>,
    ) {
        let size = fill(&mut self.integers, value::parse_integer, key, texts, misfits);
        value::integers(&self.integers, size, out);
    }

    fn floats<'a>(
        &mut self,
        key: &[u8],
        texts: impl Iterator<Item = &'a [u8]> + Clone,
        misfits: &mut Misfits,
        out: &mut Vec<u8>,
    ) {
        let size = fill(&mut self.floats, value::parse_float, key, texts, misfits);
        value::floats(&self.floats, size, out);
    }
}

/// The alleles of a genotype, and whether each is phased: by the sign before it. The first one may
/// have none. Since VCF 4.4 it is phased then where all others are, or where it is the only one and
/// not missing; before, it never is.
fn phased_alleles(text: &[u8], has_leading_phase: bool) -> impl Iterator<Item = (&[u8], bool)> {
    let is_phase = |it: &u8| matches!(it, b'/' | b'|');
    let (mut phase, alleles) = match text {
        [phase, alleles @ ..] if is_phase(phase) => (*phase, alleles),
        _ if !has_leading_phase || text == ABSENT => (b'/', text),
        _ => (if text.contains(&b'/') { b'/' } else { b'|' }, text),
    };
    let mut rest = Some(alleles);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.iter().position(is_phase);
        let allele = (&text[..end.unwrap_or(text.len())], phase == b'|');
        rest = end.map(|it| {
            phase = text[it];
            &text[it + 1..]
        });
        Some(allele)
    })
}

/// Parses the values of all samples into vectors of one size, and gives it.
fn fill<'a, T: Clone>(
    elements: &mut Vec<Element<T>>,
    parse: fn(&[u8]) -> Option<Element<T>>,
    key: &[u8],
    texts: impl Iterator<Item = &'a [u8]> + Clone,
    misfits: &mut Misfits,
) -> usize {
    let commas = |text: &[u8]| memchr::memchr_iter(b',', text).count();
    let size = texts.clone().map(commas).max().unwrap_or(0) + 1;
    elements.clear();
    for text in texts {
        let from = elements.len();
        for part in text.split(|it| *it == b',') {
            elements.push(parse(part).unwrap_or_else(|| {
                misfits.note(key, text);
                Element::Missing
            }));
        }
        elements.resize(from + size, Element::End);
    }
    size
}

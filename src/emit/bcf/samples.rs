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
                _ if key == b"GT" => self.genotypes(texts, misfits, out),
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
        misfits: &mut Misfits,
        out: &mut Vec<u8>,
    ) {
        let alleles = |text: &'a [u8]| {
            // Since VCF 4.4 the first allele may say its phase.
            let named = matches!(text.first(), Some(b'/' | b'|'));
            let first = if named { text[0] } else { b'/' };
            let text = if named { &text[1..] } else { text };
            let mut phase = first;
            let mut rest = Some(text);
            std::iter::from_fn(move || {
                let text = rest?;
                let end = memchr::memchr2(b'/', b'|', text);
                let allele = (&text[..end.unwrap_or(text.len())], phase == b'|');
                rest = end.map(|it| {
                    phase = text[it];
                    &text[it + 1..]
                });
                Some(allele)
            })
        };
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

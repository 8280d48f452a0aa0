//! One line of VCF to one record.

use super::dictionary::{Dictionary, Type};
use super::misfits::Misfits;
use super::samples::Samples;
use super::value::{self, Element};
use crate::emit::places::Place;
use crate::model::{Error, Result};

/// Makes records of lines. It keeps its buffers from one to the next.
pub struct Encoder<'a> {
    dictionary: &'a Dictionary,
    samples: Samples,
    integers: Vec<Element<i32>>,
    floats: Vec<Element<f32>>,
    misfits: Misfits,
}

/// The columns of a line up to INFO.
pub struct Site<'a> {
    pub contig: &'a [u8],
    position: &'a [u8],
    id: &'a [u8],
    reference: &'a [u8],
    alternate: &'a [u8],
    quality: &'a [u8],
    pub filter: &'a [u8],
    pub info: &'a [u8],
    /// FORMAT and samples; empty where there are none.
    pub rest: &'a [u8],
}

impl<'a> Site<'a> {
    /// Those of a line; none where it has not so many.
    pub fn of(line: &'a [u8]) -> Option<Self> {
        let mut columns = line.splitn(9, |it| *it == b'\t');
        let mut next = || columns.next();
        Some(Self {
            contig: next()?,
            position: next()?,
            id: next()?,
            reference: next()?,
            alternate: next()?,
            quality: next()?,
            filter: next()?,
            info: next()?,
            rest: next().unwrap_or_default(),
        })
    }
}

impl<'a> Encoder<'a> {
    /// An encoder of a file's lines.
    pub fn new(dictionary: &'a Dictionary) -> Self {
        Self {
            dictionary,
            samples: Samples::default(),
            integers: Vec::new(),
            floats: Vec::new(),
            misfits: Misfits::default(),
        }
    }

    /// The values that were not of their key's type.
    pub fn misfits(self) -> Misfits {
        self.misfits
    }

    /// Appends the record of a line, which covers a place.
    pub fn encode(&mut self, line: &[u8], place: Place<'_>, out: &mut Vec<u8>) -> Result<()> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let site = Site::of(line).ok_or_else(|| unfit(line))?;
        let lengths = out.len();
        out.extend_from_slice(&[0; 8]);
        self.site(&site, place, out).map_err(|error| at(error, &site))?;
        let shared = out.len() - lengths - 8;
        let formats = self.samples.encode(self.dictionary, site.rest, &mut self.misfits, out);
        let formats = formats.map_err(|error| at(error, &site))?;
        let own = out.len() - lengths - 8 - shared;
        let mut put = |offset: usize, value: usize| match u32::try_from(value) {
            Ok(value) => {
                let from = lengths + offset;
                out[from..from + 4].copy_from_slice(&value.to_le_bytes());
                Ok(())
            }
            Err(_) => Err(unfit(line)),
        };
        put(0, shared)?;
        put(4, own)?;
        put(8 + 20, formats << 24 | self.dictionary.samples)
    }

    fn site(&mut self, site: &Site<'_>, place: Place<'_>, out: &mut Vec<u8>) -> Result<()> {
        let position = std::str::from_utf8(site.position).ok().and_then(|it| it.parse().ok());
        let position: i64 = position.ok_or_else(|| Error::invalid("POS is no number"))?;
        let span = i32::try_from(place.end - place.start + 1);
        let (Ok(position), Ok(span)) = (i32::try_from(position - 1), span) else {
            return Err(Error::invalid("BCF has no positions from 2,147,483,648 on")
                .with_help("write .vcf.gz"));
        };
        out.extend_from_slice(&self.dictionary.contig(site.contig)?.to_le_bytes());
        out.extend_from_slice(&position.to_le_bytes());
        out.extend_from_slice(&span.to_le_bytes());
        let quality = value::parse_float(site.quality).unwrap_or_else(|| {
            self.misfits.note(b"QUAL", site.quality);
            Element::Missing
        });
        out.extend_from_slice(&value::bits(quality).to_le_bytes());
        let counts = out.len();
        out.extend_from_slice(&[0; 8]);
        value::text(if site.id == b"." { b"" } else { site.id }, out);
        value::text(site.reference, out);
        let mut alleles = 1_usize;
        for allele in present(site.alternate, b',') {
            value::text(allele, out);
            alleles += 1;
        }
        self.filters(site.filter, out)?;
        let mut keys = 0_usize;
        for entry in present(site.info, b';').filter(|it| !it.is_empty()) {
            self.info(entry, out)?;
            keys += 1;
        }
        let (Ok(alleles), Ok(keys)) = (u16::try_from(alleles), u16::try_from(keys)) else {
            return Err(Error::invalid("the line has too many alleles or keys for BCF"));
        };
        out[counts..counts + 2].copy_from_slice(&keys.to_le_bytes());
        out[counts + 2..counts + 4].copy_from_slice(&alleles.to_le_bytes());
        Ok(())
    }

    fn filters(&mut self, filter: &[u8], out: &mut Vec<u8>) -> Result<()> {
        self.integers.clear();
        for name in present(filter, b';') {
            self.integers.push(Element::Value(self.dictionary.filter(name)?));
        }
        match self.integers.len() {
            0 => value::nothing(out),
            count => value::integers(&self.integers, count, out),
        }
        Ok(())
    }

    fn info(&mut self, entry: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let (key, text) = match memchr::memchr(b'=', entry) {
            Some(at) => (&entry[..at], Some(&entry[at + 1..])),
            None => (entry, None),
        };
        let (number, of_type) = self.dictionary.info(key)?;
        value::integer(number, out);
        match (text, of_type) {
            (None, _) => value::nothing(out),
            (Some(text), Type::Flag | Type::Text) => value::text(text, out),
            (Some(text), Type::Integer) => {
                self.integers.clear();
                let parsed = text.split(|it| *it == b',').map(value::parse_integer);
                self.integers.extend(parsed.map(|it| {
                    it.unwrap_or_else(|| {
                        self.misfits.note(key, text);
                        Element::Missing
                    })
                }));
                value::integers(&self.integers, self.integers.len(), out);
            }
            (Some(text), Type::Float) => {
                self.floats.clear();
                let parsed = text.split(|it| *it == b',').map(value::parse_float);
                self.floats.extend(parsed.map(|it| {
                    it.unwrap_or_else(|| {
                        self.misfits.note(key, text);
                        Element::Missing
                    })
                }));
                value::floats(&self.floats, self.floats.len(), out);
            }
        }
        Ok(())
    }
}

/// The parts of a column; none of `.`.
pub fn present(column: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let column = Some(column).filter(|it| *it != b".");
    column.into_iter().flat_map(move |it| it.split(move |byte| *byte == separator))
}

fn at(error: Error, site: &Site<'_>) -> Error {
    let (contig, position) =
        (String::from_utf8_lossy(site.contig), String::from_utf8_lossy(site.position));
    error.with("record", format!("{contig}:{position}"))
}

fn unfit(line: &[u8]) -> Error {
    let start = String::from_utf8_lossy(&line[..line.len().min(60)]).into_owned();
    Error::invalid("a line of VCF cannot be a record of BCF").with("line", start)
}

//! Regions as samtools writes them, and what they mean for the rows of a store.

use std::fmt;

use super::names::nearest;
use crate::model::{Error, HalfOpen, Result};

/// A stretch of a contig, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// The contig, as the store spells it.
    pub contig: String,
    /// The bases; all rows of the contig, the telomeres too, where there are none.
    pub bases: Option<HalfOpen>,
}

impl Region {
    /// Reads `chr1`, `chr1:1000`, `chr1:1,000-2,000`, `chr1:1,000-` or `chr1:-2,000`: one-based,
    /// both ends included; `chr1:1000` goes on to the end of the contig. Contigs may have colons in
    /// their names (`HLA-A*01:01`): the longest known contig wins, and braces settle it
    /// (`{HLA-A*01:01}:1-100`).
    pub fn parse<'a>(text: &str, known: impl Fn(&str) -> bool + 'a) -> Result<Self> {
        if let Some((contig, rest)) = text.strip_prefix('{').and_then(|it| it.rsplit_once('}')) {
            let bases = match rest.strip_prefix(':') {
                Some(range) => Some(parse_bases(text, range)?),
                None if rest.is_empty() => None,
                None => return Err(malformed(text)),
            };
            return Ok(Self { contig: contig.to_owned(), bases });
        }
        if known(text) {
            return Ok(Self { contig: text.to_owned(), bases: None });
        }
        match text.rsplit_once(':') {
            Some((contig, range)) if !contig.is_empty() => {
                Ok(Self { contig: contig.to_owned(), bases: Some(parse_bases(text, range)?) })
            }
            _ if text.is_empty() => Err(malformed(text)),
            _ => Ok(Self { contig: text.to_owned(), bases: None }),
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.contig.escape_debug())?;
        match self.bases {
            None => Ok(()),
            Some(HalfOpen { start, end: i64::MAX }) => write!(out, ":{}-", start + 1),
            Some(HalfOpen { start, end }) => write!(out, ":{}-{end}", start + 1),
        }
    }
}

/// The error where no row lies on the contig of a region, and these are the contigs that there are.
pub fn unknown_contig<'a>(region: &Region, contigs: impl Iterator<Item = &'a str>) -> Error {
    let mut contigs: Vec<_> = contigs.collect();
    contigs.sort_unstable();
    contigs.dedup();
    let near = nearest(&region.contig, contigs.into_iter());
    Error::invalid(format!("no row lies on contig `{}`", region.contig.escape_debug()))
        .with("region", region)
        .with_help(format!("the contigs are {near}"))
}

fn parse_bases(text: &str, range: &str) -> Result<HalfOpen> {
    let number = |digits: &str| -> Result<i64> {
        let plain = digits.replace(',', "");
        let valid = !plain.is_empty() && plain.bytes().all(|it| it.is_ascii_digit());
        plain.parse().ok().filter(|_| valid).ok_or_else(|| malformed(text))
    };
    let (first, last) = match range.split_once('-') {
        None => (number(range)?, i64::MAX),
        Some((first, "")) => (number(first)?, i64::MAX),
        Some(("", last)) => (1, number(last)?),
        Some((first, last)) => (number(first)?, number(last)?),
    };
    if first > last {
        return Err(Error::invalid(format!(
            "region {} ends before it begins",
            text.escape_debug()
        )));
    }
    Ok(HalfOpen { start: first - 1, end: last })
}

fn malformed(text: &str) -> Error {
    Error::invalid(format!("region `{}` is not one", text.escape_debug())).with_help(
        "write it as chr1, chr1:1000 or chr1:1,000-2,000 (one-based, both ends included)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bases(text: &str) -> Option<(i64, i64)> {
        let region = Region::parse(text, |it| it == "HLA-A*01:01" || it == "chr1").unwrap();
        region.bases.map(|it| (it.start, it.end))
    }

    #[test]
    fn both_ends_are_included_and_one_based() {
        assert_eq!(bases("chr1:1,000-2,000"), Some((999, 2000)));
        assert_eq!(bases("chr1:1-1"), Some((0, 1)));
        assert_eq!(bases("chr1:0-1"), Some((-1, 1)));
        assert_eq!(bases("chr1:1000"), Some((999, i64::MAX)));
        assert_eq!(bases("chr1:1,000-"), Some((999, i64::MAX)));
        assert_eq!(bases("chr1:-100"), Some((0, 100)));
        assert_eq!(bases("chr1"), None);
    }

    #[test]
    fn contigs_may_have_colons() {
        assert_eq!(bases("HLA-A*01:01"), None);
        assert_eq!(bases("HLA-A*01:01:5-6"), Some((4, 6)));
        assert_eq!(bases("{HLA-A*01:01}:5-6"), Some((4, 6)));
        assert_eq!(Region::parse("{x:1}", |_| false).unwrap().contig, "x:1");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in
            ["", "chr1:", "chr1:x", "chr1:2-1", "chr1:1-2-3", "chr1:+5", "{chr1}x", "chr1:1,0x"]
        {
            assert!(Region::parse(text, |_| false).is_err(), "{text}");
        }
    }
}

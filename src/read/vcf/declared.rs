//! What a header declares: the words that reading and judging share.

use std::fmt;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::model::ValueType;

/// What the header declares.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// Major and minor version; none where the first line does not tell.
    pub version: Option<(u32, u32)>,
    /// INFO definitions, in order.
    pub info: Vec<Definition>,
    /// FORMAT definitions, in order.
    pub format: Vec<Definition>,
    /// FILTER ids, in order.
    pub filters: Vec<String>,
    /// Contigs, in order.
    pub contigs: Vec<Contig>,
    /// Sample names, in order.
    pub samples: Vec<String>,
    /// Fields that a record has to have: 8, or 9 with FORMAT, and one for each sample.
    pub field_count: usize,
    /// Whether the `#CHROM` line is there and sound, so that records can be read.
    pub readable: bool,
    /// Lines of the header, the `#CHROM` line included.
    pub lines: u64,
    /// The places of the INFO definitions, once they are asked for.
    pub(super) info_places: OnceLock<Places>,
    /// Those of the FORMAT definitions.
    pub(super) format_places: OnceLock<Places>,
}

/// Where the definition of each key stands.
pub(super) type Places = FxHashMap<Box<[u8]>, u32>;

/// A contig line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contig {
    /// Its ID.
    pub id: String,
    /// Its length, where one is given that is a number.
    pub length: Option<u64>,
}

/// An INFO or FORMAT definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its ID.
    pub key: String,
    /// Its Type.
    pub value: ValueType,
    /// Whether its Type is Character, which is read as String.
    pub is_character: bool,
    /// Its Number.
    pub number: Number,
    /// Its Description, without quotes; empty where there is none.
    pub description: String,
}

/// How many values a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// This many.
    Count(u32),
    /// One per ALT allele.
    A,
    /// One per allele, REF included.
    R,
    /// One per genotype.
    G,
    /// One per allele of GT (VCF 4.4).
    P,
    /// One per local ALT allele (VCF 4.5).
    LA,
    /// One per local allele, REF included (VCF 4.5).
    LR,
    /// One per genotype of local alleles (VCF 4.5).
    LG,
    /// One per possible base modification (VCF 4.5).
    M,
    /// `.`: any number.
    Any,
}

impl Number {
    /// The number of that spelling.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "A" => Some(Self::A),
            "R" => Some(Self::R),
            "G" => Some(Self::G),
            "P" => Some(Self::P),
            "LA" => Some(Self::LA),
            "LR" => Some(Self::LR),
            "LG" => Some(Self::LG),
            "M" => Some(Self::M),
            "." => Some(Self::Any),
            _ if text.starts_with('+') => None,
            _ => text.parse().ok().map(Self::Count),
        }
    }

    /// The first minor version that has it.
    pub fn first_version(self) -> u32 {
        match self {
            Self::R => 2,
            Self::P => 4,
            Self::LA | Self::LR | Self::LG | Self::M => 5,
            _ => 0,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::A => f.write_str("A"),
            Self::R => f.write_str("R"),
            Self::G => f.write_str("G"),
            Self::P => f.write_str("P"),
            Self::LA => f.write_str("LA"),
            Self::LR => f.write_str("LR"),
            Self::LG => f.write_str("LG"),
            Self::M => f.write_str("M"),
            Self::Any => f.write_str("."),
        }
    }
}

impl Header {
    /// The minor version by which records are judged: that of the file, or 2 where it has none of
    /// VCF 4.0 to 4.5.
    pub fn minor(&self) -> u32 {
        match self.version {
            Some((4, minor @ 0..=5)) => minor,
            _ => 2,
        }
    }

    /// Where the definition of an INFO key stands. The header is not to change any more.
    pub fn info_place(&self, key: &[u8]) -> Option<usize> {
        self.info_places.get_or_init(|| places(&self.info)).get(key).map(|it| *it as usize)
    }

    /// The definition of a FORMAT key. The header is not to change any more.
    pub fn format_definition(&self, key: &[u8]) -> Option<&Definition> {
        let place = *self.format_places.get_or_init(|| places(&self.format)).get(key)?;
        self.format.get(place as usize)
    }

    /// Whether the file has none: it begins with something else than `#`, and is hardly a VCF
    /// file.
    pub fn is_absent(&self) -> bool {
        self.lines == 0
    }
}

/// The place of each key; of two, the first.
fn places(definitions: &[Definition]) -> Places {
    let mut places = Places::default();
    for (place, it) in (0..).zip(definitions) {
        places.entry(it.key.as_bytes().into()).or_insert(place);
    }
    places
}

impl Definition {
    /// Whether a record holds a list of values.
    pub fn is_list(&self) -> bool {
        !matches!(self.number, Number::Count(0 | 1)) && self.value != ValueType::Flag
    }
}

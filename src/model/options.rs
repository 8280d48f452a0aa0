//! Checked options. Wire and terminal forms become these at the edge; nothing behind it meets an optional option.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{Error, Result};

/// The format of a store's input files, fixed when the store is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreFormat {
    /// Tab- or otherwise separated values with a schema.
    Tsv,
    /// Variant Call Format 4.0 to 4.5.
    Vcf,
    /// Generic Feature Format 3.
    Gff,
}

impl StoreFormat {
    /// The API's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tsv => "TSV",
            Self::Vcf => "VCF",
            Self::Gff => "GFF",
        }
    }
}

impl fmt::Display for StoreFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StoreFormat {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "TSV" => Ok(Self::Tsv),
            "VCF" => Ok(Self::Vcf),
            "GFF" => Ok(Self::Gff),
            _ => Err(Error::invalid(format!(
                "storeFormat is `{text}`, but has to be one of GFF, TSV, VCF"
            ))),
        }
    }
}

/// The API's `vcfOptions`, resolved. Both default to false.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VcfOptions {
    /// Store null instead of QUAL.
    pub ignore_qual_field: bool,
    /// Store null instead of FILTER.
    pub ignore_filter_field: bool,
}

/// What the rows of a TSV store stand for: which columns give a position, and how it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnnotationType {
    /// Rows without a position.
    Generic,
    /// A one-based position.
    ChrPos,
    /// A one-based position with alleles.
    ChrPosRefAlt,
    /// A one-based start and end, both included.
    ChrStartEndOneBase,
    /// The same with alleles.
    ChrStartEndRefAltOneBase,
    /// A zero-based start, and an end that is not included.
    ChrStartEndZeroBase,
    /// The same with alleles.
    ChrStartEndRefAltZeroBase,
}

impl AnnotationType {
    /// All of them, in the order of the API.
    pub const ALL: [Self; 7] = [
        Self::Generic,
        Self::ChrPos,
        Self::ChrPosRefAlt,
        Self::ChrStartEndOneBase,
        Self::ChrStartEndRefAltOneBase,
        Self::ChrStartEndZeroBase,
        Self::ChrStartEndRefAltZeroBase,
    ];

    /// The API's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generic => "GENERIC",
            Self::ChrPos => "CHR_POS",
            Self::ChrPosRefAlt => "CHR_POS_REF_ALT",
            Self::ChrStartEndOneBase => "CHR_START_END_ONE_BASE",
            Self::ChrStartEndRefAltOneBase => "CHR_START_END_REF_ALT_ONE_BASE",
            Self::ChrStartEndZeroBase => "CHR_START_END_ZERO_BASE",
            Self::ChrStartEndRefAltZeroBase => "CHR_START_END_REF_ALT_ZERO_BASE",
        }
    }

    /// The type of that spelling.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether its rows have alleles.
    pub fn has_alleles(self) -> bool {
        self.required_keys().contains(&HeaderKey::Ref)
    }

    /// The keys of `formatToHeader` that it cannot do without.
    pub fn required_keys(self) -> &'static [HeaderKey] {
        use HeaderKey::{Alt, Chr, End, Pos, Ref, Start};
        match self {
            Self::Generic => &[],
            Self::ChrPos => &[Chr, Pos],
            Self::ChrPosRefAlt => &[Chr, Pos, Ref, Alt],
            Self::ChrStartEndOneBase | Self::ChrStartEndZeroBase => &[Chr, Start, End],
            Self::ChrStartEndRefAltOneBase | Self::ChrStartEndRefAltZeroBase => {
                &[Chr, Start, End, Ref, Alt]
            }
        }
    }
}

/// A key of `formatToHeader`: the role that a column of the schema plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HeaderKey {
    /// The contig.
    Chr,
    /// The first position.
    Start,
    /// The last position, or the one behind it.
    End,
    /// The reference allele.
    Ref,
    /// The alternate alleles.
    Alt,
    /// The only position.
    Pos,
}

impl HeaderKey {
    /// All of them, in the order of the API.
    pub const ALL: [Self; 6] = [Self::Chr, Self::Start, Self::End, Self::Ref, Self::Alt, Self::Pos];

    /// The API's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chr => "CHR",
            Self::Start => "START",
            Self::End => "END",
            Self::Ref => "REF",
            Self::Alt => "ALT",
            Self::Pos => "POS",
        }
    }

    /// The key of that spelling.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// The type of a column of a TSV store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// 64-bit integer.
    Long,
    /// 32-bit integer.
    Int,
    /// Text.
    String,
    /// 32-bit float.
    Float,
    /// 64-bit float.
    Double,
    /// True or false.
    Boolean,
}

impl ColumnType {
    /// All of them, in the order of the API.
    pub const ALL: [Self; 6] =
        [Self::Long, Self::Int, Self::String, Self::Float, Self::Double, Self::Boolean];

    /// The API's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Long => "LONG",
            Self::Int => "INT",
            Self::String => "STRING",
            Self::Float => "FLOAT",
            Self::Double => "DOUBLE",
            Self::Boolean => "BOOLEAN",
        }
    }

    /// The type of that spelling.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// A column of a TSV store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaColumn {
    /// `[a-z0-9_]{1,255}`, unique within the schema.
    pub name: String,
    /// What it holds.
    pub data_type: ColumnType,
}

/// The API's `tsvStoreOptions` and `tsvVersionOptions`, checked: the schema has 1 to 5,000 columns, and every role that the
/// annotation type needs is played by one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TsvStoreOptions {
    /// What the rows stand for.
    pub annotation_type: AnnotationType,
    /// Which column plays which role.
    pub format_to_header: BTreeMap<HeaderKey, String>,
    /// The columns in the order of the file.
    pub schema: Vec<SchemaColumn>,
}

/// The API's `readOptions` as given, with lengths checked. A member that was not given is none: what stands for it is the TSV
/// reader's decision, since it differs with whether `readOptions` were given at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// What separates fields.
    pub sep: Option<String>,
    /// The character encoding.
    pub encoding: Option<String>,
    /// The character that quotes a field.
    pub quote: Option<String>,
    /// Kept and shown; says something about writing only.
    pub quote_all: Option<bool>,
    /// The character that escapes a quote.
    pub escape: Option<String>,
    /// Kept and shown; says something about writing only.
    pub escape_quotes: Option<bool>,
    /// The character that begins a comment.
    pub comment: Option<String>,
    /// Whether the first line is a header.
    pub header: Option<bool>,
    /// What ends a line.
    pub line_sep: Option<String>,
}

/// The API's `formatOptions` of an import job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatOptions {
    /// `tsvOptions`, and its `readOptions` where given.
    Tsv(Option<ReadOptions>),
    /// `vcfOptions`.
    Vcf(VcfOptions),
}

impl FormatOptions {
    /// Refuses options of another format than the store's.
    pub fn check_fits(&self, format: StoreFormat) -> Result<()> {
        let (member, own) = match self {
            Self::Tsv(_) => ("tsvOptions", StoreFormat::Tsv),
            Self::Vcf(_) => ("vcfOptions", StoreFormat::Vcf),
        };
        if own == format {
            return Ok(());
        }
        let message =
            format!("formatOptions.{member} is given, but the store's format is {format}");
        let help = match format {
            StoreFormat::Tsv => "give formatOptions.tsvOptions or none",
            StoreFormat::Vcf => "give formatOptions.vcfOptions or none",
            StoreFormat::Gff => "leave formatOptions out: GFF files have no options",
        };
        Err(Error::invalid(message).with_help(help))
    }
}

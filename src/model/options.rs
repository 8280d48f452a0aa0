//! Checked options. Requests and flags become these at the edge; nothing behind it meets an
//! optional option.

use std::collections::BTreeMap;

use super::shape::{Form, Shape, object};
use super::words::words;
use super::{Error, Result};

words! {
    /// The format of a store's input files, fixed when the store is made.
    pub enum StoreFormat {
        /// Generic Feature Format 3.
        Gff = "GFF",
        /// Tab- or otherwise separated values with a schema.
        Tsv = "TSV",
        /// Variant Call Format 4.0 to 4.5.
        Vcf = "VCF",
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

words! {
    /// What the rows of a TSV store stand for: which columns give a position, and how it counts.
    pub enum AnnotationType {
        /// Rows without a position.
        Generic = "GENERIC",
        /// A one-based position.
        ChrPos = "CHR_POS",
        /// A one-based position with alleles.
        ChrPosRefAlt = "CHR_POS_REF_ALT",
        /// A one-based start and end, both included.
        ChrStartEndOneBase = "CHR_START_END_ONE_BASE",
        /// A one-based start and end, both included, with alleles.
        ChrStartEndRefAltOneBase = "CHR_START_END_REF_ALT_ONE_BASE",
        /// A zero-based start, and an end that is not included.
        ChrStartEndZeroBase = "CHR_START_END_ZERO_BASE",
        /// A zero-based start, and an end that is not included, with alleles.
        ChrStartEndRefAltZeroBase = "CHR_START_END_REF_ALT_ZERO_BASE",
    }
}

impl AnnotationType {
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

words! {
    /// A key of `formatToHeader`: the role that a column of the schema plays.
    pub enum HeaderKey {
        /// The contig.
        Chr = "CHR",
        /// The first position.
        Start = "START",
        /// The last position, or the one behind it.
        End = "END",
        /// The reference allele.
        Ref = "REF",
        /// The alternate alleles.
        Alt = "ALT",
        /// The only position.
        Pos = "POS",
    }
}

words! {
    /// The type of a column of a TSV store.
    pub enum ColumnType {
        /// 64-bit integer.
        Long = "LONG",
        /// 32-bit integer.
        Int = "INT",
        /// Text.
        String = "STRING",
        /// 32-bit float.
        Float = "FLOAT",
        /// 64-bit float.
        Double = "DOUBLE",
        /// True or false.
        Boolean = "BOOLEAN",
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

/// The API's `tsvStoreOptions` and `tsvVersionOptions`, checked: the schema has 1 to 5,000
/// columns, and every role that the annotation type needs is played by one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TsvStoreOptions {
    /// What the rows stand for.
    pub annotation_type: AnnotationType,
    /// Which column plays which role.
    pub format_to_header: BTreeMap<HeaderKey, String>,
    /// The columns in the order of the file.
    pub schema: Vec<SchemaColumn>,
}

/// Why no column plays a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleFault<'a> {
    /// The role is not given.
    NotGiven,
    /// The schema has no column of the name that is given.
    NoColumn(&'a str),
    /// A position has to be a whole number, and the column is of another type.
    NotWhole(&'a SchemaColumn),
}

impl TsvStoreOptions {
    /// Columns that every table has besides those of its schema.
    pub const OWN_COLUMNS: [&'static str; 2] = ["importjobid", "information"];

    /// The column that plays a role.
    pub fn role(&self, key: HeaderKey) -> Result<&SchemaColumn, RoleFault<'_>> {
        let name = self.format_to_header.get(&key).ok_or(RoleFault::NotGiven)?;
        let column = self.schema.iter().find(|it| it.name == *name);
        let column = column.ok_or(RoleFault::NoColumn(name))?;
        let is_position = matches!(key, HeaderKey::Pos | HeaderKey::Start | HeaderKey::End);
        if is_position && !matches!(column.data_type, ColumnType::Int | ColumnType::Long) {
            return Err(RoleFault::NotWhole(column));
        }
        Ok(column)
    }

    /// Whether the store makes a column of this name itself: the values of the file would be lost.
    pub fn makes_column(&self, name: &str) -> bool {
        let adds_end =
            matches!(self.annotation_type, AnnotationType::ChrPos | AnnotationType::ChrPosRefAlt);
        Self::OWN_COLUMNS.contains(&name) || adds_end && name == "end"
    }
}

const CHARACTER: Shape = Shape::Text(1..=1, Form::Any);
const SHORT: Shape = Shape::Text(1..=20, Form::Any);

object! {
    /// `readOptions`. What stands for a member that was not given is the TSV reader's decision,
    /// since it differs with whether `readOptions` were given at all.
    Structure ReadOptions {
        /// What separates fields.
        optional "sep" sep: String = SHORT;
        /// The character encoding.
        optional "encoding" encoding: String = SHORT;
        /// The character that quotes a field.
        optional "quote" quote: String = CHARACTER;
        /// Kept and shown; says something about writing only.
        optional "quoteAll" quote_all: bool = Shape::Boolean;
        /// The character that escapes a quote.
        optional "escape" escape: String = CHARACTER;
        /// Kept and shown; says something about writing only.
        optional "escapeQuotes" escape_quotes: bool = Shape::Boolean;
        /// The character that begins a comment.
        optional "comment" comment: String = CHARACTER;
        /// Whether the first line is a header.
        optional "header" header: bool = Shape::Boolean;
        /// What ends a line.
        optional "lineSep" line_sep: String = SHORT;
    }
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

//! Checked options. Wire and terminal forms become these at the edge; nothing behind it meets an optional option.

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

//! What tells a row of a version: the columns of its key.

use crate::merge::OpenVersion;
use crate::model::{Error, HeaderKey, Result, StoreFormat};
use crate::write::CoordinateNames;

/// What a key is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Key {
    /// What tells a row of such a store: a variant with its sample, a feature, a place with its
    /// alleles; all columns where rows have no place.
    #[default]
    Usual,
    /// All columns: rows are added and removed, and never changed.
    All,
    /// These columns.
    Columns(Vec<String>),
}

/// Columns that tell a variant in VCF, with its sample.
const VARIANT: [&str; 6] =
    ["contigname", "start", "end", "referenceallele", "alternatealleles", "sampleid"];
/// Columns that tell a feature of GFF.
const FEATURE: [&str; 6] = ["seqid", "start", "end", "type", "strand", "id"];

/// The columns that tell a row of a version where nobody names others; none for all columns.
fn usual_key(version: &OpenVersion) -> Option<Vec<String>> {
    let texts = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
    match version.format() {
        StoreFormat::Vcf => Some(texts(&VARIANT)),
        StoreFormat::Gff => Some(texts(&FEATURE)),
        StoreFormat::Tsv => {
            let CoordinateNames { contig, start, end } = version.coordinates()?;
            let roles = &version.tsv_options()?.format_to_header;
            let alleles = [HeaderKey::Ref, HeaderKey::Alt];
            let alleles = alleles.iter().filter_map(|it| roles.get(it).cloned());
            Some([contig, start, end].into_iter().chain(alleles).collect())
        }
    }
}

impl Key {
    /// Reads `variant`, `feature`, `all`, or names of columns with commas between them.
    pub fn parse(text: &str) -> Self {
        match text {
            "variant" | "feature" => Self::Usual,
            "all" => Self::All,
            text => Self::Columns(text.split(',').map(|it| it.trim().to_lowercase()).collect()),
        }
    }

    /// The columns of the key; none for all of them.
    pub fn columns(&self, sides: &[OpenVersion; 2]) -> Result<Option<Vec<String>>> {
        let [before, after] = sides;
        if before.format() != after.format() {
            let message = format!(
                "{} has rows of {}, and {} of {}",
                before.name(),
                before.format(),
                after.name(),
                after.format()
            );
            return Err(Error::invalid(message).with_help("compare versions of one store"));
        }
        match self {
            Self::Columns(names) => Ok(Some(names.clone())),
            Self::All => Ok(None),
            Self::Usual => {
                let (key, other) = (usual_key(before), usual_key(after));
                if key == other {
                    return Ok(key);
                }
                Err(Error::invalid("the places of rows have other columns in the two versions")
                    .with_help("say with --key which columns tell a row"))
            }
        }
    }
}

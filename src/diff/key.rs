//! What tells a row of a version: the columns of its key.

use std::sync::Arc;

use crate::catalog::Version;
use crate::model::{Error, HeaderKey, Result, StoreFormat};
use crate::query::{View, named};
use crate::write::CoordinateNames;

/// A version that is compared.
pub struct Side {
    /// Its name in SQL, in quotes.
    pub sql: String,
    /// Its name for people.
    pub name: String,
    format: StoreFormat,
    version: Version,
}

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

impl Side {
    /// Finds a version by its name.
    pub fn find(view: &Arc<dyn View>, name: &str) -> Result<Self> {
        let (store, version) = named(view.as_ref(), name)?;
        let sql = format!("{}.{}", quoted(&store.sql_name), quoted(version.as_str()));
        let shown = format!("{}.{version}", store.sql_name);
        let (version, _) = view.open(&store, &version)?;
        Ok(Self { sql, name: shown, format: store.format, version })
    }

    /// The columns of the place of a row; none where rows have none.
    pub fn coordinates(&self) -> Option<CoordinateNames> {
        match self.format {
            StoreFormat::Vcf => Some(CoordinateNames::vcf()),
            StoreFormat::Gff => Some(CoordinateNames::gff()),
            StoreFormat::Tsv => self.version.options.as_ref().and_then(CoordinateNames::tsv),
        }
    }

    /// How many rows it has.
    pub fn rows(&self) -> i64 {
        i64::try_from(self.version.row_count).unwrap_or(i64::MAX)
    }

    fn usual_key(&self) -> Option<Vec<String>> {
        let texts = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
        match self.format {
            StoreFormat::Vcf => Some(texts(&VARIANT)),
            StoreFormat::Gff => Some(texts(&FEATURE)),
            StoreFormat::Tsv => {
                let CoordinateNames { contig, start, end } = self.coordinates()?;
                let options = self.version.options.as_ref()?;
                let alleles = [HeaderKey::Ref, HeaderKey::Alt];
                let alleles =
                    alleles.iter().filter_map(|it| options.format_to_header.get(it).cloned());
                Some([contig, start, end].into_iter().chain(alleles).collect())
            }
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
    pub fn columns(&self, sides: &[Side; 2]) -> Result<Option<Vec<String>>> {
        let [before, after] = sides;
        if before.format != after.format {
            let message = format!(
                "{} has rows of {}, and {} of {}",
                before.name, before.format, after.name, after.format
            );
            return Err(Error::invalid(message).with_help("compare versions of one store"));
        }
        match self {
            Self::Columns(names) => Ok(Some(names.clone())),
            Self::All => Ok(None),
            Self::Usual => {
                let (key, other) = (before.usual_key(), after.usual_key());
                if key == other {
                    return Ok(key);
                }
                Err(Error::invalid("the places of rows have other columns in the two versions")
                    .with_help("say with --key which columns tell a row"))
            }
        }
    }
}

/// A name as SQL takes it whatever is in it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

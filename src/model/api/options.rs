//! Options of TSV stores and of imports, as requests and answers have them.

use std::collections::BTreeMap;

use serde::Serializer;

use crate::model::shape::{Form, Shape, object};
use crate::model::{
    self, AnnotationType, ColumnType, HeaderKey, ReadOptions, SchemaColumn, pattern,
};

use Form::{Any, Of};
use Shape::{Boolean, List, Map, Text, Word};

/// Columns that a TSV store has at most.
pub const MAX_COLUMNS: usize = 5000;
/// Characters that the name of a column has at most.
pub const MAX_COLUMN_NAME: usize = 255;

const COLUMN: Shape = Map(&COLUMN_NAME, &Word(ColumnType::WORDS), 1..=1);
const COLUMN_NAME: Shape = Text(
    1..=MAX_COLUMN_NAME,
    Of(pattern::is_column_name, "lower-case letters, digits and underscores"),
);

object! {
    /// `tsvStoreOptions` and `tsvVersionOptions`
    Structure TsvStoreOptions {
        /// `annotationType`
        required "annotationType" annotation_type: String = Word(AnnotationType::WORDS);
        /// `formatToHeader`: has to have the keys that the annotation type needs.
        #[serde(serialize_with = "by_role")]
        optional "formatToHeader" format_to_header: BTreeMap<String, String> =
            Map(&Word(HeaderKey::WORDS), &Text(0..=1000, Any), 0..=HeaderKey::ALL.len());
        /// `schema`: a list of maps with one entry each.
        required "schema" schema: Vec<BTreeMap<String, String>> = List(&COLUMN, 1..=MAX_COLUMNS);
    }
}

/// Writes roles in the order in which rows have them: contig, place, alleles.
#[allow(clippy::ref_option)] // serde hands over the member as it is
fn by_role<S: Serializer>(
    roles: &Option<BTreeMap<String, String>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut roles: Vec<_> = roles.iter().flatten().collect();
    roles.sort_by_key(|(key, _)| HeaderKey::parse(key));
    serializer.collect_map(roles)
}

impl TsvStoreOptions {
    /// The options in checked form; none where there is no schema, or one with types that are not
    /// the API's. Rows are GENERIC where their type is not known, as for the service. Whether
    /// roles and columns belong together is for the caller to say.
    pub fn resolve(&self) -> Option<model::TsvStoreOptions> {
        let kind = self.annotation_type.as_deref().and_then(AnnotationType::parse);
        let roles = self.format_to_header.iter().flatten();
        let column = |(name, data_type): (&String, &String)| {
            Some(SchemaColumn { name: name.clone(), data_type: ColumnType::parse(data_type)? })
        };
        Some(model::TsvStoreOptions {
            annotation_type: kind.unwrap_or(AnnotationType::Generic),
            format_to_header: roles
                .filter_map(|(key, column)| Some((HeaderKey::parse(key)?, column.clone())))
                .collect(),
            schema: self.schema.as_ref()?.iter().flatten().map(column).collect::<Option<_>>()?,
        })
    }
}

impl From<&model::TsvStoreOptions> for TsvStoreOptions {
    fn from(it: &model::TsvStoreOptions) -> Self {
        let roles = it.format_to_header.iter();
        let roles: BTreeMap<_, _> =
            roles.map(|(key, column)| (key.as_str().to_owned(), column.clone())).collect();
        let column = |it: &SchemaColumn| {
            BTreeMap::from([(it.name.clone(), it.data_type.as_str().to_owned())])
        };
        Self {
            annotation_type: Some(it.annotation_type.as_str().to_owned()),
            format_to_header: Some(roles).filter(|it| !it.is_empty()),
            schema: Some(it.schema.iter().map(column).collect()),
        }
    }
}

object! {
    /// `formatOptions`
    Union FormatOptions {
        /// `tsvOptions`
        optional "tsvOptions" tsv_options: TsvOptions = TsvOptions::SHAPE;
        /// `vcfOptions`
        optional "vcfOptions" vcf_options: VcfOptions = VcfOptions::SHAPE;
    }
}

impl FormatOptions {
    /// The options in checked form; none where there are none.
    pub fn resolve(&self) -> Option<model::FormatOptions> {
        if let Some(vcf) = &self.vcf_options {
            return Some(model::FormatOptions::Vcf(model::VcfOptions {
                ignore_qual_field: vcf.ignore_qual_field.unwrap_or_default(),
                ignore_filter_field: vcf.ignore_filter_field.unwrap_or_default(),
            }));
        }
        let tsv = self.tsv_options.as_ref()?;
        Some(model::FormatOptions::Tsv(tsv.read_options.clone()))
    }
}

impl From<&model::FormatOptions> for FormatOptions {
    fn from(it: &model::FormatOptions) -> Self {
        match it {
            model::FormatOptions::Tsv(read_options) => {
                let tsv = TsvOptions { read_options: read_options.clone() };
                Self { tsv_options: Some(tsv), vcf_options: None }
            }
            model::FormatOptions::Vcf(it) => {
                let vcf = VcfOptions {
                    ignore_qual_field: Some(it.ignore_qual_field),
                    ignore_filter_field: Some(it.ignore_filter_field),
                };
                Self { tsv_options: None, vcf_options: Some(vcf) }
            }
        }
    }
}

object! {
    /// `tsvOptions`
    Structure TsvOptions {
        /// `readOptions`
        optional "readOptions" read_options: ReadOptions = ReadOptions::SHAPE;
    }
}

object! {
    /// `vcfOptions`
    Structure VcfOptions {
        /// `ignoreQualField`: false where absent.
        optional "ignoreQualField" ignore_qual_field: bool = Boolean;
        /// `ignoreFilterField`: false where absent.
        optional "ignoreFilterField" ignore_filter_field: bool = Boolean;
    }
}

//! The JSON texts of the catalog: options, bounds, contigs, words.
//!
//! Their types are of the disk alone. What an earlier program wrote is read for ever, so their
//! members keep their names; `PRAGMA user_version` numbers them together with the tables.

use std::collections::BTreeMap;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Row, ToSql};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::failure::damaged;
use super::resource::ContigBounds;
use crate::model::{
    AnnotationType, ColumnType, FormatOptions, HeaderKey, NullMarks, ReadOptions, Result,
    SchemaColumn, TsvSettings, TsvStoreOptions, VcfOptions,
};
use crate::read::fasta::Contig;

/// A value that a statement writes as JSON.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(text.into())
    }
}

/// The value of a JSON text, which an error calls `what`.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str, what: &str) -> Result<T> {
    read(&row.get::<_, String>(column)?, what)
}

/// The value of a JSON text, where there is one.
pub(super) fn optional_json<T: DeserializeOwned>(
    row: &Row<'_>,
    column: &str,
    what: &str,
) -> Result<Option<T>> {
    row.get::<_, Option<String>>(column)?.map(|text| read(&text, what)).transpose()
}

fn read<T: DeserializeOwned>(text: &str, what: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| damaged(what, text))
}

/// `["chr1", lowest start, highest end, rows]`
#[derive(Deserialize, Serialize)]
pub(super) struct BoundsText(String, i64, i64, u64);

impl From<&ContigBounds> for BoundsText {
    fn from(bounds: &ContigBounds) -> Self {
        Self(bounds.contig.clone(), bounds.min_start, bounds.max_end, bounds.rows)
    }
}

impl From<BoundsText> for ContigBounds {
    fn from(BoundsText(contig, min_start, max_end, rows): BoundsText) -> Self {
        Self { contig, min_start, max_end, rows }
    }
}

/// `["chr1", length, offset, bases of a line, width of a line, "md5"]`
#[derive(Deserialize, Serialize)]
pub(super) struct ContigText(String, u64, u64, u64, u64, String);

impl From<&Contig> for ContigText {
    fn from(it: &Contig) -> Self {
        let (name, md5) = (it.name.clone(), it.md5.clone());
        Self(name, it.length, it.offset, it.line_bases, it.line_width, md5)
    }
}

impl From<ContigText> for Contig {
    fn from(text: ContigText) -> Self {
        let ContigText(name, length, offset, line_bases, line_width, md5) = text;
        Self { name, length, offset, line_bases, line_width, md5 }
    }
}

/// `{"type": "CHR_POS", "roles": {"CHR": "chrom", ...}, "schema": [["chrom", "STRING"], ...]}`
#[derive(Deserialize, Serialize)]
pub(super) struct StoreOptionsText {
    #[serde(rename = "type")]
    annotation_type: String,
    roles: BTreeMap<String, String>,
    schema: Vec<(String, String)>,
}

impl From<&TsvStoreOptions> for StoreOptionsText {
    fn from(options: &TsvStoreOptions) -> Self {
        let roles = options.format_to_header.iter();
        let schema = options.schema.iter();
        Self {
            annotation_type: options.annotation_type.as_str().to_owned(),
            roles: roles.map(|(key, column)| (key.as_str().to_owned(), column.clone())).collect(),
            schema: schema
                .map(|column| (column.name.clone(), column.data_type.as_str().to_owned()))
                .collect(),
        }
    }
}

impl TryFrom<StoreOptionsText> for TsvStoreOptions {
    type Error = crate::model::Error;

    fn try_from(text: StoreOptionsText) -> Result<Self> {
        let annotation_type = AnnotationType::parse(&text.annotation_type)
            .ok_or_else(|| damaged("annotation type", &text.annotation_type))?;
        let role = |(key, column): (String, String)| {
            let role = HeaderKey::parse(&key).ok_or_else(|| damaged("role of a column", &key))?;
            Ok((role, column))
        };
        let column = |(name, word): (String, String)| {
            let data_type =
                ColumnType::parse(&word).ok_or_else(|| damaged("type of a column", &word))?;
            Ok(SchemaColumn { name, data_type })
        };
        Ok(Self {
            annotation_type,
            format_to_header: text.roles.into_iter().map(role).collect::<Result<_>>()?,
            schema: text.schema.into_iter().map(column).collect::<Result<_>>()?,
        })
    }
}

/// `{"vcf": [true, false]}` (whether QUAL and FILTER are ignored), or `{"tsv": null or {...}}`
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FormatOptionsText {
    Vcf(bool, bool),
    Tsv(Option<ReadOptionsText>),
}

#[derive(Deserialize, Serialize)]
pub(super) struct ReadOptionsText(#[serde(with = "ReadOptionsMembers")] ReadOptions);

#[derive(Deserialize, Serialize)]
#[serde(remote = "ReadOptions")]
struct ReadOptionsMembers {
    sep: Option<String>,
    encoding: Option<String>,
    quote: Option<String>,
    quote_all: Option<bool>,
    escape: Option<String>,
    escape_quotes: Option<bool>,
    comment: Option<String>,
    header: Option<bool>,
    line_sep: Option<String>,
}

impl From<&FormatOptions> for FormatOptionsText {
    fn from(options: &FormatOptions) -> Self {
        match options {
            FormatOptions::Vcf(it) => Self::Vcf(it.ignore_qual_field, it.ignore_filter_field),
            FormatOptions::Tsv(read) => Self::Tsv(read.clone().map(ReadOptionsText)),
        }
    }
}

impl From<FormatOptionsText> for FormatOptions {
    fn from(text: FormatOptionsText) -> Self {
        match text {
            FormatOptionsText::Vcf(ignore_qual_field, ignore_filter_field) => {
                Self::Vcf(VcfOptions { ignore_qual_field, ignore_filter_field })
            }
            FormatOptionsText::Tsv(read) => Self::Tsv(read.map(|ReadOptionsText(read)| read)),
        }
    }
}

/// `{"null_marks": [".", "NA"], "read": null or {...}}`
#[derive(Deserialize, Serialize)]
pub(super) struct SettingsText {
    null_marks: Vec<String>,
    read: Option<ReadOptionsText>,
}

impl From<&TsvSettings> for SettingsText {
    fn from(settings: &TsvSettings) -> Self {
        Self {
            null_marks: settings.null_marks.as_slice().to_vec(),
            read: settings.read_options.clone().map(ReadOptionsText),
        }
    }
}

impl From<SettingsText> for TsvSettings {
    fn from(text: SettingsText) -> Self {
        Self {
            null_marks: NullMarks::of_checked(text.null_marks),
            read_options: text.read.map(|ReadOptionsText(read)| read),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What programs of form 1 to 3 wrote, members in whatever order.
    #[test]
    fn texts_of_before_are_read_and_written_as_they_are() {
        let both = |text: &str| {
            let options: FormatOptions = read::<FormatOptionsText>(text, "option").unwrap().into();
            assert_eq!(serde_json::to_string(&FormatOptionsText::from(&options)).unwrap(), text);
            options
        };
        let vcf = VcfOptions { ignore_qual_field: true, ignore_filter_field: false };
        assert_eq!(both(r#"{"vcf":[true,false]}"#), FormatOptions::Vcf(vcf));
        assert_eq!(both(r#"{"tsv":null}"#), FormatOptions::Tsv(None));
        let given = both(concat!(
            r#"{"tsv":{"sep":";","encoding":null,"quote":"'","quote_all":false,"escape":null,"#,
            r#""escape_quotes":null,"comment":"\\","header":true,"line_sep":"\n"}}"#,
        ));
        let FormatOptions::Tsv(Some(given)) = given else { panic!("{given:?}") };
        assert_eq!((given.sep.as_deref(), given.quote_all), (Some(";"), Some(false)));
        let text = r#"{"roles": {"POS": "pos", "CHR": "c"}, "type": "CHR_POS",
            "schema": [["c", "STRING"], ["pos", "LONG"]]}"#;
        let options = TsvStoreOptions::try_from(read::<StoreOptionsText>(text, "").unwrap());
        let options = options.unwrap();
        assert_eq!(options.format_to_header[&HeaderKey::Chr], "c");
        let again = serde_json::to_value(StoreOptionsText::from(&options)).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(text).unwrap());
        let text = r#"{"null_marks":[".","NA"],"read":null}"#;
        let settings = TsvSettings::from(read::<SettingsText>(text, "").unwrap());
        assert_eq!(serde_json::to_string(&SettingsText::from(&settings)).unwrap(), text);
        for wrong in ["", "{}", r#"{"gff":null}"#, r#"{"vcf":[true]}"#] {
            assert!(read::<FormatOptionsText>(wrong, "option").is_err(), "{wrong}");
        }
    }
}

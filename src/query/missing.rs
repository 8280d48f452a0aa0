//! Names of columns that no table of a statement has.

use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::catalog::TableProvider;
use datafusion::common::SchemaError;

use super::attributes::{INFO_COLUMN, header_key};
use super::columns::{plain, without_marks};
use super::fields::spelled;
use super::names::{has_near, nearest};
use super::version_table::VersionTable;
use super::words::line;
use crate::model::Error;

/// How many names with signs in them a message lists.
const MEANT: usize = 3;

/// The error of a name that no column has, or several have, with what may be meant.
pub fn schema_error(error: &SchemaError, sources: &[Arc<VersionTable>]) -> Error {
    match error {
        SchemaError::FieldNotFound { field, valid_fields } => {
            if valid_fields.iter().any(|it| it.name != field.name && plain(&it.name) == field.name)
            {
                return Error::invalid(format!("column `{}` is ambiguous", field.name))
                    .with_help("the subquery has several of this name: name them with AS");
            }
            let message = format!("there is no column `{}`", field.flat_name().escape_debug());
            if let Some(help) = key_of_info(&field.name, sources) {
                return Error::invalid(message).with_help(help);
            }
            let meant = names_with_part(&field.name, sources);
            if !meant.is_empty() {
                return Error::invalid(message).with_help(format!(
                    "did you mean {}? A name with other signs than letters, digits and _ goes in \
                     double quotes",
                    meant.join(", ")
                ));
            }
            // A qualifier tells nothing where there is one table only.
            let mut tables: Vec<_> = valid_fields.iter().map(|it| &it.relation).collect();
            tables.dedup();
            let name = |it: &datafusion::common::Column| match tables.len() {
                0 | 1 => it.name.clone(),
                _ => it.flat_name(),
            };
            let names: Vec<_> = valid_fields.iter().map(|it| without_marks(&name(it))).collect();
            let known = nearest(&field.name, names.iter().map(String::as_str));
            // Trino takes what stands in double quotes for a name.
            let is_near = has_near(&field.name, names.iter().map(String::as_str));
            let text = if is_near { "" } else { "; a text stands in single quotes" };
            let all = match sources {
                [table] if known.ends_with(" more") => {
                    format!("; `DESCRIBE {}` lists all", table.name())
                }
                _ => String::new(),
            };
            Error::invalid(message).with_help(format!("the columns are {known}{all}{text}"))
        }
        SchemaError::AmbiguousReference { field } => {
            Error::invalid(format!("column `{}` is in more than one table", field.name))
                .with_help("write the table before it, as in t.column")
        }
        other => Error::invalid(line(&other.to_string())),
    }
}

/// The columns and fields that have this as a part between other signs, as `af-afr` has `afr`: the
/// parser takes `info.af-afr` for a difference.
fn names_with_part(part: &str, sources: &[Arc<VersionTable>]) -> Vec<String> {
    let is_sign = |it: char| !it.is_alphanumeric() && it != '_';
    let is_meant = |it: &FieldRef| {
        it.name().contains(is_sign) && it.name().split(is_sign).any(|piece| piece == part)
    };
    let mut found = Vec::new();
    for table in sources {
        for column in TableProvider::schema(table.as_ref()).fields() {
            if is_meant(column) {
                found.push(spelled(column));
            }
            if let DataType::Struct(fields) = column.data_type() {
                let fields = fields.iter().filter(|it| is_meant(it));
                found.extend(fields.map(|it| format!("{}.{}", column.name(), spelled(it))));
            }
        }
    }
    found.truncate(MEANT);
    found
}

/// How to ask for a key of INFO that was taken for a column.
fn key_of_info(name: &str, sources: &[Arc<VersionTable>]) -> Option<String> {
    let key = sources.iter().find_map(|table| {
        let schema = TableProvider::schema(table.as_ref());
        let DataType::Struct(keys) = schema.field_with_name(INFO_COLUMN).ok()?.data_type() else {
            return None;
        };
        keys.iter().find(|it| it.name().eq_ignore_ascii_case(name)).cloned()
    })?;
    let (field, text) = (spelled(&key), header_key(&key));
    Some(format!("it is a key of INFO: info.{field} is its value, attributes['{text}'] its text"))
}

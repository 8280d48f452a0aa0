//! `tsvStoreOptions` and `tsvVersionOptions`: the schema of a TSV store and the roles of its columns.

use std::collections::{BTreeMap, BTreeSet};

use super::request;
use super::validate::{excerpt, one_of, required, text, wrong};
use crate::model::{
    AnnotationType, ColumnType, Error, HeaderKey, Result, SchemaColumn, TsvStoreOptions, pattern,
};

/// Columns that every table has besides those of the schema.
const OWN_COLUMNS: [&str; 2] = ["importjobid", "information"];

/// Checks the options. `member` is the path that errors name them by, such as `storeOptions.tsvStoreOptions`.
pub fn check_tsv_options(member: &str, options: &request::TsvOptions) -> Result<TsvStoreOptions> {
    let path = format!("{member}.annotationType");
    let annotation_type = one_of(
        &path,
        required(&path, options.annotation_type.as_deref())?,
        AnnotationType::parse,
        &AnnotationType::ALL.map(AnnotationType::as_str),
    )?;
    let path = format!("{member}.schema");
    let schema = check_schema(&path, required(&path, options.schema.as_deref())?)?;
    let path = format!("{member}.formatToHeader");
    let format_to_header = check_roles(&path, annotation_type, &options.format_to_header, &schema)?;
    let checked = TsvStoreOptions { annotation_type, format_to_header, schema };
    check_clashes(member, &checked)?;
    Ok(checked)
}

fn check_schema(path: &str, schema: &[BTreeMap<String, String>]) -> Result<Vec<SchemaColumn>> {
    if !(1..=5000).contains(&schema.len()) {
        return Err(Error::invalid(format!(
            "{path} has {} columns, but may have 1 to 5000",
            schema.len()
        ))
        .with_help(
            "list the columns of the file in their order, as [{\"name\": \"STRING\"}, ...]",
        ));
    }
    let mut columns = Vec::with_capacity(schema.len());
    let mut seen = BTreeSet::new();
    for (index, entry) in schema.iter().enumerate() {
        let column = check_column(&format!("{path}[{index}]"), entry)?;
        if !seen.insert(column.name.clone()) {
            return Err(Error::invalid(format!(
                "{path}[{index}] is a second column `{}`",
                column.name
            ))
            .with_help("give each column a name of its own"));
        }
        columns.push(column);
    }
    Ok(columns)
}

fn check_column(path: &str, entry: &BTreeMap<String, String>) -> Result<SchemaColumn> {
    let mut entries = entry.iter();
    let (Some((name, data_type)), None) = (entries.next(), entries.next()) else {
        return Err(Error::invalid(format!(
            "{path} has {} entries, but has to have exactly one",
            entry.len()
        ))
        .with_help("write one map per column: [{\"chrom\": \"STRING\"}, {\"pos\": \"LONG\"}]"));
    };
    if !pattern::is_column_name(name) {
        let what = format!("the column name in {path}");
        return Err(wrong(&what, name, "1 to 255 lower-case letters, digits and underscores"));
    }
    let all = ColumnType::ALL.map(ColumnType::as_str);
    let data_type = one_of(&format!("{path}.{name}"), data_type, ColumnType::parse, &all)?;
    Ok(SchemaColumn { name: name.clone(), data_type })
}

fn check_roles(
    path: &str,
    annotation_type: AnnotationType,
    given: &BTreeMap<String, String>,
    schema: &[SchemaColumn],
) -> Result<BTreeMap<HeaderKey, String>> {
    let mut roles = BTreeMap::new();
    for (key, column) in given {
        let all = HeaderKey::ALL.map(HeaderKey::as_str);
        let key = one_of(&format!("a key of {path}"), key, HeaderKey::parse, &all)?;
        let member = format!("{path}.{}", key.as_str());
        text(&member, column, 0..=1000)?;
        check_role(&member, key, column, schema)?;
        roles.insert(key, column.clone());
    }
    match annotation_type.required_keys().iter().find(|it| !roles.contains_key(it)) {
        None => Ok(roles),
        Some(missing) => {
            let keys: Vec<_> =
                annotation_type.required_keys().iter().map(|it| it.as_str()).collect();
            Err(Error::invalid(format!("{path} has no key {}", missing.as_str())).with_help(
                format!(
                    "annotation type {} needs {}: say which column of the schema each one is",
                    annotation_type.as_str(),
                    keys.join(", ")
                ),
            ))
        }
    }
}

fn check_role(member: &str, key: HeaderKey, column: &str, schema: &[SchemaColumn]) -> Result<()> {
    let Some(found) = schema.iter().find(|it| it.name == column) else {
        return Err(Error::invalid(format!(
            "{member} is `{}`, which is no column of the schema",
            excerpt(column)
        ))
        .with_help("name a column as the schema spells it, not as the header of the file does"));
    };
    let is_position = matches!(key, HeaderKey::Pos | HeaderKey::Start | HeaderKey::End);
    if is_position && !matches!(found.data_type, ColumnType::Int | ColumnType::Long) {
        return Err(Error::invalid(format!(
            "{member} is column `{column}` of type {}, but a position is a whole number",
            found.data_type.as_str()
        ))
        .with_help("make the column LONG or INT"));
    }
    Ok(())
}

/// Columns that the service would overwrite in every row: the file's values would be lost.
fn check_clashes(member: &str, options: &TsvStoreOptions) -> Result<()> {
    let makes_end =
        matches!(options.annotation_type, AnnotationType::ChrPos | AnnotationType::ChrPosRefAlt);
    for (index, column) in options.schema.iter().enumerate() {
        let name = column.name.as_str();
        if OWN_COLUMNS.contains(&name) || (name == "end" && makes_end) {
            return Err(Error::invalid(format!(
                "{member}.schema[{index}] is named `{name}`, a column that the store makes itself"
            ))
            .with_help("give the column another name: columns go by their place in the file, not by their name there"));
        }
    }
    Ok(())
}

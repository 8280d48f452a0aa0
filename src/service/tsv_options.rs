//! What the schema of a TSV store and the roles of its columns ask of each other.

use std::collections::BTreeSet;

use crate::model::{
    AnnotationType, ColumnType, Error, HeaderKey, Result, SchemaColumn, TsvStoreOptions, excerpt,
};

/// Columns that every table has besides those of the schema.
const OWN_COLUMNS: [&str; 2] = ["importjobid", "information"];

/// Checks the options. `member` is the path that errors name them by, such as
/// `storeOptions.tsvStoreOptions`.
pub(super) fn check_tsv_options(member: &str, options: &TsvStoreOptions) -> Result<()> {
    check_names(member, &options.schema)?;
    check_roles(&format!("{member}.formatToHeader"), options)?;
    check_clashes(member, options)
}

fn check_names(member: &str, schema: &[SchemaColumn]) -> Result<()> {
    let mut seen = BTreeSet::new();
    match schema.iter().enumerate().find(|(_, column)| !seen.insert(&column.name)) {
        None => Ok(()),
        Some((index, column)) => Err(Error::invalid(format!(
            "{member}.schema[{index}] is a second column `{}`",
            column.name
        ))
        .with_help("give each column a name of its own")),
    }
}

fn check_roles(path: &str, options: &TsvStoreOptions) -> Result<()> {
    for (key, column) in &options.format_to_header {
        check_role(&format!("{path}.{key}"), *key, column, &options.schema)?;
    }
    let needed = options.annotation_type.required_keys();
    match needed.iter().find(|it| !options.format_to_header.contains_key(it)) {
        None => Ok(()),
        Some(missing) => {
            let keys: Vec<_> = needed.iter().map(|it| it.as_str()).collect();
            Err(Error::invalid(format!("{path} has no key {missing}")).with_help(format!(
                "annotation type {} needs {}: say which column of the schema each one is",
                options.annotation_type,
                keys.join(", ")
            )))
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
            .with_help(
                "give the column another name: columns go by their place in the file, not by \
                 their name there",
            ));
        }
    }
    Ok(())
}

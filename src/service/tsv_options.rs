//! What the schema of a TSV store and the roles of its columns ask of each other.

use std::collections::BTreeSet;

use crate::model::{Error, HeaderKey, Result, RoleFault, TsvStoreOptions, excerpt};

/// Checks the options. `member` is the path that errors name them by, such as
/// `storeOptions.tsvStoreOptions`.
pub(super) fn check_tsv_options(member: &str, options: &TsvStoreOptions) -> Result<()> {
    check_names(&format!("{member}.schema"), options)?;
    let path = format!("{member}.formatToHeader");
    let needed = options.annotation_type.required_keys();
    for key in options.format_to_header.keys().chain(needed) {
        options.role(*key).map_err(|fault| wrong_role(&path, *key, fault, options))?;
    }
    Ok(())
}

fn check_names(path: &str, options: &TsvStoreOptions) -> Result<()> {
    let mut seen = BTreeSet::new();
    for (index, column) in options.schema.iter().enumerate() {
        let name = column.name.as_str();
        if !seen.insert(name) {
            return Err(Error::invalid(format!("{path}[{index}] is a second column `{name}`"))
                .with_help("give each column a name of its own"));
        }
        if options.makes_column(name) {
            return Err(Error::invalid(format!(
                "{path}[{index}] is named `{name}`, a column that the store makes itself"
            ))
            .with_help(
                "give the column another name: columns go by their place in the file, not by \
                 their name there",
            ));
        }
    }
    Ok(())
}

fn wrong_role(path: &str, key: HeaderKey, fault: RoleFault, options: &TsvStoreOptions) -> Error {
    match fault {
        RoleFault::NotGiven => {
            let kind = options.annotation_type;
            let keys: Vec<_> = kind.required_keys().iter().map(|it| it.as_str()).collect();
            Error::invalid(format!("{path} has no key {key}")).with_help(format!(
                "annotation type {kind} needs {}: say which column of the schema each one is",
                keys.join(", ")
            ))
        }
        RoleFault::NoColumn(name) => Error::invalid(format!(
            "{path}.{key} is `{}`, which is no column of the schema",
            excerpt(name)
        ))
        .with_help("name a column as the schema spells it, not as the header of the file does"),
        RoleFault::NotWhole(column) => Error::invalid(format!(
            "{path}.{key} is column `{}` of type {}, but a position is a whole number",
            column.name, column.data_type
        ))
        .with_help("make the column LONG or INT"),
    }
}

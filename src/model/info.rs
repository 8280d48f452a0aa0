//! The typed columns that a version keeps for the INFO keys its files declare.

use super::{Error, ErrorKind, Result};

/// The type of an INFO column. `Character` is kept as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// 64-bit integer: a VCF has 32 bits by its specification, but rs numbers are past them.
    Integer,
    /// 64-bit float: 32 bits misfire on `<= 0.001` and underflow on p-values.
    Float,
    /// UTF-8 text.
    String,
    /// Present or not.
    Flag,
}

impl ValueType {
    /// The spelling of a VCF header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "Integer",
            Self::Float => "Float",
            Self::String => "String",
            Self::Flag => "Flag",
        }
    }
}

/// One field of the `info` struct of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InfoColumn {
    /// The key as the header spells it: `AF`.
    pub key: String,
    /// The name of the struct's field: the key in lower case, `af`; with a suffix `_2`, `_3`, ...
    /// where two keys differ in case only.
    pub name: String,
    /// The type of a value.
    pub value: ValueType,
    /// Whether a record holds a list of values (every `Number` but 0 and 1).
    pub list: bool,
    /// The Parquet field id: the same in all files of the version. The list's element has this id
    /// plus one.
    pub field_id: i32,
}

/// Field ids of INFO columns begin here; those below belong to the fixed columns.
const FIRST_INFO_ID: i32 = 10_000;

/// Gives each declared key its column: that of the version where the version has the key already,
/// a new one otherwise.
///
/// Field ids are derived from the key alone, so that two imports that add columns at the same time
/// agree without talking. Returns the columns of this file, in the order of `declared`. A column
/// that is Float in the version takes an Integer key; any other difference in type or list-ness is
/// refused, since one column cannot hold both.
pub fn assign_columns(
    version: &[InfoColumn],
    declared: &[(String, ValueType, bool)],
) -> Result<Vec<InfoColumn>> {
    let mut all = version.to_vec();
    let mut file = Vec::with_capacity(declared.len());
    for (key, value, list) in declared {
        let column = match version.iter().find(|it| it.key == *key) {
            Some(known) => compatible(known, *value, *list)?,
            None => new_column(&all, key, *value, *list),
        };
        all.push(column.clone());
        file.push(column);
    }
    Ok(file)
}

/// The columns of a version after a file with `added` columns joined it, or why it may not.
pub fn merge_columns(version: &[InfoColumn], added: &[InfoColumn]) -> Result<Vec<InfoColumn>> {
    let mut all = version.to_vec();
    for column in added {
        match all.iter().find(|it| it.key == column.key) {
            Some(known) => {
                compatible(known, column.value, column.list)?;
            }
            None if all
                .iter()
                .any(|it| it.name == column.name || it.field_id == column.field_id) =>
            {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    "another import changed the columns of the version meanwhile",
                )
                .with("key", &column.key)
                .with_help("start the import again"));
            }
            None => all.push(column.clone()),
        }
    }
    Ok(all)
}

fn compatible(known: &InfoColumn, value: ValueType, list: bool) -> Result<InfoColumn> {
    let widens = known.value == ValueType::Float && value == ValueType::Integer;
    if known.list == list && (known.value == value || widens) {
        return Ok(known.clone());
    }
    let form = |value: ValueType, list: bool| {
        format!("{}{}", if list { "a list of " } else { "one " }, value.as_str())
    };
    Err(Error::new(
        ErrorKind::Conflict,
        format!(
            "the header declares INFO key {} as {}, but the version already keeps it as {}",
            known.key,
            form(value, list),
            form(known.value, known.list),
        ),
    )
    .with("key", &known.key)
    .with_help(
        "import the file into a version of its own, or make both headers declare the key alike",
    ))
}

fn new_column(all: &[InfoColumn], key: &str, value: ValueType, list: bool) -> InfoColumn {
    let base = key.to_lowercase();
    let taken = |name: &str| all.iter().any(|it| it.name == name);
    let mut name = base.clone();
    let mut suffix = 1;
    while taken(&name) {
        suffix += 1;
        name = format!("{base}_{suffix}");
    }
    let mut field_id = hashed_id(key);
    while all.iter().any(|it| it.field_id == field_id) {
        field_id = FIRST_INFO_ID + (field_id - FIRST_INFO_ID + 2) % (1 << 30);
    }
    InfoColumn { key: key.to_owned(), name, value, list, field_id }
}

/// FNV-1a, cut to an even number below 2^30.
fn hashed_id(key: &str) -> i32 {
    let hash = key
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    FIRST_INFO_ID + i32::try_from((hash >> 3) << 1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(keys: &[(&str, ValueType, bool)]) -> Vec<(String, ValueType, bool)> {
        keys.iter().map(|(key, value, list)| ((*key).to_owned(), *value, *list)).collect()
    }

    #[test]
    fn keys_that_differ_in_case_get_names_of_their_own() {
        let columns = assign_columns(
            &[],
            &declared(&[("DP", ValueType::Integer, false), ("dp", ValueType::Float, false)]),
        )
        .unwrap();
        assert_eq!(columns[0].name, "dp");
        assert_eq!(columns[1].name, "dp_2");
        assert_ne!(columns[0].field_id, columns[1].field_id);
    }

    #[test]
    fn a_key_keeps_its_id_whatever_comes_before_it() {
        let alone = assign_columns(&[], &declared(&[("AF", ValueType::Float, true)])).unwrap();
        let later = assign_columns(
            &[],
            &declared(&[("AC", ValueType::Integer, true), ("AF", ValueType::Float, true)]),
        )
        .unwrap();
        assert_eq!(alone[0].field_id, later[1].field_id);
        assert_eq!(alone[0].field_id % 2, 0);
    }

    #[test]
    fn an_integer_goes_into_a_float_column_but_not_the_other_way() {
        let float = assign_columns(&[], &declared(&[("X", ValueType::Float, false)])).unwrap();
        assert_eq!(
            assign_columns(&float, &declared(&[("X", ValueType::Integer, false)])).unwrap()[0]
                .value,
            ValueType::Float
        );
        let integer = assign_columns(&[], &declared(&[("X", ValueType::Integer, false)])).unwrap();
        assert_eq!(
            assign_columns(&integer, &declared(&[("X", ValueType::Float, false)]))
                .unwrap_err()
                .kind(),
            ErrorKind::Conflict
        );
    }

    #[test]
    fn a_list_and_a_scalar_do_not_share_a_column() {
        let scalar = assign_columns(&[], &declared(&[("X", ValueType::String, false)])).unwrap();
        assert!(assign_columns(&scalar, &declared(&[("X", ValueType::String, true)])).is_err());
    }
}

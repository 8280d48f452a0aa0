//! The typed columns that a version keeps for the INFO keys its files declare.

use std::collections::{HashMap, HashSet};

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

/// INFO columns that a version has at most: each costs every file that has it, whatever is in it.
/// Real files declare a tenth of this.
pub const MAX_COLUMNS: usize = 10_000;

/// Field ids of INFO columns begin here; those below belong to the fixed columns.
const FIRST_INFO_ID: i32 = 10_000;

/// Gives each declared key its column: that of the version where the version has the key already,
/// a new one otherwise.
///
/// Field ids are derived from the key alone, so that two imports that add columns at the same time
/// agree without talking. Returns the columns of this file, in the order of `declared`; once the
/// version has [`MAX_COLUMNS`], the keys that follow have none. A column that is Float in the
/// version takes an Integer key; any other difference in type or list-ness is refused, since one
/// column cannot hold both.
pub fn assign_columns(
    version: &[InfoColumn],
    declared: &[(String, ValueType, bool)],
) -> Result<Vec<InfoColumn>> {
    let known: HashMap<_, _> = version.iter().map(|it| (it.key.as_str(), it)).collect();
    let mut taken = TakenColumns::of(version);
    let mut room = MAX_COLUMNS.saturating_sub(version.len());
    let mut columns = Vec::new();
    let mut declared = declared.iter();
    for (key, value, list) in declared.by_ref() {
        match known.get(key.as_str()) {
            Some(known) => columns.push(compatible(known, *value, *list)?),
            None if room > 0 => {
                room -= 1;
                columns.push(taken.new_column(key, *value, *list));
            }
            None => break,
        }
    }
    // A column of the version that lacked the values of one file would tell half the truth.
    match declared.find(|it| known.contains_key(it.0.as_str())) {
        Some((key, ..)) => Err(too_many(key)),
        None => Ok(columns),
    }
}

fn too_many(key: &str) -> Error {
    let message = format!(
        "with the INFO keys of the header, the version would have more than {MAX_COLUMNS} columns"
    );
    Error::new(ErrorKind::Conflict, message)
        .with("key", key)
        .with_help("import the file into a version of its own, or declare fewer keys")
}

/// The columns of a version after a file with `added` columns joined it, or why it may not.
pub fn merge_columns(version: &[InfoColumn], added: &[InfoColumn]) -> Result<Vec<InfoColumn>> {
    let mut all = version.to_vec();
    let mut known: HashMap<_, _> = version.iter().map(|it| (it.key.as_str(), it)).collect();
    let mut names: HashSet<_> = version.iter().map(|it| it.name.as_str()).collect();
    let mut ids: HashSet<_> = version.iter().map(|it| it.field_id).collect();
    for column in added {
        if let Some(known) = known.get(column.key.as_str()) {
            compatible(known, column.value, column.list)?;
        } else if names.insert(&column.name) && ids.insert(column.field_id) {
            known.insert(&column.key, column);
            all.push(column.clone());
        } else {
            return Err(Error::new(
                ErrorKind::Conflict,
                "another import changed the columns of the version meanwhile",
            )
            .with("key", &column.key)
            .with_help("start the import again"));
        }
    }
    match added.last().filter(|_| all.len() > MAX_COLUMNS) {
        Some(last) => Err(too_many(&last.key)),
        None => Ok(all),
    }
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

/// The names and ids that columns have, so that each new one finds its own, however many there are
/// and however alike they are.
struct TakenColumns {
    names: HashSet<String>,
    /// For a key in lower case the suffix that was looked at last.
    suffixes: HashMap<String, u32>,
    /// For an id that is taken one behind it that may be free.
    ids: HashMap<i32, i32>,
}

impl TakenColumns {
    fn of(columns: &[InfoColumn]) -> Self {
        Self {
            names: columns.iter().map(|it| it.name.clone()).collect(),
            suffixes: HashMap::new(),
            ids: columns.iter().map(|it| (it.field_id, next_id(it.field_id))).collect(),
        }
    }

    fn new_column(&mut self, key: &str, value: ValueType, list: bool) -> InfoColumn {
        let base = key.to_lowercase();
        let suffix = self.suffixes.entry(base.clone()).or_default();
        let mut name = base.clone();
        loop {
            *suffix += 1;
            if *suffix > 1 {
                name = format!("{base}_{suffix}");
            }
            if self.names.insert(name.clone()) {
                break;
            }
        }
        InfoColumn {
            key: key.to_owned(),
            name,
            value,
            list,
            field_id: self.free_id(hashed_id(key)),
        }
    }

    /// The first free id from this one on.
    fn free_id(&mut self, from: i32) -> i32 {
        let (mut id, mut passed) = (from, Vec::new());
        while let Some(next) = self.ids.get(&id) {
            passed.push(id);
            id = *next;
        }
        let behind = next_id(id);
        self.ids.extend(passed.into_iter().chain([id]).map(|it| (it, behind)));
        id
    }
}

fn next_id(id: i32) -> i32 {
    FIRST_INFO_ID + (id - FIRST_INFO_ID + 2) % (1 << 30)
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
    fn many_keys_that_are_alike_get_names_and_ids_of_their_own() {
        let spelling = |number: usize| -> String {
            let upper = |at: usize| number >> at & 1 == 1;
            (0..16).map(|at| if upper(at) { 'A' } else { 'a' }).collect()
        };
        let mut keys: Vec<_> = (0..1 << 16).map(spelling).collect();
        keys.push("aaaaaaaaaaaaaaaa_7".to_owned());
        let declared: Vec<_> = keys.into_iter().map(|it| (it, ValueType::Integer, false)).collect();
        let mut taken = TakenColumns::of(&[]);
        let columns: Vec<_> =
            declared.iter().map(|it| taken.new_column(&it.0, it.1, it.2)).collect();
        let names: HashSet<_> = columns.iter().map(|it| &it.name).collect();
        let ids: HashSet<_> = columns.iter().map(|it| it.field_id).collect();
        assert_eq!((names.len(), ids.len()), (declared.len(), declared.len()));
        assert_eq!(assign_columns(&columns, &declared).unwrap(), columns);
    }

    #[test]
    fn a_version_has_so_many_columns_and_no_more() {
        let declared: Vec<_> =
            (0..MAX_COLUMNS + 5).map(|it| (format!("K{it}"), ValueType::Integer, false)).collect();
        let columns = assign_columns(&[], &declared).unwrap();
        assert_eq!(columns.len(), MAX_COLUMNS);
        assert_eq!(assign_columns(&columns, &declared).unwrap(), columns);
        assert_eq!(merge_columns(&columns, &columns).unwrap(), columns);
        assert_eq!(merge_columns(&[], &columns).unwrap(), columns);
        let other = [("NEW".to_owned(), ValueType::Flag, false)];
        assert!(assign_columns(&columns, &other).unwrap().is_empty());
        let new = assign_columns(&[], &other).unwrap();
        let refused = [
            merge_columns(&columns, &new).unwrap_err(),
            assign_columns(&columns, &[&other, &declared[..1]].concat()).unwrap_err(),
        ];
        for error in refused {
            assert_eq!(error.kind(), ErrorKind::Conflict);
            assert!(error.message().contains("more than 10000 columns") && error.help().is_some());
        }
    }

    #[test]
    fn ids_that_are_taken_are_passed() {
        let mut taken = TakenColumns::of(&[]);
        assert_eq!(
            [10_000, 10_000, 10_002, 10_000].map(|it| taken.free_id(it)),
            [10_000, 10_002, 10_004, 10_006]
        );
        let last = FIRST_INFO_ID + (1 << 30) - 2;
        assert_eq!([last, last].map(|it| taken.free_id(it)), [last, 10_008]);
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

//! The fields of a version: what they are called, where their values stand, and what of a field
//! belongs to which allele.

use arrow::datatypes::{DataType, Field as Column};

use super::entries::{EntryParts, EntryPath, Wanted};
use super::names::{END, check_key, key_of, map_key};
use super::request::{FieldRequest, With};
use crate::catalog::{DataFile, Version, VersionSnapshot};
use crate::model::{
    AnnotationKind, ColumnType, Error, HeaderKey, InfoColumn, Result, StoreFormat, TsvStoreOptions,
    ValueType,
};
use crate::query::nearest;
use crate::read::vcf::{Definition, Header, Number};
use crate::write::schema::{gff_schema, vcf_schema};

/// Where the values of a field stand in a data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the column of an INFO key, if it has one, and among the texts of others.
    Info {
        /// The key as the header spells it.
        key: String,
        /// The field of `info`.
        column: Option<String>,
        /// Whose entries the values are, and which of the parts between bars names the allele.
        entries: Option<(AnnotationKind, usize)>,
    },
    /// In a column.
    Column(String),
    /// In a map from text to text.
    Key {
        /// The column.
        column: String,
        /// The key.
        key: String,
    },
    /// In the entries of annotations.
    Entries {
        /// Whose.
        kind: AnnotationKind,
        /// Which entry, counted from one; all of them where none is named.
        place: Option<usize>,
        /// The column of an entry.
        column: String,
        /// The key within, where the column is a map.
        key: Option<String>,
    },
}

/// A field whose values are to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The INFO key that it becomes.
    pub key: String,
    /// Where its values stand.
    pub origin: Origin,
    /// How many values a row has.
    pub number: Number,
    /// What they are.
    pub value: ValueType,
    /// What they mean.
    pub description: String,
}

impl Field {
    /// Which entries of annotations of an allele the values are of; none where they are of none.
    pub fn entries(&self) -> Option<Wanted> {
        match self.origin {
            Origin::Entries { place: Some(place), .. } => Some(Wanted::Nth(place)),
            Origin::Entries { place: None, .. } | Origin::Info { entries: Some(_), .. } => {
                Some(Wanted::All)
            }
            _ => None,
        }
    }
}

/// What is known of a version's fields.
pub struct KnownFields<'a> {
    format: StoreFormat,
    version: &'a Version,
    options: Option<&'a TsvStoreOptions>,
    /// The definitions of INFO keys, the newest first.
    definitions: Vec<&'a Definition>,
    files: &'a [DataFile],
}

/// A field before it has the name that it becomes.
struct Unnamed {
    name: String,
    origin: Origin,
    number: Number,
    value: ValueType,
    description: String,
}

impl<'a> KnownFields<'a> {
    /// Those of a version of a store, whose files had these headers.
    pub fn new(of: &'a VersionSnapshot, headers: &'a [Header]) -> Self {
        let (format, version, files) = (of.store.format, &of.version, of.files.as_slice());
        let definitions = headers.iter().flat_map(|it| &it.info).collect();
        Self { format, version, options: version.options.as_ref(), definitions, files }
    }

    /// The fields that are asked for, with the names that they get.
    pub fn resolve(&self, with: &With) -> Result<Vec<Field>> {
        let named = |it: &FieldRequest| Ok((self.find(&it.field)?, it.name.clone()));
        let found = match with.fields.as_slice() {
            [] => self.all().into_iter().map(|it| (it, None)).collect(),
            asked => asked.iter().map(named).collect::<Result<Vec<_>>>()?,
        };
        if found.is_empty() {
            let message = format!("{} has no field to add", self.table());
            return Err(Error::invalid(message));
        }
        found
            .into_iter()
            .map(|(field, name)| {
                let name = name.unwrap_or_else(|| key_of(&field.name));
                let key = format!("{}{name}", with.prefix);
                check_key(&key)?;
                let Unnamed { origin, number, value, description, .. } = field;
                Ok(Field { key, origin, number, value, description })
            })
            .collect()
    }

    fn table(&self) -> String {
        format!("{}.{}", self.version.store_name, self.version.name)
    }

    /// All fields, where none is named.
    fn all(&self) -> Vec<Unnamed> {
        match self.format {
            StoreFormat::Vcf => {
                let columns = self.version.info_columns.iter().filter(|it| it.key != END);
                columns.map(|it| self.info(it)).collect()
            }
            StoreFormat::Tsv => {
                let roles = self.options.map(|it| &it.format_to_header);
                let is_role =
                    |name: &String| roles.is_some_and(|it| it.values().any(|role| role == name));
                let names = self.columns().into_iter().filter(|it| !is_role(it));
                names.filter_map(|it| self.column(&it)).collect()
            }
            StoreFormat::Gff => {
                ["type", "id", "name"].iter().filter_map(|it| self.column(it)).collect()
            }
        }
    }

    fn find(&self, asked: &str) -> Result<Unnamed> {
        let found = match self.format {
            StoreFormat::Vcf => self.find_in_vcf(asked)?,
            _ => self.find_in_columns(asked),
        };
        found.ok_or_else(|| self.unknown(asked))
    }

    fn find_in_vcf(&self, asked: &str) -> Result<Option<Unnamed>> {
        if let Some(path) = asked.strip_prefix("annotations.") {
            return self.of_entries(&EntryPath::of(path)?).map(Some);
        }
        let key = map_key(asked, "attributes").or_else(|| asked.strip_prefix("info."));
        if let Some(column) = self.info_column(key.unwrap_or(asked)) {
            return Ok(Some(self.info(column)));
        }
        let known = self.definitions.iter().find(|it| it.key == key.unwrap_or(asked));
        if let Some(definition) = known {
            return Ok(Some(of_definition(definition)));
        }
        if key.is_none()
            && let Some(column) = self.column(&asked.to_lowercase())
        {
            return Ok(Some(column));
        }
        Ok(self.undeclared(key.unwrap_or(asked)))
    }

    /// A key that some file may have without a definition.
    fn undeclared(&self, key: &str) -> Option<Unnamed> {
        let mut keys = self.files.iter().flat_map(|it| it.other_keys.iter().flatten());
        keys.any(|it| it == key).then(|| Unnamed {
            name: key.to_owned(),
            origin: Origin::Info { key: key.to_owned(), column: None, entries: None },
            number: Number::Any,
            value: ValueType::String,
            description: String::new(),
        })
    }

    /// The column of an INFO key, in any case where only one has it.
    fn info_column(&self, key: &str) -> Option<&InfoColumn> {
        let columns = &self.version.info_columns;
        if let Some(column) = columns.iter().find(|it| it.key == key || it.name == key) {
            return Some(column);
        }
        let mut alike = columns.iter().filter(|it| it.key.eq_ignore_ascii_case(key));
        alike.next().filter(|_| alike.next().is_none())
    }

    fn info(&self, column: &InfoColumn) -> Unnamed {
        let definition = self.definitions.iter().find(|it| it.key == column.key);
        let number = match (column.value, column.list) {
            (ValueType::Flag, _) => Number::Count(0),
            (_, false) => Number::Count(1),
            (_, true) => definition.map_or(Number::Any, |it| it.number),
        };
        let column_name = Some(column.name.clone());
        let entries = definition.and_then(|it| whole_entries(it));
        let number = if entries.is_some() { Number::Any } else { number };
        Unnamed {
            name: column.key.clone(),
            origin: Origin::Info { key: column.key.clone(), column: column_name, entries },
            number,
            value: column.value,
            description: definition.map_or_else(String::new, |it| it.description.clone()),
        }
    }

    /// The column of entries of annotations that a path names, or the field among the others of an
    /// entry; both also as VEP and SnpEff call them.
    fn of_entries(&self, path: &EntryPath<'_>) -> Result<Unnamed> {
        let EntryPath { kind, place, name } = *path;
        let parts = self.definitions.iter().filter_map(|it| EntryParts::of(it));
        let parts = parts.filter(|it| it.kind == kind).flat_map(|it| it.names);
        let parts: Vec<String> = parts.collect();
        let (column, key, field) = match (path.column(), map_key(name, EXTRAS)) {
            (Some(column), _) => (column.name, None, column.field),
            (None, key) => {
                let asked = key.unwrap_or(name);
                let found = parts.iter().find(|it| it.eq_ignore_ascii_case(asked));
                let field = found.ok_or_else(|| path.unknown(&parts))?;
                (EXTRAS, Some(field.to_lowercase()), field.as_str())
            }
        };
        Ok(Unnamed {
            name: key.clone().unwrap_or_else(|| name.to_owned()),
            number: if place.is_some() { Number::Count(1) } else { Number::Any },
            value: ValueType::String,
            description: format!("{field} of {}", kind.key()),
            origin: Origin::Entries { kind, place, column: column.to_owned(), key },
        })
    }

    fn find_in_columns(&self, asked: &str) -> Option<Unnamed> {
        for column in ["information", "attributes"] {
            if let Some(key) = map_key(asked, column) {
                let origin = Origin::Key { column: "information".to_owned(), key: key.to_owned() };
                let name = key.to_owned();
                let (number, value) = (Number::Any, ValueType::String);
                let description = format!("Attribute {key}");
                return Some(Unnamed { name, origin, number, value, description });
            }
        }
        self.column(asked).or_else(|| self.column(&asked.to_lowercase()))
    }

    /// The names of all columns that can be added.
    fn columns(&self) -> Vec<String> {
        match self.format {
            StoreFormat::Tsv => {
                let columns = self.options.map(|it| it.schema.as_slice()).unwrap_or_default();
                columns.iter().map(|it| it.name.clone()).collect()
            }
            StoreFormat::Gff => {
                let schema = gff_schema();
                let plain = schema.fields().iter().filter(|it| value_of(it).is_some());
                plain.map(|it| it.name().clone()).collect()
            }
            StoreFormat::Vcf => VCF_COLUMNS.map(str::to_owned).to_vec(),
        }
    }

    fn column(&self, name: &str) -> Option<Unnamed> {
        let column = if self.format == StoreFormat::Vcf && name == "id" { "names" } else { name };
        let (value, list) = match self.format {
            StoreFormat::Tsv => {
                let columns = self.options.map(|it| it.schema.as_slice())?;
                let column = columns.iter().find(|it| it.name == name)?;
                (value_of_type(column.data_type), false)
            }
            StoreFormat::Gff => value_of(gff_schema().field_with_name(name).ok()?)?,
            StoreFormat::Vcf if !VCF_COLUMNS.contains(&column) => return None,
            StoreFormat::Vcf => value_of(vcf_schema(&[]).field_with_name(column).ok()?)?,
        };
        Some(Unnamed {
            name: name.to_owned(),
            origin: Origin::Column(column.to_owned()),
            number: if list { Number::Any } else { Number::Count(1) },
            value,
            description: format!(
                "Column {name}{}",
                if self.is_start(name) { " (zero-based)" } else { "" }
            ),
        })
    }

    /// Whether a column has starts, which stores count from zero.
    fn is_start(&self, column: &str) -> bool {
        match self.format {
            StoreFormat::Gff => column == "start",
            StoreFormat::Vcf => false,
            StoreFormat::Tsv => [HeaderKey::Pos, HeaderKey::Start].iter().any(|role| {
                let named = self.options.and_then(|it| it.format_to_header.get(role));
                named.is_some_and(|it| it == column)
            }),
        }
    }

    fn unknown(&self, asked: &str) -> Error {
        let mut names: Vec<String> =
            self.version.info_columns.iter().map(|it| it.key.clone()).collect();
        names.extend(self.columns());
        let near = nearest(asked, names.iter().map(String::as_str));
        Error::invalid(format!("{} has no field `{}`", self.table(), asked.escape_debug()))
            .with_help(format!("its fields are {near}"))
    }
}

/// The column of an entry of annotations that has all other fields.
const EXTRAS: &str = "extras";

/// Whose entries the values of a key are, and which of their parts names the allele.
fn whole_entries(definition: &Definition) -> Option<(AnnotationKind, usize)> {
    EntryParts::of(definition).map(|it| (it.kind, it.allele))
}

/// The columns of VCF stores that can be added beside INFO.
const VCF_COLUMNS: [&str; 3] = ["names", "qual", "filters"];

fn of_definition(definition: &Definition) -> Unnamed {
    let entries = whole_entries(definition);
    Unnamed {
        name: definition.key.clone(),
        origin: Origin::Info { key: definition.key.clone(), column: None, entries },
        number: if entries.is_some() { Number::Any } else { definition.number },
        value: definition.value,
        description: definition.description.clone(),
    }
}

/// What the values of a column are, and whether a row has a list of them.
fn value_of(column: &Column) -> Option<(ValueType, bool)> {
    let of = |data_type: &DataType| match data_type {
        DataType::Utf8 | DataType::Boolean => Some(ValueType::String),
        DataType::Int32 | DataType::Int64 => Some(ValueType::Integer),
        DataType::Float64 => Some(ValueType::Float),
        _ => None,
    };
    match column.data_type() {
        DataType::List(element) => Some((of(element.data_type())?, true)),
        plain => Some((of(plain)?, false)),
    }
}

fn value_of_type(column: ColumnType) -> ValueType {
    match column {
        ColumnType::Long | ColumnType::Int => ValueType::Integer,
        ColumnType::Float | ColumnType::Double => ValueType::Float,
        ColumnType::String | ColumnType::Boolean => ValueType::String,
    }
}

/// The columns of REF and ALT of a version; none where its rows have no alleles.
pub fn allele_columns(
    format: StoreFormat,
    options: Option<&TsvStoreOptions>,
) -> Option<[String; 2]> {
    match format {
        StoreFormat::Vcf => Some(["referenceallele".to_owned(), "alternatealleles".to_owned()]),
        StoreFormat::Tsv => {
            let options = options.filter(|it| it.annotation_type.has_alleles())?;
            let role = |key| options.format_to_header.get(&key).cloned();
            Some([role(HeaderKey::Ref)?, role(HeaderKey::Alt)?])
        }
        StoreFormat::Gff => None,
    }
}

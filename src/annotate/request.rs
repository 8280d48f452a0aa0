//! What to add to the records of a file: stores, fields, and the names that they get.

use std::str::FromStr;

use crate::model::{Error, Result};

/// A store whose values are to be added, as `STORE[.VERSION][:FIELD[=NAME],...]` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct With {
    /// What SQL calls the store.
    pub store: String,
    /// Its version; the default one where none is named.
    pub version: Option<String>,
    /// What to add; all fields where none is named.
    pub fields: Vec<FieldRequest>,
    /// What the names of all its fields begin with.
    pub prefix: String,
}

/// A field that is to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRequest {
    /// What the store calls it: an INFO key, a column, or a place within one.
    pub field: String,
    /// The INFO key that it becomes; made of the field's name where none is given.
    pub name: Option<String>,
}

/// What to do where several rows of a store are of one variant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnMany {
    /// Take the first one.
    #[default]
    First,
    /// Take all of them: their values are joined, each once.
    All,
    /// End with an error.
    Error,
}

impl FromStr for With {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let malformed = |what: &str| {
            Error::invalid(format!("{what} in `{}`", text.escape_debug()))
                .with_help("write it as STORE, STORE.VERSION or STORE.VERSION:FIELD,FIELD=NAME")
        };
        let (table, fields) = match split_outside(text, ':').as_slice() {
            [table] => (*table, ""),
            [table, ..] => (*table, &text[table.len() + 1..]),
            [] => (text, ""),
        };
        let (store, version) = match split_outside(table, '.').as_slice() {
            [store] => (bare(store), None),
            [store, version] => (bare(store), Some(bare(version))),
            _ => return Err(malformed("there are too many full stops")),
        };
        if store.is_empty() || version.as_deref() == Some("") {
            return Err(malformed("a name is missing"));
        }
        let mut list = Vec::new();
        if !fields.is_empty() || table.len() < text.len() {
            for field in split_outside(fields, ',') {
                list.push(field.parse().map_err(|_: Error| malformed("a field is missing"))?);
            }
        }
        Ok(Self { store, version, fields: list, prefix: String::new() })
    }
}

impl FromStr for FieldRequest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (field, name) = match split_outside(text, '=').as_slice() {
            [field] => (field.trim(), None),
            [field, name] => (field.trim(), Some(name.trim().to_owned())),
            _ => return Err(Error::invalid("a field has several names")),
        };
        if field.is_empty() || name.as_deref() == Some("") {
            return Err(Error::invalid("a field has no name"));
        }
        Ok(Self { field: field.to_owned(), name })
    }
}

/// The parts of a text between separators that stand neither in quotes nor in brackets.
fn split_outside(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    let (mut depth, mut quote) = (0_usize, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) => quote = Some(open).filter(|it| *it != letter),
            (None, '\'' | '"') => quote = Some(letter),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, _) if letter == separator && depth == 0 => {
                parts.push(&text[from..at]);
                from = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// A name without the quotes that SQL puts around it.
fn bare(name: &str) -> String {
    let name = name.trim();
    let inner = name.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> With {
        text.parse().unwrap()
    }

    fn expected(store: &str, version: Option<&str>, fields: &[(&str, Option<&str>)]) -> With {
        let field = |(field, name): &(&str, Option<&str>)| FieldRequest {
            field: (*field).to_owned(),
            name: name.map(str::to_owned),
        };
        With {
            store: store.to_owned(),
            version: version.map(str::to_owned),
            fields: fields.iter().map(field).collect(),
            prefix: String::new(),
        }
    }

    #[test]
    fn stores_versions_and_fields_are_told_apart() {
        assert_eq!(with("clinvar"), expected("clinvar", None, &[]));
        assert_eq!(with("clinvar.v1"), expected("clinvar", Some("v1"), &[]));
        let named = [("AF", Some("G_AF")), ("AC", None)];
        assert_eq!(with("gnomad.v4:AF=G_AF, AC"), expected("gnomad", Some("v4"), &named));
        let nested = "annotations.vep[1].consequence";
        let text = format!("\"111122223333_calls\":{nested},attributes['a,b=c']=X");
        let fields = [(nested, None), ("attributes['a,b=c']", Some("X"))];
        assert_eq!(with(&text), expected("111122223333_calls", None, &fields));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", ".v1", "a.", "a:", "a:b,,c", "a:b=", "a:=b", "a:b=c=d", "a.b.c"] {
            assert!(text.parse::<With>().is_err(), "{text}");
        }
    }
}

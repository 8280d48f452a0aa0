//! How fields are called: names that become INFO keys, and keys within columns.

use crate::model::{Error, Result};

/// The key that says where a record ends, which no store can say for the file.
pub const END: &str = "END";

/// `KEY` of `column['KEY']`.
pub fn map_key<'a>(asked: &'a str, column: &str) -> Option<&'a str> {
    let inner = asked.strip_prefix(column)?.strip_prefix('[')?.strip_suffix(']')?;
    ['\'', '"'].iter().find_map(|it| inner.strip_prefix(*it)?.strip_suffix(*it))
}

/// A name as an INFO key may be spelled.
pub fn key_of(name: &str) -> String {
    let fits = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '.';
    let key: String = name.chars().map(|it| if fits(it) { it } else { '_' }).collect();
    let begins = key.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    if begins || key == "1000G" { key } else { format!("_{key}") }
}

/// Refuses a name that is no INFO key, or the one that says where a record ends.
pub fn check_key(key: &str) -> Result<()> {
    if key == END {
        let message = "INFO END says where a record of the file itself ends";
        return Err(Error::invalid(message)
            .with_help("give that of the store another name: END=NAME, or --prefix"));
    }
    if !key.is_empty() && key_of(key) == key {
        return Ok(());
    }
    Err(Error::invalid(format!("`{}` is no name for an INFO key", key.escape_debug()))
        .with_help("take letters, digits, `_` and `.`, and begin with a letter or `_`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_keys() {
        for (name, key) in [("AF", "AF"), ("1000G", "1000G"), ("2x", "_2x"), ("a b-c", "a_b_c")] {
            assert_eq!(key_of(name), key);
        }
        assert!(check_key("a;b").is_err() && check_key("").is_err() && check_key("AF_nfe").is_ok());
    }

    #[test]
    fn a_key_of_a_map_stands_in_quotes() {
        assert_eq!(map_key("attributes['A B']", "attributes"), Some("A B"));
        assert_eq!(map_key("information[\"x\"]", "information"), Some("x"));
        assert_eq!(map_key("attributes[x]", "attributes"), None);
    }
}

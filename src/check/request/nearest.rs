//! What a misspelt or misplaced name was meant to be.

use crate::model::shape::Member;

/// Characters of a name that is compared with others.
const COMPARED: usize = 64;

/// What Spark, SQL and others call members of `readOptions` and types of columns, in small
/// letters.
const SYNONYMS: [(&str, &str); 17] = [
    ("delimiter", "sep"),
    ("separator", "sep"),
    ("charset", "encoding"),
    ("quotechar", "quote"),
    ("escapechar", "escape"),
    ("commentchar", "comment"),
    ("lineseparator", "lineSep"),
    ("lineterminator", "lineSep"),
    ("hasheader", "header"),
    ("position", "POS"),
    ("integer", "INT"),
    ("bigint", "LONG"),
    ("text", "STRING"),
    ("varchar", "STRING"),
    ("real", "FLOAT"),
    ("bool", "BOOLEAN"),
    ("number", "DOUBLE"),
];

/// The word that is meant by a misspelt one, if any is near.
pub fn nearest<'a>(found: &str, words: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    if found.chars().nth(COMPARED).is_some() {
        return None;
    }
    let bare = bare(found);
    if let Some(same) = words.clone().find(|it| self::bare(it) == bare) {
        return Some(same);
    }
    let synonym = SYNONYMS.iter().find(|it| it.0 == bare).map(|it| it.1);
    if let Some(word) = words.clone().find(|it| Some(*it) == synonym) {
        return Some(word);
    }
    let distance = |word: &str| strsim::damerau_levenshtein(&bare, &self::bare(word));
    // One letter of a short word, two of a longer one.
    let allowed = bare.chars().count().div_ceil(4);
    words.map(|it| (distance(it), it)).filter(|it| it.0 <= allowed).min().map(|it| it.1)
}

/// What spellings have in common: `format_options`, `FormatOptions` and `formatOptions` are one.
fn bare(text: &str) -> String {
    text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Where in a request a member of this name stands, as a path of members.
pub fn path_to(members: &[Member], name: &str) -> Option<String> {
    for member in members {
        let inner = member.shape.members();
        if inner.iter().any(|it| it.name == name) {
            return Some(member.name.to_owned());
        }
        if let Some(path) = path_to(inner, name) {
            return Some(format!("{}.{path}", member.name));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::api::StartAnnotationImportJob;
    use crate::model::shape::Shaped;

    #[test]
    fn a_member_is_found_wherever_it_is() {
        let root = StartAnnotationImportJob::SHAPE;
        let path = "formatOptions.tsvOptions.readOptions";
        assert_eq!(path_to(root.members(), "sep").as_deref(), Some(path));
        assert_eq!(path_to(root.members(), "source"), None);
    }
}

//! The engine's messages in the words of SQL: its types, and what it says of them.

use arrow::datatypes::DataType;

use super::columns::without_marks;
use super::types::{quoted, sql_type};

/// The most characters of a message of DataFusion that are shown.
const LONGEST: usize = 240;

/// What DataFusion says, and what is said instead, with what stood in the gaps.
const PHRASES: [(&str, &str); 30] = [
    (
        "lambda defined {} params but UDF support only {}",
        "a lambda has {0} parameters where the function gives it {1}",
    ),
    ("Unsupported ast node in sqltorel: Lambda({}", "a lambda stands where no function takes one"),
    ("Cannot access field at argument {}: type {} is not", "a value of type {1} has no fields"),
    ("Cannot infer common argument type for comparison operation {}", "{0} cannot be compared"),
    ("Cannot infer common argument type for logical boolean operation {}", "{0} is not boolean"),
    ("Cannot infer common argument type for regex operation {}", "{0} is no match of texts"),
    ("Cannot infer common string type for string concat operation {}", "{0} cannot be joined"),
    ("Cannot coerce arithmetic expression {} to valid types", "{0} cannot be computed"),
    ("Cannot get result type for arithmetic operation {}: ", "{0} cannot be computed"),
    (
        "Cannot create filter with non-boolean predicate '{}' returning {}",
        "the condition `{0}` is {1}, and not boolean",
    ),
    ("Unsupported CAST from {} to {}", "{0} cannot be cast to {1}"),
    ("Unsupported TRY_CAST from {} to {}", "{0} cannot be cast to {1}"),
    ("Unsupported SQL type {}", "there is no type `{0}`"),
    (
        "There isn't a common type to coerce {} and {} in {} expression",
        "{2} does not take {0} and {1}",
    ),
    ("Can not find compatible types to compare {} with [{}]", "IN cannot compare {0} and {1}"),
    ("expr type {} can't cast to {} in InSubquery", "IN cannot compare {0} and {1}"),
    ("Failed to coerce types {} and {} in BETWEEN", "BETWEEN cannot compare {0} and {1}"),
    (
        "Failed to coerce case ({}) and when ({}) to common types in CASE",
        "CASE cannot compare {0} and {1}",
    ),
    (
        "Failed to coerce then ({}) and else ({}) to common types in CASE",
        "the results of a CASE are {0} and {1}, which have no common type",
    ),
    (
        "Incompatible inputs for Union: Previous inputs were of type {}, but got incompatible \
         type {} on column '{}'",
        "column `{2}` of the queries that are put together is {0} and {1}",
    ),
    ("{} expected a list as first argument, got {}", "`{0}` takes an array, not {1}"),
    ("Min/Max accumulator not implemented for type {}", "min and max do not take {0}"),
    (
        "Physical plan does not support logical expression WindowFunction{}",
        "window functions stand in SELECT and ORDER BY: compute it in a subquery, and ask for it \
         around that",
    ),
    (
        "Physical plan does not support logical expression {}",
        "the SQL asks for a subquery where none is supported",
    ),
    ("Cannot cast string '{}' to value of {} type", "'{0}' cannot be cast to {1}"),
    (
        "Column in SELECT must be in GROUP BY or an aggregate function: While expanding wildcard, \
         column \"{}\" must",
        "column `{0}` stands neither in GROUP BY nor in an aggregate function",
    ),
    (
        "Aggregate functions are not allowed in the WHERE clause",
        "aggregate functions stand in HAVING, and not in WHERE",
    ),
    ("Join condition must be boolean type, but got {}", "the condition of a join is {0}"),
    ("HAVING clause references: {} must appear", "{0} in HAVING is neither grouped nor aggregated"),
    ("Expected LIMIT to be an integer or null, but got {}", "LIMIT takes an integer, not {0}"),
];

/// A message that is known, in the words of SQL.
pub fn phrase(message: &str) -> Option<String> {
    let text = with_sql_types(&without_marks(message));
    let (gaps, template) =
        PHRASES.iter().find_map(|(said, instead)| Some((gaps(said, &text)?, instead)))?;
    let filled = gaps.iter().enumerate().fold((*template).to_owned(), |text, (number, gap)| {
        text.replace(&format!("{{{number}}}"), &as_written(gap))
    });
    Some(shortened(&filled))
}

/// The first line of a message, without DataFusion's prefixes, in the types of SQL, and the next
/// one where it ends in a colon.
pub fn line(message: &str) -> String {
    let mut lines = message.lines().map(str::trim).filter(|it| !it.is_empty());
    let first = lines.next().unwrap_or_default();
    let next = lines.next().filter(|_| first.ends_with(':'));
    let said = next.map_or_else(|| first.to_owned(), |next| format!("{first} {next}"));
    let mut text = said.as_str();
    for prefix in [
        "Error during planning: ",
        "Execution error: ",
        "External error: ",
        "Arrow error: ",
        "Compute error: ",
        "Cast error: ",
        "Parser error: ",
        "Execution error: ",
    ] {
        text = text.strip_prefix(prefix).unwrap_or(text);
    }
    phrase(text).unwrap_or_else(|| shortened(&with_sql_types(&without_marks(text))))
}

/// Some messages hold the types of whole tables.
pub fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What stands in the gaps `{}` of a pattern that the text begins with.
fn gaps<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut gaps = Vec::new();
    for part in parts {
        let end = if part.is_empty() { rest.len() } else { rest.find(part)? };
        gaps.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    Some(gaps)
}

/// An expression of DataFusion in the words of the statement, as far as that is simple: its alias,
/// or its field.
pub fn as_written(expression: &str) -> String {
    if let Some((_, alias)) = expression.rsplit_once(" AS ") {
        return alias.to_owned();
    }
    let field = expression.strip_prefix("get_field(").and_then(|it| it.strip_suffix("\"))"));
    match field.and_then(|it| it.rsplit_once(", Utf8(\"")) {
        Some((of, field)) => format!("{}.{field}", as_written(of)),
        None => with_sql_types(expression),
    }
}

/// DataFusion's `info[af][1]` as it is written, `info.af[1]`.
pub fn with_dots(expression: &str) -> String {
    let mut out = String::with_capacity(expression.len());
    for (at, piece) in expression.split('[').enumerate() {
        let field = piece.split_once(']').filter(|(name, _)| at > 0 && is_name(name));
        match field {
            Some((name, rest)) => out.extend([".", &quoted(name), rest]),
            None if at > 0 => out.extend(["[", piece]),
            None => out.push_str(piece),
        }
    }
    out
}

/// Whether it may be the name of a field, and is no index and no text.
fn is_name(text: &str) -> bool {
    text.contains(char::is_alphabetic) && !text.contains(['\'', '"', '(', ' '])
}

/// Types of Arrow that stand alone; with parentheses they are a constant of that type.
fn is_plain(name: &str) -> bool {
    let digits = name.trim_start_matches(|it: char| it.is_alphabetic());
    match &name[..name.len() - digits.len()] {
        "Int" | "UInt" => ["8", "16", "32", "64"].contains(&digits),
        "Float" => ["16", "32", "64"].contains(&digits),
        "Date" => ["32", "64"].contains(&digits),
        "Utf" | "LargeUtf" => digits == "8",
        "Boolean" => digits.is_empty(),
        _ => name == "Utf8View",
    }
}

/// Types of Arrow that tell more in parentheses.
fn is_nested(name: &str) -> bool {
    let lists = matches!(name, "List" | "LargeList" | "FixedSizeList");
    lists || matches!(name, "Struct" | "Map" | "Timestamp" | "Decimal128" | "Decimal256")
}

/// The text with the types of Arrow that are in it as SQL spells them. What stands in quotes is of
/// the statement or of the data, and stays.
pub fn with_sql_types(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let before = out.chars().next_back();
        let at_word = !before.is_some_and(|it| it.is_alphanumeric() || it == '_');
        let piece = if first == '\'' && at_word {
            rest[1..].find('\'').map_or(rest.len(), |it| it + 2)
        } else if at_word && first.is_ascii_uppercase() {
            let word = word_length(rest);
            let parenthesis = parenthesis_length(&rest[word..]);
            let (name, whole) = (&rest[..word], &rest[..word + parenthesis]);
            if is_plain(name) && parenthesis > 0 {
                out.push_str(&whole[word + 1..whole.len() - 1].replace('"', "'"));
            } else if is_plain(name) || is_nested(name) && parenthesis > 0 {
                out.push_str(&sql_type_named(whole));
            } else {
                out.push_str(name);
                rest = &rest[word..];
                continue;
            }
            rest = &rest[whole.len()..];
            continue;
        } else {
            first.len_utf8()
        };
        out.push_str(&rest[..piece]);
        rest = &rest[piece..];
    }
    out
}

fn word_length(text: &str) -> usize {
    text.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(text.len())
}

/// The bytes of the parenthesis that the text begins with, to the one that closes it.
fn parenthesis_length(text: &str) -> usize {
    if !text.starts_with('(') {
        return 0;
    }
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    0
}

/// A type that Arrow has written, as SQL spells it; its name alone where it cannot be read back.
pub fn sql_type_named(text: &str) -> String {
    match text.parse::<DataType>() {
        Ok(data_type) => sql_type(&data_type),
        Err(_) => match text.split('(').next().unwrap_or(text) {
            "Struct" => "row".to_owned(),
            "List" | "LargeList" | "FixedSizeList" => "array".to_owned(),
            other => other.to_lowercase(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_sql() {
        for (message, expected) in [
            ("got List(Float64, field: 'element') here", "got array(double) here"),
            ("Struct(\"a\": Int32, metadata: {\"k\": \"Utf8\"}) + Int64", "row + bigint"),
            ("there isn't a Utf8 for List(Int32)", "there isn't a varchar for array(integer)"),
            ("Cannot cast string 'Utf8' to Float64", "Cannot cast string 'Utf8' to double"),
            ("abs(Float64(0.5), Utf8(\"x\"))", "abs(0.5, 'x')"),
            ("Map(\"e\": non-null Struct(\"key\": Utf8)", "Map(\"e\": non-null row(key varchar)"),
            ("MyUtf8 List Struct", "MyUtf8 List Struct"),
        ] {
            assert_eq!(with_sql_types(message), expected);
        }
    }

    #[test]
    fn fields_are_written_with_dots() {
        for (name, written) in [
            ("t.info[af][1]", "t.info.af[1]"),
            ("t.info[af-afr]", "t.info.\"af-afr\""),
            ("t.attributes['AF']", "t.attributes['AF']"),
            ("x", "x"),
        ] {
            assert_eq!(with_dots(name), written);
        }
    }

    #[test]
    fn messages_that_are_known_have_words_of_their_own() {
        let said = "Cannot create filter with non-boolean predicate 'get_field(t.info, \
                    Utf8(\"af\"))' returning List(Float64, field: 'element')";
        let instead = "the condition `t.info.af` is array(double), and not boolean";
        assert_eq!(phrase(said).as_deref(), Some(instead));
        let said = "Cannot create filter with non-boolean predicate 'Int32(1)' returning Int32";
        assert_eq!(phrase(said).as_deref(), Some("the condition `1` is integer, and not boolean"));
        assert_eq!(phrase("something else"), None);
    }
}

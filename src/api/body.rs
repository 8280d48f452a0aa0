//! Requests as JSON text.

use jsonc_parser::ast::{Object, Value as Json};
use jsonc_parser::common::{Range, Ranged as _};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use serde::de::DeserializeOwned;

use crate::model::{Error, Result, excerpt};

/// Reads a request. An unknown member is an error, since a misspelt one would be ignored
/// otherwise. A member that is null counts as absent.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    let blanked = without_nulls(text);
    let text = blanked.as_deref().unwrap_or(text);
    let mut json = serde_json::Deserializer::from_str(text);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // serde names the lines of JSON text, which help a person who wrote a file.
        let path = error.path().to_string();
        let place = if path == "." { String::new() } else { format!("{}: ", excerpt(&path)) };
        wrong_request(&format!("{place}{}", with_short_values(&error.inner().to_string())))
    })?;
    json.end().map_err(|error| wrong_request(&error.to_string()))?;
    Ok(parsed)
}

fn wrong_request(what: &str) -> Error {
    Error::invalid(format!("the request is not what the API takes: {what}"))
        .with_help("spell members as in the API, in camelCase")
}

/// What serde says of a value or a name, with no more of it than recognizes it.
fn with_short_values(message: &str) -> String {
    for (begin, end) in [("`", "`, expected"), ("\"", "\", expected")] {
        if let Some((before, rest)) = message.split_once(begin)
            && let Some((value, after)) = rest.rsplit_once(end)
        {
            // Names and texts are escaped already, or harmless once they are escaped here.
            return format!("{before}{begin}{}{end}{after}", excerpt(value));
        }
    }
    message.to_owned()
}

/// The text with blanks where members are null, so that lines and columns stay what they are;
/// nothing where there are none, or where the text is no JSON.
fn without_nulls(text: &str) -> Option<String> {
    if !text.contains("null") {
        return None;
    }
    // Whoever nests deeper than serde reads is refused before the stack is used up.
    serde_json::from_str::<serde_json::Value>(text).ok()?;
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    let json = parse_to_ast(text, &collect, &ParseOptions::default()).ok()?.value?;
    let mut blanks = Vec::new();
    find_nulls(&json, &mut blanks);
    let mut blanked = text.as_bytes().to_vec();
    for byte in blanks.iter().flat_map(|it| it.start..it.end) {
        if blanked[byte] != b'\n' {
            blanked[byte] = b' ';
        }
    }
    String::from_utf8(blanked).ok()
}

fn find_nulls(json: &Json, blanks: &mut Vec<Range>) {
    match json {
        Json::Array(array) => array.elements.iter().for_each(|it| find_nulls(it, blanks)),
        Json::Object(object) => {
            blank_nulls_of(object, blanks);
            object.properties.iter().for_each(|it| find_nulls(&it.value, blanks));
        }
        _ => {}
    }
}

/// The bytes of the members that are null, each with the comma that parts it from another.
fn blank_nulls_of(object: &Object, blanks: &mut Vec<Range>) {
    let is_null = |at: usize| matches!(object.properties[at].value, Json::NullKeyword(_));
    let (mut kept_end, count) = (None, object.properties.len());
    for (at, property) in object.properties.iter().enumerate() {
        let range = property.range();
        if !is_null(at) {
            kept_end = Some(range.end);
        } else if let Some(next) = (at + 1..count).find(|it| !is_null(*it)) {
            blanks.push(Range::new(range.start, object.properties[next].range().start));
        } else {
            let start = kept_end.unwrap_or(object.properties[0].range().start);
            blanks.push(Range::new(start, range.end));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn members_that_are_null_are_absent() {
        for (text, expected) in [
            (r#"{"a": null}"#, json!({})),
            (r#"{"a": null, "b": 1}"#, json!({"b": 1})),
            (r#"{"a": 1, "b": null}"#, json!({"a": 1})),
            (r#"{"a": null,"b": null ,"c":null}"#, json!({})),
            (r#"{"a":1,"b":null,"c":null}"#, json!({"a": 1})),
            (r#"{"ä":null,"b":{"c":null,"d":[{"e":null},null]}}"#, json!({"b": {"d": [{}, null]}})),
            (r#"{"a": "null", "null": 1}"#, json!({"a": "null", "null": 1})),
            ("null", Value::Null),
        ] {
            assert_eq!(parse::<Value>(text).unwrap(), expected, "{text}");
        }
        // Lines and columns are those of the text, and a second member is still one.
        let error = parse::<Value>("{\"ä\": null,\n \"b\": 1x}").unwrap_err();
        assert!(error.to_string().contains("line 2 column 8"), "{error}");
    }

    #[test]
    fn deep_texts_are_refused() {
        assert!(parse::<Value>(&("[".repeat(1 << 20) + "null")).is_err());
    }

    #[test]
    fn messages_hold_little_of_a_request() {
        let long = "x y`, expected \u{1b}".repeat(50);
        for text in [
            json!({"name": "a", &long: 1}).to_string(),
            json!({"name": [], "tags": {&long: 1}}).to_string(),
            json!({"tags": long}).to_string(),
        ] {
            let error = parse::<crate::model::api::TagResource>(&text).unwrap_err().to_string();
            assert!(error.chars().count() < 400 && !error.contains('\u{1b}'), "{error}");
        }
    }
}

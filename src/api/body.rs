//! Requests as JSON text.

use serde::de::DeserializeOwned;

use crate::model::{Error, Result};

/// Reads a request. An unknown member is an error, since a misspelt one would be ignored
/// otherwise.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    let mut json = serde_json::Deserializer::from_str(text);
    let parsed = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        // serde names the lines of JSON text, which help a person who wrote a file.
        let path = error.path().to_string();
        let place = if path == "." { String::new() } else { format!("{path}: ") };
        wrong_request(&format!("{place}{}", error.inner()))
    })?;
    json.end().map_err(|error| wrong_request(&error.to_string()))?;
    Ok(parsed)
}

fn wrong_request(what: &str) -> Error {
    Error::invalid(format!("the request is not what the API takes: {what}"))
        .with_help("spell members as in the API, in camelCase")
}

//! Request and response bodies, named and spelled as in the API. Only these types are serialized.
//!
//! A response leaves out what does not exist: the reference of a GENERIC store, the completion time of a job that runs.

mod job;
mod options;
mod reference;
mod share;
mod store;
mod tag;
mod version;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::model::{Error, Result};

pub use job::{
    GetImportJobResponse, ImportItem, ImportItemDetail, ImportJobItem, JobFilter, ListJobsRequest,
    ListJobsResponse, StartImportRequest, StartImportResponse,
};
pub use options::{
    FormatOptions, ReadOptions, Reference, SseConfig, StoreOptions, TsvImportOptions, TsvOptions,
    VcfImportOptions, VersionOptions,
};
pub use reference::{ListReferencesResponse, ReferenceItem};
pub use share::{
    CreateShareRequest, CreateShareResponse, GetShareResponse, ListSharesRequest,
    ListSharesResponse, ShareDetails, ShareFilter, ShareStatusResponse,
};
pub use store::{
    CreateStoreRequest, CreateStoreResponse, DeleteStoreResponse, GetStoreResponse,
    ListStoresRequest, ListStoresResponse, StatusFilter, StoreItem, UpdateRequest,
    UpdateStoreResponse,
};
pub use tag::{TagRequest, TagsResponse};
pub use version::{
    CreateVersionRequest, CreateVersionResponse, DeleteVersionsRequest, DeleteVersionsResponse,
    GetVersionResponse, ListVersionsRequest, ListVersionsResponse, UpdateVersionResponse,
    VersionDeleteError, VersionItem,
};

/// Reads a request body. An unknown member is an error, since a misspelt one would be ignored otherwise.
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

/// `2022-11-23T22:48:39.226492Z`: microseconds, always six digits.
fn time(time: Timestamp) -> String {
    format!("{time:.6}")
}

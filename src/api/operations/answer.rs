//! How operations answer.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::model::{Error, Result};

/// The body of an answer; none for a success without a body (status 204).
pub(super) type Answer = Result<Option<Value>>;

/// The answer with this body.
pub(super) fn answer(body: impl Serialize) -> Answer {
    serde_json::to_value(body)
        .map(Some)
        .map_err(|error| Error::internal("cannot write JSON").with_source(error))
}

/// `2022-11-23T22:48:39.226492Z`: microseconds, always six digits.
pub(super) fn time(time: Timestamp) -> String {
    format!("{time:.6}")
}

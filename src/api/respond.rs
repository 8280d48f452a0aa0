//! Answers: JSON with the id of the request, and its type where it is refused.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::error::Exception;

/// The header with the id of a request, which every answer has.
pub(super) const REQUEST_ID: &str = "x-amzn-requestid";

/// The header with the name of an exception.
pub(super) const ERROR_TYPE: &str = "x-amzn-errortype";

/// A new id for a request.
pub(super) fn request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// The answer for an exception.
pub(super) fn refuse(exception: &Exception, id: &str) -> Response {
    let status = StatusCode::from_u16(exception.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = respond(status, Some(&body_of(exception)), id);
    response.headers_mut().insert(ERROR_TYPE, HeaderValue::from_static(exception.name));
    response
}

/// What an exception is as JSON.
pub(super) fn body_of(exception: &Exception) -> Value {
    json!({"message": exception.message})
}

/// An answer with this status and body.
pub(super) fn respond(status: StatusCode, body: Option<&Value>, id: &str) -> Response {
    let text = body.map(Value::to_string);
    let mut response = Response::new(text.map_or_else(Body::empty, Body::from));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    if body.is_some() {
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

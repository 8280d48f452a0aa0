//! What an operation is to the server: its path, its method, and what answers.

use axum::http::Method;
use serde_json::Value;

use super::call::Call;
use super::door::Door;
use super::error::Raises;
use super::throttle::Class;
use crate::model::Result;
use crate::service::Service;

/// An operation of the API.
#[derive(Debug)]
pub struct Route {
    /// Its name in the API.
    pub operation: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with labels in braces.
    pub path: &'static str,
    /// The parameters that its query string may have.
    pub parameters: &'static [&'static str],
    /// The exceptions that it raises beside those of all operations.
    pub raises: Raises,
    /// Which limit on requests in a second it counts for.
    pub class: Class,
    /// Whose words it speaks.
    pub door: Door,
    /// Carries it out. Nothing means a success without a body (status 204).
    pub run: fn(&Service, &Call) -> Result<Option<Value>>,
}

pub(super) const PAGE: &[&str] = &["maxResults", "nextToken"];
pub(super) const FORCE: &[&str] = &["force"];
pub(super) const KEYS: &[&str] = &["tagKeys"];
pub(super) const NONE: &[&str] = &[];

/// Makes a table of operations. The two flags tell whether the model lets one raise
/// `ConflictException` and `ServiceQuotaExceededException`.
macro_rules! routes {
    ($(
        $operation:literal $run:ident:
            $method:ident $path:literal $parameters:ident $conflict:literal $quota:literal
            $class:ident;
    )*) => {
        &[$($crate::api::route::Route {
            operation: $operation,
            method: axum::http::Method::$method,
            path: $path,
            parameters: $crate::api::route::$parameters,
            raises: $crate::api::error::Raises { conflict: $conflict, quota: $quota },
            class: $crate::api::throttle::Class::$class,
            door: $crate::api::door::Door::Omics,
            run: $run,
        }),*]
    };
}

pub(super) use routes;

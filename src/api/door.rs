//! Whose words requests and answers are in.

use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::error::Exception;
use super::respond::{refuse, respond};

/// Tells a namespace that is not there from a table.
pub const NO_NAMESPACE: &str = "there is no such namespace";
/// Where the paths of Iceberg's REST catalog begin.
const ICEBERG: &str = "/iceberg/";

/// A kind of clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Those of HealthOmics.
    Omics,
    /// Those of Iceberg's REST catalog.
    Iceberg,
}

impl Door {
    /// The one that a path belongs to.
    pub fn of(path: &str) -> Self {
        if path.starts_with(ICEBERG) { Self::Iceberg } else { Self::Omics }
    }

    /// The answer for an exception.
    pub fn refuse(self, exception: &Exception, id: &str) -> Response {
        if self == Self::Omics {
            return refuse(exception, id);
        }
        let (code, message) = (exception.status, &exception.message);
        // The types that clients look at.
        let name = match code {
            404 if message.starts_with(NO_NAMESPACE) => "NoSuchNamespaceException",
            404 => "NoSuchTableException",
            403 => "ForbiddenException",
            405 => "UnsupportedOperationException",
            400..=499 => "BadRequestException",
            _ => "ServiceFailureException",
        };
        let status = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({"error": {"message": message, "type": name, "code": code}});
        respond(status, Some(&body), id)
    }

    /// What is answered where no operation has that path and method.
    pub fn unknown_operation(self, method: &Method) -> Exception {
        if self == Self::Iceberg && ![Method::GET, Method::HEAD].contains(method) {
            return Exception::read_only();
        }
        Exception::unknown_operation()
    }
}

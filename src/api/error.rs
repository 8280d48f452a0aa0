//! Errors as the API's exceptions.

use crate::model::{Error, ErrorKind};

/// An exception of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its HTTP status.
    pub status: u16,
    /// Its name.
    pub name: &'static str,
    /// What a person reads.
    pub message: String,
}

/// Which exceptions an operation can raise beside those of all operations.
#[derive(Clone, Copy, Debug, Default)]
pub struct Raises {
    /// `ConflictException`
    pub conflict: bool,
    /// `ServiceQuotaExceededException`
    pub quota: bool,
}

impl Exception {
    /// What an operation that raises these answers for an error.
    pub fn of(error: &Error, raises: Raises) -> Self {
        use ErrorKind::{
            AccessDenied, Conflict, Internal, Interrupted, InvalidInput, NotFound, QuotaExceeded,
            Storage, Unreadable,
        };
        match error.kind() {
            NotFound => Self::new(404, "ResourceNotFoundException", error.for_clients()),
            AccessDenied => Self::denied(error.for_clients_in_full()),
            Conflict if raises.conflict => {
                Self::new(409, "ConflictException", error.for_clients_in_full())
            }
            QuotaExceeded if raises.quota => {
                Self::new(402, "ServiceQuotaExceededException", error.for_clients_in_full())
            }
            // The model gives some operations no exception of their own for these.
            InvalidInput | Conflict | QuotaExceeded | Unreadable => {
                Self::invalid(error.for_clients_in_full())
            }
            // The log has the cause; it may name places of this machine.
            Storage | Interrupted | Internal => Self::internal(),
        }
    }

    /// `ValidationException`
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "ValidationException", message.into())
    }

    /// `AccessDeniedException`
    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(403, "AccessDeniedException", message.into())
    }

    /// `ThrottlingException`
    pub fn throttled() -> Self {
        let message = "too many requests of this kind in a second: send it again later";
        Self::new(429, "ThrottlingException", message.to_owned())
    }

    /// `InternalServerException`
    pub fn internal() -> Self {
        let message = "the service failed: its log says why, under the id of this request";
        Self::new(500, "InternalServerException", message.to_owned())
    }

    /// What a server answers whose catalog cannot be read.
    pub fn unavailable() -> Self {
        let message = "the catalog does not answer: the log of the server says why";
        Self::new(503, "ServiceUnavailableException", message.to_owned())
    }

    /// What is answered with a status of hyper's to what cannot be read as a request.
    pub fn no_request(status: u16) -> Self {
        let message = match status {
            414 => "the address of the request is too long",
            431 => "the head of the request has more than 64 KiB, or more than 100 headers",
            _ => "this is no request of HTTP/1.1",
        };
        Self::new(status, "ValidationException", message.to_owned())
    }

    /// What AWS answers where no operation has that path and method.
    pub fn unknown_operation() -> Self {
        let message = "there is no operation with this path and method";
        Self::new(404, "UnknownOperationException", message.to_owned())
    }

    /// What is answered to who wants to change what can only be read.
    pub fn read_only() -> Self {
        let message =
            "this catalog can only be read: versions are changed by the API of the stores";
        Self::new(405, "MethodNotAllowedException", message.to_owned())
    }

    fn new(status: u16, name: &'static str, message: String) -> Self {
        Self { status, name, message }
    }
}

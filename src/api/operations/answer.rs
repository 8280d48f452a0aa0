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

/// Declares what is answered, member by member: its type, and how it is made of what the service
/// gives. The members are spelled in camelCase.
macro_rules! response {
    (
        $(#[$meta:meta])*
        $name:ident($($argument:ident: $given:ty),*) {
            $($(#[$attribute:meta])* $field:ident: $type:ty = $value:expr;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $(
                #[doc = concat!("`", stringify!($field), "` in camelCase")]
                $(#[$attribute])*
                pub $field: $type,
            )*
        }

        impl $name {
            /// The answer that the service gives about these.
            pub fn new($($argument: $given),*) -> Self {
                Self { $($field: $value),* }
            }
        }
    };
}

pub(super) use response;

/// `2022-11-23T22:48:39.226492Z`: microseconds, always six digits.
pub(super) fn time(time: Timestamp) -> String {
    format!("{time:.6}")
}

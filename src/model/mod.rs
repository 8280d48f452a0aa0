//! The words that every stage uses. Depends on nothing else in the crate and touches neither disk,
//! network nor clock.

pub mod annotation;
pub mod coordinate;
pub mod error;
pub mod info;
pub mod listener;
pub mod location;
pub mod name;
pub mod options;
pub mod pattern;
pub mod reference;

pub use annotation::{AnnotationField, AnnotationFields, AnnotationKind};
pub use coordinate::{HalfOpen, OneBased};
pub use error::{Error, ErrorKind, Result};
pub use info::{InfoColumn, ValueType};
pub use listener::Listener;
pub use location::Location;
pub use name::{Account, Arn, Name};
pub use options::{
    AnnotationType, ColumnType, FormatOptions, HeaderKey, ReadOptions, SchemaColumn, StoreFormat,
    TsvStoreOptions, VcfOptions,
};
pub use reference::Reference;

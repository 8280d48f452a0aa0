//! The words that every stage uses. Depends on nothing else in the crate and touches neither disk,
//! network nor clock.

pub mod annotation;
pub mod api;
pub mod contigs;
pub mod coordinate;
pub mod error;
pub mod info;
pub mod key_case;
pub mod listener;
pub mod location;
pub mod name;
mod near;
pub mod options;
pub mod pattern;
pub mod reference;
pub mod settings;
pub mod shape;
mod shell;
pub mod status;
mod visible;
mod words;

pub use annotation::{AnnotationField, AnnotationFields, AnnotationKind};
pub use coordinate::{HalfOpen, OneBased};
pub use error::{Error, ErrorKind, Result, excerpt};
pub use info::{InfoColumn, ValueType};
pub use listener::Listener;
pub use location::Location;
pub use name::{Account, Arn, Name};
pub use near::{did_you_mean, near};
pub use options::{
    AnnotationType, ColumnType, FormatOptions, HeaderKey, ReadOptions, RoleFault, SchemaColumn,
    StoreFormat, TsvStoreOptions, VcfOptions,
};
pub use reference::Reference;
pub use settings::{NullMarks, TsvSettings};
pub use shell::shell_word;
pub use status::{JobStatus, ResourceStatus, ShareSide, ShareStatus};
pub use visible::{visible, visible_lines};

//! The requests of the API. Each stands here once: its members by their names in the API, what
//! they may be, and which the request cannot do without.
//!
//! A request is as its caller wrote it. `check::request` holds it against its shape: all faults of
//! a document with their places, and the first fault of a request that is to be carried out. What
//! concerns several members, or what exists, is for the service to say.

mod job;
mod options;
mod share;
mod store;
mod tag;
mod value;
mod version;

pub use job::{ImportItem, JOB_ID, JobFilter, ListAnnotationImportJobs, StartAnnotationImportJob};
pub use options::{
    FormatOptions, MAX_COLUMN_NAME, MAX_COLUMNS, TsvOptions, TsvStoreOptions, VcfOptions,
};
pub use share::{CreateShare, ListShares, ShareFilter};
pub use store::{
    CreateAnnotationStore, ListAnnotationStores, Reference, SseConfig, StatusFilter, StoreOptions,
    UpdateAnnotationStore,
};
pub use tag::{TAGGED_ARN, TagResource, UntagResource};
pub use value::{MAX_TAGS, REFERENCE_ARN};
pub use version::{
    CreateAnnotationStoreVersion, DeleteAnnotationStoreVersions, ListAnnotationStoreVersions,
    UpdateAnnotationStoreVersion, VersionOptions,
};

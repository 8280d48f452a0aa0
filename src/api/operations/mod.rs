//! The operations of the API, a file for each kind of resource: the table of its operations, what
//! each does with its request, and what it answers, spelled as in the API.
//!
//! An answer leaves out what does not exist: the reference of a GENERIC store, the completion time
//! of a job that runs.

mod answer;
mod job;
mod reference;
mod share;
mod store;
mod tag;
mod version;

use super::route::Route;

pub use job::{
    GetImportJobResponse, ImportItemDetail, ImportJobItem, ListJobsResponse, StartImportResponse,
};
pub use reference::{ListReferencesResponse, ReferenceItem};
pub use share::{
    CreateShareResponse, GetShareResponse, ListSharesResponse, ShareDetails, ShareStatusResponse,
};
pub use store::{
    CreateStoreResponse, DeleteStoreResponse, GetStoreResponse, ListStoresResponse, StoreItem,
    UpdateStoreResponse,
};
pub use tag::TagsResponse;
pub use version::{
    CreateVersionResponse, DeleteVersionsResponse, GetVersionResponse, ListVersionsResponse,
    UpdateVersionResponse, VersionItem,
};

/// All operations.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    [store::ROUTES, version::ROUTES, job::ROUTES, share::ROUTES, tag::ROUTES].into_iter().flatten()
}

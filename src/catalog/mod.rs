//! What exists, in which state, and since when. SQLite in the home; see `ARCHITECTURE.md` for the commit protocol.

pub mod resource;

pub use resource::{ContigBounds, DataFile, Job, JobStatus, ResourceStatus, Store, Version};

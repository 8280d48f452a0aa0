//! The catalog's resources as domain types. Requests are in `model::api`, answers in
//! `api::operations`, disk forms in the statements of this folder.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::storage::FilePlace;
use crate::model::{
    Account, FormatOptions, InfoColumn, Name, StoreFormat, TsvSettings, TsvStoreOptions,
};
pub use crate::model::{JobStatus, ResourceStatus, ShareStatus};
use crate::write::BlockChecksums;

/// Which kind of process runs a job, and so what becomes of the job when that process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerKind {
    /// A run on a terminal: its jobs fail with it.
    Terminal,
    /// A server: its jobs wait for another server.
    Server,
}

impl OwnerKind {
    /// The spelling in the catalog.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Server => "server",
        }
    }
}

/// A store.
#[derive(Clone, Debug, PartialEq)]
pub struct Store {
    /// UUID in lower case.
    pub id: String,
    /// Who owns it.
    pub account: Account,
    /// Unique within the account.
    pub name: Name,
    /// What its files are.
    pub format: StoreFormat,
    /// The reference it was made with; absent for GENERIC TSV stores only.
    pub reference_arn: Option<String>,
    /// Free text, at most 500 characters.
    pub description: String,
    /// The KMS key it was made with: kept and shown, never used.
    pub sse_key_arn: Option<String>,
    /// `storeOptions`; of TSV stores only.
    pub options: Option<TsvStoreOptions>,
    /// What it has beside the options of the API; of TSV stores only.
    pub settings: TsvSettings,
    /// Its state.
    pub status: ResourceStatus,
    /// Why it failed, or empty.
    pub status_message: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Bytes of all data files of its versions.
    pub size_bytes: u64,
    /// How many versions it has.
    pub version_count: u32,
    /// The version made with the store: the default of imports and queries, even after its
    /// deletion.
    pub default_version: Name,
}

/// A version of a store.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// UUID in lower case; the first version has its store's id.
    pub id: String,
    /// Who owns its store.
    pub account: Account,
    /// Its store.
    pub store_id: String,
    /// The name of its store.
    pub store_name: Name,
    /// Unique within the store.
    pub name: Name,
    /// Free text, at most 500 characters.
    pub description: String,
    /// `versionOptions`, or the store's; of TSV stores only.
    pub options: Option<TsvStoreOptions>,
    /// Its state.
    pub status: ResourceStatus,
    /// Why it failed, or empty.
    pub status_message: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Bytes of its data files.
    pub size_bytes: u64,
    /// Rows of its data files.
    pub row_count: u64,
    /// The INFO columns that its files have, in order of first appearance (VCF).
    pub info_columns: Vec<InfoColumn>,
}

/// A data file of a version. Never changes once committed.
#[derive(Clone, Debug, PartialEq)]
pub struct DataFile {
    /// Where it lies.
    pub place: FilePlace,
    /// Rows in it.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it, in hex.
    pub sha256: String,
    /// Checksums of its blocks; none of a file that an earlier program wrote.
    pub checksums: Option<BlockChecksums>,
    /// What it covers, in order of first appearance.
    pub bounds: Vec<ContigBounds>,
    /// The keys of `info_other` in it, sorted; none where they are too many to list (any key may be
    /// there).
    pub other_keys: Option<Vec<String>>,
}

/// The stretch of one contig that a data file covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContigBounds {
    /// The contig's name.
    pub contig: String,
    /// The lowest start, zero-based.
    pub min_start: i64,
    /// The highest end, zero-based, not included.
    pub max_end: i64,
    /// Rows on it.
    pub rows: u64,
}

/// An import job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// UUID in lower case; the `importjobid` of its rows.
    pub id: String,
    /// Who started it.
    pub account: Account,
    /// The store it imports into.
    pub store_name: Name,
    /// The version it imports into.
    pub version_name: Name,
    /// As given; the terminal's own for terminal runs.
    pub role_arn: String,
    /// The file: an absolute path, `-` or an S3 URI.
    pub source: String,
    /// Its state.
    pub status: JobStatus,
    /// What happened, for a person.
    pub status_message: String,
    /// When it was accepted.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// Whether to left-normalize.
    pub left_normalize: bool,
    /// `formatOptions` as given.
    pub format_options: Option<FormatOptions>,
    /// `annotationFields` as given.
    pub annotation_fields: BTreeMap<String, String>,
    /// SHA-256 of the bytes read, in hex; empty before the end.
    pub source_sha256: String,
    /// Rows stored.
    pub rows_stored: u64,
    /// Lines of the input that were rejected.
    pub lines_rejected: u64,
}

/// A share: what lets another account read a store.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// UUID in lower case.
    pub id: String,
    /// What its owner called it.
    pub name: Option<String>,
    /// The store that it is bound to.
    pub store_id: String,
    /// The name of that store.
    pub store_name: Name,
    /// Who owns the store.
    pub owner: Account,
    /// Who may read it once the share is ACTIVE.
    pub subscriber: Account,
    /// Its state.
    pub status: ShareStatus,
    /// Why it ended, or empty.
    pub status_message: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it last changed.
    pub updated: Timestamp,
}

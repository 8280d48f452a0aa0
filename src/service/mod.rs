//! The operations of the API over the catalog. The terminal and HTTP both call it; nothing here knows either.
//!
//! Requests come as raw text with optional members, as they come over the wire, and are checked here, once. An error names the member
//! by its path, such as `storeOptions.tsvStoreOptions.schema[3]`.

mod jobs;
mod page;
pub mod request;
mod stores;
mod tsv_options;
mod validate;
mod versions;

use std::path::Path;

use crate::catalog::Catalog;
use crate::model::{Account, Arn, Error, Name, Result};

pub use page::Listed;
pub use tsv_options::check_tsv_options;
pub use validate::check_format_options;
pub use versions::VersionDeleteError;

/// The operations of the API for one account.
#[derive(Clone, Debug)]
pub struct Service {
    catalog: Catalog,
    account: Account,
    region: String,
}

impl Service {
    /// Opens a home for an account. `region` is what ARNs name.
    ///
    /// [`InvalidInput`](crate::model::ErrorKind::InvalidInput) for a region that cannot be part of an ARN; else as
    /// [`Catalog::open`].
    pub fn open(home: &Path, account: Account, region: &str) -> Result<Self> {
        check_region(region)?;
        Ok(Self { catalog: Catalog::open(home)?, account, region: region.to_owned() })
    }

    /// The same home for another account.
    #[must_use]
    pub fn acting_as(&self, account: Account) -> Self {
        Self { account, ..self.clone() }
    }

    /// The catalog below.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The account that is acted as.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The region that ARNs name.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The ARN of a store of the account.
    pub fn store_arn(&self, store: &Name) -> Arn {
        Arn::store(&self.region, &self.account, store)
    }

    /// The ARN of a version of a store of the account.
    pub fn version_arn(&self, store: &Name, version: &Name) -> Arn {
        Arn::version(&self.region, &self.account, store, version)
    }
}

fn check_region(region: &str) -> Result<()> {
    let valid = (1..=32).contains(&region.len())
        && region.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
    if valid {
        return Ok(());
    }
    Err(Error::invalid(format!("the region is `{}`", region.escape_debug()))
        .with_help("give a region such as us-east-1"))
}

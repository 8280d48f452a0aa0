//! The operations of the API over the catalog. The terminal and HTTP both call it; nothing here
//! knows either.
//!
//! Requests come as their callers wrote them (`model::api`). Each is held against its shape here,
//! once, and then against what concerns several members or what exists. An error names the member
//! by its path, such as `storeOptions.tsvStoreOptions.schema[3]`.

mod arn;
mod headers;
mod jobs;
mod page;
mod quotas;
mod references;
mod shares;
mod stores;
mod tables;
mod tags;
mod tsv_options;
mod validate;
mod verify;
mod versions;
pub mod worker;

use std::path::Path;

use crate::catalog::{Catalog, Store, Version};
use crate::model::{Account, Arn, Error, Result};

pub use headers::{Header, made_header};
pub use page::Listed;
pub use quotas::Quotas;
pub use references::{AddedReference, known_reference};
pub use verify::{DamagedFile, Verified};
pub use versions::VersionDeleteError;

/// The operations of the API for one account.
#[derive(Clone, Debug)]
pub struct Service {
    catalog: Catalog,
    account: Account,
    region: String,
    quotas: Quotas,
}

impl Service {
    /// Opens a home for an account. `region` is what ARNs name.
    ///
    /// [`InvalidInput`](crate::model::ErrorKind::InvalidInput) for a region that cannot be part of
    /// an ARN; else as [`Catalog::open`].
    pub fn open(home: &Path, account: Account, region: &str) -> Result<Self> {
        Self::of_catalog(|| Catalog::open(home), account, region)
    }

    /// Opens a home as [`Service::open`] does, but makes none: see [`Catalog::open_to_read`].
    pub fn open_to_read(home: &Path, account: Account, region: &str) -> Result<Self> {
        Self::of_catalog(|| Catalog::open_to_read(home), account, region)
    }

    fn of_catalog(
        open: impl FnOnce() -> Result<Catalog>,
        account: Account,
        region: &str,
    ) -> Result<Self> {
        check_region(region)?;
        let (catalog, region) = (open()?, region.to_owned());
        Ok(Self { catalog, account, region, quotas: Quotas::default() })
    }

    /// The same home for another account.
    #[must_use]
    pub fn acting_as(&self, account: Account) -> Self {
        Self { account, ..self.clone() }
    }

    /// The same home under these quotas.
    #[must_use]
    pub fn with_quotas(self, quotas: Quotas) -> Self {
        Self { quotas, ..self }
    }

    /// The quotas that hold.
    pub fn quotas(&self) -> Quotas {
        self.quotas
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

    /// The ARN of a store.
    pub fn store_arn(&self, store: &Store) -> Arn {
        Arn::store(&self.region, &store.account, &store.name)
    }

    /// The ARN of a version.
    pub fn version_arn(&self, version: &Version) -> Arn {
        Arn::version(&self.region, &version.account, &version.store_name, &version.name)
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
